"""Days, lots, 回头看, the calendar and the live page of a round."""

import datetime as dt
import hashlib
from collections import Counter
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits import planning
from audits.models import Assignment, Draw, Finding, Round
from audits.pages import timetable as timetable_pages
from audits.queries import timetable
from audits.services import draws, findings, rounds
from stations.models import Station
from stations.refusals import Refusal
from tests import make
from tests.conftest import Cast

MONDAY = dt.date(2026, 11, 2)
FRIDAY = dt.date(2026, 11, 6)


@pytest.fixture
def round(cast: Cast) -> Round:
    make.version()
    return make.round_(cast.bureau, starts_on=MONDAY)


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bureau)
    return client


def stations(count: int) -> list[Station]:
    return [make.station() for _ in range(count)]


def assign(cast: Cast, round: Round, chosen: list[Station], **fields: Any) -> list[Assignment]:
    given = {"inspector": None, "due_on": FRIDAY, "plan_from": MONDAY} | fields
    return rounds.assign(
        round=round, stations=chosen, by=cast.bureau, now=timezone.now(), **given
    )  # fmt: skip


def draw(cast: Cast, round: Round, chosen: list[Station], **fields: Any) -> Draw:
    given = {"count": 3, "seed": "42", "due_on": round.ends_on} | fields
    return draws.draw(round=round, stations=chosen, by=cast.bureau, now=timezone.now(), **given)


# ---- days


def test_visits_are_even_over_inspectors_and_days(cast: Cast, round: Round) -> None:
    made = assign(cast, round, stations(13))

    per_day = Counter((task.inspector_id, task.planned_on) for task in made)
    for person in (cast.inspector, cast.inspector2):
        counts = [per_day[person.pk, MONDAY + dt.timedelta(days=n)] for n in range(5)]
        assert max(counts) - min(counts) <= 1
        mine = [task.planned_on for task in made if task.inspector == person]
        assert mine == sorted(mine)  # neighbours together


def test_days_taken_in_another_round_are_left_alone(cast: Cast, round: Round) -> None:
    assign(cast, round, stations(2), inspector=cast.inspector, due_on=MONDAY)
    other = make.round_(cast.bureau, starts_on=MONDAY)

    made = assign(
        cast, other, stations(2), inspector=cast.inspector, due_on=MONDAY + dt.timedelta(days=2)
    )

    assert [task.planned_on.day for task in made if task.planned_on] == [3, 4]


def test_weekends_are_no_days_and_none_at_all_is_refused(cast: Cast, round: Round) -> None:
    saturday = dt.date(2026, 11, 7)

    with pytest.raises(Refusal) as refused:
        assign(cast, round, stations(1), plan_from=saturday, due_on=saturday + dt.timedelta(days=1))
    with pytest.raises(Refusal) as too_early:
        assign(cast, round, stations(1), plan_from=MONDAY - dt.timedelta(days=1))

    assert refused.value.errors[0]["code"] == "no_working_day"
    assert too_early.value.errors[0]["code"] == "before_start"
    assert not Assignment.objects.exists()


def test_sharing_out_anew_gives_new_days_and_an_earlier_due_day_pulls_them(
    cast: Cast, round: Round
) -> None:
    made = assign(cast, round, stations(4), inspector=cast.inspector, due_on=MONDAY)

    moved = rounds.rebalance(
        assignments=made, due_on=FRIDAY, plan_from=MONDAY, by=cast.bureau, now=timezone.now()
    )
    rounds.reassign(
        assignments=moved, inspector=None, due_on=MONDAY, by=cast.bureau, now=timezone.now()
    )

    assert sorted(Counter(task.inspector for task in moved).values()) == [2, 2]
    assert sorted(task.planned_on.day for task in moved if task.planned_on) == [2, 2, 3, 3]
    assert {task.planned_on for task in Assignment.objects.all()} == {MONDAY}


def test_database_holds_a_plan_to_its_due_day(cast: Cast, round: Round) -> None:
    [made] = assign(cast, round, stations(1))

    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=made.pk).update(planned_on=dt.date(2027, 1, 1))


# ---- lots


def test_lot_is_reproduced_from_the_seed_alone(cast: Cast, round: Round) -> None:
    chosen = stations(10)
    made = draw(cast, round, chosen)

    by_hand = sorted(
        (one.code for one in chosen),
        key=lambda code: hashlib.sha256(f"42:{code}".encode()).hexdigest(),
    )[:3]
    assert made.chosen == by_hand == made.again()
    assert planning.ranked("42", reversed([one.code for one in chosen]))[:3] == by_hand
    assert {task.station.code for task in round.assignments.all()} == set(by_hand)
    assert planning.ranked("43", made.frame)[:3] != by_hand


def test_each_subdistrict_gives_its_share(cast: Cast, round: Round) -> None:
    there = make.region("440309003", "龙华街道")
    chosen = [*stations(5), *(make.station(region=there) for _ in range(5))]

    made = draw(cast, round, chosen, count=2, per_region=True)

    assert sorted(Counter(made.frame[code] for code in made.chosen).values()) == [2, 2]
    assert made.again() == made.chosen


def test_second_drawing_leaves_out_the_first_and_both_are_kept(cast: Cast, round: Round) -> None:
    chosen = stations(5)
    first, second = draw(cast, round, chosen), draw(cast, round, chosen, seed="")

    assert (first.number, second.number, len(second.chosen)) == (1, 2, 2)
    assert not set(first.chosen) & set(second.chosen)
    assert second.seed.startswith(f"{timezone.localdate():%Y%m%d}-")
    with pytest.raises(Refusal) as refused:
        draw(cast, round, chosen)
    assert (refused.value.code, refused.value.status) == ("nothing_to_draw", 409)


def test_same_form_sent_twice_draws_once_but_a_seed_serves_every_subdistrict(
    cast: Cast, round: Round
) -> None:
    here, there = stations(5), [make.station(region=make.region("440309003", "龙华街道"))]
    draw(cast, round, here, count=1)

    with pytest.raises(Refusal) as refused:
        draw(cast, round, here, count=1)
    draw(cast, round, there, count=1)

    assert (refused.value.code, refused.value.status) == ("seed_used", 409)
    assert refused.value.message == "种子 42 在这一轮已经抽过这些站，再抽请换一个种子。"
    assert [len(one.chosen) for one in round.draws.all()] == [1, 1]


@pytest.mark.parametrize("count", [0, -1, 5001])
def test_odd_count_is_refused(count: int, cast: Cast, round: Round) -> None:
    with pytest.raises(Refusal) as refused:
        draw(cast, round, stations(2), count=count)

    assert refused.value.errors[0]["code"] == "out_of_range"


def test_page_draws_and_shows_the_seed(cast: Cast, round: Round, desk: Client) -> None:
    form = {"count": "1", "seed": "摇号 07", "due_on": round.ends_on, "region": "440309001"}

    answer = desk.post(reverse("desk-round-draw", args=[round.pk]), form, follow=True)

    assert [str(one) for one in answer.context["messages"]] == ["抽出 1 个单位，种子 摇号 07。"]
    assert "摇号 07" in answer.content.decode()
    made = Draw.objects.get()
    assert made.chosen == [cast.station.code]
    assert set(made.frame) == {cast.station.code}


def test_supervisor_sees_and_draws_the_own_subdistrict_only(
    cast: Cast, round: Round, api: Any
) -> None:
    url = f"/api/v1/rounds/{round.pk}/draws/"
    mine = api(cast.supervisor).post(url, {"count": 5, "due_on": round.ends_on})
    api(cast.bureau).post(url, {"count": 5, "due_on": round.ends_on})

    assert mine.data["chosen"] == [cast.station.code]
    whole, narrowed = api(cast.bureau).get(url).data, api(cast.supervisor).get(url).data
    assert [one["chosen"] for one in whole] == [[cast.station.code], [cast.other_station.code]]
    assert [one["chosen"] for one in narrowed] == [[cast.station.code], []]
    assert narrowed[1]["frame"] == {}


# ---- 回头看


def test_recheck_takes_stations_with_open_or_lately_closed_problems(
    cast: Cast, task: Assignment, desk: Client
) -> None:
    make.submitted(task, A02="fail")
    clean = make.assignment(cast.bureau, cast.inspector, cast.other_station, task.round)
    make.submitted(clean)
    again = rounds.open_round(
        name="回头看", starts_on=timezone.localdate(), ends_on=timezone.localdate(),
        kind="recheck", by=cast.bureau, now=timezone.now(),
    )  # fmt: skip

    def asked(days: int = 30, ahead: int = 0) -> list[tuple[str, int, int]]:
        today = timezone.localdate() + dt.timedelta(days=ahead)
        found = timetable.to_recheck(cast.bureau, again, today, days)
        return [(one.code, one.still_open, one.just_closed) for one in found]  # type: ignore[attr-defined]

    assert asked() == [(cast.station.code, 1, 0)]
    findings.close(
        finding=make.rectified(Finding.objects.get(), cast.head), by=cast.bureau,
        now=timezone.now(),
    )  # fmt: skip
    assert asked() == [(cast.station.code, 0, 1)]
    assert asked(ahead=31) == []

    desk.post(
        reverse("desk-round-assign", args=[again.pk]), {"recheck": "1", "due_on": again.ends_on}
    )

    assert [one.station for one in again.assignments.all()] == [cast.station]
    assert asked() == []


def test_api_assigns_by_subdistrict_and_by_recheck(cast: Cast, round: Round, api: Any) -> None:
    url = f"/api/v1/rounds/{round.pk}/assign/"
    body = {"due_on": "2026-11-20", "plan_from": "2026-11-03"}

    none = api(cast.bureau).post(url, {"stations": "recheck", **body}, format="json")
    made = api(cast.bureau).post(
        url, {"stations": "all", "region": "440309002", **body}, format="json"
    )

    assert none.data["created"] == 0
    assert [(one["station"], str(one["planned_on"])) for one in made.data["assignments"]] == [
        (cast.other_station.code, "2026-11-03")
    ]


def test_new_round_says_its_kind(cast: Cast, desk: Client, api: Any) -> None:
    form = {"name": "抽查一", "starts_on": "2026-11-01", "ends_on": "2026-11-30", "kind": "spot"}

    desk.post(reverse("desk-round-new"), form)
    told = api(cast.bureau).post("/api/v1/rounds/", form | {"name": "回头看", "kind": "recheck"})

    assert Round.objects.get(name="抽查一").kind == "spot"
    assert told.data["kind"] == "recheck"
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.update(kind="other")


# ---- calendar


def test_calendar_puts_each_visit_on_its_day(cast: Cast, desk: Client) -> None:
    make.version()
    today = timezone.localdate()
    round = make.round_(cast.bureau, starts_on=today - dt.timedelta(days=20))
    late, behind, done = (
        make.assignment(cast.bureau, cast.inspector, make.station(), round) for _ in range(3)
    )
    yesterday = today - dt.timedelta(days=1)
    Assignment.objects.filter(pk=late.pk).update(due_on=yesterday)
    Assignment.objects.filter(pk=behind.pk).update(planned_on=yesterday)
    Assignment.objects.filter(pk=done.pk).update(planned_on=yesterday)
    make.submitted(done)

    told = {
        one.assignment.pk: (one.day, one.is_late, one.is_behind)
        for one in timetable.visits(timetable.dated(cast.bureau, round, today), today)
    }
    page = desk.get(reverse("desk-round-calendar", args=[round.pk]))

    assert told == {
        late.pk: (yesterday, True, False),
        behind.pk: (yesterday, False, True),
        done.pk: (today, False, False),
    }
    assert (page.context["late"], page.context["behind"], page.context["total"]) == (1, 1, 3)


def test_calendar_is_whole_weeks_and_marks_days_off(cast: Cast) -> None:
    nothing = timetable.dated(cast.bureau, make.round_(cast.bureau), dt.date(2026, 10, 9))
    shown = timetable.month(nothing, dt.date(2026, 10, 1), dt.date(2026, 10, 9))

    assert [day.day for day in shown.weeks[0]][0] == dt.date(2026, 9, 28)
    assert shown.days[-1].day == dt.date(2026, 11, 1)
    days = {one.day: one for one in shown.days}
    assert [days[dt.date(2026, 10, n)].is_working for n in (1, 9, 10, 11)][0] is False
    assert days[dt.date(2026, 10, 9)].is_today


def test_day_with_many_visits_says_so_and_its_own_page_has_them_all(
    cast: Cast, round: Round, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timetable, "A_DAY", 3)
    monkeypatch.setattr(timetable_pages, "PAGE", 4)
    made = assign(cast, round, stations(5), plan_from=MONDAY, due_on=MONDAY)
    url = reverse("desk-round-calendar", args=[round.pk])
    whole = desk.get(url, {"month": f"{MONDAY:%Y-%m}"})
    parts = [desk.get(url, {"day": f"{MONDAY}", "page": page}) for page in (1, 2)]

    [busy] = whole.context["agenda"]
    assert (busy.count, len(busy.visits), whole.context["total"]) == (5, 3, 5)
    assert "上面是前 3 个，看当天全部 5 个" in whole.content.decode()
    shown = [[one.assignment.pk for one in part.context["agenda"][0].visits] for part in parts]
    assert [len(one) for one in shown] == [4, 1]
    assert {pk for one in shown for pk in one} == {task.pk for task in made}
    assert f"day={MONDAY}&amp;inspector=&amp;region=&amp;page=2" in parts[0].content.decode()


def test_calendar_leaves_no_visit_of_a_month_out(cast: Cast, round: Round) -> None:
    """Every task is counted on some day, whatever the number: none is cut off unsaid."""
    today = timezone.localdate()
    assign(cast, round, stations(7))
    rows = timetable.dated(cast.bureau, round, today)
    shown = timetable.month(rows, MONDAY.replace(day=1), today)

    assert sum(day.count for day in shown.days) == 7 == timetable.totals(rows, today)["total"]
    assert sum(len(day.visits) for day in shown.days) == 7


@pytest.mark.parametrize("day", ["2026-02-30", "x", "2026-11-02", "0001-01-01", "9999-12-31"])
def test_any_day_is_answered(day: str, round: Round, desk: Client) -> None:
    assert desk.get(
        reverse("desk-round-calendar", args=[round.pk]), {"day": day}
    ).status_code == 200  # fmt: skip


@pytest.mark.parametrize("month", ["", "2026-13", "x", "0000-00", "2026-11", "0001-01", "9999-12"])
def test_any_month_is_answered(month: str, cast: Cast, round: Round, desk: Client) -> None:
    answer = desk.get(reverse("desk-round-calendar", args=[round.pk]), {"month": month})

    assert answer.status_code == 200


def test_calendar_of_the_supervisor_is_the_own_subdistrict(
    cast: Cast, round: Round, api: Any
) -> None:
    assign(cast, round, [cast.station, cast.other_station])
    url = f"/api/v1/rounds/{round.pk}/calendar/"

    def told(person: Any, **asked: str) -> list[str]:
        return [one["station"] for one in api(person).get(url, asked).data["visits"]]

    assert told(cast.supervisor) == [cast.station.code]
    assert len(told(cast.bureau)) == 2
    assert told(cast.bureau, region="440309002") == [cast.other_station.code]


# ---- live


def test_live_fragment_follows_the_round(cast: Cast, task: Assignment, desk: Client) -> None:
    url = reverse("desk-round-live", args=[task.round_id])
    before = desk.get(url).content.decode()

    make.submitted(task)
    after = desk.get(url)

    assert "未开始" in before
    assert after.context["progress"].complete == 1
    assert f'data-task="{task.pk}"' in after.content.decode()
    assert "已完成" in after.content.decode()
    page = desk.get(reverse("desk-round", args=[task.round_id]))
    assert page.context["live_seconds"] <= 5


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    count: int, cast: Cast, round: Round, desk: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        assign(cast, round, stations(1), inspector=cast.inspector)
        draw(cast, round, stations(1), count=1)
    make.submitted(round.assignments.first())

    with django_assert_num_queries(12):
        desk.get(reverse("desk-round-live", args=[round.pk]))
    with django_assert_num_queries(12):
        desk.get(reverse("desk-round-calendar", args=[round.pk]))
    with django_assert_num_queries(21):
        desk.get(reverse("desk-round", args=[round.pk]))
