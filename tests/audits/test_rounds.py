"""轮次 and 任务: opened, handed out, balanced, handed over, withdrawn; nobody twice in a round."""

import datetime as dt
import json
import threading
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audits.models import Assignment, Round
from audits.services import rounds
from stations.models import User
from stations.refusals import Refusal
from tests import make

ROUND = {"name": "第四轮", "starts_on": "2026-11-01", "ends_on": "2026-12-31"}
DUE = "2026-12-20"


@pytest.fixture
def round(cast):
    return make.round_(cast.bureau, starts_on=dt.date(2026, 11, 1))


def assign(client, round, stations, **fields):
    body = {"stations": stations, "due_on": DUE} | fields
    # As text: half a character must leave here as a phone would send it.
    return client.post(
        f"/api/v1/rounds/{round.pk}/assign/", json.dumps(body), content_type="application/json"
    )


def test_round_is_opened_once_under_its_name(cast, api):
    opened = api(cast.bureau).post("/api/v1/rounds/", ROUND)
    again = api(cast.bureau).post("/api/v1/rounds/", ROUND)

    assert opened.status_code == 201
    assert {name: opened.data[name] for name in ROUND} == ROUND
    assert (again.status_code, again.data["errors"][0]) == (
        400, {"field": "name", "code": "taken", "message": "已有同名轮次，请换个名称。"}
    )  # fmt: skip
    assert Round.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_on": "2026-10-31"}, "ends_on"),
        ({"name": ""}, "name"),
        ({"name": "轮" * 61}, "name"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"ends_on": None}, "ends_on"),
    ],
)
def test_round_names_what_is_wrong(cast, api, change, field):
    refused = api(cast.bureau).post("/api/v1/rounds/", ROUND | change)

    assert (refused.status_code, [error["field"] for error in refused.data["errors"]]) == (
        400, [field]
    )  # fmt: skip


@pytest.mark.parametrize("field", ["starts_on", "ends_on"])
@pytest.mark.parametrize("day", ["0001-01-01", "0206-11-01", "9999-12-31"])
def test_round_in_a_year_no_calendar_has_is_refused(cast, round, field, day):
    days = {
        "starts_on": round.starts_on,
        "ends_on": round.ends_on,
        field: dt.date.fromisoformat(day),
    }
    facts = {"by": cast.bureau, "now": timezone.now(), **days}

    for refuse in (
        lambda: rounds.open_round(name="第六轮", **facts),
        lambda: rounds.change_round(round=round, name=round.name, **facts),
    ):
        with pytest.raises(Refusal) as refused:
            refuse()
        assert [(one["field"], one["code"]) for one in refused.value.errors] == [
            (field, "outside_calendar")
        ]
    assert Round.objects.count() == 1


def test_changed_round_may_not_take_another_s_name_or_end_early(cast, round):
    make.round_(cast.bureau, name="第五轮")
    facts = {"by": cast.bureau, "now": timezone.now(), "starts_on": round.starts_on}

    for change, code in [
        ({"name": "第五轮", "ends_on": round.ends_on}, "taken"),
        ({"name": round.name, "ends_on": dt.date(2026, 10, 1)}, "before_start"),
    ]:
        with pytest.raises(Refusal) as refused:
            rounds.change_round(round=round, **facts, **change)
        assert refused.value.errors[0]["code"] == code


def test_station_s_kind_chooses_the_checklist(cast, round, api):
    for_centre, for_others = make.version(["centre"]), make.version(["community", "subdistrict"])
    centre = make.station(kind="centre", region=make.region("440309"))

    made = assign(api(cast.bureau), round, [centre.code, cast.station.code])

    assert (made.status_code, made.data["created"]) == (201, 2)
    assert dict(Assignment.objects.values_list("station__kind", "version")) == {
        "centre": for_centre.pk, "community": for_others.pk
    }  # fmt: skip


def test_assigning_again_makes_nothing_and_says_so(cast, round, api):
    make.version()
    assign(api(cast.bureau), round, [cast.station.code])

    again = assign(api(cast.bureau), round, [cast.station.code, cast.other_station.code])

    assert (again.status_code, again.data["created"]) == (201, 1)
    assert again.data["already_assigned"] == [cast.station.code]


def test_all_means_every_open_real_station_in_scope(cast, round, api):
    make.version()
    make.station(is_practice=True)
    make.station(closed_on=dt.date(2026, 1, 1))

    mine = assign(api(cast.supervisor), round, "all")
    rest = assign(api(cast.bureau), round, "all")

    assert [one["station"] for one in mine.data["assignments"]] == [cast.station.code]
    assert [one["station"] for one in rest.data["assignments"]] == [cast.other_station.code]


def test_closed_station_gets_no_task(cast, api, round):
    cast.other_station.closed_on = timezone.localdate()
    cast.other_station.save()

    answer = assign(api(cast.bureau), round, [cast.station.code, cast.other_station.code])

    code = cast.other_station.code
    assert (answer.status_code, answer.json()["detail"]) == (400, f"这些服务站已撤销：{code}")
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"stations": []}, "stations", "wrong"),
        ({"stations": "some"}, "stations", "wrong"),
        ({"stations": [1]}, "stations", "wrong"),
        ({"stations": ["nowhere"]}, "stations", "unknown_station"),
        ({"stations": ["a\x00b"]}, "stations", "wrong"),
        ({"stations": ["\ud800"]}, "stations", "unknown_station"),
        ({"inspector": "nobody"}, "inspector", "not_inspector"),
        ({"inspector": "station"}, "inspector", "not_inspector"),
        ({"due_on": "2026-10-01"}, "due_on", "before_start"),
        ({"due_on": "soon"}, "due_on", "invalid"),
    ],
)
def test_assigning_names_what_is_wrong(cast, round, api, change, field, code):
    make.version()

    refused = assign(api(cast.bureau), round, change.pop("stations", [cast.station.code]), **change)

    [error] = refused.data["errors"]
    assert (refused.status_code, error["field"], error["code"]) == (400, field, code)
    assert not Assignment.objects.exists()


def test_station_out_of_scope_fails_as_if_it_did_not_exist(cast, round, api):
    make.version()

    foreign = assign(api(cast.supervisor), round, [cast.other_station.code])
    unknown = assign(api(cast.supervisor), round, ["440309002-T999"])

    assert foreign.status_code == unknown.status_code == 400
    assert foreign.data["code"] == unknown.data["code"]
    assert foreign.data["detail"].replace(cast.other_station.code, "X") == unknown.data[
        "detail"
    ].replace("440309002-T999", "X")


def test_without_a_checklist_or_an_inspector_nothing_is_assigned(cast, round, api):
    no_checklist = assign(api(cast.bureau), round, [cast.station.code])
    make.version()
    User.objects.filter(role="inspector").update(is_active=False)
    no_inspector = assign(api(cast.bureau), round, [cast.station.code])

    assert (no_checklist.status_code, no_checklist.data["code"]) == (409, "no_checklist")
    assert (no_inspector.status_code, no_inspector.data["code"]) == (409, "no_inspector")


def test_balance_is_even_and_spares_last_round_s_inspector(cast):
    make.version()
    stations = [cast.station, cast.other_station, *(make.station() for _ in range(7))]
    first = make.round_(cast.bureau, starts_on=dt.date(2026, 3, 1))
    second = make.round_(cast.bureau, starts_on=dt.date(2026, 9, 1))

    def assigned(round):
        made = rounds.assign(
            round=round, stations=stations, inspector=None, due_on=round.ends_on, by=cast.bureau,
            now=timezone.now(),
        )  # fmt: skip
        return {one.station_id: one.inspector_id for one in made}

    before, after = assigned(first), assigned(second)

    assert sorted(Counter(before.values()).values()) == [4, 5]
    assert sorted(Counter(after.values()).values()) == [4, 5]
    assert sum(before[station] == after[station] for station in before) <= 1


def test_reassigned_before_the_start_changes_hands(cast, task, api):
    url = f"/api/v1/assignments/{task.pk}/"

    changed = api(cast.bureau).patch(url, {"inspector": "inspector2", "due_on": "2027-01-05"})

    assert (changed.data["inspector"], changed.data["due_on"]) == ("inspector2", "2027-01-05")
    assert api(cast.inspector).get(url).status_code == 404
    assert api(cast.inspector2).get(url).status_code == 200


def test_reassigned_after_the_start_both_may_go_on(cast, task, api):
    audit = make.audit(task)
    api(cast.bureau).patch(f"/api/v1/assignments/{task.pk}/", {"inspector": "inspector2"})

    answer = {"result": "pass", "answered_at": "2026-11-23T10:00:00+08:00"}
    url = f"/api/v1/audits/{audit.pk}/answers/"
    first = api(cast.inspector).put(f"{url}A01/", answer)
    second = api(cast.inspector2).put(f"{url}A02/", answer)

    assert (first.status_code, second.status_code) == (201, 201)


def test_handed_in_may_not_be_reassigned_or_withdrawn(cast, task, api):
    make.submitted(task)
    url = f"/api/v1/assignments/{task.pk}/"

    moved = api(cast.bureau).patch(url, {"inspector": "inspector2"})
    withdrawn = api(cast.bureau).delete(url)

    assert (moved.status_code, moved.data["code"], moved.data["status_now"]) == (
        409, "already_submitted", "complete"
    )  # fmt: skip
    assert (withdrawn.status_code, withdrawn.data["code"]) == (409, "already_started")


def test_inspector_given_must_be_one_in_use(cast, task, api):
    cast.inspector2.is_active = False
    cast.inspector2.save()

    refused = api(cast.bureau).patch(f"/api/v1/assignments/{task.pk}/", {"inspector": "inspector2"})

    assert (refused.status_code, refused.data["errors"][0]["code"]) == (400, "not_inspector")
    for person in (cast.inspector2, cast.head):
        with pytest.raises(Refusal) as refused:
            rounds.reassign(
                assignments=[task], inspector=person, due_on=None, by=cast.bureau,
                now=timezone.now(),
            )  # fmt: skip
        assert refused.value.errors[0]["code"] == "not_inspector"


@pytest.mark.parametrize(
    ("who", "status"), [("bureau", 204), ("supervisor", 403), ("inspector", 403), ("stranger", 404)]
)
def test_withdrawing_is_the_bureau_s(cast, task, api, who, status):
    answer = api(getattr(cast, who)).delete(f"/api/v1/assignments/{task.pk}/")

    assert answer.status_code == status
    assert Assignment.objects.exists() == (status != 204)


def test_database_holds_one_task_per_station_and_round(cast, task):
    other = make.assignment(cast.bureau, cast.inspector, cast.other_station, task.round)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audits_assignment SET station_id = %s WHERE id = %s",
            [task.station_id, other.pk],
        )


@pytest.mark.django_db(transaction=True)
def test_two_bureaus_pressing_at_once_assign_each_station_once(cast, round, api):
    make.version()
    created = []

    def press():
        created.append(assign(api(cast.bureau), round, "all").data["created"])
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(created) == [0, 0, 0, 2]
    assert Assignment.objects.count() == 2
