"""The phone's eight calls in this process, each with what it cost in SQL."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import drawn
from bench.inside import stage
from bench.phone import Call, Visit

NAMES = ["start", "answers", "photo", "photo", "photo", "photo", "photo", "submit"]


def main() -> dict[str, int]:
    """The dearest of each kind; each process has read the sheet's items once before."""
    pictures = drawn.photos("300 KB", 5)
    costs: dict[str, int] = {}
    for warm, task in enumerate(stage.main(tasks=2)):
        visit = Visit(task, pictures)
        calls = [*zip(NAMES, visit.calls, strict=True), ("submit again", visit.calls[-1])]
        for name, call in calls:
            spent = _cost(call, task["token"])
            costs[name] = max(spent, costs.get(name, 0)) if warm else 0
    return costs


def _cost(call: Call, token: str) -> int:
    client = Client(headers={"host": "127.0.0.1", "authorization": f"Token {token}"})
    with CaptureQueriesContext(connection) as statements:
        answer = client.generic(call.method, f"/api/v1/{call.path}", call.body, call.kind)
    if answer.status_code >= 300:
        raise RuntimeError(f"{call.path}: {answer.status_code} {answer.content!r}")
    return len(statements)
