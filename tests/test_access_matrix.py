"""Every route × method × person against one table; a new route without a row fails here.

The law is reliability.md §2.1: out of scope 404, in scope but not allowed 403, anonymous 401.
"""

import hashlib
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from knox.models import AuthToken
from rest_framework.generics import ListAPIView
from rest_framework.test import APIClient

from tests import make
from tests.doors import API, PEOPLE, World, api_routes, methods, new_id, world

NOW = "2026-11-23T10:00:00+08:00"
OK = {200: "2", 201: "2", 202: "2", 204: "2"}
CODES = OK | {400: "0", 401: "1", 403: "3", 404: "4", 409: "9"}

# Columns: bureau, one of another district · supervisor, of another subdistrict · inspector
# assigned here, not assigned · head of the station, of another · system and audit administrator ·
# nobody. 2 done, 9 allowed but not in this state, 0 allowed but refused as given.
TABLE = {
    "GET assignments/": "22 22 22 22 33 1",
    "GET assignments/<int:pk>/": "24 24 24 24 33 1",
    "PATCH assignments/<int:pk>/": "94 94 34 34 33 1",
    "DELETE assignments/<int:pk>/": "94 34 34 34 33 1",
    "GET assignments/<int:pk>/sheet/": "24 24 24 24 33 1",
    "GET assignments/<int:pk>/self-check/": "24 24 24 24 33 1",
    "GET audits/<uuid:id>/": "24 24 24 24 33 1",
    "PUT audits/<uuid:id>/": "33 33 24 33 33 1",
    "POST audits/<uuid:id>/answers/": "34 34 24 34 44 1",
    "PUT audits/<uuid:id>/answers/<str:item_code>/": "34 34 94 34 44 1",
    "POST audits/<uuid:id>/correct/": "04 34 34 34 44 1",
    "POST audits/<uuid:id>/expected/": "34 34 04 34 44 1",
    "POST audits/<uuid:id>/lost/": "34 34 04 34 44 1",
    "GET audits/<uuid:id>/receipt/": "24 24 24 24 33 1",
    "POST audits/<uuid:id>/reopen/": "24 34 34 34 44 1",
    "POST audits/<uuid:id>/submit/": "34 34 24 34 44 1",
    "POST auth/logout/": "22 22 22 22 22 1",
    "POST auth/token/": "11 11 11 11 11 1",
    "GET checklists/": "22 22 22 22 33 1",
    "POST checklists/import/": "00 33 33 33 33 1",
    "GET checklists/<slug:slug>/versions/<number:number>/": "22 22 22 22 33 1",
    "PUT checklists/<slug:slug>/versions/<number:number>/": "00 33 33 33 44 1",
    "POST checklists/<slug:slug>/versions/<number:number>/draft/": "22 33 33 33 44 1",
    "GET checklists/<slug:slug>/versions/<number:number>/preview/": "22 33 33 33 33 1",
    "POST checklists/<slug:slug>/versions/<number:number>/publish/": "99 33 33 33 33 1",
    "POST checklists/<slug:slug>/versions/<number:number>/what-if/": "22 33 33 33 33 1",
    "GET docs/": "22 22 22 22 22 2",
    "GET findings/": "22 22 22 22 33 1",
    "POST findings/": "20 33 20 33 33 1",
    "GET findings/<int:pk>/": "24 24 24 24 33 1",
    "POST findings/<int:pk>/close/": "94 94 94 34 33 1",
    "POST findings/<int:pk>/extension/": "34 34 34 24 33 1",
    "POST findings/<int:pk>/extension/grant/": "24 24 34 34 33 1",
    "POST findings/<int:pk>/extension/refuse/": "24 24 34 34 33 1",
    "POST findings/<int:pk>/fix-on-site/": "04 34 04 34 33 1",
    "POST findings/<int:pk>/reopen/": "94 94 94 34 33 1",
    "POST findings/<int:pk>/send-back/": "94 94 94 34 33 1",
    "POST findings/<int:pk>/start/": "34 34 34 24 33 1",
    "POST findings/<int:pk>/submit/": "34 34 34 94 33 1",
    "POST findings/<int:pk>/void/": "24 34 34 34 33 1",
    "POST findings/<int:pk>/waive/": "24 34 34 34 33 1",
    "GET history/": "22 22 22 22 32 1",
    "GET indicators/calibration/": "22 22 33 33 33 1",
    "GET indicators/effect/": "22 22 22 22 33 1",
    "GET indicators/table/": "44 33 33 33 33 1",
    "POST indicators/table/": "00 33 33 33 33 1",
    "PATCH indicators/table/<int:year>/rows/<slug:key>/": "44 33 33 33 33 1",
    "GET indicators/table/<int:year>/self-evaluations/": "44 33 33 33 33 1",
    "POST indicators/table/<int:year>/self-evaluations/": "44 33 33 33 33 1",
    "GET indicators/table/<int:year>/self-evaluations/<int:number>/": "44 33 33 33 33 1",
    "GET me/": "22 22 22 22 22 1",
    "GET notices/": "22 22 22 22 33 1",
    "POST notices/read/": "22 22 22 22 33 1",
    "GET photos/<uuid:id>/": "24 24 24 24 33 1",
    "PUT photos/<uuid:id>/": "34 34 94 34 44 1",
    "GET photos/<uuid:id>/display/": "24 24 24 24 33 1",
    "GET photos/<uuid:id>/original/": "24 24 24 24 33 1",
    "PUT photos/<uuid:id>/original/": "34 34 24 34 33 1",
    "GET photos/<uuid:id>/thumbnail/": "24 24 24 24 33 1",
    "POST photos/<uuid:id>/verdict/": "04 04 04 34 33 1",
    "POST photos/import/": "00 00 33 33 33 1",
    "GET regions/": "22 22 22 22 33 1",
    "GET regions/<code:code>/": "24 24 24 24 33 1",
    "GET regions/<code:code>/summary/": "24 24 34 34 33 1",
    "GET reports/": "22 22 33 22 33 1",
    "POST reports/": "00 00 33 00 33 1",
    "GET reports/<uuid:id>/": "44 44 33 44 33 1",
    "GET reports/<uuid:id>/file/": "44 44 33 44 33 1",
    "GET rounds/": "22 22 22 22 33 1",
    "POST rounds/": "22 33 33 33 33 1",
    "GET rounds/<int:pk>/": "22 22 22 22 33 1",
    "POST rounds/<int:pk>/assign/": "20 20 33 33 33 1",
    "GET rounds/<int:pk>/calendar/": "22 22 22 22 33 1",
    "GET rounds/<int:pk>/draws/": "22 22 33 33 33 1",
    "POST rounds/<int:pk>/draws/": "99 99 33 33 33 1",
    "GET rounds/<int:pk>/progress/": "22 22 33 33 33 1",
    "GET schema/": "22 22 22 22 22 2",
    "PUT selfchecks/<uuid:id>/": "33 33 33 24 33 1",
    "PUT selfchecks/<uuid:id>/answers/<str:item_code>/": "34 34 34 94 33 1",
    "GET stations/": "22 22 22 22 33 1",
    "GET stations/<code:code>/": "24 24 24 24 44 1",
    "PATCH stations/<code:code>/": "24 34 34 24 44 1",
    "GET stations/<code:code>/summary/": "24 24 24 24 33 1",
    "GET stations/export/": "22 22 33 33 33 1",
    "POST stations/import/": "00 33 33 33 33 1",
    "GET targets/activities/": "22 33 33 33 33 1",
    "POST targets/activities/": "00 33 33 33 33 1",
    "GET targets/activities/<int:pk>/": "44 33 33 33 33 1",
    "PATCH targets/activities/<int:pk>/": "44 33 33 33 33 1",
    "DELETE targets/activities/<int:pk>/": "44 33 33 33 33 1",
    "GET targets/activities/<int:pk>/photos/": "44 33 33 33 33 1",
    "POST targets/activities/<int:pk>/photos/": "44 33 33 33 33 1",
    "GET targets/budget/": "22 33 33 33 33 1",
    "POST targets/budget/": "00 33 33 33 33 1",
    "GET targets/budget/<int:pk>/": "44 33 33 33 33 1",
    "PATCH targets/budget/<int:pk>/": "44 33 33 33 33 1",
    "DELETE targets/budget/<int:pk>/": "44 33 33 33 33 1",
    "GET targets/commendations/": "22 33 33 33 33 1",
    "POST targets/commendations/": "00 33 33 33 33 1",
    "GET targets/commendations/<int:pk>/": "44 33 33 33 33 1",
    "PATCH targets/commendations/<int:pk>/": "44 33 33 33 33 1",
    "DELETE targets/commendations/<int:pk>/": "44 33 33 33 33 1",
    "GET targets/photos/<uuid:id>/display/": "44 33 33 33 33 1",
    "GET targets/photos/<uuid:id>/thumbnail/": "44 33 33 33 33 1",
    "GET targets/plan-tasks/": "22 33 33 33 33 1",
    "POST targets/plan-tasks/": "00 33 33 33 33 1",
    "GET targets/plan-tasks/<int:pk>/": "44 33 33 33 33 1",
    "PATCH targets/plan-tasks/<int:pk>/": "44 33 33 33 33 1",
    "DELETE targets/plan-tasks/<int:pk>/": "44 33 33 33 33 1",
    "GET targets/surveys/": "22 33 33 33 33 1",
    "POST targets/surveys/": "00 33 33 33 33 1",
    "GET targets/surveys/<int:pk>/": "44 33 33 33 33 1",
    "PATCH targets/surveys/<int:pk>/": "44 33 33 33 33 1",
    "DELETE targets/surveys/<int:pk>/": "44 33 33 33 33 1",
    "GET targets/volunteers/": "22 33 33 33 33 1",
    "POST targets/volunteers/": "00 33 33 33 33 1",
    "GET targets/volunteers/<int:pk>/": "44 33 33 33 33 1",
    "PATCH targets/volunteers/<int:pk>/": "44 33 33 33 33 1",
    "GET targets/volunteers/<int:pk>/points/": "44 33 33 33 33 1",
    "POST targets/volunteers/<int:pk>/redeem/": "44 33 33 33 33 1",
    "GET targets/volunteers/<int:pk>/services/": "44 33 33 33 33 1",
    "POST targets/volunteers/<int:pk>/services/": "44 33 33 33 33 1",
    "DELETE targets/volunteers/<int:pk>/services/<int:entry>/": "44 33 33 33 33 1",
    "GET users/": "22 22 33 33 22 1",
    "POST users/": "20 33 33 33 23 1",
    "GET users/<username:username>/": "24 24 33 33 22 1",
    "PATCH users/<username:username>/": "24 34 33 33 23 1",
    "POST users/<username:username>/disable/": "24 34 33 33 23 1",
    "POST users/<username:username>/enable/": "94 34 33 33 93 1",
    "POST users/<username:username>/reset-password/": "24 34 33 33 23 1",
    "GET work/": "33 33 22 22 33 1",
}

# How many rows of each list a person is told, and in `count`; nobody else's are among them.
# The columns of TABLE; those left out at the end, and None, may not ask.
COUNTS = {
    "assignments/": (2, 0, 1, 1, 1, 0, 1, 1),
    "checklists/": (1, 1, 1, 1, 1, 1, 1, 1),
    "findings/": (2, 0, 1, 1, 1, 0, 1, 1),
    "regions/": (3, 1, 1, 1, 1, 0, 1, 1),
    "reports/": (0, 0, 0, 0, None, None, 0, 0),
    "rounds/": (1, 1, 1, 1, 1, 1, 1, 1),
    "stations/": (2, 0, 1, 1, 1, 0, 1, 1),
    "targets/activities/": (0, 0),
    "targets/budget/": (0, 0),
    "targets/commendations/": (0, 0),
    "targets/plan-tasks/": (0, 0),
    "targets/surveys/": (0, 0),
    "targets/volunteers/": (0, 0),
    "users/": (8, 4, 2, 2),
}
DIARY = {"history/"}  # every call adds to it; its own tests say who reads what


@pytest.fixture
def doors(cast) -> World:
    return world(cast)


def doors_there_are() -> set[str]:
    return {
        f"{method.upper()} {route}"
        for route, view in api_routes().items()
        for method in methods(view)
    }


def test_every_door_has_its_row():
    unknown, gone = doors_there_are() - TABLE.keys(), TABLE.keys() - doors_there_are()

    assert not unknown, f"say in TABLE who may use the new route: {sorted(unknown)}"
    assert not gone, f"TABLE has rows of routes that are gone: {sorted(gone)}"


def test_every_door_opens_to_those_it_should_and_nobody_else(doors, api):
    wrong = {}
    for door, expected in TABLE.items():
        method, route = door.split(" ", 1)
        if (found := tried(doors, api, method.lower(), route)) != expected:
            wrong[door] = f"{found}, expected {expected}"

    assert wrong == {}


def lists() -> set[str]:
    return {route for route, view in api_routes().items() if issubclass(view, ListAPIView)}


def test_every_list_tells_its_own_and_counts_no_more(doors, api):
    assert lists() - DIARY == COUNTS.keys(), "say in COUNTS what each new list tells"

    for route, expected in COUNTS.items():
        told = [count(api(doors.people[name]), route) for name in PEOPLE[: len(expected)]]
        assert tuple(told) == expected, route


def count(client, route: str) -> int | None:
    answer = client.get(f"/{API}{route}", {"closed": "true"})
    if answer.status_code == 403:
        return None
    assert answer.data["count"] == len(answer.data["results"])
    number: int = answer.data["count"]
    return number


@pytest.mark.parametrize(
    ("who", "door", "field", "unknown"),
    [
        ("far_bureau", "POST rounds/<int:pk>/assign/", "stations", ["440309001-T999"]),
        ("far_bureau", "POST findings/", "station", "440309001-T999"),
        ("far_bureau", "POST users/", "stations", ["440309001-T999"]),
        ("inspector2", "POST findings/", "station", "440309001-T999"),
        ("inspector2", "PUT audits/<uuid:id>/", "assignment", 999_999),
        ("far_supervisor", "POST rounds/<int:pk>/assign/", "stations", ["440309001-T999"]),
    ],
)
def test_naming_what_is_out_of_scope_fails_as_if_it_did_not_exist(
    doors, api, who, door, field, unknown
):
    method, route = door.split(" ", 1)
    body = bodies(doors)[door]
    client, path = api(doors.people[who]), doors.path(API + route)

    foreign = getattr(client, method.lower())(path, body)
    missing = getattr(client, method.lower())(path, body | {field: unknown})

    def words(answer, value):
        code = value[0] if isinstance(value, list) else value
        return json.dumps(answer.json(), ensure_ascii=False).replace(str(code), "…")

    assert foreign.status_code == missing.status_code
    assert words(foreign, body[field]) == words(missing, unknown)


def test_a_disabled_account_s_next_request_is_401(cast, doors):
    _, token = AuthToken.objects.create(cast.bureau)
    client = APIClient(headers={"Authorization": f"Token {token}"})

    before = client.get("/api/v1/stations/").status_code
    cast.bureau.is_active = False
    cast.bureau.save()
    after = client.get("/api/v1/stations/")

    assert (before, after.status_code) == (200, 401)
    assert after["Content-Type"] == "application/problem+json"


def test_a_narrowed_scope_counts_from_the_next_request(cast, doors):
    client = APIClient()
    client.force_login(cast.supervisor)

    before = client.get(f"/api/v1/photos/{doors.photo.pk}/thumbnail/").status_code
    cast.supervisor.regions.clear()
    after = client.get(f"/api/v1/photos/{doors.photo.pk}/thumbnail/").status_code

    assert (before, after) == (200, 404)


def test_session_writes_need_the_csrf_token(cast, doors):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(cast.bureau)

    refused = client.post("/api/v1/rounds/", bodies(doors)["POST rounds/"])

    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


def tried(doors: World, api, method: str, route: str) -> str:
    cells = []
    for name in PEOPLE:
        with transaction.atomic():
            answer = call(doors, api(doors.people[name]), method, route)
            transaction.set_rollback(True)
        cells.append(CODES.get(answer.status_code, str(answer.status_code)))
    pairs = ["".join(cells[at : at + 2]) for at in range(0, len(cells), 2)]
    return " ".join(pairs)


def call(doors: World, client, method: str, route: str):
    body, options = given(doors, method, route)
    path = doors.path(API + route)
    if (method, route) == ("put", "photos/<uuid:id>/"):
        path = f"/{API}photos/{new_id()}/"
    return getattr(client, method)(path, body, **options)


def given(doors: World, method: str, route: str) -> tuple[Any, dict[str, str]]:
    """A body that would do, so that only the person decides."""
    if method == "get":
        return {}, {}
    if method == "put" and route.startswith("photos/"):
        return photo_form(doors, route), {"format": "multipart"}
    if route.endswith("/import/"):
        return {"file": SimpleUploadedFile("s.csv", b"code\n")}, {"format": "multipart"}
    return bodies(doors).get(f"{method.upper()} {route}", {"reason": "原因"}), {}


def photo_form(doors: World, route: str) -> dict[str, Any]:
    content = make.picture(3)
    sha256 = hashlib.sha256(content).hexdigest()
    form = {"file": SimpleUploadedFile("p.jpg", content), "sha256": sha256}
    if "original" not in route:
        form |= {"audit": str(doors.audit.pk)}
    return form


def bodies(doors: World) -> dict[str, Any]:
    answer = {"result": "pass", "answered_at": NOW}
    station = doors.finding.station.code
    return {
        "PUT selfchecks/<uuid:id>/": {"assignment": doors.audit.assignment_id, "started_at": NOW},
        "PUT selfchecks/<uuid:id>/answers/<str:item_code>/": answer,
        "POST rounds/": {"name": "新一轮", "starts_on": "2026-12-01", "ends_on": "2026-12-31"},
        "POST rounds/<int:pk>/assign/": {"stations": [station], "due_on": "2027-12-20"},
        "POST rounds/<int:pk>/draws/": {"count": 1, "due_on": "2027-12-20"},
        "PATCH assignments/<int:pk>/": {"due_on": "2027-12-20"},
        "PUT audits/<uuid:id>/": {"assignment": doors.audit.assignment_id, "started_at": NOW},
        "POST audits/<uuid:id>/answers/": {"answers": [{"item_code": "A02", **answer}]},
        "PUT audits/<uuid:id>/answers/<str:item_code>/": answer,
        "POST findings/": {"station": station, "note": "门口"},
        "POST findings/<int:pk>/submit/": {"measure": "已改", "photos": [new_id()]},
        "POST findings/<int:pk>/waive/": {"reason": "迁址", "review_on": "2027-12-20"},
        "POST findings/<int:pk>/extension/": {"reason": "材料", "due_on": "2029-12-20"},
        "PATCH stations/<code:code>/": {"phone": "0755-12345678"},
        "POST users/": {"username": "new.person", "role": "station_head", "stations": [station]},
        "PATCH users/<username:username>/": {"display_name": "站长"},
        "POST auth/token/": {"username": "nobody", "password": "wrong"},
    }
