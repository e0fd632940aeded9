"""Publishing with its preview, and weights on a copy: what moves, what breaks, and that no old
score changes by a byte."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import Answer, Assignment, Audit, AuditEvent, AuditRevision
from audits.queries import trials
from audits.services import rounds, selfchecks, versions
from checklists.models import ChecklistVersion
from checklists.services import editing, publishing
from indicators.models import RegionRollup, StationRollup
from stations.models import HistoryEntry
from stations.refusals import Refusal
from tests import make
from tests.conftest import Cast

NOW = timezone.now()
SCORES = (Audit, Answer, AuditRevision, AuditEvent, StationRollup, RegionRollup)
HUNDRED = [
    ("A", "A01", "20", "none", False),
    ("A", "A02", "30", "none", False),
    ("B", "B01", "40", "none", True),
    ("B", "B02", "10", "none", False),
]


@pytest.fixture
def version(cast: Cast) -> ChecklistVersion:
    return make.version(items=HUNDRED)


@pytest.fixture
def visited(cast: Cast, version: ChecklistVersion) -> Assignment:
    """Handed in: A02 fails, 70 of 100."""
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(task, A02="fail")
    return task


def draft(cast: Cast, version: ChecklistVersion) -> ChecklistVersion:
    """A01 dropped, A02 worth 10 instead of 30, a new item of 40."""
    begun = editing.begin_draft(version=version, by=cast.bureau, now=NOW)
    return editing.edit_draft(
        version=begun,
        sections=[
            {
                "code": "A",
                "items": [{"code": "A02", "points": 10}, {"title_zh": "新项", "points": 40}],
            },
            {"code": "B"},
        ],
        seen="",
        by=cast.bureau,
        now=NOW,
    )


def publish(
    cast: Cast, made: ChecklistVersion, move: bool = True, seen: str = ""
) -> list[Assignment]:
    _published, moved = versions.publish(
        version=made, move=move, seen=seen, by=cast.bureau, now=timezone.now()
    )
    return moved


def scores() -> bytes:
    """Every row a score is kept in or printed from."""
    rows = [one for model in SCORES for one in model._default_manager.order_by("pk")]
    return serializers.serialize("json", rows).encode()


def test_preview_names_what_appears_disappears_and_changes(cast: Cast, version: Any) -> None:
    compared = publishing.against_present(draft(cast, version))

    assert [one.title_zh for one in compared.appeared] == ["新项"]
    assert [one.code for one in compared.disappeared] == ["A01"]
    assert [(one.code, one.fields) for one in compared.breaks] == [("A02", ("points",))]
    assert (compared.same, compared.noted) == (2, [])


def test_last_round_is_scored_anew_by_the_answers_of_then(
    cast: Cast, version: Any, visited: Assignment
) -> None:
    [row] = trials.trial(cast.bureau, draft(cast, version)).rows

    # A02 fail 0/10, B01 40/40, B02 10/10: 50 of 60; A01 is gone, the new item was not asked.
    assert (row.before.printed, row.after.printed, row.change) == ("70.0", "83.3", "+13.3")
    assert (row.before.grade, row.after.grade) == ("合格", "良好")
    assert (row.matched, row.asked) == (3, 4)


def test_what_if_weights_are_computed_on_a_copy(
    cast: Cast, version: Any, visited: Assignment
) -> None:
    trial = trials.trial(cast.bureau, version, {"A02": Decimal(130), "B02": Decimal(110)})

    # 20 + 0 + 40 + 110 of 300
    assert (trial.before, trial.after, trial.regraded) == ("70.0", "56.7", 1)
    assert version.items.get(code="A02").points == 30


def test_critical_failure_keeps_its_cap_in_the_trial(cast: Cast, version: Any) -> None:
    make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station), B01="partial")

    [row] = trials.trial(cast.bureau, version, {"A02": Decimal(1000)}).rows

    assert (row.after.grade, row.after.value > 90) == ("不合格", True)


def test_old_scores_are_the_same_to_the_byte(
    cast: Cast, version: Any, visited: Assignment, api: Any, client: Client
) -> None:
    waiting = make.assignment(cast.bureau, cast.inspector, make.station(), visited.round)
    make.figures()
    address = f"/api/v1/audits/{visited.audit.pk}/"
    before, told_before = scores(), api(cast.bureau).get(address).content
    client.force_login(cast.bureau)
    made = draft(cast, version)
    path = f"{made.checklist.slug}/{made.number}"

    client.get(f"/bureau/checklists/{path}/publish/")
    client.get(f"/bureau/checklists/{path}/what-if/?p.A02=99")
    api(cast.bureau).post(
        f"/api/v1/checklists/{made.checklist.slug}/versions/{made.number}/what-if/",
        {"points": {"A02": "77"}}, format="json",
    )  # fmt: skip
    publish(cast, made)

    assert scores() == before
    assert api(cast.bureau).get(address).content == told_before
    waiting.refresh_from_db()
    assert waiting.version == made


def test_what_if_of_an_item_there_is_not_is_refused_by_its_code(
    cast: Cast, version: Any, api: Any
) -> None:
    made = draft(cast, version)

    refused = api(cast.bureau).post(
        f"/api/v1/checklists/{made.checklist.slug}/versions/{made.number}/what-if/",
        {"points": {"A02": "7", "Z99": "7"}}, format="json",
    )  # fmt: skip

    [error] = refused.data["errors"]
    assert (refused.status_code, error["field"], error["code"]) == (400, "points", "unknown_item")
    assert error["message"] == "没有检查项 Z99"


def test_what_nobody_has_begun_moves_and_the_rest_stays(
    cast: Cast, version: Any, visited: Assignment
) -> None:
    stations = [make.station(region=cast.station.region) for _ in range(3)]
    waiting, started, checked = (
        make.assignment(cast.bureau, cast.inspector, station, visited.round) for station in stations
    )
    make.audit(started)
    head = make.user("station_head", stations=[checked.station])
    selfchecks.start(
        id=make.uuid.uuid4(), assignment=checked, started_at=NOW, by=head, now=timezone.now()
    )
    made = draft(cast, version)

    assert versions.movable(made, cast.bureau) == [waiting]
    moved = publish(cast, made)

    assert moved == [waiting]
    pinned = {one.pk: (one.version_id, one.item_count) for one in Assignment.objects.all()}
    assert pinned == {
        visited.pk: (version.pk, 4),
        waiting.pk: (made.pk, 4),
        started.pk: (version.pk, 4),
        checked.pk: (version.pk, 4),
    }
    assert HistoryEntry.objects.get(action="checklist.move").detail == {"ids": [waiting.pk]}


def test_tasks_stay_where_moving_was_not_asked_for(
    cast: Cast, version: Any, visited: Assignment
) -> None:
    waiting = make.assignment(cast.bureau, cast.inspector, cast.other_station, visited.round)

    publish(cast, draft(cast, version), move=False)

    waiting.refresh_from_db()
    assert (waiting.version, waiting.moved_at) == (version, None)


def test_another_bureau_s_tasks_are_not_moved(cast: Cast, version: Any) -> None:
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    far = make.region("440310", "坪山区", make.region("440300"))
    stranger = make.user("bureau", "far_bureau", regions=[far])

    assert versions.movable(draft(cast, version), stranger) == []
    assert [task] == versions.movable(
        ChecklistVersion.objects.get(status="draft"), cast.bureau
    )  # fmt: skip


@pytest.mark.parametrize(("minutes", "is_old"), [(-10, True), (10, False)])
def test_visit_begun_without_signal_before_the_move_finishes_on_its_version(
    minutes: int, is_old: bool, cast: Cast, version: Any, api: Any
) -> None:
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    made = draft(cast, version)
    publish(cast, made)
    started = timezone.now() + dt.timedelta(minutes=minutes)

    answer = api(cast.inspector).put(
        f"/api/v1/audits/{make.uuid.uuid4()}/",
        {"assignment": task.pk, "started_at": started.isoformat()},
    )

    assert answer.status_code == 201
    task.refresh_from_db()
    assert task.version == (version if is_old else made)
    code = "A01" if is_old else "A03"
    told = make.answers(task.audit, **{code: "pass"})
    assert [one["status"] for one in told] == [201]


@pytest.mark.parametrize("minutes", [-10, 10])
@pytest.mark.parametrize("is_old", [True, False])
def test_phone_that_names_its_version_finishes_on_it_whatever_its_clock(
    minutes: int, is_old: bool, cast: Cast, version: Any, api: Any
) -> None:
    """A phone that begins after the move, without word of it, has the old sheet before it."""
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    made = draft(cast, version)
    publish(cast, made)
    made.refresh_from_db()
    started = timezone.now() + dt.timedelta(minutes=minutes)

    answer = api(cast.inspector).put(
        f"/api/v1/audits/{make.uuid.uuid4()}/",
        {"assignment": task.pk, "started_at": started.isoformat(),
         "checklist": (version if is_old else made).content_hash},
    )  # fmt: skip

    assert answer.status_code == 201
    task.refresh_from_db()
    assert task.version == (version if is_old else made)


def test_draft_changed_since_the_preview_is_not_published(cast: Cast, version: Any) -> None:
    made = draft(cast, version)
    seen = publishing.content_hash(made)
    editing.edit_draft(
        version=made, sections=[{"code": "A", "title_zh": "改"}, {"code": "B"}], seen=seen,
        by=cast.bureau, now=NOW,
    )  # fmt: skip

    with pytest.raises(Refusal) as refused:
        publish(cast, made, seen=seen)

    assert (refused.value.code, refused.value.status) == ("draft_changed", 409)
    made.refresh_from_db()
    assert made.status == "draft"


def test_page_shows_the_preview_and_publishes_what_was_seen(
    cast: Cast, version: Any, visited: Assignment, client: Client
) -> None:
    waiting = make.assignment(cast.bureau, cast.inspector, cast.other_station, visited.round)
    made = draft(cast, version)
    client.force_login(cast.bureau)
    url = reverse("desk-checklist-publish", args=[made.checklist.slug, made.number])

    page = client.get(url)
    answer = client.post(url, {"seen": page.context["seen"], "move": "on"}, follow=True)

    assert page.context["movable"] == [waiting]
    assert [row.after.printed for row in page.context["trial"].rows] == ["83.3"]
    assert [str(one) for one in answer.context["messages"]] == [
        "已发布，从此不能再改。新派的任务用这个版本。1 个未开始的任务已改用。"
    ]
    made.refresh_from_db()
    assert made.status == "published"


def test_draft_that_is_not_ready_says_why(cast: Cast, version: Any, client: Client) -> None:
    made = draft(cast, version)
    made.items.filter(code="B02").update(points=11)
    client.force_login(cast.bureau)

    page = client.get(f"/bureau/checklists/{made.checklist.slug}/{made.number}/publish/")

    assert "全部分值之和为 101，须为 100。" in page.content.decode()


def test_odd_weights_are_named_and_not_used(
    cast: Cast, version: Any, visited: Assignment, client: Client
) -> None:
    client.force_login(cast.bureau)
    url = reverse("desk-checklist-what-if", args=[version.checklist.slug, 1])

    page = client.get(url, {"p.A01": "x", "p.A02": "-1", "p.B01": "NaN", "p.B02": "20"})

    assert page.context["wrong"] == ["A01", "A02", "B01"]
    assert page.context["changed"] == {"B02": Decimal(20)}
    assert page.context["trial"].after == "72.7"


def test_api_tells_the_same(cast: Cast, version: Any, visited: Assignment, api: Any) -> None:
    waiting = make.assignment(cast.bureau, cast.inspector, cast.other_station, visited.round)
    made = draft(cast, version)
    url = f"/api/v1/checklists/{made.checklist.slug}/versions/{made.number}"

    told = json.loads(api(cast.bureau).get(f"{url}/preview/").content)
    tried = api(cast.bureau).post(f"{url}/what-if/", {"points": {"A02": "60"}}, format="json")
    refused = api(cast.bureau).post(f"{url}/what-if/", {"points": {"A02": "0"}}, format="json")
    done = api(cast.bureau).post(f"{url}/publish/", {"move": True, "seen": told["seen"]})

    assert [one["code"] for one in told["disappeared"]] == ["A01"]
    assert [one["id"] for one in told["movable"]] == [waiting.pk]
    assert told["trial"]["stations"] == [
        {
            "station": cast.station.code, "before": 70, "after": 83.3, "grade_before": "合格",
            "grade_after": "良好", "matched": 3, "asked": 4,
        }
    ]  # fmt: skip
    assert tried.data["mean_after"] == 45.5
    assert refused.status_code == 400
    assert (done.data["status"], done.data["moved"]) == ("published", [waiting.pk])


@pytest.mark.parametrize("stations", [1, 3])
def test_previews_cost_the_same_for_one_and_three(
    stations: int, cast: Cast, version: Any, client: Client, django_assert_num_queries: Any
) -> None:
    round = make.round_(cast.bureau)
    for _ in range(stations):
        make.submitted(
            make.assignment(cast.bureau, cast.inspector, make.station(), round), A01="fail"
        )
        make.assignment(cast.bureau, cast.inspector, make.station(), round)
    made = draft(cast, version)
    client.force_login(cast.bureau)
    path = f"/bureau/checklists/{made.checklist.slug}/{made.number}"

    with django_assert_num_queries(24):
        client.get(f"{path}/publish/")
    with django_assert_num_queries(11):
        client.get(f"{path}/what-if/")
    with django_assert_num_queries(8):
        client.get(f"{path}/edit/")


def test_balanced_tasks_still_take_the_new_version(cast: Cast, version: Any) -> None:
    made = draft(cast, version)
    publish(cast, made)

    assert rounds.newest_versions(["community"])["community"] == made
