"""得分 and 整改 as tables: ranked stations, failing items, progress by subdistrict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from audits.queries import grade_name
from indicators import queries
from indicators.effect import Reading
from indicators.models import RegionRollup, StationRollup
from indicators.queries import scores, titles, work
from indicators.queries.behind import ItemLine, station_line, station_rows
from indicators.queries.scores import Cell
from reports.queries.subject import Subject
from stations.models import Station


@dataclass(frozen=True)
class StationLine:
    """`rank` among the service stations with a score, ties alike; None for centres and unscored."""

    code: str
    region: str
    name: str
    is_centre: bool
    cells: list[Cell]
    total: Fraction | None
    rank: int | None
    grade: str
    critical_failed: bool
    is_audited: bool
    reading: Reading


def station_lines(subject: Subject) -> list[StationLine]:
    """Every station the period expects or found something at, by subdistrict and code."""
    rows = [
        row
        for row in station_rows(subject.user, region=subject.region, period=subject.period)
        .select_related("station__region", "audit__assignment__version")
        if row.is_expected or row.cohort or row.audit_id
    ]  # fmt: skip
    columns, ranks = titles.sections(), _ranks(rows)
    return [
        _line(row, columns.centre if _is_centre(row) else columns.stations, ranks) for row in rows
    ]


def _is_centre(row: StationRollup) -> bool:
    return row.station.kind == Station.Kind.CENTRE


def _ranks(rows: list[StationRollup]) -> dict[Fraction, int]:
    values = Counter(
        value for row in rows if not _is_centre(row) and (value := scores.total(row)) is not None
    )
    ranks, place = {}, 1
    for value in sorted(values, reverse=True):
        ranks[value] = place
        place += values[value]
    return ranks


def _line(
    row: StationRollup, columns: list[titles.Column], ranks: dict[Fraction, int]
) -> StationLine:
    told = station_line(row)
    return StationLine(
        code=row.station.code,
        region=row.station.region.name_zh,
        name=row.station.name_zh,
        is_centre=_is_centre(row),
        cells=scores.cells(row, columns),
        total=told.total,
        rank=None if _is_centre(row) or told.total is None else ranks[told.total],
        grade=_grade(row),
        critical_failed=row.critical_failed,
        is_audited=row.is_audited,
        reading=told.reading,
    )


def _grade(row: StationRollup) -> str:
    grades = row.audit.assignment.version.grades if row.audit else []
    return grade_name(row.grade, grades)


@dataclass(frozen=True)
class Item:
    line: ItemLine
    section: str

    @property
    def rate(self) -> Fraction:
        return (
            Fraction(100 * self.line.stations, self.line.asked) if self.line.asked else Fraction()
        )


def failing_items(subject: Subject) -> list[Item]:
    """Items that failed anywhere, most first, with the name of their section."""
    columns = titles.sections()
    named = {one.code: one.title for one in (*columns.centre, *columns.stations)}
    lines = queries.items_behind(subject.region, subject.period)
    return [Item(line, named.get(line.section, "")) for line in lines if line.stations]


@dataclass(frozen=True)
class Progress:
    name: str
    reading: Reading
    overdue: int
    mean: Fraction | None


def progress(subject: Subject) -> tuple[list[Progress], Progress]:
    """A line per child region and per station of the region's own, then their sum."""
    told = queries.overview(region=subject.region, period=subject.period, today=subject.today)
    children, own = _children(subject), _own_overdue(subject)
    lines = [
        Progress(
            name=one.name,
            reading=one.reading,
            overdue=_overdue(subject, children.get(one.code), own.get(one.code, 0)),
            mean=scores.spreads(children.get(one.code))[0].mean,
        )
        for one in sorted(told.comparison, key=lambda one: (one.kind != "region", one.code))
    ]
    total = Progress("合计", told.reading, told.overdue.findings, told.scores.mean)
    return lines, total


def _children(subject: Subject) -> dict[str, RegionRollup]:
    rows = RegionRollup.objects.filter(region__parent=subject.region, period=subject.period.key)
    return {row.region.code: row for row in rows.select_related("region")}


def _own_overdue(subject: Subject) -> dict[str, int]:
    """{code: overdue findings} of the stations that hang on the region itself."""
    late = subject.findings("overdue").filter(station__region=subject.region)
    return dict(Counter(finding.station.code for finding in late))


def _overdue(subject: Subject, row: RegionRollup | None, own: int) -> int:
    return work.overdue(row, subject.today).findings if row else own
