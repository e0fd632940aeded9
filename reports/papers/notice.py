"""检查问题整改通知单.docx: what a station is told to put right, in the bureau's fourteen columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from reports.papers.job import Job
from reports.papers.letter import BODY, HEAD, TITLE, WU, XIAO_SI, Letter, Part
from reports.papers.words import draw_words, long_day, slashed
from reports.queries.problems import Problem, count, picture, problems
from reports.queries.subject import Subject

HEADS = [
    "序号", "被检查单位", "具体地点", "类别", "存在的问题", "问题图片", "整改措施", "整改期限",
    "整改责任人", "整改资金（元）", "复查时间", "完成情况", "复查人", "备注",
]  # fmt: skip
WIDTHS = [4, 13, 9, 9, 19, 18, 15, 13, 8, 8, 13, 11, 8, 8]
LEFT = (4, 6)


def write(job: Job) -> None:
    subject, total = job.subject, count(job.subject)
    letter = Letter(landscape=True, margins=(20, 18, 15, 15))
    done = 0
    for number, (station, told) in enumerate(by_station(subject)):
        if number:
            letter.new_page()
        _notice(letter, subject, station, told)
        done += len(told)
        job.tell(95 * done // total)
    if not total:
        _nothing(letter, subject)
    letter.save(job.path)


def by_station(subject: Subject) -> Iterator[tuple[str, list[Problem]]]:
    """Stations with something to put right, each with its problems."""
    for station, told in groupby(problems(subject), key=lambda problem: problem.station):
        yield station, list(told)


def _notice(letter: Letter, subject: Subject, station: str, told: list[Problem]) -> None:
    letter.line("检查问题整改通知单", font=TITLE, size=20, align="centre")
    letter.line(
        f"签发单位：{subject.office}    检查期间：{subject.period_name}    "
        f"签发日期：{slashed(subject.today)}    共 {len(told)} 项{draw_words(subject)}",
        size=WU,
        align="left",
        before=6,
    )
    rows = (_row(number, problem) for number, problem in enumerate(told, 1))
    letter.table(HEADS, WIDTHS, rows, left=LEFT)
    latest = max(problem.finding.due_on for problem in told)
    letter.line(
        f"请{station}对照上表逐项整改，最迟不超过{long_day(latest)}完成；整改完成后上传整改后照片，"
        "提交复查，复查通过后予以销号。",
        size=XIAO_SI, align="left", indent=2, before=8,
    )  # fmt: skip
    signatures(letter, "签发单位负责人", "接收单位负责人")


def signatures(letter: Letter, first: str, second: str) -> None:
    blank = "＿" * 8
    letter.line(
        f"{first}：{blank}        {second}：{blank}        日期：＿＿＿＿年＿＿月＿＿日",
        font=HEAD, size=WU, align="left", before=14,
    )  # fmt: skip


def _row(number: int, problem: Problem) -> list[Part]:
    finding = problem.finding
    return [
        str(number),
        problem.station,
        place(problem),
        category(problem),
        f"{finding.item_code} {finding.title}：{finding.note}".strip(),
        picture(problem.before) or "",
        problem.measure,
        slashed(finding.due_on),
        problem.person,
        "",  # filled in by hand: money is not recorded in the system
        slashed(problem.reviewed_on),
        problem.progress,
        problem.reviewer,
        problem.remark,
    ]


def place(problem: Problem) -> str:
    station = problem.finding.station
    return station.address or station.community_zh or station.region.name_zh


def category(problem: Problem) -> str:
    """The section the item belongs to; what was seen outside a sheet says so."""
    item = problem.finding.item
    return item.section.title_zh if item else "随手拍"


def _nothing(letter: Letter, subject: Subject) -> None:
    letter.line("检查问题整改通知单", font=TITLE, size=20, align="centre")
    letter.line(
        f"{subject.place}在{subject.period_name}没有需要整改的问题。",
        font=BODY,
        indent=2,
        before=12,
    )
