"""Every door of the house, from the URL resolver, and a world to try them in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from audits import outbox
from audits.models import Audit, EvidencePhoto, Finding
from audits.services import extensions
from stations.models import User
from tests import make

API = "api/v1/"
METHODS = ("get", "post", "put", "patch", "delete")

# Who tries every door: each role once where the things are its own and once from outside.
PEOPLE = (
    "bureau", "far_bureau", "supervisor", "far_supervisor", "inspector", "inspector2", "head",
    "stranger", "sysadmin", "auditor", "anonymous",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """A station's finished visit with everything it leaves; another station's beside it."""

    people: dict[str, User | None]
    names: dict[str, Any]
    audit: Audit
    photo: EvidencePhoto
    finding: Finding
    other_station_code: str

    def path(self, route: str) -> str:
        """The address of our own station's thing: `audits/<uuid:id>/` → `audits/6f…/`."""
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: self._value(route, found[1]), route)
        return f"/{filled}"

    def _value(self, route: str, name: str) -> str:
        noun = re.findall(r"(\w+)/(?:u/)?<", route)[0]
        known = self.names.get(f"{noun}.{name}") or self.names.get(name)
        return str(known or {"id": uuid.UUID(int=1), "year": 2026}.get(name, 999_999))


def world(cast: Any) -> World:
    make.version()
    task = make.assignment(cast.bureau, cast.inspector, cast.station)
    check = make.self_checked(task, cast.head, A01="pass", A02="partial")
    audit = make.submitted(task, A02="fail")
    far_inspector = make.user("inspector", "far_inspector")
    elsewhere = make.assignment(cast.bureau, far_inspector, cast.other_station, task.round)
    make.submitted(elsewhere, A02="fail")
    outbox.drain()
    finding = Finding.objects.get(station=cast.station)
    extensions.ask(
        finding=finding, due_on=finding.due_on.replace(year=2028), reason="材料未到", by=cast.head,
        now=timezone.now(),
    )  # fmt: skip
    far = make.region("440310", "坪山区", make.region("440300"))
    people = {name: getattr(cast, name, None) for name in PEOPLE}
    people["far_bureau"] = make.user("bureau", "far_bureau", regions=[far])
    people["far_supervisor"] = make.user(
        "supervisor", "far_supervisor", regions=[cast.other_station.region]
    )
    version = task.version
    names = {
        "code": cast.station.code,
        "regions.code": cast.station.region.code,
        "username": cast.head.username,
        "slug": version.checklist.slug,
        "number": version.number,
        "rounds.pk": task.round_id,
        "assignments.pk": task.pk,
        "a.pk": task.pk,
        "checks.pk": task.pk,
        "selfchecks.id": check.pk,
        "findings.pk": finding.pk,
        "review.pk": finding.pk,
        "photos.id": audit.photos.get().pk,
        "audits.id": audit.pk,
        "item_code": "A02",
        "name": "void",
        "figure.name": "overdue",
    }
    return World(
        people, names, audit, audit.photos.get(), finding, cast.other_station.code
    )  # fmt: skip


def routes() -> Iterator[tuple[str, Any]]:
    """(route, view) of every address but the admin's own."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith("admin/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def api_routes() -> dict[str, Any]:
    """{route below /api/v1/: view class}"""
    return {route.removeprefix(API): view.cls for route, view in routes() if route.startswith(API)}


def methods(view: Any) -> list[str]:
    return [method for method in METHODS if hasattr(view, method)]


def new_id() -> str:
    return str(uuid.uuid4())
