"""效果指标 问题完成率: the one formula, in integers and exact fractions (semantics §4)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction

from audits.scoring import printed

RULE_VERSION = 1
LOWER_MODE, UPPER_MODE = "lower", "upper"


@dataclass(frozen=True)
class Lines:
    """The target 70–80 % and which of its two readings is the target: settings of the row."""

    lower: int = 70
    upper: int = 80
    mode: str = UPPER_MODE

    @property
    def target(self) -> int:
        return self.upper if self.mode == UPPER_MODE else self.lower


@dataclass(frozen=True)
class Counts:
    """问题 of a scope and period at one moment: closed + submitted + open + waived = cohort.

    `audited` of `total` stations is the coverage; `voided` stand outside the cohort.
    """

    cohort: int = 0
    closed: int = 0
    submitted: int = 0
    open: int = 0
    waived: int = 0
    voided: int = 0
    closed_on_time: int = 0
    closed_first_pass: int = 0
    repeats: int = 0
    stations_with_findings: int = 0
    stations_all_closed: int = 0
    audited: int = 0
    total: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            *(getattr(self, name.name) + getattr(other, name.name) for name in fields(Counts))
        )


@dataclass(frozen=True)
class Rate:
    """Pooled: Σ ÷ Σ, never a mean of rates."""

    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction | None:
        """Percent; None where there is nothing to divide by."""
        return Fraction(100 * self.numerator, self.denominator) if self.denominator else None

    @property
    def printed(self) -> str | None:
        return printed(self.value)


@dataclass(frozen=True)
class Coverage:
    audited: int
    total: int


@dataclass(frozen=True)
class Other:
    """The reading of 70–80 % that is not the target: `short` of it, or `over` it, in findings."""

    mode: str
    target: int
    is_reached: bool
    short: int
    over: int


@dataclass(frozen=True)
class Reading:
    """指标值. `rate` is an exact percentage, `printed` its text; both None with no cohort."""

    numerator: int
    denominator: int
    submitted: int
    open: int
    waived: int
    voided: int
    rate: Fraction | None
    printed: str | None
    band: str
    target_mode: str
    target: int
    lower: int
    upper: int
    to_lower: int
    to_upper: int
    to_target: int
    is_reached: bool
    other: Other
    on_time: Rate
    first_pass: Rate
    repeat: Rate
    stations_closed: Rate
    coverage: Coverage
    rule_version: int = RULE_VERSION


def read(counts: Counts, lines: Lines) -> Reading:
    done, cohort = counts.closed, counts.cohort
    rate = Rate(done, cohort).value
    to_target = missing(done, cohort, lines.target)
    return Reading(
        numerator=done,
        denominator=cohort,
        submitted=counts.submitted,
        open=counts.open,
        waived=counts.waived,
        voided=counts.voided,
        rate=rate,
        printed=printed(rate, (lines.lower, lines.upper)),
        band=band(done, cohort, lines, audited=counts.audited),
        target_mode=lines.mode,
        target=lines.target,
        lower=lines.lower,
        upper=lines.upper,
        to_lower=missing(done, cohort, lines.lower),
        to_upper=missing(done, cohort, lines.upper),
        to_target=to_target,
        is_reached=cohort > 0 and to_target == 0,
        other=_other(done, cohort, lines),
        on_time=Rate(counts.closed_on_time, done),
        first_pass=Rate(counts.closed_first_pass, done),
        repeat=Rate(counts.repeats, cohort),
        stations_closed=Rate(counts.stations_all_closed, counts.stations_with_findings),
        coverage=Coverage(counts.audited, counts.total),
    )


def band(done: int, cohort: int, lines: Lines, *, audited: int) -> str:
    """met 达标, within 区间内, below 未达标; with no cohort no_problems 无问题 or no_audits 尚无检查."""
    if not cohort:
        return "no_problems" if audited else "no_audits"
    if 100 * done >= lines.upper * cohort:
        return "met"
    return "within" if 100 * done >= lines.lower * cohort else "below"


def missing(done: int, cohort: int, line: int) -> int:
    """How many more closures reach the line."""
    return max(0, _needed(cohort, line) - done)


def _needed(cohort: int, line: int) -> int:
    return -(-line * cohort // 100)


def _other(done: int, cohort: int, lines: Lines) -> Other:
    mode = LOWER_MODE if lines.mode == UPPER_MODE else UPPER_MODE
    target = lines.lower if mode == LOWER_MODE else lines.upper
    short = missing(done, cohort, target)
    return Other(
        mode=mode,
        target=target,
        is_reached=cohort > 0 and short == 0,
        short=short,
        over=max(0, done - _needed(cohort, target)),
    )
