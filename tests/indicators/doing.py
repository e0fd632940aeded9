"""What the people of one station may do to its problems, each by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from audits.models import Assignment, Finding
from audits.services import audits, corrections, extensions, findings
from stations.refusals import Refusal
from tests import make
from tests.conftest import Cast

DAY = dt.timedelta(days=1)


@dataclass
class People:
    """Each does their part; what is not allowed is refused. `first`: the first visit's task."""

    cast: Cast
    first: Assignment

    def do(self, name: str, which: int) -> None:
        known = list(Finding.objects.order_by("pk"))
        with suppress(Refusal), transaction.atomic():
            DOINGS[name](self, known[which % len(known)], timezone.now())


def visited(cast: Cast, **results: str) -> Assignment:
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(task, timezone.now(), **results)
    return task


def hand_in(people: People, finding: Finding, now: dt.datetime) -> None:
    after = make.photo(people.cast.head, finding=finding)
    findings.submit(
        finding=finding, measure="已改", photos=[after.pk], by=people.cast.head, now=now
    )  # fmt: skip


def fix_on_site(people: People, finding: Finding, now: dt.datetime) -> None:
    make.photo(people.cast.inspector, finding=finding, kind="before")
    make.fixed_on_site(finding, people.cast.inspector)


def close(people: People, finding: Finding, now: dt.datetime) -> None:
    if finding.severity == "critical":
        make.photo(people.cast.inspector, finding=finding, kind="site")
    findings.close(finding=finding, by=people.cast.inspector, now=now)


def waive(people: People, finding: Finding, now: dt.datetime) -> None:
    day = timezone.localdate() + 2 * DAY
    findings.waive(finding=finding, reason="待迁", review_on=day, by=people.cast.bureau, now=now)


def ask(people: People, finding: Finding, now: dt.datetime) -> None:
    due = finding.due_on + 9 * DAY
    extensions.ask(finding=finding, due_on=due, reason="等货", by=people.cast.head, now=now)


def look_again(people: People, finding: Finding, now: dt.datetime) -> None:
    make.noted(people.cast.inspector, people.cast.station, "还是坏的", now, item=finding.item)


def correct(people: People, finding: Finding, now: dt.datetime) -> None:
    """The first visit's result of the item, one further each time."""
    held = people.first.audit.answers.filter(item__code=finding.item_code).first()
    if held is None:
        return  # seen outside that visit
    result = {"fail": "partial", "partial": "pass", "pass": "fail"}[held.result]
    given = corrections.Correction(finding.item_code, result, "重看照片")
    corrections.correct(
        audit=people.first.audit, corrections=[given], reason="更正", by=people.cast.bureau, now=now
    )


def hand_in_anew(people: People, finding: Finding, now: dt.datetime) -> None:
    audits.reopen_audit(audit=people.first.audit, reason="漏项", by=people.cast.bureau, now=now)
    make.answers(people.first.audit, now, A01="pass", A02="fail")
    audits.submit_audit(audit=people.first.audit, photos=[], by=people.cast.inspector, now=now)


DOINGS: dict[str, Callable[[People, Finding, dt.datetime], Any]] = {
    "start": lambda people, finding, now: findings.start(
        finding=finding, measure="", person="", by=people.cast.head, now=now
    ),
    "submit": hand_in,
    "fix-on-site": fix_on_site,
    "close": close,
    "send-back": lambda people, finding, now: findings.send_back(
        finding=finding, reason="仍歪", by=people.cast.inspector, now=now
    ),
    "reopen": lambda people, finding, now: findings.reopen(
        finding=finding, reason="又坏", by=people.cast.bureau, now=now
    ),
    "void": lambda people, finding, now: findings.void(
        finding=finding, reason="误判", by=people.cast.bureau, now=now
    ),
    "waive": waive,
    "ask": ask,
    "grant": lambda people, finding, now: extensions.grant(
        finding=finding, by=people.cast.bureau, now=now
    ),
    "refuse": lambda people, finding, now: extensions.refuse(
        finding=finding, reason="够了", by=people.cast.bureau, now=now
    ),
    "look again": look_again,
    "see another": lambda people, finding, now: make.noted(people.cast.bureau, people.cast.station),
    "visit": lambda people, finding, now: visited(
        people.cast, A01="pass", A02="fail", B01="partial"
    ),
    "correct": correct,
    "hand in anew": hand_in_anew,
}
