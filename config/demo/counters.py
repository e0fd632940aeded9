"""Where a station receives people: its window, its hall, its screens."""

from config.demo.canvas import Canvas, Pen, arc, shade
from config.demo.furniture import (
    DARK,
    METAL,
    bench,
    cartons,
    clock,
    computer,
    desk,
    dispenser,
    dress,
    ground_shadow,
    plant,
    table,
)
from config.demo.interiors import GLASS, room
from config.demo.places import GOLD, INK, Place, Visit
from config.demo.rooms import CLOTHS, door_plate
from config.demo.walls import PAPER, banner


def window(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """A counter with glass; its sign above, on paper, or missing."""
    panes = place.dice.choice((2, 3, 3))
    wide = panes * 92.0
    canvas = room(place, visit, (-wide / 2, 70, wide / 2, 232), depth=72, fill=(0.7, 0.92))
    dress(canvas, place, (-wide / 2 - 34, wide / 2 + 34))
    ground_shadow(canvas, -wide / 2, 40, wide, 60)
    front = canvas.box((-wide / 2, 0, 40), (wide, 98, 55), shade(place.wood, 1.35))
    for index in range(panes):
        front.frame(index * 92 + 6, 10, 80, 76, 1.2, shade(place.wood, 1.15))
    canvas.box((-wide / 2 - 6, 98, 36), (wide + 12, 5, 66), (226, 220, 208))
    for index in range(panes):
        computer(canvas, -wide / 2 + index * 92 + 22, 103, 40, is_on=index % 2 == 0)
    pane = canvas.wall(72).at(-wide / 2, 103)
    for index in range(panes):
        x = index * 92.0
        pane.rect(x, 0, 92, 82, (*GLASS, 120))
        gleam = ((x + 12, 0), (x + 26, 0), (x + 52, 82), (x + 38, 82))
        pane.shape(gleam, (255, 255, 255, 70))
        pane.frame(x, 0, 92, 82, 2.6, shade(place.wood, 0.9))
        pane.rect(x + 30, 2.6, 32, 13, (240, 240, 236, 190))
    pane.rect(-3, 82, wide + 6, 6, shade(place.wood, 0.9))
    _window_sign(pane, wide, place, result, title)
    return canvas


def _window_sign(pane: Pen, wide: float, place: Place, result: str, title: str) -> None:
    length = len(title) * 21.0 + 24
    x = wide / 2 - length / 2
    if result == "pass":
        lit = place.dice.random() < 0.5
        pane.shadow(x, 96, length, 28, 3)
        pane.rect(x, 96, length, 28, (28, 26, 28) if lit else place.red, 2)
        pane.text(wide / 2, 110, title, 17, (255, 92, 72) if lit else GOLD, gap=0.2)
        pane.rect(20, 0, 34, 11, place.red)
        pane.text(37, 5.5, "优先", 8, GOLD)
    elif result == "partial":
        note = pane.at(wide * 0.32, 34, -6)
        note.rect(0, 0, 62, 30, PAPER)
        note.text(31, 20, title[:4], 11, INK)
        note.text(31, 8, title[4:], 9, INK)
    else:
        pane.frame(x, 96, length, 26, 0.6, shade(place.wall, 0.74))
        for end in (x + 6, x + length - 7):
            pane.rect(end, 88, 1.4, 10, METAL)


def hall(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    canvas = room(place, visit, (-200, 30, 200, 236), depth=60, swing=0.8, fill=(0.86, 1.02))
    wall = canvas.wall()
    clock(wall, 190, 215, place.dice.randrange(1, 12))
    if result != "fail":
        banner(wall, -150, 208, 300, title, place.red)
    counters = {"pass": 3, "partial": 2, "fail": 0}[result]
    for index in range(counters):
        x = -190 + index * 130
        desk(canvas, x, 40, 112, place.wood)
        computer(canvas, x + 30, 75, 46)
        door_plate(
            canvas.wall(106), x + 56, 50, ("综合受理", "优抚帮扶", "就业创业")[index], place, 8
        )
    if result == "fail":
        cartons(canvas, -150, 30, 5)
        table(canvas, 10, 40, 130, 60, place.wood)
    if result == "pass":
        bench(canvas, -190, 170, 2, place.dice.choice(CLOTHS))
        plant(canvas, 215, 60, 130, place.dice.randrange(9))
        dispenser(canvas, -245, 40)
    elif result == "partial":
        cartons(canvas, 130, 50, 3)
    return canvas


def screen(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """A large screen: a call with four places, or news; no signal; or only its bracket."""
    dice = place.dice
    wide = dice.choice((150.0, 170.0, 190.0))
    tall = wide * 0.57
    canvas = room(place, visit, (-wide / 2 - 15, 70, wide / 2 + 15, 100 + tall))
    wall = canvas.wall()
    dress(canvas, place, (-wide / 2 - 16, wide / 2 + 16))
    if result == "fail":
        wall.frame(-wide / 2, 92, wide, tall, 0.6, shade(place.wall, 0.8))
        wall.rect(-22, 92 + tall / 2 - 16, 44, 32, METAL)
        wall.rect(-16, 92 + tall / 2 - 10, 32, 20, shade(METAL, 0.8))
        wall.line(((0, 92 + tall / 2 - 16), (4, 80), (-6, 40), (10, 12)), 1.4, DARK)
        return canvas
    front = canvas.box((-wide / 2, 92, 4), (wide, tall, 6), DARK)
    inside = (3.0, 4.0, wide - 6, tall - 7)
    if result == "partial":
        front.rect(*inside, (36, 66, 132))
        front.text(wide / 2, tall / 2, "无信号", 13, (235, 240, 250), gap=0.2)
    elif "视频" in title:
        _call(front, *inside, place)
    else:
        _news(front, *inside, title, place)
    if "视频" in title:
        canvas.box((-13, 92 + tall, 2), (26, 7, 9), DARK)
        canvas.wall(11.2).oval(0, 95.5 + tall, 2.4, 2.4, (90, 130, 190))
    table(canvas, -wide * 0.4, 20, wide * 0.8, 42, place.wood)
    return canvas


def _call(pen: Pen, x: float, y: float, width: float, height: float, place: Place) -> None:
    tints = ((74, 104, 132), (96, 116, 104), (124, 100, 88), (88, 92, 128))
    for index, tint in enumerate(tints):
        left, low = x + index % 2 * width / 2, y + index // 2 * height / 2
        pen.rect(left + 1, low + 1, width / 2 - 2, height / 2 - 2, tint)
        middle = left + width / 4
        pen.shape(arc(middle, low + 1, width * 0.11, height * 0.2, 0, 180, 14), shade(tint, 1.5))
        pen.oval(middle, low + height * 0.29, width * 0.042, height * 0.085, shade(tint, 1.6))
        pen.rect(left + 4, low + 4, width * 0.12, 3, (235, 240, 244))


def _news(
    pen: Pen, x: float, y: float, width: float, height: float, title: str, place: Place
) -> None:
    pen.rect(x, y, width, height, place.red)
    pen.rect(x, y, width, height * 0.3, shade(place.red, 0.8))
    pen.text(x + width / 2, y + height * 0.66, title, width / len(title) * 0.62, GOLD, gap=0.15)
    pen.lines(x + width * 0.2, y + height * 0.44, width * 0.6, 2, 7, (250, 226, 190))
    star = [
        arc(x + width * 0.12, y + height * 0.78, r, r, 90 + 36 * i, 90 + 36 * i, 1)[0]
        for i, r in enumerate((8.0, 3.2) * 5)
    ]
    pen.shape(star, GOLD)
