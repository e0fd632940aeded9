"""The cheapest path to a better grade: the fewest problems whose closing lifts a sheet's score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from audits import scoring


@dataclass(frozen=True)
class Path:
    """`codes` in the order of what they bring; both ends with value (percent) and grade code."""

    codes: list[str]
    before: Fraction
    before_grade: str
    after: Fraction
    after_grade: str


def cheapest(
    *,
    now: scoring.Part,
    losses: Mapping[str, Decimal],
    grades: Sequence[dict[str, Any]],
    critical: Set[str] = frozenset(),
) -> Path | None:
    """None where nothing is left to win. `losses` are the points still to be had per item;
    `critical` the items that cap the grade until they are closed: they come first."""
    before = now.value
    if before is None or not losses:
        return None
    before_grade = scoring.grade(before, grades, critical=bool(critical))
    ranked = sorted(losses, key=lambda code: (code not in critical, -losses[code], code))
    earned, chosen = now.earned, []
    for code in ranked:
        earned += losses[code]
        chosen.append(code)
        after = scoring.Part(earned, now.applicable).value or Fraction(0)
        after_grade = scoring.grade(after, grades, critical=bool(critical - set(chosen)))
        if after_grade != before_grade:
            break
    return Path(chosen, before, before_grade, after, after_grade)
