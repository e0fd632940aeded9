"""Figures as sentences: the same numbers, printed the same way, on every paper."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from audits.scoring import printed
from indicators.effect import Reading
from reports.queries.subject import Subject

LINES = (70, 80, 90)  # scores print on their own side of these
BANDS = {
    "met": "达标",
    "within": "区间内",
    "below": "未达标",
    "no_problems": "无问题",
    "no_audits": "尚无检查",
}
DIGITS = "〇一二三四五六七八九"


def long_day(day: dt.date) -> str:
    """2021年7月5日"""
    return f"{day.year}年{day.month}月{day.day}日"


def slashed(day: dt.date | None) -> str:
    return f"{day.year}/{day.month}/{day.day}" if day else ""


def mark(value: Fraction | None) -> str:
    """A score as text: 76.5, — where nothing applies."""
    return printed(value, LINES) or "—"


def cell(value: Fraction | None) -> Decimal | str:
    """A score as a number cell holds it."""
    text = printed(value, LINES)
    return Decimal(text) if text else "—"


def rate_cell(text: str | None) -> Decimal | str:
    return Decimal(text) if text else "—"


def rate_words(reading: Reading) -> str:
    """问题完成率 75.3%（412/547），区间内; or why there is none."""
    word = BANDS[reading.band]
    if reading.printed is None:
        return f"问题完成率：{word}"
    share = f"{reading.numerator}/{reading.denominator}"
    return f"问题完成率 {reading.printed}%（{share}），{word}"


def standing_line(subject: Subject) -> str:
    reading = subject.reading
    voided = f"；另有作废 {reading.voided} 项不列入" if reading.voided else ""
    return (
        f"制表单位：{subject.office}    统计期间：{subject.period_name}    "
        f"统计日期：{slashed(subject.today)}    {rate_words(reading)}{voided}{draw_words(subject)}"
    )


def draw_words(subject: Subject) -> str:
    """What a 抽查 was drawn with, so that the paper alone says how to do it again."""
    sown = seeds(subject)
    return f"    抽查种子：{sown}" if sown else ""


def seeds(subject: Subject) -> str:
    """Of the round's drawings; of one station only those the lot fell on it in."""
    draws = subject.round.draws.all() if subject.round else []
    station = subject.station
    return "、".join(one.seed for one in draws if station is None or station.code in one.chosen)


def in_chinese(number: int) -> str:
    """1 … 99 as headings count: 一, 十二."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones else "")
