"""One station's report as PDF: typst, with embedded Chinese faces; a code leads to a public page
that says whether the data still are what the report was made from."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import segno
import typst

from reports.papers.job import Job
from reports.papers.words import BANDS, long_day, seeds, slashed
from reports.queries.station import content, content_hash
from reports.queries.subject import Subject
from stations.models import Station

TEMPLATE = Path(__file__).with_name("station.typ")
NONE = "—"


def write(job: Job) -> str:
    subject = job.subject
    station = subject.station
    assert station is not None  # the service refuses a report of no station
    told = content(station, subject.period)
    sealed = content_hash(told)
    job.tell(40)
    data = {**_page(subject, station, told), **_seal(subject, sealed)}
    pdf = compiler().compile(
        input=TEMPLATE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(data)}
    )
    job.path.write_bytes(pdf)
    return sealed


@cache
def compiler() -> Any:
    """Keeps the faces loaded from one report to the next."""
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Compiler(font_paths=[str(folder)])


def _seal(subject: Subject, sealed: str) -> dict[str, Any]:
    address = f"{subject.report.origin.rstrip('/')}/r/{sealed}/"
    code = segno.make(address, error="m", micro=False)
    return {
        "content_hash": sealed,
        "short_hash": sealed[:12],
        "address": address,
        "code": code.svg_inline(border=1, dark="#000", light="#fff", scale=4),
    }


def _page(subject: Subject, station: Station, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "退役军人服务站标准化检查报告" if station.kind != "centre"
        else "退役军人服务中心标准化检查报告",
        "office": subject.office,
        "station": station.name_zh,
        "period": subject.period_name,
        "made_on": long_day(subject.today),
        "facts": _facts(subject, told),
        "sections": [[title, one or "不适用", two or "不适用"] for title, one, two in told["sections"]],
        "total": ["总分", told["score"] or NONE, told["score_today"] or NONE],
        "reading_note": "检查得分为提交检查时的结果，不再改变；现状得分把已销号的问题按符合计算。",
        "lot_note": _lot(subject),
        "summary": _summary(told["effect"]),
        "problems": [_problem(number, row) for number, row in enumerate(told["problems"], 1)],
    }  # fmt: skip


def _facts(subject: Subject, told: dict[str, Any]) -> list[list[str]]:
    grade = told["grade"] or "未评"
    if told["critical_failed"]:
        grade += "（一票否决）"
    return [
        ["所属街道", told["region"]],
        ["单位类别", told["kind"]],
        ["统计期间", subject.period_name],
        ["出具日期", slashed(subject.today)],
        ["检查得分", told["score"] or NONE],
        ["等次", grade],
        ["问题完成率", _rate(told["effect"])],
        ["检查状态", _state(told)],
    ]


def _lot(subject: Subject) -> str:
    sown = seeds(subject)
    return f"本单位由系统抽签确定受检，抽查种子：{sown}。" if sown else ""


def _rate(effect: dict[str, Any]) -> str:
    return f"{effect['rate']}%" if effect["rate"] else BANDS[effect["band"]]


def _state(told: dict[str, Any]) -> str:
    if not told["audit"]:
        return "尚未检查"
    return "已完成" if told["is_complete"] else "已提交，资料未齐"


def _summary(effect: dict[str, Any]) -> str:
    if not effect["denominator"]:
        return "本期没有问题。"
    return (
        f"本期发现问题 {effect['denominator']} 项：已销号 {effect['numerator']} 项，"
        f"待复查 {effect['submitted']} 项，未整改 {effect['open']} 项，挂账 {effect['waived']} 项。"
    )


def _problem(number: int, row: list[str]) -> list[str]:
    pk, title, note, due, status, severity = row
    return [str(number), pk, title, note, slashed(dt.date.fromisoformat(due)), status, severity]
