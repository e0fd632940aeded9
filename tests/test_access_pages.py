"""Every page as every person: the stranger at every door, and nobody without signing in."""

import pytest
from django.db import transaction
from django.test import Client

from tests.doors import API, PEOPLE, World, routes, world

CODES = {200: "2", 302: "r", 400: "0", 403: "3", 404: "4"}

# Columns as in test_access_matrix: each role where the things are its own, then from outside.
# 2 shown (a form with its errors too), r sent on, 0 refused as given, L to the sign-in.
# A method a page does not have (p) needs no row.
TABLE = {
    "GET ": "rr rr rr rr rr L",
    "POST accounts/logout/": "rr rr rr rr rr r",
    "GET accounts/mine/": "22 22 22 22 22 L",
    "GET accounts/password/": "22 22 22 22 22 L",
    "POST accounts/password/": "22 22 22 22 22 L",
    "GET bureau/": "22 22 33 33 33 L",
    "POST bureau/assignments/<int:pk>/withdraw/": "r4 33 33 33 33 L",
    "GET bureau/audits/<uuid:id>/": "24 24 24 24 33 L",
    "POST bureau/audits/<uuid:id>/correct/": "r4 34 34 34 33 L",
    "POST bureau/audits/<uuid:id>/reopen/": "r4 34 34 34 33 L",
    "GET bureau/calendar/": "22 33 33 33 33 L",
    "POST bureau/calendar/forget/": "rr 33 33 33 33 L",
    "POST bureau/calendar/set/": "rr 33 33 33 33 L",
    "GET bureau/calibration/": "22 22 33 33 33 L",
    "GET bureau/causes/": "22 22 22 33 33 L",
    "POST bureau/causes/<int:pk>/join/": "44 33 33 33 33 L",
    "GET bureau/causes/new/<code:code>/": "44 33 33 33 33 L",
    "POST bureau/causes/new/<code:code>/": "44 33 33 33 33 L",
    "GET bureau/checklists/": "22 22 22 22 33 L",
    "GET bureau/checklists/<slug:slug>/<number:number>/": "22 22 22 22 33 L",
    "POST bureau/checklists/<slug:slug>/<number:number>/discard/": "rr 33 33 33 33 L",
    "GET bureau/checklists/<slug:slug>/<number:number>/download/": "22 22 22 22 33 L",
    "POST bureau/checklists/<slug:slug>/<number:number>/draft/": "rr 33 33 33 33 L",
    "GET bureau/checklists/<slug:slug>/<number:number>/edit/": "rr 33 33 33 33 L",
    "POST bureau/checklists/<slug:slug>/<number:number>/edit/": "rr 33 33 33 33 L",
    "GET bureau/checklists/<slug:slug>/<number:number>/publish/": "rr 33 33 33 33 L",
    "GET bureau/checklists/<slug:slug>/<number:number>/what-if/": "22 33 33 33 33 L",
    "POST bureau/checklists/<slug:slug>/<number:number>/publish/": "rr 33 33 33 33 L",
    "GET bureau/checklists/import/": "22 33 33 33 33 L",
    "POST bureau/checklists/import/": "22 33 33 33 33 L",
    "GET bureau/checklists/load/": "22 33 33 33 33 L",
    "POST bureau/checklists/load/": "22 33 33 33 33 L",
    "GET bureau/figure/<slug:name>/": "22 22 33 33 33 L",
    "GET bureau/findings/": "22 22 22 22 33 L",
    "GET bureau/findings/<int:pk>/": "24 24 24 24 33 L",
    "POST bureau/findings/<int:pk>/<slug:name>/": "r4 34 34 34 33 L",
    "GET bureau/history/": "22 22 22 22 32 L",
    "GET bureau/parcels/": "22 22 33 33 33 L",
    "POST bureau/parcels/": "rr rr 33 33 33 L",
    "GET bureau/people/": "22 22 33 33 22 L",
    "GET bureau/people/new/": "22 33 33 33 23 L",
    "POST bureau/people/new/": "22 33 33 33 23 L",
    "GET bureau/people/u/<username:username>/": "24 24 33 33 22 L",
    "POST bureau/people/u/<username:username>/": "24 34 33 33 23 L",
    "POST bureau/people/u/<username:username>/disable/": "r4 34 33 33 r3 L",
    "POST bureau/people/u/<username:username>/enable/": "r4 34 33 33 r3 L",
    "POST bureau/people/u/<username:username>/reset-password/": "24 34 33 33 23 L",
    "GET bureau/photos/": "22 22 22 33 33 L",
    "GET bureau/photos/<uuid:id>/": "24 24 24 24 33 L",
    "POST bureau/photos/<uuid:id>/verdict/": "r4 r4 r4 34 33 L",
    "GET bureau/posters/": "22 22 33 33 33 L",
    "GET bureau/reports/": "22 22 33 rr 33 L",
    "POST bureau/reports/": "00 00 33 rr 33 L",
    "GET bureau/review/": "22 22 22 33 33 L",
    "GET bureau/review/<int:pk>/": "r4 r4 r4 33 33 L",
    "POST bureau/review/<int:pk>/close/": "r4 r4 r4 34 33 L",
    "POST bureau/review/<int:pk>/send-back/": "r4 r4 r4 34 33 L",
    "GET bureau/review/together/": "22 22 22 33 33 L",
    "POST bureau/review/together/close/": "rr rr rr 33 33 L",
    "GET bureau/rounds/": "22 22 33 33 33 L",
    "GET bureau/rounds/<int:pk>/": "22 22 33 33 33 L",
    "POST bureau/rounds/<int:pk>/assign/": "rr rr 33 33 33 L",
    "POST bureau/rounds/<int:pk>/change/": "rr 33 33 33 33 L",
    "GET bureau/rounds/<int:pk>/calendar/": "22 22 33 33 33 L",
    "POST bureau/rounds/<int:pk>/draw/": "rr rr 33 33 33 L",
    "GET bureau/rounds/<int:pk>/progress/": "22 22 33 33 33 L",
    "POST bureau/rounds/<int:pk>/reassign/": "rr rr 33 33 33 L",
    "GET bureau/rounds/new/": "22 33 33 33 33 L",
    "POST bureau/rounds/new/": "00 33 33 33 33 L",
    "GET bureau/scores/": "22 22 33 33 33 L",
    "GET bureau/stations/": "22 22 22 22 33 L",
    "GET bureau/stations/<code:code>/": "24 24 24 24 33 L",
    "GET bureau/stations/<code:code>/close/": "24 34 34 34 33 L",
    "POST bureau/stations/<code:code>/close/": "24 34 34 34 33 L",
    "GET bureau/stations/<code:code>/contact/": "24 34 34 24 33 L",
    "POST bureau/stations/<code:code>/contact/": "r4 34 34 r4 33 L",
    "GET bureau/stations/<code:code>/merge/": "24 34 34 34 33 L",
    "POST bureau/stations/<code:code>/merge/": "24 34 34 34 33 L",
    "GET bureau/stations/<code:code>/poster/": "24 24 33 33 33 L",
    "GET bureau/stations/<code:code>/rename/": "24 34 34 34 33 L",
    "POST bureau/stations/<code:code>/rename/": "24 34 34 34 33 L",
    "POST bureau/stations/<code:code>/reopen/": "r4 34 34 34 33 L",
    "GET bureau/stations/<code:code>/score/": "24 24 24 24 33 L",
    "GET bureau/stations/<code:code>/split/": "24 34 34 34 33 L",
    "POST bureau/stations/<code:code>/split/": "24 34 34 34 33 L",
    "GET bureau/stations/<code:code>/survey-poster/": "24 33 33 33 33 L",
    "GET bureau/stations/export/": "22 22 33 33 33 L",
    "GET bureau/stations/import/": "22 33 33 33 33 L",
    "POST bureau/stations/import/": "22 33 33 33 33 L",
    "GET bureau/stations/new/": "22 33 33 33 33 L",
    "POST bureau/stations/new/": "22 33 33 33 33 L",
    "GET bureau/survey-posters/": "22 33 33 33 33 L",
    "GET bureau/targets/": "22 33 33 33 33 L",
    "GET bureau/targets/<int:year>/<slug:slug>/": "44 44 44 44 44 L",
    "GET bureau/targets/<int:year>/<slug:slug>/<int:pk>/": "44 44 44 44 44 L",
    "POST bureau/targets/<int:year>/<slug:slug>/<int:pk>/": "44 44 44 44 44 L",
    "POST bureau/targets/<int:year>/<slug:slug>/<int:pk>/withdraw/": "44 33 33 33 33 L",
    "GET bureau/targets/<int:year>/<slug:slug>/new/": "44 44 44 44 44 L",
    "POST bureau/targets/<int:year>/<slug:slug>/new/": "44 44 44 44 44 L",
    "POST bureau/targets/<int:year>/activities/<int:pk>/photos/": "44 33 33 33 33 L",
    "GET bureau/targets/<int:year>/change/": "44 33 33 33 33 L",
    "POST bureau/targets/<int:year>/change/": "44 33 33 33 33 L",
    "GET bureau/targets/<int:year>/document/": "44 33 33 33 33 L",
    "GET bureau/targets/<int:year>/self-evaluation/": "44 33 33 33 33 L",
    "GET bureau/targets/<int:year>/self-evaluation/<int:number>/": "44 33 33 33 33 L",
    "POST bureau/targets/<int:year>/self-evaluation/reasons/<slug:key>/": "44 33 33 33 33 L",
    "POST bureau/targets/<int:year>/self-evaluation/sign/": "44 33 33 33 33 L",
    "POST bureau/targets/copy/": "rr 33 33 33 33 L",
    "GET bureau/targets/photos/<uuid:id>/<slug:which>/": "44 33 33 33 33 L",
    "GET bureau/targets/volunteers/": "22 33 33 33 33 L",
    "GET bureau/targets/volunteers/<int:pk>/": "44 33 33 33 33 L",
    "POST bureau/targets/volunteers/<int:pk>/": "44 33 33 33 33 L",
    "POST bureau/targets/volunteers/<int:pk>/redeem/": "44 33 33 33 33 L",
    "POST bureau/targets/volunteers/<int:pk>/serve/": "44 33 33 33 33 L",
    "POST bureau/targets/volunteers/<int:pk>/serve/<int:entry>/withdraw/": "44 33 33 33 33 L",
    "GET bureau/targets/volunteers/new/": "22 33 33 33 33 L",
    "POST bureau/targets/volunteers/new/": "00 33 33 33 33 L",
    "GET bureau/work/": "22 22 33 33 33 L",
    "GET m/": "33 33 22 33 33 2",
    "GET m/a/<int:pk>/": "33 33 22 33 33 2",
    "GET m/q/": "33 33 22 33 33 2",
    "GET manifest.webmanifest": "22 22 22 22 22 2",
    "GET my/": "33 33 33 22 33 L",
    "GET my/findings/<int:pk>/": "33 33 33 24 33 L",
    "POST my/findings/<int:pk>/extension/": "33 33 33 r4 33 L",
    "GET my/reports/": "rr rr 33 22 33 L",
    "POST my/reports/": "rr rr 33 44 33 L",
    "GET my/scores/": "33 33 33 22 33 L",
    "GET my/self-checks/<int:pk>/": "33 33 33 24 33 L",
    "GET my/waiting/": "33 33 33 22 33 L",
    "GET notices/": "22 22 22 22 33 L",
    "POST notices/read/": "rr rr rr rr 33 L",
    "GET r/<str:sealed>/": "44 44 44 44 44 4",
    "GET s/<code:code>/": "r4 r4 r4 r4 44 L",
    "GET snap/": "22 33 22 33 33 L",
    "GET snap/<code:code>/": "24 33 24 33 33 L",
    "GET survey/<str:token>/": "44 44 44 44 44 4",
    "POST survey/<str:token>/": "44 44 44 44 44 4",
    "GET survey/at/<code:code>/": "44 44 44 44 44 4",
    "GET survey/thanks/": "22 22 22 22 22 2",
    "GET sw.js": "22 22 22 22 22 2",
    "GET visit/": "22 22 22 33 33 L",
    "GET visit/<code:code>/": "24 24 24 33 33 L",
    "GET visit/findings/<int:pk>/": "24 24 24 33 33 L",
    "GET wall/": "22 22 33 33 33 L",
    "GET wall/board/": "22 22 33 33 33 L",
}

OPEN = {"healthz", "readyz", "accounts/login/", "accounts/language/", "accounts/size/"}


@pytest.fixture
def doors(cast) -> World:
    return world(cast)


def doors_there_are() -> set[str]:
    pages = {route for route, _ in routes() if not route.startswith(API)} - OPEN
    return {f"{method} {route}" for route in pages for method in ("GET", "POST")}


def test_every_page_opens_to_those_it_should_and_nobody_else(doors):
    there = doors_there_are()
    gone = TABLE.keys() - there
    assert not gone, f"TABLE has rows of pages that are gone: {sorted(gone)}"

    wrong, unknown, clients = {}, {}, signed_in(doors)
    for door in sorted(there):
        found = shown(doors, clients, door)
        clients = signed_in(doors) if door.endswith("logout/") else clients
        if door not in TABLE and found != "p":
            unknown[door] = found
        elif TABLE.get(door, found) != found:
            wrong[door] = f"{found}, expected {TABLE[door]}"
    assert not unknown, f"say in TABLE who may see the new page: {unknown}"
    assert wrong == {}


def signed_in(doors: World) -> dict[str, Client]:
    clients = {name: Client() for name in PEOPLE}
    for name, client in clients.items():
        if user := doors.people[name]:
            client.force_login(user)
    return clients


def shown(doors: World, clients: dict[str, Client], door: str) -> str:
    """One cell per person; "p" alone where the page has no such method."""
    method, route = door.split(" ", 1)
    cells = []
    for client in clients.values():
        with transaction.atomic():
            answer = getattr(client, method.lower())(doors.path(route), {"reason": "原因"})
            transaction.set_rollback(True)
        if answer.status_code == 405:
            return "p"
        is_sign_in = answer.get("Location", "").startswith("/accounts/login/?next=")
        cells.append("L" if is_sign_in else CODES.get(answer.status_code, str(answer.status_code)))
    return " ".join("".join(cells[at : at + 2]) for at in range(0, len(cells), 2))


def test_the_phone_s_empty_shell_tells_nothing_of_the_task(doors):
    for name in ("anonymous", "inspector2"):
        client = Client()
        if user := doors.people[name]:
            client.force_login(user)
        told = client.get(doors.path("m/a/<int:pk>/")).content.decode()

        assert doors.finding.station.name_zh not in told
        assert doors.finding.station.code not in told


@pytest.mark.parametrize("value", ["%00", "9" * 30, "-1", "abc", "%F0%9F%98%80", "0001-01-01"])
def test_odd_query_to_a_page_is_answered(doors, value):
    client = Client()
    client.force_login(doors.people["bureau"])
    names = [
        "page", "status", "station", "region", "round", "year", "as_of", "inspector", "search",
        "item", "severity", "overdue", "kind", "role", "next", "part",
    ]  # fmt: skip
    query = "&".join(f"{name}={value}" for name in names)

    for door, cells in TABLE.items():
        if door.startswith("GET bureau") and cells.startswith("2"):
            answer = client.get(f"{doors.path(door.removeprefix('GET '))}?{query}")
            assert answer.status_code in {200, 302, 400, 404}, door
