"""Seen from above on a desk: ledgers, sign-in sheets, prints of photos."""

import math
import random
from itertools import pairwise

from config.demo.canvas import Canvas, Colour, Pen, mix, shade
from config.demo.places import GOLD, Place, Visit
from config.demo.walls import PAPER

RULE: Colour = (188, 182, 168)
HEADING: Colour = (120, 116, 108)
ROW = 3.6
INKS: tuple[Colour, ...] = ((44, 66, 120), (40, 44, 52), (60, 76, 132))


def _desktop(place: Place, visit: Visit, width: float, depth: float) -> Canvas:
    wood = shade(place.wood, place.dice.uniform(1.15, 1.5))
    canvas = Canvas(visit.above(width, depth), wood)
    top = canvas.floor()
    for index in range(-9, 10):
        y = index * 17 + place.dice.uniform(-3, 3)
        top.rect(-260, y, 520, 0.5, (*shade(wood, 0.86), 150))
    return canvas


def ledger(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """One sheet of a ledger: filled in, half filled in, or blank."""
    dice = place.dice
    wide, tall = dice.choice(((64.0, 46.0), (50.0, 66.0), (70.0, 44.0)))
    canvas = _desktop(place, visit, wide * 1.2, tall * 1.15)
    top = canvas.floor()
    _things(top, wide, tall, place)
    turn = dice.uniform(-9, 9)
    sheet = top.at(-wide / 2, -tall / 2, turn)
    if dice.random() < 0.5:
        sheet.shadow(-2, -2, wide + 4, tall + 4, 1.6)
        sheet.rect(-2, -2, wide + 4, tall + 4, place.board, 1)
    else:
        sheet.at(1.6, -1.2, 2.5).rect(0, 0, wide, tall, shade(PAPER, 0.94))
    sheet.shadow(0, 0, wide, tall, 1.0)
    sheet.rect(0, 0, wide, tall, PAPER)
    sheet.text(wide / 2, tall - 5, title, min(4.2, wide * 0.8 / len(title)), (58, 56, 54), gap=0.12)
    columns = dice.choice(((0.1, 0.34, 0.62, 0.82), (0.14, 0.4, 0.6, 0.8), (0.2, 0.5, 0.75)))
    _table(sheet, wide, tall, columns, result, dice)
    if result == "pass":
        _seal(sheet.at(wide * 0.82, 7.5, -12))
    elif result == "partial" and dice.random() < 0.5:
        sheet.rect(wide * 0.55, 3, 15, 8, (252, 232, 130))
    return canvas


def _table(
    pen: Pen,
    wide: float,
    tall: float,
    columns: tuple[float, ...],
    result: str,
    dice: random.Random,
) -> None:
    margin, top = 4.0, tall - 10
    rows = int((top - 8) // ROW)
    edges = [margin + (wide - 2 * margin) * part for part in (0.0, *columns, 1.0)]
    pen.rect(margin, top - ROW, wide - 2 * margin, ROW, (238, 232, 216))
    for row in range(rows + 1):
        pen.rect(margin, top - row * ROW, wide - 2 * margin, 0.18, RULE)
    for edge in edges:
        pen.rect(edge, top - rows * ROW, 0.18, rows * ROW, RULE)
    for left, right in pairwise(edges):
        pen.rect(left * 0.74 + right * 0.26, top - 2.4, (right - left) * 0.48, 1.1, HEADING)
    filled = {"pass": rows - 1, "partial": rows // 2, "fail": 0}[result]
    ink = dice.choice(INKS)
    for row in range(1, filled + 1):
        # Half-kept ledgers lack their last column too: nobody wrote down how it ended.
        spaces = list(pairwise(edges))[: -1 if result == "partial" and row > 1 else None]
        for left, right in spaces:
            _scribble(pen, left + 1, right - 1, top - (row + 0.55) * ROW, ink, dice)


def _scribble(
    pen: Pen, start: float, end: float, y: float, ink: Colour, dice: random.Random
) -> None:
    reach = (end - start) * dice.uniform(0.5, 0.95)
    count = max(6, int(reach / 0.5))
    points = [
        (start + reach * step / count, y + 0.8 * math.sin(step * 1.9) * dice.uniform(0.2, 1))
        for step in range(count + 1)
    ]
    pen.line(points, 0.3, ink)


def _seal(pen: Pen) -> None:
    red = (204, 44, 44, 150)
    for radius, fill in ((5.2, red), (4.5, (*PAPER[:3], 255))):
        pen.oval(0, 0, radius, radius, fill)
    pen.text(0, 0, "★", 4.4, (212, 84, 80))


def _things(top: Pen, wide: float, tall: float, place: Place) -> None:
    """A pen, a cup, a box file: beside the sheet, partly out of the picture."""
    dice = place.dice
    side = dice.choice((-1, 1))
    kinds = dice.sample(("cup", "file", "pen", "keyboard", "glasses"), 3)
    if "file" in kinds:
        file = top.at(side * (wide * 0.62), -tall * 0.5, dice.uniform(-6, 6))
        file.shadow(0, 0, side * 30, tall, 1.6)
        file.rect(min(0, side * 30), 0, 30, tall, place.board)
        file.rect(min(0, side * 30) + 8, tall * 0.6, 14, 12, PAPER)
    if "cup" in kinds:
        x, y = -side * wide * 0.68, tall * dice.uniform(0.1, 0.5)
        top.oval(x + 1.5, y - 1.5, 6.6, 6.6, (30, 22, 12, 60))
        top.oval(x, y, 6.4, 6.4, (244, 244, 240))
        top.oval(x, y, 5.4, 5.4, (150, 96, 52))
    if "keyboard" in kinds:
        board = top.at(-wide * 0.4, tall * 0.62, dice.uniform(-4, 4))
        board.rect(0, 0, 44, 15, (226, 226, 222), 1)
        for row in range(4):
            board.rect(1.5, 1.6 + row * 3.2, 41, 2.4, (196, 198, 198))
    if "pen" in kinds:
        stick = top.at(side * wide * 0.3, -tall * 0.66, dice.uniform(-40, 40))
        stick.rect(0, 0, 15, 1.2, (40, 44, 52))
        stick.rect(15, 0.2, 1.6, 0.8, GOLD)


def activity(place: Place, visit: Visit, result: str, title: str) -> Canvas:
    """Prints of an event, the sign-in sheet and the summary, laid out together."""
    dice = place.dice
    canvas = _desktop(place, visit, 96, 66)
    top = canvas.floor()
    _things(top, 96, 66, place)
    photos = [
        top.at(
            -2 + index % 2 * 25 + dice.uniform(-1, 1),
            2 - index // 2 * 30 + dice.uniform(-1, 1),
            dice.uniform(-9, 9),
        )
        for index in range(4)
    ]
    rolls = [dice.randrange(99) for _ in photos]
    sheet = top.at(-46, -28, dice.uniform(-6, 3))
    sheet.shadow(0, 0, 38, 54, 1.2)
    sheet.rect(0, 0, 38, 54, PAPER)
    sheet.text(19, 49, title, min(3.8, 32 / len(title)), (58, 56, 54), gap=0.08)
    _table(sheet, 38, 54, (0.2, 0.62), result, dice)
    prints = {"pass": 4, "partial": 2, "fail": 0}[result]
    for photo, roll in zip(photos[:prints], rolls, strict=False):
        photo.shadow(0, 0, 23, 18, 0.9)
        photo.rect(0, 0, 23, 18, (252, 252, 250))
        _gathering(photo, roll, place)
    return canvas


def _gathering(pen: Pen, roll: int, place: Place) -> None:
    """A hall with a banner and rows of heads from behind, or volunteers under trees."""
    if roll % 2:
        pen.rect(1, 1, 21, 16, mix(place.wall, (220, 214, 200), 0.5))
        pen.rect(3, 12.4, 17, 2.6, place.red)
        for row in range(3):
            for column in range(6 - row % 2):
                x = 3.6 + column * 3.2 + row % 2 * 1.6
                pen.oval(x, 7.6 - row * 2.5, 1.2, 1.4, ((70, 62, 58), (96, 82, 70))[column % 2])
        return
    pen.rect(1, 1, 21, 16, (190, 216, 232))
    pen.rect(1, 1, 21, 6, (142, 176, 122))
    for x in (4, 9, 18):
        pen.rect(x - 0.4, 5, 0.8, 4, (110, 84, 60))
        pen.oval(x, 10.4, 2.8, 3, (92, 140, 88))
    for x in (6.5, 11.5, 14.5):
        pen.rect(x - 1, 3, 2, 3.6, (196, 52, 48))
        pen.oval(x, 7.4, 0.9, 1, (206, 172, 146))
