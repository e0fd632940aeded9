"""检查问题销号申请单.docx: what a station has put right and asks to have struck off, in thirteen
columns, with the pictures before and after."""

from __future__ import annotations

from itertools import groupby

from reports.papers.job import Job
from reports.papers.letter import BODY, TITLE, WU, XIAO_SI, Letter, Part
from reports.papers.notice import category, place, signatures
from reports.papers.words import draw_words, slashed
from reports.queries.problems import Problem, picture, problems
from reports.queries.subject import Subject

HEADS = [
    "序号", "被检查单位", "具体地点", "类别", "存在问题", "采取的整改措施", "整改期限", "整改责任人",
    "整改情况", "完成时间", "复查人", "整改前图片", "整改后图片",
]  # fmt: skip
WIDTHS = [4, 13, 9, 9, 17, 16, 13, 8, 9, 13, 8, 19, 19]
LEFT = (4, 5)
PARTS = ("submitted", "closed")  # handed in and waiting; struck off already


def write(job: Job) -> None:
    subject = job.subject
    told = [problem for part in PARTS for problem in problems(subject, part)]
    told.sort(key=lambda problem: problem.finding.station.code)
    letter = Letter(landscape=True, margins=(20, 18, 15, 15))
    groups = groupby(told, key=lambda problem: problem.station)
    for number, (station, some) in enumerate(groups):
        if number:
            letter.new_page()
        _form(letter, subject, station, list(some))
        job.tell(10 + number % 80)
    if not told:
        _nothing(letter, subject)
    letter.save(job.path)


def _form(letter: Letter, subject: Subject, station: str, told: list[Problem]) -> None:
    letter.line("检查问题销号申请单", font=TITLE, size=20, align="centre")
    letter.line(
        f"申请单位：{station}    检查期间：{subject.period_name}    "
        f"申请日期：{slashed(subject.today)}    共 {len(told)} 项{draw_words(subject)}",
        size=WU, align="left", before=6,
    )  # fmt: skip
    rows = (_row(number, problem) for number, problem in enumerate(told, 1))
    letter.table(HEADS, WIDTHS, rows, left=LEFT)
    letter.line(
        "以上问题已整改到位，整改前后照片附后，申请予以销号。",
        size=XIAO_SI, align="left", indent=2, before=8,
    )  # fmt: skip
    signatures(letter, "整改单位负责人", "主管部门负责人")


def _row(number: int, problem: Problem) -> list[Part]:
    finding = problem.finding
    return [
        str(number),
        problem.station,
        place(problem),
        category(problem),
        f"{finding.item_code} {finding.title}：{finding.note}".strip(),
        problem.measure,
        slashed(finding.due_on),
        problem.person,
        problem.status,
        slashed(problem.done_on),
        problem.reviewer,
        picture(problem.before) or "",
        picture(problem.after) or "",
    ]


def _nothing(letter: Letter, subject: Subject) -> None:
    letter.line("检查问题销号申请单", font=TITLE, size=20, align="centre")
    letter.line(
        f"{subject.place}在{subject.period_name}没有已提交复查或已销号的问题。",
        font=BODY, indent=2, before=12,
    )  # fmt: skip
