"""Hours, the points they earn, and a ledger that never runs below zero."""

import datetime as dt
from decimal import Decimal

import pytest

from stations.refusals import Refusal
from targets.models import PointsEntry, ServiceEntry, TargetTable, Volunteer
from targets.queries.records import standings
from targets.services import volunteers
from tests.conftest import Cast
from tests.targets import build
from tests.targets.conftest import NOW


def serve(one: Volunteer, cast: Cast, hours: str = "2.5", day: dt.date = build.DAY) -> ServiceEntry:
    return volunteers.add_service(
        volunteer=one, served_on=day, hours=Decimal(hours), what="社区宣讲", by=cast.bureau, now=NOW
    )


def redeem(one: Volunteer, cast: Cast, points: int) -> PointsEntry:
    return volunteers.redeem(volunteer=one, points=points, what="水杯", by=cast.bureau, now=NOW)


def ledger(one: Volunteer) -> list[tuple[int, str, int, int]]:
    return list(one.points.order_by("number").values_list("number", "kind", "change", "balance"))


def test_hours_become_points(cast: Cast) -> None:
    one = build.volunteer(cast)

    serve(one, cast, "2.5")
    redeem(one, cast, 20)

    assert ledger(one) == [(1, "earned", 25, 25), (2, "redeemed", -20, 5)]
    assert standings([one])[one.pk].hours == Decimal("2.5")
    assert standings([one])[one.pk].balance == 5


def test_more_points_than_there_are_is_refused(cast: Cast) -> None:
    one = build.volunteer(cast)
    serve(one, cast)

    with pytest.raises(Refusal) as refused:
        redeem(one, cast, 26)

    assert (refused.value.code, refused.value.status, refused.value.extra) == (
        "not_enough_points", 409, {"balance": 25}
    )  # fmt: skip
    assert len(ledger(one)) == 1


def test_withdrawn_service_takes_its_points_along(cast: Cast) -> None:
    one = build.volunteer(cast)
    entry = serve(one, cast)

    volunteers.withdraw_service(entry=entry, reason="登记错人", by=cast.bureau, now=NOW)

    assert ledger(one) == [(1, "earned", 25, 25), (2, "corrected", -25, 0)]
    assert standings([one])[one.pk].hours == 0


def test_service_whose_points_are_spent_is_not_withdrawn(cast: Cast) -> None:
    one = build.volunteer(cast)
    entry = serve(one, cast)
    redeem(one, cast, 1)

    with pytest.raises(Refusal) as refused:
        volunteers.withdraw_service(entry=entry, reason="登记错人", by=cast.bureau, now=NOW)

    entry.refresh_from_db()
    assert (refused.value.code, entry.withdrawn_at) == ("not_enough_points", None)


def test_service_is_withdrawn_once(cast: Cast) -> None:
    entry = serve(build.volunteer(cast), cast)
    volunteers.withdraw_service(entry=entry, reason="登记错人", by=cast.bureau, now=NOW)

    with pytest.raises(Refusal) as refused:
        volunteers.withdraw_service(entry=entry, reason="登记错人", by=cast.bureau, now=NOW)

    assert refused.value.code == "withdrawn"


@pytest.mark.parametrize("hours", ["0", "-1", "24.5", "0.3"])
def test_odd_hours_are_refused(cast: Cast, hours: str) -> None:
    with pytest.raises(Refusal) as refused:
        serve(build.volunteer(cast), cast, hours)

    assert refused.value.errors[0]["code"] == "not_halves"


def test_service_tomorrow_is_refused(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        serve(build.volunteer(cast), cast, day=dt.date(2026, 11, 24))

    assert refused.value.errors[0]["code"] == "in_future"


def test_number_is_given_once(cast: Cast, table: TargetTable) -> None:
    build.volunteer(cast)
    other = build.volunteer(cast, "HX002")

    with pytest.raises(Refusal) as again:
        build.volunteer(cast)
    with pytest.raises(Refusal) as moved:
        volunteers.change_volunteer(
            volunteer=other, values={"code": "HX001"}, reason="x", by=cast.bureau, now=NOW
        )

    assert [refused.value.errors[0]["code"] for refused in (again, moved)] == ["taken", "taken"]


def test_leaving_before_joining_is_refused(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        volunteers.change_volunteer(
            volunteer=build.volunteer(cast), values={"left_on": dt.date(2020, 1, 1)},
            reason="退出", by=cast.bureau, now=NOW,
        )  # fmt: skip

    assert refused.value.errors[0]["code"] == "before_start"


def test_service_outside_the_time_of_serving_is_refused(cast: Cast) -> None:
    one = build.volunteer(cast)
    Volunteer.objects.update(joined_on=dt.date(2026, 3, 1), left_on=dt.date(2026, 5, 31))

    for day in (dt.date(2026, 2, 28), dt.date(2026, 6, 1)):
        with pytest.raises(Refusal) as refused:
            serve(one, cast, day=day)
        assert [error["code"] for error in refused.value.errors] == ["not_serving"]
    assert not ServiceEntry.objects.exists()


def test_a_day_has_no_more_than_24_hours(cast: Cast) -> None:
    one = build.volunteer(cast)
    withdrawn = serve(one, cast, "20")
    volunteers.withdraw_service(entry=withdrawn, reason="登记错人", by=cast.bureau, now=NOW)
    serve(one, cast, "16")
    serve(one, cast, "8")

    with pytest.raises(Refusal) as refused:
        serve(one, cast, "0.5")

    assert [error["code"] for error in refused.value.errors] == ["over_a_day"]
    assert standings([one])[one.pk].hours == Decimal(24)
    assert standings([one])[one.pk].balance == 240
