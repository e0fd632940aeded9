"""What hangs on a station's walls: portraits, boards, charts, slogans; whole, in part, or gone."""

from config.demo.canvas import Canvas, Colour, Pen, arc, shade
from config.demo.furniture import dress
from config.demo.interiors import room
from config.demo.places import GOLD, Place, Visit

PAPER: Colour = (250, 247, 238)
PALE: Colour = (196, 190, 178)


def missing(place: Place, count: int, result: str) -> set[int]:
    """Which of `count` pieces are not there."""
    gone = {"pass": 0, "partial": max(1, round(count * 0.2)), "fail": round(count * 0.7)}[result]
    return set(place.dice.sample(range(count), min(gone, count)))


def banner(pen: Pen, x: float, y: float, width: float, words: str, red: Colour) -> None:
    pen.shadow(x, y, width, 24, 3)
    pen.rect(x, y, width, 24, red)
    pen.frame(x + 1.5, y + 1.5, width - 3, 21, 0.5, GOLD)
    pen.text(x + width / 2, y + 12, words, 14, GOLD, gap=0.5)


def empty_spot(pen: Pen, x: float, y: float, width: float, height: float, wall: Colour) -> None:
    """Where something hung: a paler patch, its nails and bits of tape."""
    pen.rect(x, y, width, height, shade(wall, 1.2))
    pen.frame(x, y, width, height, 0.5, shade(wall, 0.82))
    for nail in (0.5,) if width < 50 else (0.12, 0.88):
        pen.oval(x + width * nail, y + height - 4, 1.1, 1.1, (96, 88, 80))
        pen.rect(x + width * nail - 0.3, y + height - 9, 0.6, 4, (*shade(wall, 0.7), 120))
    if width >= 50:
        for corner_x, corner_y in ((x, y), (x + width - 9, y + 2), (x + width - 8, y + height - 5)):
            pen.rect(corner_x, corner_y, 9, 4, (222, 206, 160))


def portraits(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    rows, columns = place.dice.choice(((2, 5), (2, 5), (1, 10), (3, 4)))
    wide, tall = (30, 41) if rows < 3 else (27, 36)
    if rows == 1:
        wide, tall = 25, 34
    step_x, step_y = wide + place.dice.uniform(6, 12), tall + 11
    width = step_x * columns
    base = 108 if rows > 1 else 132
    box = (-width / 2, base, width / 2, base + rows * step_y + 30)
    canvas = room(place, visit, box)
    pen = canvas.wall()
    dress(canvas, place, (-width / 2 - 20, width / 2 + 20))
    has_banner = result != "fail" or place.dice.random() < 0.4
    if has_banner:
        banner(pen, -width * 0.42, base + rows * step_y + 6, width * 0.84, title, place.red)
    gone = missing(place, 10, result)
    tilted = place.dice.randrange(10) if result != "pass" else -1
    for index in range(10):
        row, column = divmod(index, columns)
        last = columns if row < 10 // columns else 10 % columns
        x = (column - last / 2) * step_x + (step_x - wide) / 2
        y = base + (rows - 1 - row) * step_y
        if index in gone and index != tilted:
            empty_spot(pen, x, y, wide, tall, place.wall)
        else:
            turn = 7.0 if index == tilted else 0.0
            _portrait(pen.at(x + wide / 2, y + tall, turn), wide, tall, place.wood, index)
    return canvas


def _portrait(pen: Pen, wide: float, tall: float, wood: Colour, index: int) -> None:
    """Hangs from the middle of its upper edge."""
    pen = pen.at(-wide / 2, -tall)
    pen.shadow(0, 0, wide, tall, 2.4)
    pen.rect(0, 0, wide, tall, wood)
    pen.rect(2, 2, wide - 4, tall - 4, PAPER)
    x, y, width, height = 4.6, 11, wide - 9.2, tall - 15.6
    pen.rect(x, y, width, height, ((186, 200, 210), (196, 204, 200), (190, 196, 208))[index % 3])
    middle, size = wide / 2, width * 0.23
    uniform = ((78, 100, 82), (88, 106, 92), (84, 98, 112))[index * 7 % 3]
    face = (196, 168, 144) if index % 2 else (188, 158, 134)
    shoulders = arc(middle, y, width * 0.42, height * 0.42, 0, 180, 16)
    pen.shape(shoulders, uniform)
    pen.oval(middle, y + height * 0.53, size * 0.86, size * 1.06, face)
    cap = y + height * 0.53 + size * 0.5
    pen.shape(arc(middle, cap, size * 1.12, size * 0.8, 0, 180, 14), shade(uniform, 0.8))
    pen.rect(middle - size * 1.25, cap - size * 0.1, size * 2.5, size * 0.26, shade(uniform, 0.62))
    pen.rect(wide * 0.3, 5.2, wide * 0.4, 2.2, (160, 40, 44))
