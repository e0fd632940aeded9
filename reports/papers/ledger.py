"""问题整改台账.xlsx: every problem of the period, 29 columns, with the pictures before and after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from audits.models import EvidencePhoto
from reports.kinds import PICTURES_UP_TO
from reports.papers.book import Column, Sheet, Value, writing
from reports.papers.job import Job
from reports.papers.words import standing_line
from reports.queries.problems import COMMON_FROM, Problem, called, count, picture, problems

NO_PICTURE = "见系统"
FROZEN, ON_FIRST_PAGE = 4, (4, 12)
COLUMNS = [
    Column("序号", 6, "whole"),
    Column("问题编号", 9, "whole"),
    Column("街道", 10, "centre"),
    Column("受检单位", 24),
    Column("单位类别", 10, "centre"),
    Column("检查批次", 12, "centre"),
    Column("检查日期", 11, "date"),
    Column("检查人", 10, "centre"),
    Column("检查项编号", 8, "centre"),
    Column("检查项", 18),
    Column("存在问题", 30),
    Column("问题性质", 8, "centre"),
    Column("严重程度", 8, "centre"),
    Column("整改前照片", 18, "picture"),
    Column("整改措施", 26),
    Column("责任单位", 24),
    Column("责任人", 10, "centre"),
    Column("联系电话", 14, "centre"),
    Column("整改期限", 11, "date"),
    Column("整改状态", 9, "centre"),
    Column("整改完成情况", 20),
    Column("完成时间", 11, "date"),
    Column("整改后照片", 18, "picture"),
    Column("复查人", 10, "centre"),
    Column("复查时间", 11, "date"),
    Column("复查结果", 9, "centre"),
    Column("销号时间", 11, "date"),
    Column("是否逾期", 14, "centre"),
    Column("备注", 18),
]


def write(job: Job) -> None:
    subject = job.subject
    total = count(subject)
    with_pictures = total <= PICTURES_UP_TO
    with writing(job.path, job.folder) as book:
        sheet = book.sheet(
            "问题整改台账", _columns(with_pictures=with_pictures), title=f"{subject.place}问题整改台账",
            line=standing_line(subject), across=ON_FIRST_PAGE,
        )  # fmt: skip
        for number, problem in enumerate(problems(subject), 1):
            _add(sheet, number, problem, with_pictures=with_pictures)
            if number % 100 == 0:
                job.tell(95 * number // total)
        last = sheet.row
        sheet.finish(frozen=FROZEN, pages_wide=3)
        _foot(sheet, with_pictures=with_pictures, has_rows=last > sheet.head + 1)


def _columns(*, with_pictures: bool) -> list[Column]:
    if with_pictures:
        return COLUMNS
    return [one._replace(look="centre") if one.look == "picture" else one for one in COLUMNS]


def _foot(sheet: Sheet, *, with_pictures: bool, has_rows: bool) -> None:
    if not has_rows:
        sheet.foot("本期没有问题。")
    sheet.foot(
        f"说明：同一检查项在 {COMMON_FROM} 个及以上单位出现的为共性问题；作废的问题不列入；"
        "是否逾期按今天判断，已销号的另注超期销号。"
    )
    if not with_pictures:
        sheet.foot(f"问题超过 {PICTURES_UP_TO} 项，照片不放入表格，请在系统中按问题编号查看。")


def _add(sheet: Sheet, number: int, problem: Problem, *, with_pictures: bool) -> None:
    before = _picture(problem.before, with_pictures=with_pictures)
    after = _picture(problem.after, with_pictures=with_pictures)
    sheet.add(cells(number, problem, before, after))


def _picture(photos: Sequence[EvidencePhoto], *, with_pictures: bool) -> Path | str:
    if not photos:
        return ""
    return picture(photos) or "照片处理中" if with_pictures else NO_PICTURE


def cells(number: int, problem: Problem, before: Path | str, after: Path | str) -> list[Value]:
    finding = problem.finding
    return [
        number,
        finding.pk,
        finding.station.region.name_zh,
        problem.station,
        problem.kind,
        problem.round_name,
        problem.found_on,
        called(finding.raised_by),
        finding.item_code,
        finding.title,
        finding.note,
        problem.nature,
        problem.severity,
        before,
        problem.measure,
        problem.station,
        problem.person,
        finding.station.phone,
        finding.due_on,
        problem.status,
        problem.progress,
        problem.done_on,
        after,
        problem.reviewer,
        problem.reviewed_on,
        problem.verdict,
        problem.closed_on,
        problem.lateness,
        problem.remark,
    ]
