"""检查员校准: how often each inspector fails the same item. Exact, no Django.

A gap says something when both sides have enough cases and it is wider than chance makes it:
three standard errors of the difference of two shares, decided in whole fractions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

ENOUGH = 5
ERRORS = 3


@dataclass(frozen=True)
class Tally:
    """Of `asked` results with a ratio one inspector gave `failed` 不符合 or 部分符合."""

    inspector: int
    asked: int
    failed: int

    @property
    def rate(self) -> Fraction:
        return Fraction(100 * self.failed, self.asked)


@dataclass(frozen=True)
class Compared:
    """One inspector beside all others of the same item, in percentage points."""

    tally: Tally
    others: Tally
    gap: Fraction
    is_clear: bool


@dataclass(frozen=True)
class ItemSpread:
    """`compared` strictest first; `thin`: those with too few cases to be compared."""

    code: str
    compared: list[Compared]
    thin: list[Tally]

    @property
    def strictest(self) -> Compared:
        return self.compared[0]

    @property
    def mildest(self) -> Compared:
        return self.compared[-1]

    @property
    def spread(self) -> Fraction:
        return self.strictest.tally.rate - self.mildest.tally.rate

    @property
    def is_clear(self) -> bool:
        return any(one.is_clear for one in self.compared)


def spread(code: str, tallies: Iterable[Tally]) -> ItemSpread | None:
    """None where fewer than two inspectors have enough cases."""
    given = list(tallies)
    enough = [one for one in given if one.asked >= ENOUGH]
    if len(enough) < 2:
        return None
    compared = [_compare(one, enough) for one in enough]
    compared.sort(key=lambda one: (-one.tally.rate, one.tally.inspector))
    return ItemSpread(code, compared, [one for one in given if one.asked < ENOUGH])


def _compare(one: Tally, enough: list[Tally]) -> Compared:
    asked = sum(other.asked for other in enough) - one.asked
    failed = sum(other.failed for other in enough) - one.failed
    others = Tally(0, asked, failed)
    return Compared(one, others, one.rate - others.rate, _is_clear(one, others))


def _is_clear(one: Tally, others: Tally) -> bool:
    """(p₁ − p₂)² > 3² · p(1 − p)(1/n₁ + 1/n₂), p pooled."""
    pooled = Fraction(one.failed + others.failed, one.asked + others.asked)
    gap = Fraction(one.failed, one.asked) - Fraction(others.failed, others.asked)
    chance = pooled * (1 - pooled) * (Fraction(1, one.asked) + Fraction(1, others.asked))
    return gap * gap > ERRORS * ERRORS * chance
