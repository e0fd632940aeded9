"""Things that stand and hang in a station, each drawn where it is put."""

import math

from config.demo.canvas import Canvas, Colour, Pen, mix, shade
from config.demo.interiors import GLASS
from config.demo.places import INK, Place

METAL: Colour = (168, 174, 180)
DARK: Colour = (52, 56, 62)
LEAF: Colour = (58, 112, 72)
# How wide a leaf is, from its stalk to its tip.
LEAF_OUTLINE = (
    (0, 0.02),
    (0.15, 0.06),
    (0.35, 0.11),
    (0.55, 0.125),
    (0.73, 0.1),
    (0.88, 0.055),
    (1, 0),
)


def ground_shadow(canvas: Canvas, x: float, z: float, width: float, depth: float) -> None:
    floor = canvas.floor()
    for grow in (10.0, 6.0, 2.0):
        floor.rect(
            x - grow, -(z + depth) - grow, width + 2 * grow, depth + 2 * grow, (30, 22, 12, 22), 8
        )


def plant(canvas: Canvas, x: float, z: float, height: float = 120, turn: int = 0) -> None:
    ground_shadow(canvas, x - 14, z - 10, 28, 20)
    pen = canvas.wall(z).at(x, 0)
    pot = ((150, 84, 54), (226, 222, 214), (84, 96, 104))[turn % 3]
    pen.shape(((-13, 0), (13, 0), (18, height * 0.3), (-18, height * 0.3)), pot)
    pen.rect(-19, height * 0.27, 38, height * 0.045, shade(pot, 0.86))
    for index, lean in enumerate((-46, 44, -30, 28, -13, 15, 2)):
        length = height * (0.5 + 0.03 * index + 0.03 * ((index + turn) % 3))
        _leaf(pen, height * 0.3, lean + turn % 5, length, shade(LEAF, 0.86 + 0.09 * (index % 4)))


def _leaf(pen: Pen, start: float, lean: float, length: float, fill: Colour) -> None:
    sine, cosine = math.sin(math.radians(lean)), math.cos(math.radians(lean))
    points = []
    for part, wide in LEAF_OUTLINE:
        bend = part * part * 0.18 * length * (1 if lean > 0 else -1)
        along, out = part * length, wide * length
        x, y = along * sine + bend, start + along * cosine
        points.append(((x - out * cosine, y + out * sine), (x + out * cosine, y - out * sine)))
    pen.shape([left for left, _ in points] + [right for _, right in reversed(points)], fill)


def desk(canvas: Canvas, x: float, z: float, width: float, wood: Colour, depth: float = 65) -> Pen:
    """75 cm high, closed towards us; gives its front."""
    ground_shadow(canvas, x, z, width, depth)
    front = canvas.box((x, 0, z), (width, 71, depth), shade(wood, 1.18))
    canvas.box((x - 3, 71, z - 2), (width + 6, 4, depth + 5), shade(wood, 1.3))
    front.frame(3, 4, width - 6, 62, 1.2, shade(wood, 0.98))
    return front


def table(canvas: Canvas, x: float, z: float, width: float, depth: float, wood: Colour) -> None:
    ground_shadow(canvas, x, z, width, depth)
    for leg_z in (z, z + depth - 6):
        for leg_x in (x + 4, x + width - 10):
            canvas.box((leg_x, 0, leg_z), (6, 70, 6), shade(wood, 0.85))
    canvas.box((x, 70, z), (width, 5, depth), shade(wood, 1.2))


def chair(
    canvas: Canvas, x: float, z: float, cloth: Colour, *, facing: int = 1, width: float = 46
) -> None:
    """Facing us (1) or the back wall (-1)."""
    ground_shadow(canvas, x, z, width, 44)
    back_z = z if facing > 0 else z + 40
    for leg_z in (z + 2, z + 38):
        for leg_x in (x + 2, x + width - 6):
            canvas.box((leg_x, 0, leg_z), (4, 43, 4), METAL)
    if facing > 0:
        canvas.box((x, 52, back_z), (width, 40, 5), cloth)
        canvas.box((x, 43, z), (width, 6, 44), shade(cloth, 1.1))
    else:
        canvas.box((x, 43, z), (width, 6, 44), shade(cloth, 1.1))
        canvas.box((x, 52, back_z), (width, 40, 5), cloth)


def cabinet(canvas: Canvas, x: float, z: float, width: float, height: float, fill: Colour) -> Pen:
    ground_shadow(canvas, x, z, width, 42)
    front = canvas.box((x, 0, z), (width, height, 42), fill)
    half = width / 2
    for left in (0.0, half):
        front.frame(left + 2, 3, half - 4, height * 0.42, 0.9, shade(fill, 0.84))
        front.rect(left + 4, height * 0.5, half - 8, height * 0.45, mix(GLASS, fill, 0.35))
        for shelf in (0.5, 0.65, 0.8):
            _binders(front, left + 5, height * shelf + 1, half - 10, height * 0.12)
        front.rect(left + (half - 7 if not left else 4), height * 0.3, 2.5, 8, DARK)
    return front


def _binders(pen: Pen, x: float, y: float, width: float, height: float) -> None:
    colours = ((74, 110, 158), (168, 62, 56), (92, 132, 100), (214, 176, 96))
    count = max(2, int(width // 6))
    for index in range(count):
        step = width / count
        pen.rect(
            x + index * step,
            y,
            step * 0.82,
            height * (0.86 + 0.1 * (index % 2)),
            colours[index * 3 % 4],
        )


def computer(canvas: Canvas, x: float, y: float, z: float, *, is_on: bool = True) -> None:
    canvas.box((x + 18, y, z + 4), (16, 2, 14), DARK)
    canvas.box((x + 24, y, z + 6), (4, 14, 3), DARK)
    front = canvas.box((x, y + 11, z + 6), (52, 32, 3), DARK)
    if is_on:
        front.rect(1.6, 1.8, 48.8, 28.4, (70, 124, 178))
        front.rect(5, 18, 24, 8, (236, 242, 248))
        front.lines(5, 15, 38, 4, 3.2, (206, 222, 238))
    else:
        front.rect(1.6, 1.8, 48.8, 28.4, (38, 42, 46))
    canvas.box((x + 4, y, z + 24), (42, 1.6, 14), (222, 222, 220))


def printer(canvas: Canvas, x: float, y: float, z: float) -> None:
    front = canvas.box((x, y, z), (44, 24, 34), (226, 226, 222))
    front.rect(4, 5, 36, 4, DARK)
    front.rect(6, 2, 32, 4, (250, 250, 246))
    front.rect(30, 17, 10, 4, (90, 170, 120))


def telephone(canvas: Canvas, x: float, y: float, z: float) -> None:
    front = canvas.box((x, y, z), (20, 6, 18), (70, 74, 82))
    front.rect(2, 1.5, 16, 3, (150, 190, 160))
    canvas.box((x + 1, y + 6, z + 1), (5, 4, 16), DARK)


def dispenser(canvas: Canvas, x: float, z: float) -> None:
    """Drinking water, with its bottle on top."""
    ground_shadow(canvas, x, z, 32, 32)
    front = canvas.box((x, 0, z), (32, 96, 32), (238, 240, 240))
    front.rect(4, 50, 24, 26, (206, 210, 212))
    front.rect(9, 66, 4, 7, (200, 60, 56))
    front.rect(19, 66, 4, 7, (62, 112, 182))
    bottle = canvas.wall(z + 16).at(x + 16, 96)
    bottle.rect(-12, 0, 24, 32, (150, 194, 222), 5)
    bottle.rect(-12, 8, 24, 2.4, (118, 168, 204))
    bottle.rect(-12, 20, 24, 2.4, (118, 168, 204))


def bench(canvas: Canvas, x: float, z: float, seats: int, cloth: Colour) -> None:
    ground_shadow(canvas, x, z, seats * 52, 46)
    for index in range(seats):
        left = x + index * 52
        canvas.box((left, 46, z), (48, 42, 4), cloth)
        canvas.box((left, 38, z), (48, 5, 46), shade(cloth, 1.12))
    canvas.box((x, 30, z + 18), (seats * 52 - 4, 5, 6), METAL)
    for leg in (x + 12, x + seats * 52 - 26):
        canvas.box((leg, 0, z + 6), (5, 30, 34), METAL)


def bookcase(
    canvas: Canvas, x: float, z: float, width: float, wood: Colour, dice_start: int, filled: float
) -> None:
    ground_shadow(canvas, x, z, width, 32)
    front = canvas.box((x, 0, z), (width, 190, 32), wood)
    colours = ((178, 52, 48), (56, 92, 142), (214, 172, 92), (88, 126, 96), (232, 226, 210))
    for shelf in range(5):
        low = 6 + shelf * 36
        front.rect(4, low, width - 8, 32, shade(wood, 0.6))
        at, index = 6.0, dice_start + shelf * 3
        end = 6 + (width - 14) * (filled if shelf % 2 else min(1.0, filled * 1.25))
        while at < end:
            thick = 3.2 + index * 7 % 4
            tall = 22 + index * 5 % 8
            front.rect(at, low, thick, tall, colours[index % 5])
            front.rect(at, low + tall * 0.6, thick, 2, shade(colours[index % 5], 1.3))
            at += thick + 0.5
            index += 1


def clock(pen: Pen, x: float, y: float, hour: int) -> None:
    pen.oval(x + 1, y - 2, 16, 16, (30, 22, 12, 40))
    pen.oval(x, y, 16, 16, DARK)
    pen.oval(x, y, 14, 14, (250, 250, 246))
    for turn, length, thick in ((hour * 30 % 360, 7, 1.6), (hour * 77 % 360, 11, 1.0)):
        end = (x + length * math.sin(math.radians(turn)), y + length * math.cos(math.radians(turn)))
        pen.line(((x, y), end), thick, INK)


def conditioner(canvas: Canvas, x: float, y: float) -> None:
    front = canvas.box((x, y, 0), (92, 28, 20), (244, 244, 240))
    front.rect(6, 3, 80, 4, (208, 210, 210))
    front.oval(84, 16, 1.6, 1.6, (90, 170, 120))


def dress(canvas: Canvas, place: Place, span: tuple[float, float]) -> None:
    """A few things left and right of what the picture is about."""
    dice = place.dice
    left, right = span
    kinds = dice.sample(("plant", "cabinet", "dispenser", "plant", "bench", "nothing"), 2)
    _stand(canvas, place, kinds[0], left - 12, -1)
    _stand(canvas, place, kinds[1], right + 12, 1)
    if dice.random() < 0.3:
        x = dice.choice((left - 26, right + 26))
        clock(canvas.wall(), x, place.room_height - 55, dice.randrange(1, 12))
    if dice.random() < 0.3:
        conditioner(canvas, dice.choice((left - 130, right + 30)), place.room_height - 50)


def _stand(canvas: Canvas, place: Place, kind: str, edge: float, outward: int) -> None:
    """Something from that edge outwards."""
    dice = place.dice
    if kind == "plant":
        plant(canvas, edge + outward * 24, 30, dice.uniform(80, 140), dice.randrange(9))
    elif kind == "cabinet":
        fill = dice.choice(((206, 208, 204), shade(place.wood, 1.3)))
        cabinet(canvas, edge if outward > 0 else edge - 84, 0, 84, dice.choice((105, 180)), fill)
    elif kind == "dispenser":
        dispenser(canvas, edge + (6 if outward > 0 else -38), 4)
    elif kind == "bench":
        cloth = dice.choice(((88, 112, 140), (156, 60, 56), (116, 122, 126)))
        bench(canvas, edge if outward > 0 else edge - 156, 10, 3, cloth)


def cartons(canvas: Canvas, x: float, z: float, count: int) -> None:
    """Boxes somebody left there."""
    for index in range(count):
        level, column = divmod(index, 2)
        left, size = x + column * 46 + level * 7, 42 - level * 4
        if not level:
            ground_shadow(canvas, left, z, size, 36)
        tan = ((196, 160, 112), (182, 146, 100), (206, 172, 126))[index % 3]
        front = canvas.box((left, level * 36.0, z), (size, 36, 36), tan)
        front.rect(size / 2 - 3, 0, 6, 36, shade(tan, 0.88))
