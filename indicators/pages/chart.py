"""The trend, drawn: positions in a box of 400 × 208, as the template writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LEFT, RIGHT, TOP, BOTTOM = 30, 360, 12, 182
LABEL_WIDTH = 40


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    radius: str
    label: str
    title: str


@dataclass(frozen=True)
class Line:
    y: str
    text_y: str
    value: int


@dataclass(frozen=True)
class Labelled:
    x: str
    text: str


@dataclass(frozen=True)
class Chart:
    dots: list[Dot]
    polyline: str
    grid: list[Line]
    lower_y: str
    upper_y: str
    band_height: str
    labels: list[Labelled]
    last: Dot


def draw(points: Sequence[Any], lower: int, upper: int) -> Chart | None:
    """`points` as the trend's: day, value, printed, is_round_end; oldest first."""
    if not points:
        return None
    floor, ceiling = _range([float(point.value) for point in points], lower, upper)

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - floor) / (ceiling - floor)

    days = [point.day for point in points]
    places = [_x(day, days) for day in days]
    dots = [
        Dot(
            f"{x:.1f}", f"{y(float(point.value)):.1f}", "4" if point.is_round_end else "2.5",
            point.printed, f"{point.day:%m-%d} {point.numerator}/{point.denominator}",
        )
        for x, point in zip(places, points, strict=True)
    ]  # fmt: skip
    return Chart(
        dots=dots,
        polyline=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        grid=[Line(f"{y(n):.1f}", f"{y(n) + 4:.1f}", n) for n in _ticks(floor, ceiling)],
        lower_y=f"{y(lower):.1f}",
        upper_y=f"{y(upper):.1f}",
        band_height=f"{y(lower) - y(upper):.1f}",
        labels=_labels(days, places),
        last=dots[-1],
    )


def _range(values: Sequence[float], lower: int, upper: int) -> tuple[int, int]:
    """Whole tens around the values and the band, so that the band never leaves the picture."""
    floor = int(min(*values, lower) // 10) * 10 - 10
    ceiling = int(-(-max(*values, upper) // 10)) * 10 + 10
    return max(floor, 0), min(ceiling, 100)


def _ticks(floor: int, ceiling: int) -> list[int]:
    step = 10 if ceiling - floor <= 50 else 20
    return list(range(floor, ceiling + 1, step))


def _x(day: dt.date, days: Sequence[dt.date]) -> float:
    span = (days[-1] - days[0]).days
    return LEFT + (RIGHT - LEFT) * (day - days[0]).days / span if span else (LEFT + RIGHT) / 2


def _labels(days: Sequence[dt.date], places: Sequence[float]) -> list[Labelled]:
    """Days below the axis, from the newest back, as many as stand apart."""
    shown: list[Labelled] = []
    edge = float("inf")
    for day, x in reversed(list(zip(days, places, strict=True))):
        if edge - x >= LABEL_WIDTH:
            shown.append(Labelled(f"{x:.1f}", f"{day:%m-%d}"))
            edge = x
    return shown
