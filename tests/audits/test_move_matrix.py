"""Who may move a problem: every move × every role × their own or another's, in exact answers.

A move, a verb of the API or a role without its row or column fails here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from audits.models import Assignment, Finding, FindingEvent, OutboxRow, Rectification
from audits.services import extensions, findings
from audits.services.findings import MOVES
from stations.models import User
from tests import make
from tests.conftest import Cast
from tests.doors import api_routes

ANSWERS = {
    "2": (200, None),
    "r": (403, "not_allowed"),  # not this role's, or not this person's
    "w": (403, "own_work"),  # handed it in themselves, in whatever role they are now
    "c": (403, "own_carriage"),  # brought it in at a desk for who handed it in
    "s": (403, "own_station"),
    "4": (404, "not_found"),
    "1": (401, "not_authenticated"),
}
# Who tries: those it concerns · who handed this very problem in, in each role they may have been
# given since, or brought it in for them · accounts of the station in a reviewer's role · the same roles from elsewhere ·
# administrators · nobody.
COLUMNS = [
    "bureau", "supervisor", "inspector", "inspector_b", "head_b",
    "own_head", "own_bureau", "own_supervisor", "own_inspector", "carrier_bureau",
    "home_bureau", "home_supervisor", "home_inspector",
    "far_bureau", "far_supervisor", "far_inspector", "far_head",
    "sysadmin", "auditor", "superuser", "own_superuser",
    "nobody",
]  # fmt: skip
RECTIFY = "rrrr2 2rrrr rrr 4444 rrrr 1"
REVIEW = "2222r rwwwc sss 4444 rrrw 1"
RULE = "2rrrr r2rr2 2rr 4444 rrr2 1"
EXTEND = "22rrr r22r2 22r 4444 rrr2 1"
TABLE = {
    "start": RECTIFY,
    "submit": RECTIFY,
    "fix-on-site": "rr2rr rrrrr rrr 4444 rrrr 1",  # `inspector` is who found it
    "close": REVIEW,
    "send-back": REVIEW,
    "reopen": REVIEW,
    "void": RULE,
    "waive": RULE,
    "extension": RECTIFY,
    "extension/grant": EXTEND,
    "extension/refuse": EXTEND,
}
SOURCE = {
    "start": "open",
    "submit": "in_progress",
    "fix-on-site": "open",
    "close": "submitted",
    "send-back": "submitted",
    "reopen": "closed",
    "void": "submitted",
    "waive": "submitted",
    "extension": "in_progress",
    "extension/grant": "in_progress",
    "extension/refuse": "in_progress",
}


CARRIER = "carrier"


class Undone(Exception):
    """Takes back what one person has tried, for the next to find it as it was."""


def test_every_move_and_every_verb_has_a_row() -> None:
    prefix = "findings/<int:pk>/"
    verbs = {route.removeprefix(prefix).strip("/") for route in api_routes() if prefix in route}

    assert set(TABLE) == verbs - {""}
    assert set(MOVES) <= set(TABLE)


def test_every_role_tries_its_own_and_another_s(cast: Cast, task: Assignment) -> None:
    told = [(name, person(name, cast)) for name in COLUMNS]
    roles = {name: user.role for name, user in told if user}

    near = {role for name, role in roles.items() if "_" not in name or name == "head_b"}
    far = {role for name, role in roles.items() if name.startswith("far_")}
    assert near == set(User.Role.values)
    assert far == near - {"sysadmin", "auditor"}  # administrators have no district
    assert {role for name, role in roles.items() if name.startswith("own_")} == far


@pytest.mark.parametrize("name", TABLE)
def test_move_is_answered_exactly(cast: Cast, task: Assignment, name: str) -> None:
    make.submitted(task, A02="partial")
    finding = brought_to(SOURCE[name], Finding.objects.get(), cast)
    body = body_of(name, finding, cast)
    expected = dict(zip(COLUMNS, TABLE[name].replace(" ", ""), strict=True))

    told = {who: tried(cast, who, name, finding, body) for who in COLUMNS}

    assert told == {who: ANSWERS[letter] for who, letter in expected.items()}


def tried(
    cast: Cast, who: str, name: str, finding: Finding, body: dict[str, Any]
) -> tuple[int, str | None]:
    """What that person is answered; a refusal must leave every row as it was."""
    with suppress(Undone), transaction.atomic():
        client, user = APIClient(), person(who, cast)
        if user:
            client.force_authenticate(user)
        before = left(finding)
        answer = client.post(f"/api/v1/findings/{finding.pk}/{name}/", body)
        told = answer.status_code, answer.data.get("code")
        assert (left(finding) == before) is (answer.status_code != 200), (who, told)
        raise Undone
    return told


def left(finding: Finding) -> list[Any]:
    """Everything a move may leave behind."""
    return [
        Finding.objects.values().get(pk=finding.pk),
        list(FindingEvent.objects.order_by("pk").values_list("finding", "number", "hash")),
        list(Rectification.objects.order_by("pk").values()),
        list(finding.photos.order_by("pk").values("pk", "rectification")),
        list(OutboxRow.objects.order_by("pk").values_list("pk")),
    ]


def brought_to(status: str, finding: Finding, cast: Cast) -> Finding:
    """There, with an attempt of the station's head behind it already, whatever the state."""
    now, by = timezone.now(), cast.bureau
    make.rectified(finding, cast.head, carried_by=CARRIER)
    if status == "in_progress":
        findings.send_back(finding=finding, reason="看不清", by=by, now=now)
    if status in {"closed", "open"}:
        findings.close(finding=finding, by=by, now=now)
    if status == "open":
        findings.reopen(finding=finding, reason="又坏", by=by, now=now)
    finding.refresh_from_db()
    assert finding.status == status
    return finding


def body_of(name: str, finding: Finding, cast: Cast) -> dict[str, Any]:
    """All that the move asks for: nothing but the person can be the reason of a no."""
    later = finding.due_on + dt.timedelta(days=9)
    photos = []
    if name == "submit":
        photos = [make.photo(cast.head, finding=finding)]
    if name == "fix-on-site":  # seen again since it was reopened from a desk
        make.noted(cast.inspector, cast.station, item=finding.item)
        make.photo(cast.inspector, finding=finding, kind="before")
        photos = [make.photo(cast.inspector, finding=finding, kind="after")]
    if name.startswith("extension/"):
        now = timezone.now()
        extensions.ask(finding=finding, due_on=later, reason="等货", by=cast.head, now=now)
    return {
        "reason": "原因", "measure": "措施", "review_on": later.isoformat(),
        "due_on": later.isoformat(), "photos": [str(photo.pk) for photo in photos],
    }  # fmt: skip


def person(who: str, cast: Cast) -> User | None:
    """That person, made on the spot where the cast has none."""
    where, _, role = who.partition("_")
    made: Callable[[], User | None] | None = {
        "nobody": lambda: None,
        "inspector_b": lambda: assigned(make.user("inspector"), cast),
        "head_b": lambda: make.user("station_head", stations=[cast.station]),
        "carrier_bureau": lambda: make.user("bureau", CARRIER, regions=[make.region("440309")]),
        "superuser": lambda: make.user("sysadmin", is_superuser=True, is_staff=True),
        "far_bureau": lambda: make.user("bureau", regions=[far_district()]),
        "far_supervisor": lambda: make.user("supervisor", regions=[cast.other_station.region]),
        "far_inspector": lambda: cast.inspector2,
        "far_head": lambda: cast.stranger,
    }.get(who)
    if made:
        return made()
    if where == "own":
        return given(User.objects.get(pk=cast.head.pk), role, cast)
    if where == "home":
        user = given(make.user("station_head"), role, cast)
        user.stations.set([cast.station])
        return user
    known: User = getattr(cast, who)
    return User.objects.get(pk=known.pk)


def given(user: User, role: str, cast: Cast) -> User:
    """The account in another role, reaching the station in the way of that role."""
    if role == "head":
        return user
    user.is_superuser = role == "superuser"
    user.role = "bureau" if role == "superuser" else role
    user.save()
    user.stations.clear()
    if user.role == "inspector":
        return assigned(user, cast)
    user.regions.set([make.region("440309") if user.role == "bureau" else cast.station.region])
    return user


def assigned(user: User, cast: Cast) -> User:
    make.assignment(cast.bureau, user, cast.station)
    return user


def far_district() -> Any:
    return make.region("440310", "坪山区", make.region("440300"))
