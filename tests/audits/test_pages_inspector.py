"""The inspector's pages and the station's door, tried with everyone."""

import base64
import datetime as dt
import json
import re
import uuid

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from audits.models import Assignment
from stations.models import HistoryEntry
from tests import make
from tests.conftest import Cast

WORK_QUERIES = 7  # session, account, key, tasks, photos handed in, latest answers, expected


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def test_work_puts_every_task_in_its_group(client: Client, cast: Cast) -> None:
    make.version()
    round = make.round_(cast.bureau, starts_on=timezone.localdate() - dt.timedelta(days=20))
    names = {}
    for group, days in {"overdue": -3, "today": 0, "later": 5, "started": 6, "done": 7}.items():
        station = make.station(region=cast.station.region)
        task = make.assignment(cast.bureau, cast.inspector, station, round)
        task.due_on = timezone.localdate() + dt.timedelta(days=days)
        task.save()
        names[group] = station.short_name
        if group == "started":
            make.audit(task)
        if group == "done":
            make.submitted(task)
    client.force_login(cast.inspector)

    work = client.get("/api/v1/work/").json()

    assert {task["group"]: task["station"]["short_name"] for task in work["tasks"]} == names
    assert work["username"] == "inspector"


@pytest.mark.parametrize("rows", [1, 3])
def test_work_asks_the_same_of_the_database_for_any_number_of_tasks(
    client: Client, cast: Cast, rows: int, django_assert_num_queries: object
) -> None:
    make.version()
    round = make.round_(cast.bureau)
    for _ in range(rows):
        task = make.assignment(cast.bureau, cast.inspector, make.station(), round)
        make.submitted(task, A01="unable")
    client.force_login(cast.inspector)
    client.get("/api/v1/work/")

    with django_assert_num_queries(WORK_QUERIES):
        client.get("/api/v1/work/")


def test_sheet_names_another_version_when_it_would_read_differently(
    client: Client, task: Assignment
) -> None:
    client.force_login(task.inspector)
    versions = [client.get("/api/v1/work/").json()["tasks"][0]["sheet"]]

    audit = make.audit(task)
    versions.append(client.get("/api/v1/work/").json()["tasks"][0]["sheet"])
    make.answers(audit, A02="fail")
    versions.append(client.get("/api/v1/work/").json()["tasks"][0]["sheet"])
    english = client.get("/api/v1/work/", headers={"Accept-Language": "en"}).json()
    versions.append(english["tasks"][0]["sheet"])

    assert english["language"] == "en"
    assert len(set(versions)) == 4


def test_shell_holds_nobodys_data(client: Client, task: Assignment) -> None:
    plain = [page(client, path) for path in ("/m/", "/m/q/", f"/m/a/{task.pk}/", "/m/a/999/")]
    client.force_login(task.inspector)
    signed_in = page(client, f"/m/a/{task.pk}/")

    assert len({*plain, signed_in}) == 1
    assert task.inspector.username not in signed_in
    assert task.station.short_name not in signed_in


def test_worker_keeps_the_shell_and_never_data(client: Client, db: None) -> None:
    response = client.get("/sw.js")
    text = response.content.decode()

    files = json.loads(re.search(r"const FILES = (\[.*?\]);", text)[1].replace("\\u002D", "-"))
    assert response["Cache-Control"] == "no-cache"
    assert any(name.endswith("form/app.js") for name in files)
    assert any(name.endswith("dom.js") for name in files)
    assert [name for name in files if not name.startswith("/static/")] == []
    version = re.search(r"shell-(\w+)", text)[1]
    assert f'data-version="{version}"' in page(client, "/m/")


def test_manifest_names_icons_that_exist(client: Client, db: None) -> None:
    body = client.get("/manifest.webmanifest").json()

    assert body["start_url"] == "/m/"
    for icon in body["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_sheet_of_a_colleague_is_not_there(client: Client, cast: Cast, task: Assignment) -> None:
    client.force_login(cast.inspector2)

    assert client.get(f"/api/v1/assignments/{task.pk}/sheet/").status_code == 404
    assert client.get("/api/v1/work/").json()["tasks"] == []


@pytest.mark.parametrize(
    ("who", "status"),
    [("head", 200), ("stranger", 200), ("bureau", 403), ("supervisor", 403), ("sysadmin", 403),
     ("auditor", 403)],
)  # fmt: skip
def test_inspectors_pages_are_for_inspectors(
    client: Client, cast: Cast, task: Assignment, who: str, status: int
) -> None:
    """A station head keeps after-photos on the phone: the key of the store, and no task of others."""
    client.force_login(getattr(cast, who))

    work = client.get("/api/v1/work/")

    assert client.get("/m/").status_code == 403
    assert work.status_code == status
    if status == 200:
        assert (work.json()["tasks"], work.json()["expected"]) == ([], [])
        assert len(base64.b64decode(work.json()["key"])) == 32


def test_work_is_refused_to_those_who_are_not_signed_in(client: Client, db: None) -> None:
    assert client.get("/api/v1/work/").status_code == 401


def test_a_phone_that_still_works_as_somebody_else_is_refused(
    client: Client, cast: Cast, task: Assignment
) -> None:
    client.force_login(cast.inspector2)

    answer = client.get("/api/v1/work/", headers={"X-Person": "inspector"})

    assert (answer.status_code, answer.json()["code"]) == (401, "other_person")
    assert client.get("/api/v1/work/", headers={"X-Person": "inspector2"}).status_code == 200


def test_key_is_each_persons_own_and_stays(client: Client, cast: Cast) -> None:
    keys = []
    for user in (cast.inspector, cast.inspector2, cast.inspector):
        client.force_login(user)
        keys.append(client.get("/api/v1/work/").json()["key"])

    assert keys[0] == keys[2] != keys[1]
    assert len(base64.b64decode(keys[0])) == 32


def test_announced_photos_are_expected_until_they_come_or_are_lost(
    client: Client, cast: Cast, task: Assignment
) -> None:
    audit = make.audit(task)
    client.force_login(cast.inspector)
    ids = [str(uuid.uuid4()) for _ in range(4)]
    photos = [{"id": id, "item_code": "A01", "sha256": "0" * 64, "size": 9} for id in ids]
    told = {"device": "d1", "photos": photos}
    path = f"/api/v1/audits/{audit.pk}"
    for body in (told, told, {"device": "d1", "photos": [], "dropped": ids[3:]}):
        assert client.post(f"{path}/expected/", body, "application/json").status_code == 200
    make.photo(cast.inspector, audit=audit, item_code="A01", id=uuid.UUID(ids[0]))

    lost = client.post(f"{path}/lost/", {"device": "d1", "photos": ids[:2]}, "application/json")

    assert lost.json() == {"lost": [ids[1]]}
    expected = client.get("/api/v1/work/").json()["expected"]
    assert [(photo["id"], photo["device"]) for photo in expected] == [(ids[2], "d1")]
    entry = HistoryEntry.objects.get(action="client_storage_lost")
    assert (entry.detail["photos"], entry.succeeded) == ([ids[1]], False)


@pytest.mark.parametrize("who", ["inspector2", "bureau", "head", "stranger"])
def test_only_its_inspector_speaks_for_an_audit(
    client: Client, cast: Cast, task: Assignment, who: str
) -> None:
    audit = make.audit(task)
    client.force_login(getattr(cast, who))

    for verb in ("expected", "lost"):
        answer = client.post(
            f"/api/v1/audits/{audit.pk}/{verb}/", {"device": "d", "photos": []}, "application/json"
        )
        assert answer.status_code in {403, 404}


def test_door_leads_everyone_to_their_work(client: Client, cast: Cast, task: Assignment) -> None:
    code = cast.station.code
    wanted = {
        "inspector": f"/m/a/{task.pk}/",
        "head": f"/my/?station={code}",
        "bureau": f"/bureau/stations/{code}/score/",
        "supervisor": f"/bureau/stations/{code}/score/",
    }
    found = {}
    for who in wanted:
        client.force_login(getattr(cast, who))
        found[who] = client.get(f"/s/{code}/").url

    assert found == wanted


@pytest.mark.parametrize("who", ["stranger", "inspector2", "sysadmin", "auditor"])
def test_door_is_shut_to_strangers(client: Client, cast: Cast, task: Assignment, who: str) -> None:
    client.force_login(getattr(cast, who))

    assert client.get(f"/s/{cast.station.code}/").status_code == 404


def test_posters_are_one_per_station_in_scope(client: Client, cast: Cast) -> None:
    client.force_login(cast.supervisor)

    text = page(client, "/bureau/posters/")

    assert text.count('<svg class="qr"') + text.count('class="qr"') >= 1
    assert f"/s/{cast.station.code}/" in text
    assert cast.other_station.code not in text
    assert client.get(f"/bureau/stations/{cast.other_station.code}/poster/").status_code == 404


@pytest.mark.parametrize("who", ["inspector", "head", "auditor"])
def test_posters_are_for_those_who_plan(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))

    assert client.get("/bureau/posters/").status_code == 403
