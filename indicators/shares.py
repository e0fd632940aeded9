"""Exact shares of points as text, "p/q" in lowest terms: sums, order, mean and median of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd

NOTHING = "0/1"
FINE = 10**20  # two different shares of at most nine digits below the line differ by more


@lru_cache(maxsize=65536)
def share(earned: Decimal, applicable: Decimal) -> str:
    value = Fraction(earned) / Fraction(applicable)
    return f"{value.numerator}/{value.denominator}"


@lru_cache(maxsize=65536)
def of_text(earned: str, applicable: str) -> str:
    """As the sections of a frozen sheet tell their points; "" where nothing could be earned."""
    out_of = Decimal(applicable)
    return share(Decimal(earned), out_of) if out_of else ""


@lru_cache(maxsize=65536)
def parts(text: str) -> tuple[int, int]:
    top, _, bottom = text.partition("/")
    return int(top), int(bottom)


def percent(text: str | None) -> Fraction | None:
    if not text:
        return None
    top, bottom = parts(text)
    return Fraction(100 * top, bottom)


@lru_cache(maxsize=65536)
def rank(text: str) -> int:
    """Orders shares by value without rounding two different ones together."""
    top, bottom = parts(text)
    return top * FINE // bottom


def total(counted: Iterable[tuple[str, int]]) -> str:
    """Σ share × count. Shares of one denominator are added first, which is most of them."""
    by_bottom: dict[int, int] = {}
    for text, times in counted:
        top, bottom = parts(text)
        by_bottom[bottom] = by_bottom.get(bottom, 0) + top * times
    top, bottom = 0, 1
    for next_bottom, next_top in by_bottom.items():
        common = gcd(bottom, next_bottom)
        top = top * (next_bottom // common) + next_top * (bottom // common)
        bottom = bottom // common * next_bottom
    return _text(top, bottom)


def spread(counted: Mapping[str, int]) -> dict[str, object]:
    """{n, mean, median, minimum} of a histogram {share: stations}; empty for none."""
    number = sum(counted.values())
    if not number:
        return {}
    ordered = sorted(counted, key=rank)
    top, bottom = parts(total(counted.items()))
    return {
        "n": number,
        "mean": _text(top, bottom * number),
        "median": _median(ordered, counted, number),
        "minimum": ordered[0],
    }


def _median(ordered: list[str], counted: Mapping[str, int], number: int) -> str:
    low = _nth(ordered, counted, (number - 1) // 2)
    high = _nth(ordered, counted, number // 2)
    if low == high:
        return low
    (top, bottom), (next_top, next_bottom) = parts(low), parts(high)
    return _text(top * next_bottom + next_top * bottom, 2 * bottom * next_bottom)


def _nth(ordered: list[str], counted: Mapping[str, int], place: int) -> str:
    seen = 0
    for text in ordered:
        seen += counted[text]
        if seen > place:
            return text
    raise IndexError(place)


def _text(top: int, bottom: int) -> str:
    common = gcd(top, bottom)
    return f"{top // common}/{bottom // common}"
