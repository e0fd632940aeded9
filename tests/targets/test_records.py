"""One refusal each, and what a change leaves behind."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from stations.models import HistoryEntry
from stations.refusals import Refusal
from targets.models import Activity, BudgetEntry, Commendation, TargetTable
from targets.queries.records import spent
from targets.services import records
from tests.conftest import Cast
from tests.targets import build
from tests.targets.conftest import NOW

TOMORROW = dt.date(2026, 11, 24)


def refused(call: Any, *args: Any, **values: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as caught:
        call(*args, **values)
    return [(error["field"], error["code"]) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"planned_on": dt.date(2025, 6, 1)}, [("planned_on", "outside_year")]),
        ({"held_on": TOMORROW}, [("held_on", "in_future")]),
        ({"held_on": dt.date(2025, 1, 1)}, [("held_on", "outside_year")]),
        ({"place": "", "people": 0}, [("place", "required"), ("people", "required")]),
    ],
)
def test_activity_is_refused(
    cast: Cast, table: TargetTable, values: dict[str, Any], errors: Any
) -> None:
    assert refused(build.activity, table, cast, **values) == errors
    assert not Activity.objects.exists()


def test_task_done_tomorrow_is_refused(cast: Cast, table: TargetTable) -> None:
    assert refused(build.task, table, cast, done_on=TOMORROW) == [("done_on", "in_future")]
    assert refused(build.task, table, cast, due_on=dt.date(2027, 1, 1)) == [
        ("due_on", "outside_year")
    ]


def test_task_done_before_its_year_is_refused(cast: Cast, table: TargetTable) -> None:
    """A slip of the year's digits would count as done on time."""
    assert refused(build.task, table, cast, done_on=dt.date(2025, 12, 31)) == [
        ("done_on", "before_year")
    ]


def test_spending_over_the_budget_is_refused_to_the_fen(cast: Cast, table: TargetTable) -> None:
    build.spending(table, cast, "110.999999")

    errors = refused(build.spending, table, cast, "0.000002")
    build.spending(table, cast, "0.000001")

    assert errors == [("amount", "over_budget")]
    assert spent(table) == Decimal("111")


def test_spending_tomorrow_or_nothing_is_refused(cast: Cast, table: TargetTable) -> None:
    assert refused(build.spending, table, cast, "1", spent_on=TOMORROW) == [
        ("spent_on", "in_future")
    ]
    assert refused(build.spending, table, cast, "0") == [("amount", "not_positive")]


def test_a_tenth_a_hundred_times_is_ten(cast: Cast, table: TargetTable) -> None:
    for _ in range(100):
        build.spending(table, cast, "0.1")

    assert spent(table) == Decimal("10")


def test_survey_overlapping_another_is_refused(cast: Cast, table: TargetTable) -> None:
    build.survey(table, cast)

    assert refused(build.survey, table, cast, opens_on=dt.date(2026, 12, 20)) == [
        ("opens_on", "overlaps")
    ]
    assert refused(build.survey, table, cast, closes_on=dt.date(2025, 1, 1)) == [
        ("closes_on", "before_start")
    ]


def test_commendation_outside_the_year_is_refused(cast: Cast, table: TargetTable) -> None:
    told = {"kind": "team", "recipient": "一队", "title": "优秀", "given_on": dt.date(2025, 7, 31)}

    assert refused(build.record, Commendation, table, cast, **told) == [
        ("given_on", "outside_year")
    ]


def test_change_keeps_what_it_was_and_why(cast: Cast, table: TargetTable) -> None:
    entry = build.spending(table, cast, "5")

    records.change(
        record=entry,
        values={"amount": Decimal("4.5")},
        reason="按发票更正",
        by=cast.bureau,
        now=NOW,
    )

    kept = HistoryEntry.objects.get(action="budgetentry.change")
    assert BudgetEntry.objects.get().amount == Decimal("4.5")
    assert (kept.subject, kept.actor, kept.detail["reason"], kept.detail["changes"]) == (
        f"budgetentry:{entry.pk}", cast.bureau, "按发票更正", {"amount": ["5", "4.5"]}
    )  # fmt: skip


def test_same_values_again_leave_no_trace(cast: Cast, table: TargetTable) -> None:
    entry = build.spending(table, cast, "5")

    records.change(
        record=entry, values={"amount": Decimal("5.00")}, reason="x", by=cast.bureau, now=NOW
    )

    assert not HistoryEntry.objects.filter(action="budgetentry.change").exists()


def test_change_and_withdrawal_take_a_reason(cast: Cast, table: TargetTable) -> None:
    entry = build.spending(table, cast, "5")
    told = {"record": entry, "reason": " ", "by": cast.bureau, "now": NOW}

    assert refused(records.change, values={"amount": Decimal(1)}, **told) == [
        ("reason", "required")
    ]
    assert refused(records.withdraw, **told) == [("reason", "required")]


def test_withdrawn_record_is_not_touched_again(cast: Cast, table: TargetTable) -> None:
    entry = build.spending(table, cast, "111")
    records.withdraw(record=entry, reason="重复", by=cast.bureau, now=NOW)

    with pytest.raises(Refusal) as caught:
        records.withdraw(record=entry, reason="重复", by=cast.bureau, now=NOW)

    assert (caught.value.code, caught.value.status) == ("withdrawn", 409)
    build.spending(table, cast, "111")  # its money is free again
