"""Points of the year-end 绩效自评表 (practice §4.2): exact fractions, printed once. No Django."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from audits.scoring import rounded

GRADES = [("excellent", 90), ("good", 80), ("fair", 60), ("poor", 0)]
PLACES = 2


def points(weight: Decimal, target: Fraction, actual: Fraction | None) -> Decimal:
    """A positive indicator: full at the target, else weight × actual ÷ target, two decimals.

    Nothing measured earns nothing.
    """
    if actual is None:
        return Decimal("0.00")
    share = min(Fraction(1), max(Fraction(0), actual) / target)
    return Decimal(rounded(Fraction(weight) * share, PLACES))


def total(lines: Iterable[Decimal]) -> Decimal:
    """The printed lines add up to the printed total."""
    return sum(lines, Decimal("0.00"))


def grade(total: Decimal) -> str:
    """excellent 优 from 90, good 良 from 80, fair 中 from 60, poor 差."""
    return next(code for code, floor in GRADES if total >= floor)


def percent(part: Decimal | int, whole: Decimal | int) -> Fraction | None:
    return 100 * Fraction(part) / Fraction(whole) if whole else None
