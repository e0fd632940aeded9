"""The figures that open: what each divides, and which rows stand behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audits.scoring import printed
from indicators.effect import Rate, Reading
from indicators.queries import Overview
from indicators.queries.behind import ItemLine
from indicators.queries.scores import Spread

Words = str | Promise


@dataclass(frozen=True)
class Kind:
    """`part` preselects the findings, `which` the stations; one of the two is set."""

    title: Words
    above: Words
    below: Words
    note: Words = ""
    part: str = ""
    which: str = ""
    rate: Callable[[Reading], Rate] | None = None


COHORT = _("本期发现的问题")

KINDS: dict[str, Kind] = {
    "rate": Kind(
        _("问题完成率"), _("已销号"), COHORT, _("待复查、挂账、未到期的都留在分母。"), part="all",
        rate=lambda reading: Rate(reading.numerator, reading.denominator),
    ),
    "overdue": Kind(
        _("逾期未整改"), _("过了期限"), _("未销号的问题"), _("挂账的不算逾期；待复查的仍算。"),
        part="overdue",
    ),
    "on_time": Kind(
        _("按期销号率"), _("按期销号"), _("已销号"), _("按批准延期后的期限算。"), part="on_time",
        rate=lambda reading: reading.on_time,
    ),
    "first_pass": Kind(
        _("一次通过率"), _("一次通过"), _("已销号"), _("提交一次就销号，没有被退回过。"),
        part="first_pass", rate=lambda reading: reading.first_pass,
    ),
    "repeat": Kind(
        _("反复率"), _("反复出现"), COHORT, _("销号后 12 个月内同一检查项又不合格。"),
        part="repeat", rate=lambda reading: reading.repeat,
    ),
    "coverage": Kind(
        _("检查覆盖"), _("已完成检查"), _("应检单位"),
        _("完成：照片全部到齐，没有不能核查的项。少查几个站不能抬高完成率。"), which="expected",
        rate=lambda reading: Rate(reading.coverage.audited, reading.coverage.total),
    ),
    "scores": Kind(
        _("服务站均分"), _("各站得分之和"), _("有得分的站"), _("区中心另列，不在其中。"),
        which="scored",
    ),
    "stations_closed": Kind(
        _("问题全部销号的站"), _("全部销号的站"), _("有问题的站"), which="with_findings",
        rate=lambda reading: reading.stations_closed,
    ),
    "failing": Kind(
        _("不合格的站"), _("不符合或部分符合"), _("查了这一项的站"), which="scored",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """The fraction as it is printed, and its value."""

    numerator: str
    denominator: str
    printed: str
    unit: str


def formula(name: str, told: Overview, *, is_today: bool, item: ItemLine | None) -> Formula:
    kind = KINDS[name]
    if kind.rate:
        return _rate(kind.rate(told.reading), told.reading if name == "rate" else None, kind)
    if name == "overdue":
        reading = told.reading
        unsolved = reading.open + reading.submitted
        return Formula(str(told.overdue.findings), str(unsolved), str(told.overdue.findings), "")
    if name == "scores":
        return _scores(told.scores_today if is_today else told.scores)
    failed, asked = (item.stations, item.asked) if item else (0, 0)
    return Formula(str(failed), str(asked), f"{failed}/{asked}", "")


def _rate(rate: Rate, reading: Reading | None, kind: Kind) -> Formula:
    """Shares of findings are read in percent, numbers of stations as they are."""
    above, below = str(rate.numerator), str(rate.denominator)
    if kind.which:
        return Formula(above, below, f"{above}/{below}", "")
    shown = reading.printed if reading else rate.printed
    return Formula(above, below, shown or "—", "%" if shown else "")


def _scores(spread: Spread) -> Formula:
    added = None if spread.mean is None else spread.mean * spread.n
    return Formula(
        printed(added) or "—", str(spread.n), printed(spread.mean, (70, 80, 90)) or "—", ""
    )
