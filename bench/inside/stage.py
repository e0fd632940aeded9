"""The real stations, a sheet of 40 items of which 5 need a photo, and tasks to fill."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import yaml
from django.core.management import call_command
from django.utils import timezone

from audits.models import Assignment
from audits.services import rounds
from checklists.models import ChecklistVersion
from checklists.services import loading, publishing
from stations.models import Region, Station, User
from stations.services import accounts

SECTIONS, ITEMS_EACH, NEEDING_PHOTO = 5, 8, 5
INSPECTORS = 40  # a person may write 1,800 times a minute, a benchmark more


def main(tasks: int) -> list[dict[str, Any]]:
    """Tasks in an order that spreads them over the inspectors: {id, token, photo_items, items}."""
    call_command("migrate", verbosity=0)
    call_command("load_stations", stdout=io.StringIO())
    version, bureau = sheet(), person("bureau", "bench-bureau")
    bureau.regions.set([Region.objects.get(code="440309")])
    people = [person("inspector", f"bench-inspector-{n}") for n in range(INSPECTORS)]
    tokens = {user.pk: accounts.issue_token(user=user, now=timezone.now()) for user in people}
    made = assigned(bureau, tasks)
    Assignment.objects.update(version=version, item_count=SECTIONS * ITEMS_EACH)
    items = list(version.items.order_by("order").values_list("code", flat=True))
    return [
        {"assignment": task.pk, "token": tokens[task.inspector_id], "items": items,
         "photo_items": items[:NEEDING_PHOTO]}
        for task in made
    ]  # fmt: skip


def sheet() -> ChecklistVersion:
    sections = [
        {
            "id": f"X{chr(65 + s)}",
            "title_zh": f"大项{s + 1}",
            "weight": 20,
            "items": [_item(s, n) for n in range(ITEMS_EACH)],
        }
        for s in range(SECTIONS)
    ]
    told = {
        "id": "bench-40",
        "title_zh": "四十项检查表",
        "applies_to": ["centre", "subdistrict", "community"],
        "sections": sections,
    }
    content = yaml.safe_dump(told, allow_unicode=True).encode()
    now = timezone.now()
    draft = loading.load_yaml(content=content, filename="bench.yaml", by=None, now=now)
    return publishing.publish_version(version=draft, by=None, now=now)


def _item(section: int, number: int) -> dict[str, Any]:
    is_first = section == 0 and number < NEEDING_PHOTO
    return {
        "id": f"X{chr(65 + section)}{number + 1:02d}",
        "item_zh": f"第{section + 1}大项第{number + 1}条，现场查看并与台账核对",
        "pass": "名称规范、显眼、完好，与实际一致",
        "weight": 2.5,
        "photo": "required" if is_first else "none",
        "critical": number == 7 and section < 2,
        "evidence": "photo",
    }


def person(role: str, username: str) -> User:
    return User.objects.create_user(username, password="bench-2026-pass", role=role)


def assigned(bureau: User, tasks: int) -> list[Assignment]:
    stations = list(Station.objects.real())
    today, made = timezone.localdate(), []
    while len(made) < tasks:
        round = rounds.open_round(
            name=f"第{len(made)}轮", starts_on=today, ends_on=today + dt.timedelta(days=30),
            by=bureau, now=timezone.now(),
        )  # fmt: skip
        made += rounds.assign(
            round=round, stations=stations, inspector=None, due_on=round.ends_on, by=bureau,
            now=timezone.now(),
        )  # fmt: skip
    return _spread(made)[:tasks]


def _spread(tasks: list[Assignment]) -> list[Assignment]:
    """One of each inspector in turn."""
    turn: dict[int, int] = {}
    keyed = []
    for task in tasks:
        turn[task.inspector_id] = turn.get(task.inspector_id, 0) + 1
        keyed.append((turn[task.inspector_id], task.inspector_id, task))
    return [task for *_, task in sorted(keyed, key=lambda one: one[:2])]
