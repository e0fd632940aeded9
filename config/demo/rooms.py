"""Rooms with what a station should have in them, or without it."""

from config.demo.canvas import Canvas, Colour, Pen, arc, mix, shade
from config.demo.furniture import (
    DARK,
    bench,
    bookcase,
    cabinet,
    cartons,
    chair,
    computer,
    desk,
    dispenser,
    plant,
    printer,
    table,
    telephone,
)
from config.demo.interiors import room
from config.demo.places import Place, Visit
from config.demo.walls import PAPER, empty_spot

CLOTHS: tuple[Colour, ...] = ((88, 112, 140), (156, 60, 56), (116, 122, 126), (96, 132, 108))


def door_plate(pen: Pen, x: float, y: float, words: str, place: Place, size: float = 11) -> None:
    width = size * 1.25 * len(words) + 16
    pen.shadow(x - width / 2, y, width, size * 2, 2)
    pen.rect(x - width / 2, y, width, size * 2, place.board, 2)
    pen.text(x, y + size, words, size, (255, 255, 255), gap=0.2)


def meeting(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """A table with chairs round it, for receiving, talking and mediating."""
    canvas = room(place, visit, (-120, 40, 120, 205), depth=80, fill=(0.84, 1.02))
    wall, dice = canvas.wall(), place.dice
    cloth, shift, is_named = dice.choice(CLOTHS), dice.uniform(-60, 60), dice.random() < 0.4
    width, depth = dice.choice(((150, 76), (190, 84), (120, 80)))
    if result == "pass" or (result == "partial" and is_named):
        door_plate(wall, shift, 178, title, place, 14)
    if result == "fail":
        cartons(canvas, shift - 90, 20, 6)
        cabinet(canvas, shift / 2 + 60, 0, 84, 180, (196, 198, 196))
        chair(canvas, -20, 110, cloth)
        return canvas
    wall.rect(-128, 96, 66, 62, place.wood)
    wall.rect(-125, 99, 60, 56, PAPER)
    wall.lines(-120, 148, 50, 7, 6.5, (150, 148, 144))
    seats = max(2, width // 56)
    lefts = [-width / 2 + (index + 0.5) * width / seats - 23 for index in range(seats)]
    for left in lefts:
        chair(canvas, left, 42, cloth)
    table(canvas, -width / 2, 95, width, depth, place.wood)
    if result == "partial":
        cartons(canvas, 95, 40, 3)
        return canvas
    _open_book(canvas.floor(75).at(0, -135), shift / 2 - 20, place)
    for left in lefts:
        chair(canvas, left, 185, cloth, facing=-1)
    plant(canvas, 140, 30, 115, dice.randrange(9))
    return canvas


def _open_book(pen: Pen, x: float, place: Place) -> None:
    pen.rect(x, -12, 46, 30, place.red)
    pen.rect(x + 1.5, -10.5, 21, 27, PAPER)
    pen.rect(x + 23.5, -10.5, 21, 27, PAPER)
    for left in (x + 4, x + 26):
        pen.lines(left, 13, 16, 5, 4.4, (120, 130, 150))


def office(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """One desk that is the station's own."""
    dice = place.dice
    wide = dice.choice((140.0, 160.0, 180.0))
    canvas = room(
        place, visit, (-wide / 2 - 20, 30, wide / 2 + 20, 196), depth=100, fill=(0.84, 1.0)
    )
    wall, cloth = canvas.wall(), dice.choice(CLOTHS)
    side = dice.choice((-1, 1))
    if result == "fail":
        table(canvas, -60, 30, 120, 55, place.wood)
        cartons(canvas, -150 if side < 0 else 70, 20, 5)
        canvas.box((-30, 75, 40), (44, 30, 34), (196, 160, 112))
        return canvas
    cabinet(canvas, side * (wide / 2 + 22) - 42, 0, 84, 180, shade(place.wood, 1.35))
    if result == "pass":
        door_plate(wall, -side * 20, 168, title, place, 13)
    chair(canvas, -23, 24, cloth)
    desk(canvas, -wide / 2, 80, wide, place.wood)
    computer(canvas, -side * 30 - 26, 75, 84, is_on=result == "pass")
    telephone(canvas, side * wide * 0.34 - 10, 75, 110)
    if result == "pass":
        door_plate(canvas.wall(147), 0, 40, "退役军人服务岗", place, 7)
        plant(canvas, -side * (wide / 2 + 45), 60, 120, dice.randrange(9))
    return canvas


def equipment(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    dice = place.dice
    wide = dice.choice((190.0, 220.0))
    canvas = room(
        place, visit, (-wide / 2 - 30, 20, wide / 2 + 30, 176), depth=80, fill=(0.82, 1.0)
    )
    side = dice.choice((-1, 1))
    fill = dice.choice(((206, 208, 204), shade(place.wood, 1.35)))
    if result != "fail":
        cabinet(canvas, side * (wide / 2 + 50) - 42, 0, 84, 180, fill)
    chair(canvas, -side * 30 - 23, 12, dice.choice(CLOTHS))
    desk(canvas, -wide / 2, 60, wide, place.wood)
    places = [-wide / 2 + 12, -26.0, wide / 2 - 58]
    dice.shuffle(places)
    telephone(canvas, places[0] + 10, 75, 84)
    if result != "fail":
        computer(canvas, places[1], 75, 66, is_on=result == "pass")
    if result == "pass":
        printer(canvas, places[2], 75, 72)
    elif result == "partial":
        mark = canvas.floor(75).at(places[2], -106)
        mark.rect(0, 0, 42, 32, (*shade(place.wood, 1.6), 130))
    else:
        cartons(canvas, side * (wide / 2 + 30) - 40, 20, 3)
    return canvas


def reading(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    dice = place.dice
    canvas = room(place, visit, (-130, 20, 130, 206), depth=60, fill=(0.82, 1.0))
    wall, cases = canvas.wall(), dice.choice((1, 2, 2))
    side = dice.choice((-1, 1))
    filled = {"pass": 1.0, "partial": 0.45, "fail": 0.0}[result]
    for index in range(cases):
        x = side * (40 + 92 * index) - 43
        bookcase(canvas, x, 0, 86, place.wood, dice.randrange(40), filled)
    if result != "fail":
        door_plate(wall, -side * 80, 176, title, place, 14)
        cloth = dice.choice(CLOTHS)
        table(canvas, -60, 120, 120, 66, place.wood)
        chair(canvas, -48, 200, cloth, facing=-1)
        if result == "pass":
            chair(canvas, 4, 200, cloth, facing=-1)
            _open_book(canvas.floor(75).at(0, -150), dice.uniform(-46, 4), place)
            plant(canvas, -side * 120, 36, 125, dice.randrange(9))
    else:
        cartons(canvas, -side * 80 - 30, 40, 5)
        empty_spot(wall, -side * 80 - 40, 168, 80, 26, place.wall)
    return canvas


def convenience(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """Seats, water, reading glasses, first aid, and a way in for a wheelchair."""
    dice = place.dice
    canvas = room(place, visit, (-135, 20, 135, 184), depth=40, fill=(0.82, 1.0))
    wall, side = canvas.wall(), dice.choice((-1, 1))
    if result == "fail":
        chair(canvas, dice.uniform(-60, 20), 40, (150, 150, 148))
        cartons(canvas, side * 100 - 40, 30, 3)
        empty_spot(wall, -side * 90 - 30, 110, 62, 44, place.wall)
        return canvas
    seats = 4 if result == "pass" else 2
    bench(canvas, -side * 40 - seats * 26, 16, seats, dice.choice(CLOTHS))
    if result == "pass":
        dispenser(canvas, side * 105 - 16, 10)
        _first_aid(canvas, side * 150 - 20)
        door_plate(wall, -side * 40, 158, title, place, 12)
        _wheelchair_sign(wall, side * 105, 150)
    else:
        table(canvas, side * 100 - 30, 20, 60, 42, place.wood)
    _glasses(wall, -side * 40, 112, place)
    return canvas


def _first_aid(canvas: Canvas, x: float) -> None:
    canvas.box((x, 0, 10), (44, 76, 36), (222, 222, 218))
    front = canvas.box((x + 4, 76, 14), (36, 24, 22), (248, 248, 246))
    front.rect(15, 4, 6, 16, (204, 44, 44))
    front.rect(10, 9, 16, 6, (204, 44, 44))


def _wheelchair_sign(pen: Pen, x: float, y: float) -> None:
    blue, white = (40, 92, 168), (255, 255, 255)
    pen.rect(x - 15, y - 15, 30, 30, blue, 3)
    pen.oval(x - 1, y + 9, 2.4, 2.4, white)
    pen.line(((x - 1, y + 5), (x - 1, y - 3), (x + 5, y - 3), (x + 8, y - 10)), 2.4, white)
    pen.line(arc(x - 1, y - 5, 7, 7, 120, 330, 14), 1.8, white)


def _glasses(pen: Pen, x: float, y: float, place: Place) -> None:
    pen.shadow(x - 30, y - 9, 60, 22, 1.6)
    pen.rect(x - 30, y - 9, 60, 22, mix(place.wood, (255, 255, 255), 0.5))
    for step in (-18, 2):
        for lens in (0, 10):
            pen.line(arc(x + step + lens + 3, y + 2, 3.6, 3.2, 0, 360, 16), 0.9, DARK)
        pen.line(((x + step + 6.6, y + 2.6), (x + step + 9.4, y + 2.6)), 0.9, DARK)
