"""What the database itself refuses, asked by raw SQL on whichever engine runs the suite."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from targets.models import Commendation, PointsEntry, TargetTable
from targets.services import evaluations, volunteers
from tests.conftest import Cast
from tests.targets import build
from tests.targets.conftest import NOW
from tests.test_guards import guarded_tables, run


@pytest.fixture
def lived(cast: Cast, table: TargetTable) -> TargetTable:
    """One row of everything guarded: 100 of 111 万元 spent, 20 of 50 points redeemed."""
    build.spending(table, cast, "60")
    build.spending(table, cast, "40")
    build.activity(table, cast)
    build.task(table, cast)
    build.answers(build.survey(table, cast), cast, {5: 1})
    build.record(
        Commendation, table, cast, kind="team", recipient="一队", title="优秀", given_on=build.DAY,
    )  # fmt: skip
    one = build.volunteer(cast)
    volunteers.add_service(
        volunteer=one, served_on=build.DAY, hours=Decimal(5), what="服务",
        by=cast.bureau, now=NOW,
    )  # fmt: skip
    volunteers.redeem(volunteer=one, points=20, what="水杯", by=cast.bureau, now=NOW)
    evaluations.sign_off(table=table, expected=None, by=cast.bureau, now=NOW)
    return table


REFUSED = [
    ("targets_selfevaluation", "UPDATE {} SET sha256 = 'x'"),
    ("targets_selfevaluation", "DELETE FROM {}"),
    ("targets_surveyanswer", "UPDATE {} SET step = 1"),
    ("targets_surveyanswer", "DELETE FROM {}"),
    ("targets_pointsentry", "UPDATE {} SET balance = 999"),
    ("targets_pointsentry", "DELETE FROM {}"),
    ("targets_activity", "DELETE FROM {}"),
    ("targets_plantask", "DELETE FROM {}"),
    ("targets_budgetentry", "DELETE FROM {}"),
    ("targets_commendation", "DELETE FROM {}"),
    ("targets_satisfactionsurvey", "DELETE FROM {}"),
    ("targets_budgetentry", "UPDATE {} SET amount = 52000000 WHERE amount = 40000000"),
    ("targets_budgetentry", "UPDATE {} SET amount = 0"),
    ("targets_targettable", "UPDATE {} SET year_amount = 99999999 WHERE year = 2026"),
    ("targets_activity", "UPDATE {} SET planned_on = NULL"),
    ("targets_activity", "UPDATE {} SET place = ''"),
    ("targets_activity", "UPDATE {} SET people = 0"),
    ("targets_satisfactionsurvey", "UPDATE {} SET closes_on = '2025-01-01'"),
    ("targets_serviceentry", "UPDATE {} SET hours = 25"),
    ("targets_targetrow", "UPDATE {} SET weight = 1 WHERE key = 'economic'"),
    ("targets_targetrow", "UPDATE {} SET upper = 60 WHERE key = 'social'"),
]


@pytest.mark.parametrize(("name", "change"), REFUSED)
def test_database_refuses(lived: TargetTable, name: str, change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {name}")
        assert cursor.fetchone()[0] > 0, f"nothing in {name} to try it on"

    with pytest.raises(DatabaseError):
        run(change.format(name))


def test_every_guarded_table_is_tried_here(db: None) -> None:
    guarded = {name for name in guarded_tables() if name.startswith("targets_")}

    assert guarded <= {table for table, _ in REFUSED}


INSERT = (
    "INSERT INTO targets_budgetentry (table_id, note, created_by_id, created_at, spent_on, amount, "
    "purpose, document) SELECT table_id, note, created_by_id, created_at, spent_on, {amount}, "
    "purpose, document FROM targets_budgetentry WHERE amount = 40000000"
)


def test_budget_is_held_to_the_fen_by_the_database(lived: TargetTable) -> None:
    with pytest.raises(DatabaseError, match="never exceeds"):
        run(INSERT.format(amount=11_000_001))

    assert run(INSERT.format(amount=11_000_000)) == 1


POINTS = (
    "INSERT INTO targets_pointsentry (volunteer_id, number, kind, change, balance, what, at, by_id)"
    " SELECT volunteer_id, {number}, kind, {change}, {balance}, what, at, by_id "
    "FROM targets_pointsentry WHERE number = 1"
)


@pytest.mark.parametrize(
    ("number", "change", "balance"),
    [
        (3, -31, -1),  # below zero
        (3, -31, 0),  # does not add up
        (3, 100, 100),  # forgets the balance before
        (4, 1, 31),  # leaves a line out
        (2, -10, 20),  # a second second line
        (3, 0, 30),  # changes nothing
    ],
)
def test_points_are_held_by_the_database(
    lived: TargetTable, number: int, change: int, balance: int
) -> None:
    with pytest.raises(DatabaseError):
        run(POINTS.format(number=number, change=change, balance=balance))

    assert PointsEntry.objects.count() == 2


def test_points_that_follow_are_taken(lived: TargetTable) -> None:
    assert run(POINTS.format(number=3, change=-30, balance=0)) == 1
