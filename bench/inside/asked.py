"""What a page costs in SQL, from sign-in to the last byte."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def main(town: dict[str, Any], pages: dict[str, str]) -> dict[str, dict[str, int]]:
    return {name: _cost(town, path) for name, path in pages.items()}


def _cost(town: dict[str, Any], path: str) -> dict[str, int]:
    person = town["bureaus"]["nation"]
    client = Client(headers={"host": "127.0.0.1"})
    if "/api/" in path:
        client.defaults["HTTP_AUTHORIZATION"] = f"Token {person['token']}"
    else:
        client.cookies["sessionid"] = person["session"]
    client.get(path.format(town["round"]))
    with CaptureQueriesContext(connection) as statements:
        answer = client.get(path.format(town["round"]))
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    naming = sum("audits_answer" in one["sql"] for one in statements)
    return {"statements": len(statements), "naming_answers": naming}
