"""得分 of a region: mean, median, minimum, n of N; the centre beside them; both readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from audits.models import Assignment, Round
from audits.queries import grade_name
from indicators import shares
from indicators.counting import FINDING_COUNTS
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period
from indicators.queries.titles import Column
from stations.models import Region, Station


@dataclass(frozen=True)
class Spread:
    """Percentages of n stations out of `total`; None where nothing is scored."""

    mean: Fraction | None
    median: Fraction | None
    minimum: Fraction | None
    n: int
    total: int


@dataclass(frozen=True)
class Cell:
    """One section of one station; None where nothing of it was asked."""

    code: str
    title: str
    value: Fraction | None
    value_today: Fraction | None


@dataclass(frozen=True)
class Centre:
    station_code: str
    name: str
    audit_id: UUID | None
    score: Fraction | None
    score_today: Fraction | None
    grade_code: str
    grade: str
    critical_failed: bool
    sections: list[Cell]
    previous: tuple[str, Fraction] | None


def spread(told: dict[str, Any], total: int) -> Spread:
    return Spread(
        mean=shares.percent(told.get("mean")),
        median=shares.percent(told.get("median")),
        minimum=shares.percent(told.get("minimum")),
        n=told.get("n", 0),
        total=total,
    )


def spreads(row: RegionRollup | None) -> tuple[Spread, Spread]:
    """As inspected 检查得分, and as of today 现状得分."""
    if row is None:
        return spread({}, 0), spread({}, 0)
    return spread(row.spread, row.expected), spread(row.spread_today, row.expected)


def percent(earned: Decimal | str | None, applicable: Decimal | str | None) -> Fraction | None:
    if earned is None or applicable is None or not Decimal(applicable):
        return None
    return shares.percent(shares.share(Decimal(earned), Decimal(applicable)))


def total(row: StationRollup) -> Fraction | None:
    return percent(row.earned, row.applicable)


def total_today(row: StationRollup) -> Fraction | None:
    return percent(row.earned_today, row.applicable)


def cells(row: StationRollup, columns: Iterable[Column]) -> list[Cell]:
    told = {section["code"]: section for section in row.sections}
    return [_cell(column, told.get(column.code, {})) for column in columns]


def _cell(column: Column, section: dict[str, Any]) -> Cell:
    applicable = section.get("applicable")
    return Cell(
        column.code,
        column.title,
        percent(section.get("earned"), applicable),
        percent(section.get("earned_today"), applicable),
    )


def of_centre(region: Region | int) -> Q:
    """Rows of the region's own centre, of every period."""
    return Q(station__region=region, station__kind=Station.Kind.CENTRE, station__is_practice=False)


VISITED = (
    *FINDING_COUNTS, "period", "audit_id", "is_expected", "is_audited", "earned", "applicable",
    "earned_today", "grade", "critical_failed", "sections", "station__code", "station__kind",
    "station__name_zh", "station__name_en", "station__community_zh", "station__region__code",
    "station__region__name_zh", "station__region__name_en", "station__region__level",
)  # fmt: skip


def with_visits(rows: QuerySet[StationRollup]) -> QuerySet[StationRollup, Any]:
    """With all that is read of them side by side, and what `centre` reads of its visits."""
    return (
        rows.select_related("station__region")
        .only(*VISITED)
        .annotate(grades=GRADES)
        .order_by("station__region__path", "station__code")
    )


# Of the visit's own version, for the centre only: joined for every station they cost more than all
# the rest.
GRADES = Case(
    When(
        station__kind=Station.Kind.CENTRE,
        then=Subquery(
            Assignment.objects.order_by()
            .filter(audit=OuterRef("audit_id"))
            .values("version__grades")
        ),
    )
)


def centre(
    rows: list[Any], period: Period, columns: list[Column], rounds: list[Round]
) -> Centre | None:
    """Of rows `of_centre`: the centre and, beside its score, the one of the round before."""
    row = next((row for row in rows if row.period == period.key), None)
    if row is None:
        return None
    return Centre(
        station_code=row.station.code,
        name=row.station.short_name,
        audit_id=row.audit_id,
        score=total(row),
        score_today=total_today(row),
        grade_code=row.grade,
        grade=grade_name(row.grade, row.grades or []),
        critical_failed=row.critical_failed,
        sections=cells(row, columns),
        previous=_previous(row, rows, rounds),
    )


def _previous(row: Any, rows: list[Any], rounds: list[Round]) -> tuple[str, Fraction] | None:
    """Name and total of the round before the one whose audit the row scores."""
    if row.audit_id is None:
        return None
    held = {Period.parse(other.period).round_id: other for other in rows if other.audit_id}
    begun = [round for round in rounds if round.pk in held]
    own = next(round for round in begun if held[round.pk].audit_id == row.audit_id)
    earlier = [
        (round.starts_on, round.name, value)
        for round in begun
        if round.starts_on < own.starts_on and (value := total(held[round.pk])) is not None
    ]
    return max(earlier)[1:] if earlier else None
