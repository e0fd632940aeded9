"""Asking for a paper the way a script does, and reading what came of it."""

import io
from typing import Any

from rest_framework.test import APIClient

from audits import outbox
from audits.models import OutboxRow
from stations.models import User

URL = "/api/v1/reports/"


def client(user: User | None) -> APIClient:
    made = APIClient(raise_request_exception=True)
    if user:
        made.force_authenticate(user)
    return made


def ask(user: User, **wanted: Any) -> Any:
    return client(user).post(URL, wanted)


def work() -> None:
    """What the worker would do."""
    for row in OutboxRow.objects.waiting().filter(topic="report.make"):
        outbox.run(row.pk)


def fetch(user: User, **wanted: Any) -> io.BytesIO:
    """Asked for, made, and the bytes of the file."""
    asked = ask(user, **wanted)
    assert asked.status_code == 202, asked.data
    work()
    told = client(user).get(f"{URL}{asked.data['id']}/").data
    assert (told["state"], told["progress"]) == ("ready", 100), told
    answer = client(user).get(told["url"])
    return io.BytesIO(b"".join(answer.streaming_content))
