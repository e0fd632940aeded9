"""得分: exact arithmetic on one sheet. No Django, no float (semantics §2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

MOST_DECIMALS = 12


@dataclass(frozen=True)
class Line:
    """One item of a sheet. `ratio` is None where the result takes the item out of the score."""

    section: str
    code: str
    points: Decimal
    ratio: Decimal | None
    is_critical: bool = False
    is_pass: bool = False

    @property
    def earned(self) -> Decimal | None:
        return None if self.ratio is None else self.points * self.ratio


@dataclass(frozen=True)
class Part:
    """Points earned of points applicable. `value` is a percentage, None where nothing applies."""

    earned: Decimal
    applicable: Decimal

    @property
    def value(self) -> Fraction | None:
        if not self.applicable:
            return None
        return 100 * Fraction(self.earned) / Fraction(self.applicable)


@dataclass(frozen=True)
class Score:
    total: Part
    sections: dict[str, Part]
    losses: dict[str, Decimal]
    critical_failed: bool


RATIOS = {"pass": Decimal(1), "fail": Decimal(0)}


def ratio_of(result: str, partial: Decimal) -> Decimal | None:
    """r of semantics §1: None for 不适用 and 不能核查."""
    return partial if result == "partial" else RATIOS.get(result)


def score(lines: Iterable[Line]) -> Score:
    lines = list(lines)
    codes = dict.fromkeys(line.section for line in lines)
    return Score(
        total=_sum(lines),
        sections={code: _sum(line for line in lines if line.section == code) for code in codes},
        losses={
            line.code: line.points - line.earned
            for line in lines
            if line.earned is not None and line.earned < line.points
        },
        critical_failed=any(line.is_critical and not line.is_pass for line in lines),
    )


def _sum(lines: Iterable[Line]) -> Part:
    counted = [(line.earned, line.points) for line in lines if line.earned is not None]
    return Part(
        sum((earned for earned, _ in counted if earned is not None), Decimal(0)),
        sum((points for _, points in counted), Decimal(0)),
    )


def grade(value: Fraction | None, grades: Sequence[dict[str, Any]], *, critical: bool) -> str:
    """The code of the 等次, decided on the exact value; a failed critical item caps it lowest.

    `grades` run from the best down, each with `code` and an inclusive `floor` in percent.
    """
    if value is None:
        return ""
    if critical:
        return str(grades[-1]["code"])
    reached = (step for step in grades if value >= Fraction(str(step["floor"])))
    return str(next(reached, grades[-1])["code"])


def grade_lines(grades: Sequence[dict[str, Any]]) -> list[Fraction]:
    return [Fraction(str(step["floor"])) for step in grades if step["floor"]]


def printed(value: Fraction | None, lines: Iterable[Fraction | int] = ()) -> str | None:
    """One decimal, half up, with more until the print is on the exact value's side of every line.

    559/799 · 100 against a line at 70 prints "69.96". None stays None.
    """
    if value is None:
        return None
    marks = [Fraction(line) for line in lines]
    for decimals in range(1, MOST_DECIMALS):
        text = rounded(value, decimals)
        if all((Fraction(text) >= mark) == (value >= mark) for mark in marks):
            return text
    return rounded(value, MOST_DECIMALS)


def rounded(value: Fraction, decimals: int) -> str:
    """Half up, away from zero at the half, exactly: no binary float in between."""
    scale = 10**decimals
    scaled = Decimal((abs(value) * scale * 2 + 1) // 2)
    shown = (scaled if value >= 0 else -scaled) / Decimal(scale)
    return str(shown.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def median(values: Sequence[Fraction]) -> Fraction | None:
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
