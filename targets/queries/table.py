"""The target table alive: every row with its target, its measured value, its points and its word."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from audits.scoring import printed
from indicators import effect
from stations.models import User
from targets import scoring
from targets.models import TargetRow, TargetTable
from targets.queries.measures import Measured, lines_of, measure


@dataclass(frozen=True)
class Line:
    """`target` is what full points take; `other_points` are by the other reading of 70–80 %."""

    row: TargetRow
    measured: Measured | None
    target: Fraction | None
    points: Decimal | None
    other_points: Decimal | None
    band: str

    @property
    def printed(self) -> str:
        """93.4, 4; empty where nothing is measured."""
        value = self.measured.value if self.measured else None
        if value is None:
            return ""
        if not self.row.is_percent:
            return str(int(value)) if value.denominator == 1 else str(printed(value))
        lines = [Fraction(line) for line in (self.row.lower, self.row.upper) if line is not None]
        return str(printed(value, lines))

    @property
    def is_short(self) -> bool:
        """Points were lost, so a reason is owed."""
        return self.points is not None and self.points < self.row.weight


@dataclass(frozen=True)
class Evaluation:
    """自评: the printed points add up to `total`; `other_*` by the other reading."""

    table: TargetTable
    lines: list[Line]
    lines_of_effect: effect.Lines | None
    total: Decimal
    other_total: Decimal

    @property
    def grade(self) -> str:
        return scoring.grade(self.total)

    @property
    def other_grade(self) -> str:
        return scoring.grade(self.other_total)

    @property
    def scored(self) -> list[Line]:
        return [line for line in self.lines if line.points is not None]

    @property
    def short(self) -> list[Line]:
        return [line for line in self.lines if line.is_short]

    @property
    def unmeasured(self) -> list[Line]:
        return [line for line in self.scored if line.band in {"no_records", "no_audits"}]


def evaluate(table: TargetTable, today: dt.date) -> Evaluation:
    lines = [_line(row, table, today) for row in table.rows.all()]
    scored = [line for line in lines if line.points is not None]
    of_effect = next((line.row for line in lines if line.row.upper is not None), None)
    return Evaluation(
        table=table,
        lines=lines,
        lines_of_effect=lines_of(of_effect) if of_effect else None,
        total=scoring.total(line.points for line in scored if line.points is not None),
        other_total=scoring.total(_other(line) for line in scored),
    )


def _other(line: Line) -> Decimal:
    assert line.points is not None
    return line.points if line.other_points is None else line.other_points


def _line(row: TargetRow, table: TargetTable, today: dt.date) -> Line:
    measured = measure(row, table, today)
    if measured is None or row.lower is None:
        return Line(row, None, None, None, None, "na")
    target, other = _targets(row)
    return Line(
        row=row,
        measured=measured,
        target=target,
        points=_points(row, target, measured),
        other_points=_points(row, other, measured) if other is not None else None,
        band=measured.band or _band(measured, target, table, today),
    )


def _targets(row: TargetRow) -> tuple[Fraction, Fraction | None]:
    """The target, and where there are two readings the other one."""
    assert row.lower is not None
    if row.upper is None:
        return Fraction(row.lower), None
    lower, upper = Fraction(row.lower), Fraction(row.upper)
    is_upper = lines_of(row).mode == effect.UPPER_MODE
    return (upper, lower) if is_upper else (lower, upper)


def _points(row: TargetRow, target: Fraction, measured: Measured) -> Decimal:
    actual = target if measured.is_full else measured.value
    return scoring.points(row.weight, target, actual)


def _band(measured: Measured, target: Fraction, table: TargetTable, today: dt.date) -> str:
    if measured.value is None:
        return "no_records"
    if measured.value >= target:
        return "met"
    return "running" if today <= table.ends_on else "below"


def table_of(user: User, year: int) -> TargetTable | None:
    """The table of that year nearest the top of what the account reaches. One query, rows too."""
    rows = TargetTable.objects.visible_to(user).filter(year=year).select_related("region")
    return rows.order_by("region__path").prefetch_related("rows").first()


def years(user: User) -> list[int]:
    """Newest first."""
    found = TargetTable.objects.visible_to(user).order_by("-year").values_list("year", flat=True)
    return list(dict.fromkeys(found))


def latest_before(user: User, year: int) -> TargetTable | None:
    """What a year without a table would be copied from."""
    rows = TargetTable.objects.visible_to(user).order_by("-year", "region__path")
    return rows.filter(year__lt=year).first() or rows.first()
