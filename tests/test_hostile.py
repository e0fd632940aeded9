"""Values somebody will send one day: each is refused in words or taken, and nothing breaks."""

import copy
import json
import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.conftest import Cast, gather
from tests.doors import World, world

NOW = "2026-11-23T10:00:00+08:00"
PROBLEM = {"type", "title", "status", "detail", "code"}


@pytest.fixture(scope="module")
def made(shared) -> tuple[Cast, World]:
    people = gather()
    return people, world(people)


@pytest.fixture
def cast(db, made) -> Cast:
    return copy.deepcopy(made[0])


@pytest.fixture
def doors(db, made) -> World:
    return copy.deepcopy(made[1])


@pytest.fixture(autouse=True)
def _own_media() -> None:
    """The world's pictures must outlive one test."""


@pytest.fixture
def client(cast) -> APIClient:
    made = APIClient(raise_request_exception=True)
    made.force_authenticate(cast.bureau)
    return made


def is_problem(answer, *statuses: int) -> bool:
    assert answer.status_code in statuses, (answer.status_code, answer.content[:300])
    assert answer["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body.keys() >= PROBLEM
    assert body["status"] == answer.status_code
    assert body["detail"]
    return True


# ---- bodies ----

BODIES = {
    "empty": (b"", "application/json"),
    "not json": (b"{", "application/json"),
    "a list": (b"[]", "application/json"),
    "a number": (b"7", "application/json"),
    "null": (b"null", "application/json"),
    "not utf-8": (b'{"name": "\xff\xfe"}', "application/json"),
    "gbk": ('{"name": "第四轮"}'.encode("gbk"), "application/json; charset=gbk"),
    "bom": (b"\xef\xbb\xbf{}", "application/json"),
    "nan": (b'{"name": NaN}', "application/json"),
    "infinite": (b'{"name": 1e400}', "application/json"),
    "deep": (b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "application/json"),
    "deep objects": (b'{"a":' * 60_000 + b"1" + b"}" * 60_000, "application/json"),
    "huge number": (b'{"name": ' + b"9" * 10_000 + b"}", "application/json"),
    "odd charset": (b'{"name": "x"}', "application/json; charset=rot13"),
    "binary charset": (b'{"name": "x"}', "application/json; charset=base64"),
}


@pytest.mark.parametrize("body", BODIES)
def test_body_that_is_no_json_object_is_400(doors, client, body):
    content, kind = BODIES[body]

    assert is_problem(client.post("/api/v1/rounds/", content, content_type=kind), 400)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"]
)
def test_body_of_another_kind_is_415(doors, client, kind):
    body = b'{"name": "x", "starts_on": "2026-12-01", "ends_on": "2026-12-31"}'

    assert is_problem(client.post("/api/v1/rounds/", body, content_type=kind), 415)


def test_form_for_a_json_route_is_415(doors, client):
    assert is_problem(client.post("/api/v1/rounds/", {"name": "x"}, format="multipart"), 415)


def test_body_of_ten_megabytes_is_413(doors, client):
    body = json.dumps({"name": "x" * 10_000_000})

    answer = client.post("/api/v1/rounds/", body, content_type="application/json")

    assert is_problem(answer, 413)


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=" + "x" * 300,
        "multipart/form-data; boundary=x; charset=rot13",
        "multipart/form-data; boundary=x; charset=base64",
        "application/json",
    ],
)
@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"--x--\r\n", b"\x00" * 500])
def test_odd_multipart_is_refused(cast, doors, client, kind, body):
    answer = client.put(f"/api/v1/photos/{uuid.uuid4()}/", body, content_type=kind)

    assert is_problem(answer, 400, 415)


# ---- values ----

TEXTS = {
    "nul": "a\x00b",
    "half a character": "a\ud800b",
    "4000 characters": "长" * 4000,
    "override": "\u202e\u2066x",
    "number": 10**400,
    "boolean": True,
    "null": None,
    "list": ["x"],
    "object": {"x": 1},
    "formula": "=1+1",
    "markup": "<script>alert(1)</script>",
    "sql": "'; DROP TABLE audits_round; --",
    "template": "{{ 7*7 }}{% load x %}",
}

DATES = [
    "0001-01-01", "9999-12-31", "2026-02-30", "2026-13-01", "", None, 20261123, "2026-11-23T10:00",
    "٢٠٢٦-١١-٢٣", "2026-11-23\x00", "10000-01-01", "-0001-01-01",
]  # fmt: skip

TIMES = [
    "0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00",
    "9999-12-31T23:59:59.999999+08:00", "1940-06-01T00:30:00", "2026-11-23", "", None, 0, 1e300,
    "2026-11-23T24:00:00Z", "2026-11-23T10:00:00+99:00", "now",
]  # fmt: skip


def send(client, method: str, path: str, body: Any):
    """As text, so that half a character leaves here as a phone would send it."""
    return getattr(client, method)(path, json.dumps(body), content_type="application/json")


def taken_or_refused(answer) -> bool:
    if answer.status_code < 300:
        return True
    return is_problem(answer, 400, 404, 409)


@pytest.mark.parametrize("value", TEXTS)
def test_any_text_anywhere_is_taken_or_refused(cast, doors, client, value):
    text = TEXTS[value]
    station, finding = cast.station.code, doors.finding.pk
    posts = {
        "rounds/": {"name": text, "starts_on": "2026-12-01", "ends_on": "2026-12-31"},
        f"rounds/{doors.names['rounds.pk']}/assign/": {
            "stations": [text], "inspector": text, "due_on": "2027-12-31"
        },
        "findings/": {"station": station, "note": text, "title": text, "item": text},
        f"findings/{finding}/void/": {"reason": text},
        f"findings/{finding}/waive/": {"reason": "x", "review_on": "2027-01-01", "document": text},
        f"findings/{finding}/extension/refuse/": {"reason": text},
        f"audits/{doors.audit.pk}/reopen/": {"reason": text},
        "users/": {"username": text, "role": text, "display_name": text, "stations": [text]},
        "auth/token/": {"username": text, "password": text},
    }  # fmt: skip
    for path, body in posts.items():
        answer = send(client, "post", f"/api/v1/{path}", body)
        if path == "auth/token/" and answer.status_code == 401:
            continue
        assert taken_or_refused(answer), path
    patched = send(
        client, "patch", f"/api/v1/stations/{station}/", {"address": text, "latitude": text}
    )
    assert taken_or_refused(patched)


@pytest.mark.parametrize("value", TEXTS)
def test_any_text_in_an_answer_is_taken_or_refused_alone(cast, task, doors, value):
    from tests import make

    audit = make.audit(task)
    client = APIClient()
    client.force_authenticate(cast.inspector)
    text = TEXTS[value]
    odd = {"item_code": "A01", "result": "fail", "note": text, "answered_at": NOW}
    good = {"item_code": "A02", "result": "pass", "note": "", "answered_at": NOW}

    answer = send(
        client, "post", f"/api/v1/audits/{audit.pk}/answers/",
        {"answers": [odd, odd | {"item_code": text}, odd | {"result": text}, text, good]},
    )  # fmt: skip

    assert answer.status_code == 200, answer.content
    outcomes = [one["status"] for one in json.loads(answer.content)["answers"]]
    assert set(outcomes[:4]) <= {200, 201, 400}
    assert outcomes[1:] == [400, 400, 400, 201]


@pytest.mark.parametrize("day", DATES)
def test_any_day_is_taken_or_refused(doors, client, day):
    finding = doors.finding.pk
    posts = {
        "rounds/": {"name": "轮", "starts_on": day, "ends_on": day},
        f"rounds/{doors.names['rounds.pk']}/assign/": {"stations": "all", "due_on": day},
        f"findings/{finding}/waive/": {"reason": "x", "review_on": day},
    }
    for path, body in posts.items():
        assert taken_or_refused(send(client, "post", f"/api/v1/{path}", body)), path
    asked = APIClient()
    asked.force_authenticate(doors.people["head"])
    body = {"reason": "x", "due_on": day}
    assert taken_or_refused(send(asked, "post", f"/api/v1/findings/{finding}/extension/", body))
    for path in ("findings/", "assignments/", "rounds/", f"findings/{finding}/"):
        assert client.get(f"/api/v1/{path}").status_code == 200
    for query in ({"as_of": day}, {"as_of": day, "round": doors.names["rounds.pk"]}):
        told = client.get("/api/v1/indicators/effect/", {k: v for k, v in query.items() if v})
        assert taken_or_refused(told)


@pytest.mark.parametrize("moment", TIMES)
def test_any_moment_is_taken_or_refused(cast, task, doors, moment):
    from tests import make

    client = APIClient()
    client.force_authenticate(cast.inspector)
    audit = make.audit(task)
    waiting = make.assignment(cast.bureau, cast.inspector, make.station())
    answer = {"result": "pass", "answered_at": moment}

    assert taken_or_refused(send(client, "put", f"/api/v1/audits/{audit.pk}/answers/A01/", answer))
    started = {"assignment": waiting.pk, "started_at": moment}
    assert taken_or_refused(send(client, "put", f"/api/v1/audits/{uuid.uuid4()}/", started))
    assert client.get(f"/api/v1/assignments/{task.pk}/sheet/").status_code == 200
    assert client.get(f"/api/v1/audits/{audit.pk}/").status_code == 200


# ---- addresses ----

HUGE = "9" * 30


@pytest.mark.parametrize(
    "path",
    [
        f"rounds/{HUGE}/", "rounds/0/", f"assignments/{HUGE}/", f"findings/{HUGE}/",
        f"assignments/{HUGE}/sheet/", f"findings/{2**63}/", f"findings/{2**63 - 1}/",
        f"checklists/x/versions/{HUGE}/", "stations/%00/", "stations/%ED%A0%80/", "users/%00/",
        "regions/%00/", "nothing/", "audits/not-a-uuid/", "findings/1%00/", "findings/-1/",
        f"stations/{'x' * 4000}/", "photos/../../etc/passwd/", "%ff%fe/",
        f"regions/{'9' * 400}/summary/", "regions/%00/summary/", "stations/%00/summary/",
    ],
)  # fmt: skip
def test_odd_address_is_404_as_a_problem(doors, client, path):
    assert is_problem(client.get(f"/api/v1/{path}"), 404)


def test_odd_item_code_in_the_address_is_404(cast, task, doors):
    from tests import make

    client = APIClient()
    client.force_authenticate(cast.inspector)
    audit = make.audit(task)
    for code in ("%00", "%ED%A0%80", "x" * 4000, "..", "A01%2F"):
        answer = send(
            client, "put", f"/api/v1/audits/{audit.pk}/answers/{code}/",
            {"result": "pass", "answered_at": NOW},
        )  # fmt: skip
        assert is_problem(answer, 404), code


FEW = ["%00", HUGE, "-1", "abc", "%F0%9F%98%80"]
LISTS = ["findings/", "assignments/", "rounds/", "stations/", "regions/", "users/", "checklists/"]
ODD = [
    "%00",
    "%ED%A0%80",
    HUGE,
    "-1",
    "0",
    "1e9",
    "abc",
    "%27",
    "",
    "a" * 4000,
    "NaN",
    "%F0%9F%98%80",
]
NAMES = [
    "page", "page_size", "round", "station", "region", "status", "overdue", "severity", "item",
    "mine", "search", "kind", "parent", "level", "role", "is_active", "closed", "practice", "format",
]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_odd_query_is_answered(doors, client, path):
    for name in NAMES:
        for value in ODD if name in {"page", "round"} else FEW:
            answer = client.get(f"/api/v1/{path}?{name}={value}")
            if answer.status_code != 200:
                assert is_problem(answer, 400, 404), (name, value)


@pytest.mark.parametrize("name", ["round", "region", "as_of", "year", "period", "station"])
def test_odd_question_to_a_figure_is_answered(doors, client, name):
    paths = ["indicators/effect/", f"regions/{doors.names['regions.code']}/summary/"]
    for path in paths:
        for value in [*ODD, "0001-01-01", "9999-12-31", "2026-02-30"]:
            answer = client.get(f"/api/v1/{path}?{name}={value}")
            if answer.status_code != 200:
                assert is_problem(answer, 400, 404), (path, value)


@pytest.mark.parametrize(
    "header",
    ["Token", "Token x y", "Token \xff", "Bearer x", "Token " + "a" * 5000, "\x00", "Basic ==="],
)
def test_odd_token_is_401(db, header):
    answer = APIClient().get("/api/v1/me/", headers={"authorization": header})

    assert is_problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", "*/*;q=0"])
def test_what_cannot_be_told_as_asked_is_406_or_told(doors, client, accept):
    answer = client.get("/api/v1/me/", headers={"accept": accept})

    if answer.status_code != 200:
        assert is_problem(answer, 406)


def test_method_there_is_not_is_405(doors, client):
    for method, path in (("delete", "rounds/"), ("put", "findings/"), ("patch", "me/")):
        assert is_problem(getattr(client, method)(f"/api/v1/{path}"), 405)
