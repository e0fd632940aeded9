"""One finished round over N stations: answers, frozen revisions, findings in every state.

Written in bulk, but every sheet is scored and frozen by the product's own functions.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from audits.models import Answer, Assignment, Audit, AuditEvent, AuditRevision, Finding, Round
from audits.queries import SheetState
from audits.services import freezing, rounds
from bench.inside import findings, places
from bench.inside.stage import person, sheet
from checklists.models import Item
from checklists.queries import items_for
from indicators import rollups
from stations.models import Region, Station, User
from stations.services import accounts

RESULTS = ("partial", "fail", "fail", "na", "unable")
CHUNK = 570  # stations at a time


def main(stations: int) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    made, version, now = places.build(stations), sheet(), timezone.now()
    cast = {role: person(role, f"bench-{role}") for role in ("inspector", "station_head")}
    round = Round.objects.create(
        name="基准轮", created_at=now, starts_on=now.date() - dt.timedelta(days=30),
        ends_on=now.date() + dt.timedelta(days=30),
    )  # fmt: skip
    items = items_for(version, "community")
    with transaction.atomic():
        for first in range(0, len(made), CHUNK):
            tasks = _tasks(round, made[first : first + CHUNK], version, cast["inspector"])
            _visits(tasks, items, cast, now)
        rollups.rebuild(now=now)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # its autovacuum does, where it is on, within the minute
    district = made[0].region
    return {"round": round.pk, "bureaus": _bureaus(district), "waiting": _waiting(district)}


def _bureaus(district: Region) -> dict[str, dict[str, str]]:
    """A bureau of the whole tree, and one of the first district."""
    told = {}
    for name, region in (("nation", Region.objects.get(parent=None)), ("district", district)):
        user = person("bureau", f"bench-{name}")
        user.regions.set([region])
        browser = Client()
        browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
        told[name] = {
            "token": accounts.issue_token(user=user, now=timezone.now()),
            "session": browser.cookies["sessionid"].value,
        }
    return told


def _waiting(district: Region) -> list[int]:
    """Findings of the first district that somebody may close."""
    rows = Finding.objects.filter(
        status="submitted", station__region__path__startswith=district.path
    )
    return list(rows.exclude(severity="critical").order_by("pk").values_list("pk", flat=True))


def _tasks(
    round: Round, stations: list[Station], version: Any, inspector: User
) -> list[Assignment]:
    made = Assignment.objects.bulk_create(
        Assignment(round=round, station=station, version=version, inspector=inspector,
                   due_on=round.ends_on, item_count=40)
        for station in stations
    )  # fmt: skip
    ids, now = [station.pk for station in stations], round.created_at
    rounds.note(round_id=round.pk, station_ids=ids, kind="made", now=now)
    return made


def _visits(
    tasks: list[Assignment], items: list[Item], cast: dict[str, User], now: dt.datetime
) -> None:
    inspector = cast["inspector"]
    sheets = [_filled(task, items, inspector, now) for task in tasks]
    Audit.objects.bulk_create([filled.audit for filled in sheets])
    Answer.objects.bulk_create(answer for filled in sheets for answer in filled.answers.values())
    AuditRevision.objects.bulk_create(
        freezing.frozen(audit=filled.audit, sheet=filled, by=inspector, now=_handed_in(filled))
        for filled in sheets
    )
    AuditEvent.objects.bulk_create(_events(sheets, inspector))
    raised: list[Finding] = []
    for filled in sheets:
        raised += findings.of(filled, cast, now)
    findings.write(raised)


def _filled(task: Assignment, items: list[Item], inspector: User, now: dt.datetime) -> SheetState:
    """A random sheet, the same at every run; a good station passes nearly all."""
    chance = random.Random(task.station.code)
    at = now - dt.timedelta(days=chance.uniform(2, 25))
    quality = chance.uniform(0.72, 0.98)
    results = ["pass" if chance.random() < quality else chance.choice(RESULTS) for _ in items]
    is_complete = "unable" not in results
    audit = Audit(
        id=uuid.UUID(int=chance.getrandbits(128), version=4), assignment=task, revision=1,
        state="complete" if is_complete else "submitted", started_by=inspector, started_at=at,
        received_at=at, submitted_at=at, completed_at=at if is_complete else None,
    )  # fmt: skip
    answers = {
        item.pk: Answer(
            audit=audit, item=item, result=result, earned=freezing.earned(item, result),
            note="" if result == "pass" else "现场缺两项，已当场说明", answered_at=at, received_at=at,
            answered_by=inspector,
        )
        for item, result in zip(items, results, strict=True)
    }  # fmt: skip
    return SheetState(audit=audit, items=items, answers=answers, photos=[])


def _handed_in(filled: SheetState) -> dt.datetime:
    assert filled.audit.submitted_at
    return filled.audit.submitted_at


def _events(sheets: list[SheetState], inspector: User) -> list[AuditEvent]:
    return [
        AuditEvent(audit=filled.audit, kind=kind, revision=1, at=_handed_in(filled), by=inspector)
        for filled in sheets
        for kind in ("submitted", *(["completed"] if filled.audit.completed_at else []))
    ]
