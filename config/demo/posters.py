"""What a station tells its visitors: rules, services, staff, telephone numbers, a map."""

from collections.abc import Callable

from config.demo.boards import GREY, WHITE, sheet, torn_corner
from config.demo.canvas import Canvas, Colour, Pen, shade
from config.demo.furniture import dress
from config.demo.interiors import room
from config.demo.places import INK, Place, Visit
from config.demo.walls import PAPER, empty_spot, missing

DISTRICTS = (
    ((16, 60), (52, 94), (78, 84), (66, 52), (34, 44)),
    ((78, 84), (112, 96), (132, 72), (104, 54), (66, 52)),
    ((34, 44), (66, 52), (72, 20), (40, 10), (18, 24)),
    ((66, 52), (104, 54), (108, 26), (72, 20)),
    ((104, 54), (132, 72), (146, 44), (128, 18), (108, 26)),
)
DISTRICT_TINTS: tuple[Colour, ...] = (
    (214, 230, 214),
    (236, 226, 198),
    (212, 226, 238),
    (240, 216, 208),
    (226, 218, 236),
)


def panels(*titles: str, kind: str = "text") -> Callable[[Place, Visit, str, str], Canvas]:
    """Upright boards side by side: rules in print, or the steps of a service."""

    def draw(place: Place, visit: Visit, result: str, title: str) -> Canvas:
        wide, tall = place.dice.choice(((62, 92), (70, 100), (56, 84)))
        step = wide + place.dice.uniform(8, 20)
        width = step * len(titles)
        low = 192.0 - tall * 0.62
        box = (-width / 2, low, width / 2, low + tall)
        canvas = room(place, visit, box, fill=(0.45, 0.7))
        pen = canvas.wall()
        dress(canvas, place, (-max(90, width / 2) - 10, max(90, width / 2) + 10))
        torn = place.dice.randrange(len(titles))
        gone = missing(place, len(titles), result)
        for index, words in enumerate(titles):
            x = -width / 2 + index * step + (step - wide) / 2
            if index in gone and not (result == "partial" and index == torn):
                empty_spot(pen, x, low, wide, tall, place.wall)
                continue
            board = sheet(pen, x, low, wide, tall, PAPER)
            flows = kind == "flow" or (kind == "mixed" and index == len(titles) - 1)
            _panel(board, wide, tall, words, place, flows=flows)
            if result == "partial" and index == torn:
                torn_corner(board, wide, tall, place.wall)
        return canvas

    return draw


def _panel(pen: Pen, wide: float, tall: float, words: str, place: Place, *, flows: bool) -> None:
    pen.rect(0, tall - 17, wide, 17, place.board)
    pen.text(wide / 2, tall - 8.5, words, min(10, (wide - 8) / len(words)), WHITE)
    pen.rect(0, 0, wide, 4, place.board)
    pen.frame(0, 0, wide, tall, 0.7, shade(place.board, 0.9))
    if not flows:
        pen.lines(6, tall - 24, wide - 12, int((tall - 32) // 6.2), 6.2, GREY)
        return
    tints = ((222, 234, 246), (250, 236, 212), (224, 240, 226), (248, 224, 220))
    steps = int((tall - 28) // 15)
    for index in range(steps):
        y = tall - 34 - index * 15
        pen.rect(wide * 0.18, y, wide * 0.64, 10, tints[index % 4], 2)
        pen.rect(wide * 0.28, y + 4, wide * 0.44, 2, GREY)
        if index < steps - 1:
            pen.rect(wide / 2 - 0.6, y - 3.4, 1.2, 3.4, INK)
            arrow = ((wide / 2 - 2, y - 2.6), (wide / 2 + 2, y - 2.6), (wide / 2, y - 5))
            pen.shape(arrow, INK)


def staff(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    columns = place.dice.choice((3, 4, 5))
    width, height = columns * 46.0 + 14, place.dice.choice((96.0, 112.0))
    canvas = room(place, visit, (-width / 2, 110, width / 2, 110 + height))
    pen = canvas.wall()
    dress(canvas, place, (-width / 2 - 14, width / 2 + 14))
    if result == "fail":
        empty_spot(pen, -width / 2, 110, width, height, place.wall)
        return canvas
    board = sheet(pen, -width / 2, 110, width, height, (246, 246, 244))
    board.rect(0, height - 22, width, 22, place.board)
    board.text(width / 2, height - 11, title, 13, WHITE, gap=0.3)
    gone = missing(place, columns, result)
    for index in range(columns):
        card = board.at(7 + index * 46 + 3, 8)
        card.frame(0, 0, 40, height - 38, 0.6, (204, 204, 200))
        if index not in gone:
            _badge(card, height - 38, place.board)
    return canvas


def _badge(pen: Pen, tall: float, colour: Colour) -> None:
    """A head and shoulders without a face, and three lines beside the telephone."""
    pen.rect(9, tall - 32, 22, 28, (222, 230, 236))
    pen.oval(20, tall - 15, 5.4, 6.2, (170, 184, 196))
    pen.shape(((10, tall - 32), (30, tall - 32), (27, tall - 23), (13, tall - 23)), colour)
    pen.rect(8, tall - 40, 24, 4, INK)
    pen.lines(6, tall - 45, 28, 3, 5, GREY)


def poster(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """One notice: a list of services, or opening hours and telephone numbers."""
    wide, tall = place.dice.choice(((92, 122), (132, 96), (84, 116)))
    x, low = place.dice.uniform(-1.3, 0.2) * wide * 0.6, 196.0 - tall * 0.66
    canvas = room(place, visit, (x, low, x + wide, low + tall), fill=(0.42, 0.7))
    pen = canvas.wall()
    dress(canvas, place, (-112, 112))
    if result == "fail":
        empty_spot(pen, x, low, wide, tall, place.wall)
        return canvas
    board = sheet(pen, x, low, wide, tall, PAPER)
    board.rect(0, tall - 20, wide, 20, place.board)
    board.text(wide / 2, tall - 10, title, min(12, (wide - 8) / len(title)), WHITE)
    rows = int((tall - 32) // 11)
    for row in range(rows):
        y = tall - 34 - row * 11
        if row % 2 == 0:
            board.rect(4, y - 1, wide - 8, 11, (240, 234, 222))
        if result == "partial" and row >= rows // 2:
            continue
        board.rect(8, y + 3, wide * 0.16, 3, place.board)
        board.rect(wide * 0.32, y + 3, wide * (0.3 + 0.08 * (row * 5 % 4)), 3, GREY)
    board.frame(0, 0, wide, tall, 0.8, shade(place.board, 0.9))
    if result == "partial":
        torn_corner(board, wide, tall, place.wall)
    return canvas


def contact(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """A telephone number and a square code to scan."""
    wide, tall = place.dice.choice(((104, 132), (150, 104)))
    x, low = place.dice.uniform(-1.2, 0.2) * wide * 0.6, 192.0 - tall * 0.62
    canvas = room(place, visit, (x, low, x + wide, low + tall), fill=(0.42, 0.7))
    pen = canvas.wall()
    dress(canvas, place, (-112, 112))
    if result == "fail":
        empty_spot(pen, x, low, wide, tall, place.wall)
        return canvas
    board = sheet(pen, x, low, wide, tall, (250, 250, 248))
    board.rect(0, tall - 22, wide, 22, place.board)
    board.text(wide / 2, tall - 11, title, min(12, (wide - 10) / len(title)), WHITE)
    upright = tall > wide
    if result == "pass":
        _code(board.at(wide / 2 - 28 if upright else 14, 44 if upright else 14), 56, place)
    else:
        board.frame(wide / 2 - 28 if upright else 14, 44 if upright else 14, 56, 56, 1, GREY)
    number = board.at(wide / 2 if upright else wide * 0.72, 30 if upright else 54)
    number.text(0, 0, "12397", 17, place.red, gap=0.05)
    number.lines(-22, -8, 44, 2 if upright else 5, 6, GREY)
    return canvas


def _code(pen: Pen, size: float, place: Place) -> None:
    """Looks like a square code and leads nowhere."""
    cells = 21
    step = size / cells
    for row in range(cells):
        for column in range(cells):
            if place.dice.random() < 0.46 and not (
                (row < 8 or row > 12) and (column < 8 or (column > 12 and row > 12))
            ):
                pen.rect(column * step, row * step, step, step, INK)
    for x, y in ((0, 0), (0, size - 7 * step), (size - 7 * step, size - 7 * step)):
        pen.rect(x, y, 7 * step, 7 * step, INK)
        pen.rect(x + step, y + step, 5 * step, 5 * step, WHITE)
        pen.rect(x + 2 * step, y + 2 * step, 3 * step, 3 * step, INK)


def chart_of_stations(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """A sketch map with its dots, and the list beside it."""
    canvas = room(place, visit, (-120, 92, 120, 217))
    pen = canvas.wall()
    dress(canvas, place, (-138, 138))
    if result == "fail":
        empty_spot(pen, -120, 92, 240, 125, place.wall)
        return canvas
    board = sheet(pen, -120, 92, 240, 125, (248, 248, 244))
    board.rect(0, 103, 240, 22, place.board)
    board.text(120, 114, title, 13, WHITE, gap=0.15)
    _map(board, place, 56 if result == "pass" else 30)
    if result == "pass":
        board.lines(158, 96, 32, 14, 6.2, GREY)
        board.lines(198, 96, 32, 14, 6.2, GREY)
    else:
        board.frame(156, 10, 76, 84, 0.8, GREY)
    return canvas


def _map(pen: Pen, place: Place, dots: int) -> None:
    for tint, points in zip(DISTRICT_TINTS, DISTRICTS, strict=True):
        pen.shape(points, tint)
        pen.line((*points, points[0]), 0.7, (168, 166, 158))
    for _ in range(dots):
        points = place.dice.choice(DISTRICTS)
        x = sum(point[0] for point in points) / len(points) + place.dice.uniform(-13, 13)
        y = sum(point[1] for point in points) / len(points) + place.dice.uniform(-12, 12)
        pen.oval(x, y, 1.5, 1.5, (196, 48, 48))
