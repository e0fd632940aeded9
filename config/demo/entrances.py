"""Outside the door and on the way in: name plates and signs that point."""

from config.demo.canvas import Canvas, Colour, Pen, mix, shade
from config.demo.furniture import METAL, dress, plant
from config.demo.interiors import FAR, GLASS, room
from config.demo.places import INK, Place, Visit
from config.demo.walls import PAPER, empty_spot

STONES: tuple[tuple[Colour, str], ...] = (
    ((214, 208, 196), "slabs"),
    ((176, 104, 82), "bricks"),
    ((196, 200, 204), "slabs"),
    ((226, 218, 200), "tiles"),
    ((150, 156, 164), "slabs"),
    ((206, 178, 148), "bricks"),
    ((186, 200, 196), "tiles"),
)
WHITE: Colour = (250, 250, 246)


def outside(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """Upright white plates beside a glass door."""
    dice = place.dice
    side = dice.choice((-1, 1))
    plates = dice.choice((1, 2, 3))
    stone, kind = dice.choice(STONES)
    door = dice.choice((130.0, 150.0, 180.0))
    x = side * (door / 2 + 14 + plates * 23 + dice.uniform(0, 30))
    box = (min(x - 50, -60), 66, max(x + 50, 60), 250)
    canvas = Canvas(visit.camera(box, fill=(0.7, 0.95)), (204, 222, 236))
    wall = canvas.wall()
    _facade(wall, stone, kind)
    _pavement(canvas, dice.choice(((190, 186, 178), (168, 164, 158), (178, 170, 160))))
    _door(canvas, place, door, dice.random() < 0.6)
    others = ("党群服务中心", "居民议事厅")
    ink = dice.choice((INK, INK, (178, 40, 40)))
    for index in range(plates):
        plate_x = x + side * (index - (plates - 1) / 2) * 46
        mine = index == 0
        if mine:
            _name_plate(wall, plate_x, title, ink, result, stone)
        else:
            _plate(wall.at(plate_x - 18, 92), others[index - 1], (178, 40, 40))
    if dice.random() < 0.6:
        plant(canvas, -side * dice.uniform(100, 130), 50, dice.uniform(100, 150), dice.randrange(9))
    if result == "partial":
        plant(canvas, x - side * 24, 40, 135, dice.randrange(9))
    return canvas


def _name_plate(wall: Pen, x: float, title: str, ink: Colour, result: str, stone: Colour) -> None:
    if result == "fail":
        wall.rect(x - 18, 92, 36, 150, shade(stone, 1.14))
        for y in (100, 234):
            for move in (-13, 13):
                wall.oval(x + move, y, 1.4, 1.4, (70, 66, 62))
        return
    _plate(wall.at(x - 18, 92), title, ink)
    if result == "partial":
        rust = wall.at(x - 18, 92)
        rust.shape(((0, 0), (30, 0), (14, 40), (0, 62)), (150, 96, 52, 120))
        rust.shape(((36, 150), (14, 150), (26, 118), (36, 96)), (150, 96, 52, 90))


def _plate(pen: Pen, words: str, ink: Colour) -> None:
    pen.shadow(0, 0, 36, 150, 3)
    pen.rect(0, 0, 36, 150, WHITE)
    pen.frame(0, 0, 36, 150, 1.2, METAL)
    size = min(18.0, 132 / len(words))
    pen.text(18, 75, words, size, ink, gap=min(0.3, 132 / len(words) / size - 1), down=True)


def _facade(wall: Pen, stone: Colour, kind: str) -> None:
    wall.rect(-FAR, 0, 2 * FAR, 420, stone)
    width, height = {"slabs": (95, 62), "bricks": (30, 11), "tiles": (24, 24)}[kind]
    joint = shade(stone, 0.87)
    for row in range(1, int(400 // height)):
        wall.rect(-520, row * height, 1040, 0.9, joint)
        if kind == "bricks":
            for column in range(-14, 15):
                wall.rect((column + row % 2 / 2) * width, row * height, 0.8, height, joint)
    if kind != "bricks":
        for column in range(int(-480 // width), int(480 // width)):
            wall.rect(column * width, 0, 0.9, 400, joint)


def _pavement(canvas: Canvas, fill: Colour) -> None:
    floor = canvas.floor()
    near = canvas.camera.eye[2] - 45
    floor.rect(-FAR, -near, 2 * FAR, near, fill)
    for z in range(45, int(near), 45):
        floor.rect(-500, -z, 1000, 1.2, shade(fill, 0.88))
    for x in range(-480, 481, 60):
        floor.rect(x, -near, 1.0, near, shade(fill, 0.9))
    canvas.box((-110, 0, 0), (220, 9, 46), shade(fill, 1.15))


def _door(canvas: Canvas, place: Place, width: float, has_roof: bool) -> None:
    wall = canvas.wall().at(-width / 2, 9)
    wall.rect(-6, 0, width + 12, 232, shade(place.wood, 0.8))
    wall.rect(0, 0, width, 226, mix(GLASS, (70, 90, 104), 0.45))
    for left in (2.0, width / 2 + 1):
        pane = width / 2 - 3
        wall.rect(left, 2, pane, 222, mix(GLASS, (90, 116, 130), 0.35))
        gleam = ((left + 8, 2), (left + 24, 2), (left + pane - 6, 224), (left + pane - 26, 224))
        wall.shape(gleam, (255, 255, 255, 56))
    wall.rect(width / 2 - 7, 90, 3, 44, METAL)
    wall.rect(width / 2 + 4, 90, 3, 44, METAL)
    wall.rect(0, 120, width, 7, (*place.red, 150))
    if has_roof:
        canvas.box((-width / 2 - 40, 262, 0), (width + 80, 14, 90), shade(place.wood, 1.2))


def doorway(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """A room's own door inside, its plate beside it."""
    dice = place.dice
    side = dice.choice((-1, 1))
    canvas = room(place, visit, (-75, 40, 75, 232), fill=(0.74, 0.96))
    wall = canvas.wall()
    dress(canvas, place, (-115, 115))
    leaf = wall.at(-side * 34 - 44, 0)
    leaf.rect(-5, 0, 98, 214, shade(place.wood, 0.8))
    leaf.rect(0, 0, 88, 209, shade(place.wood, 1.22))
    leaf.frame(12, 14, 64, 70, 1.4, shade(place.wood, 1.0))
    leaf.rect(12, 104, 64, 88, mix(GLASS, place.wood, 0.2))
    leaf.rect(78 if side > 0 else 5, 94, 5, 16, METAL)
    x, size = side * 56, min(13.0, 96 / len(title))
    if result == "fail":
        empty_spot(wall, x - 26, 128, 52, 60, place.wall)
    elif result == "partial":
        note = wall.at(x - 24, 140, 5)
        note.rect(0, 0, 48, 32, PAPER)
        note.text(24, 16, title, min(8.0, 44 / len(title)), INK)
    else:
        wall.shadow(x - 17, 92, 34, 112, 2.4)
        wall.rect(x - 17, 92, 34, 112, place.board)
        wall.frame(x - 15.5, 93.5, 31, 109, 0.8, (236, 222, 184))
        wall.text(x, 148, title, size, (255, 255, 255), gap=0.12, down=True)
    return canvas


def pointer(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """A sign in the entrance hall that says where to go."""
    dice = place.dice
    style = dice.choice(("hanging", "wall", "stand"))
    arrow = dice.choice((-1, 1))
    low = {"hanging": 196.0, "wall": 140.0, "stand": 92.0}[style]
    z = {"hanging": 90.0, "wall": 1.0, "stand": 100.0}[style]
    length = len(title) * 15.0 + 52
    box = (-length / 2, 40, length / 2, low + 44)
    canvas = room(place, visit, box, depth=z, fill=(0.7, 0.92))
    dress(canvas, place, (-length / 2 - 8, length / 2 + 8))
    pen = canvas.wall(z).at(-length / 2, low)
    if style == "hanging" and result != "partial":
        for x in (20.0, length - 20):
            pen.rect(x, 34, 1.2, place.room_height - low - 34, METAL)
    elif style == "stand" and result != "partial":
        canvas.wall(z).rect(-2, 4, 4, low, METAL)
        canvas.box((-26, 0, z - 14), (52, 4, 28), METAL)
    if result == "pass":
        _arrow_sign(pen, length, title, arrow, place)
    elif result == "partial":
        _arrow_note(canvas.wall().at(-36, min(138.0, low + 6), -5), title, arrow)
    elif style == "wall":
        empty_spot(canvas.wall(), -length / 2, low, length, 34, place.wall)
    return canvas


def _arrow_note(pen: Pen, title: str, arrow: int) -> None:
    pen.shadow(0, 0, 72, 50, 1.6)
    pen.rect(0, 0, 72, 50, PAPER)
    pen.text(36, 32, title[:6], 10, INK)
    pen.text(36, 15, "→" if arrow > 0 else "←", 14, INK)


def _arrow_sign(pen: Pen, length: float, title: str, arrow: int, place: Place) -> None:
    white = (255, 255, 255)
    pen.shadow(0, 0, length, 34, 3)
    pen.rect(0, 0, length, 34, place.board, 3)
    middle = length - 22 if arrow > 0 else 22.0
    pen.text(length / 2 - arrow * 18, 17, title, 14, white, gap=0.06)
    pen.rect(middle - 10, 15, 20, 4, white)
    tip = middle + arrow * 14
    pen.shape(((tip, 17), (tip - arrow * 10, 25), (tip - arrow * 10, 9)), white)
