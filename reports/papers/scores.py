"""得分汇总.xlsx: 单位得分汇总表, 检查项失分统计, 整改进度表, and the centre's own sheet."""

from __future__ import annotations

from decimal import Decimal

from audits.scoring import printed
from indicators import queries
from indicators.queries.scores import Spread
from reports.papers.book import Book, Column, Value, writing
from reports.papers.job import Job
from reports.papers.words import cell, mark, rate_cell, standing_line
from reports.queries import tables
from reports.queries.subject import Subject
from reports.queries.tables import StationLine


def write(job: Job) -> None:
    subject = job.subject
    lines = tables.station_lines(subject)
    job.tell(30)
    with writing(job.path, job.folder) as book:
        _stations(book, subject, [line for line in lines if not line.is_centre])
        _centre(book, subject, [line for line in lines if line.is_centre])
        job.tell(60)
        _items(book, subject)
        _progress(book, subject)


def _sections(lines: list[StationLine]) -> dict[str, str]:
    """{code: title} of the sections any of them was asked about, in the sheet's order."""
    asked = {one.code for line in lines for one in line.cells if one.value is not None}
    named = {one.code: one.title for line in lines for one in line.cells}
    return {code: title for code, title in named.items() if code in asked}


def _columns(sections: dict[str, str]) -> list[Column]:
    return [
        Column("序号", 6, "whole"),
        Column("街道", 11, "centre"),
        Column("单位", 46),
        *(Column(title, max(11, 2 * len(title) + 2), "share") for title in sections.values()),
        Column("总分", 9, "share"),
        Column("排名", 7, "whole"),
        Column("等次", 20, "centre"),
        Column("问题数", 8, "whole"),
        Column("已销号数", 9, "whole"),
        Column("整改率（%）", 11, "share"),
    ]


def _stations(book: Book, subject: Subject, lines: list[StationLine]) -> None:
    sections = _sections(lines)
    sheet = book.sheet(
        "单位得分汇总表", _columns(sections), title=f"{subject.place}单位得分汇总表",
        line=standing_line(subject),
    )  # fmt: skip
    for number, line in enumerate(lines, 1):
        sheet.add(_row(number, line, sections))
    sheet.finish(frozen=3)
    sheet.foot(_spread_words(_told(subject).scores))
    sheet.foot("得分为检查时的结果；区服务中心另列；整改率＝已销号÷问题数。")


def _told(subject: Subject) -> queries.Overview:
    return queries.overview(region=subject.region, period=subject.period, today=subject.today)


def _spread_words(spread: Spread) -> str:
    return (
        f"服务站均分 {mark(spread.mean)}，中位数 {mark(spread.median)}，"
        f"最低 {mark(spread.minimum)}（{spread.n}/{spread.total} 个站有得分）"
    )


def _row(number: int, line: StationLine, sections: dict[str, str]) -> list[Value]:
    return [
        number,
        line.region,
        line.name,
        *(cell(one.value) for one in line.cells if one.code in sections),
        cell(line.total),
        "—" if line.rank is None else line.rank,
        f"{line.grade}（一票否决）" if line.critical_failed else line.grade or "—",
        line.reading.denominator,
        line.reading.numerator,
        rate_cell(line.reading.printed),
    ]


def _centre(book: Book, subject: Subject, lines: list[StationLine]) -> None:
    if not lines:
        return
    sections = _sections(lines)
    sheet = book.sheet(
        "区服务中心", _columns(sections), title="区服务中心得分表", line=standing_line(subject)
    )
    for number, line in enumerate(lines, 1):
        sheet.add(_row(number, line, sections))
    sheet.finish(frozen=3)


ITEMS = [
    Column("序号", 6, "whole"),
    Column("检查项编号", 12, "centre"),
    Column("检查项", 44),
    Column("所属大项", 18, "centre"),
    Column("检查单位数", 12, "whole"),
    Column("失分单位数", 12, "whole"),
    Column("失分率（%）", 12, "share"),
]


def _items(book: Book, subject: Subject) -> None:
    sheet = book.sheet(
        "检查项失分统计", ITEMS, title=f"{subject.place}检查项失分统计", line=standing_line(subject)
    )
    items = tables.failing_items(subject)
    for number, item in enumerate(items, 1):
        line = item.line
        share = Decimal(printed(item.rate) or "0")
        sheet.add(
            [number, line.code, line.title, item.section, line.asked, line.stations, share]
        )  # fmt: skip
    sheet.finish(frozen=3)
    sheet.foot("失分：检查结果为部分符合或不符合。" if items else "本期没有失分的检查项。")


PROGRESS = [
    Column("序号", 6, "whole"),
    Column("街道", 32),
    Column("应检单位", 9, "whole"),
    Column("已检单位", 9, "whole"),
    Column("均分", 9, "share"),
    Column("问题数", 9, "whole"),
    Column("已销号", 9, "whole"),
    Column("待复查", 9, "whole"),
    Column("未整改", 9, "whole"),
    Column("挂账", 8, "whole"),
    Column("逾期", 8, "whole"),
    Column("整改率（%）", 11, "share"),
    Column("按期销号率（%）", 13, "share"),
]


def _progress(book: Book, subject: Subject) -> None:
    sheet = book.sheet(
        "整改进度表", PROGRESS, title=f"{subject.place}问题整改进度表", line=standing_line(subject)
    )
    lines, total = tables.progress(subject)
    for number, line in enumerate([*lines, total], 1):
        sheet.add(_progress_row(number if line is not total else None, line))
    sheet.finish(frozen=2)
    sheet.foot("问题数＝已销号＋待复查＋未整改＋挂账；作废的不列入。")


def _progress_row(number: int | None, line: tables.Progress) -> list[Value]:
    reading = line.reading
    return [
        number,
        line.name,
        reading.coverage.total,
        reading.coverage.audited,
        cell(line.mean),
        reading.denominator,
        reading.numerator,
        reading.submitted,
        reading.open,
        reading.waived,
        line.overdue,
        rate_cell(reading.printed),
        rate_cell(reading.on_time.printed),
    ]
