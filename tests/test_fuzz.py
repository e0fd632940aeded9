"""Odd requests at every route, made from the OpenAPI schema: refused as problem+json, never a 500.

`FUZZ_EXAMPLES=200` looks longer.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from knox.models import AuthToken

from tests.conftest import gather
from tests.doors import PEOPLE, world

schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
schema.app = get_wsgi_application()

BOUNDED = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "6")),
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
People = tuple[dict[str, dict[str, str]], dict[str, Any]]
pytestmark = pytest.mark.django_db  # without any, a run of this file alone is given no database
PROBLEM = {"type", "title", "status", "detail", "code"}


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker) -> Iterator[People]:
    """Each person's headers, and the names that lead to real things: one world for all routes.

    A request must not close the connection whose transaction is undone at the end.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), transaction.atomic():
        doors = world(gather())
        headers: dict[str, dict[str, str]] = {"anonymous": {}}
        for name, user in doors.people.items():
            if user:
                headers[name] = {"Authorization": f"Token {AuthToken.objects.create(user)[1]}"}
        yield headers, doors.names
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.given(who=st.sampled_from(PEOPLE), is_real=st.booleans())
@schema.parametrize()
@BOUNDED
def test_every_answer_is_an_answer(case, people, who, is_real):
    headers, names = people
    if is_real:
        noun = case.path.removeprefix("/api/v1/").split("/")[0]
        for name in case.path_parameters or {}:
            real = names.get(f"{noun}.{name}") or names.get(name)
            case.path_parameters[name] = case.path_parameters[name] if real is None else str(real)

    answer = case.call(headers=headers[who])

    assert answer.status_code < 500, answer.text[:2000]
    if answer.status_code >= 400:
        problem = answer.json()
        assert answer.headers["content-type"] == ["application/problem+json"]
        assert problem.keys() >= PROBLEM
        assert problem["status"] == answer.status_code
        for error in problem.get("errors", []):
            assert error.keys() >= {"field", "code", "message"}
