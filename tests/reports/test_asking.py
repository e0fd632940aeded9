"""Asking for papers: who may have which, what is refused, what is given again."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from audits import store
from audits.models import Assignment, Finding, OutboxRow, Round
from audits.services import findings
from reports import making
from reports.models import Report
from reports.queries.fingerprints import digest_of
from stations.models import HistoryEntry, User
from tests import make
from tests.conftest import Cast
from tests.reports.asking import URL, ask, client, fetch, work

YEAR = timezone.localdate().year
KINDS = ["ledger", "scores", "notice", "close-out", "circular", "station", "archive"]


def test_asking_answers_at_once_and_is_found_again(cast: Cast, round_done: Assignment) -> None:
    asked = ask(cast.bureau, kind="scores", round=round_done.round_id)
    before = client(cast.bureau).get(f"{URL}{asked.data['id']}/").data
    work()
    after = client(cast.bureau).get(f"{URL}{asked.data['id']}/").data
    listed = client(cast.bureau).get(URL).data

    assert (asked.status_code, asked.data["format"]) == (202, "xlsx")
    assert (before["state"], before["progress"], before["url"]) == ("queued", 0, None)
    assert (after["state"], after["progress"]) == ("ready", 100)
    assert after["url"].endswith(f"/api/v1/reports/{asked.data['id']}/file/")
    assert [one["id"] for one in listed["results"]] == [asked.data["id"]]


ALLOWED = {
    "bureau": set(KINDS),
    "supervisor": set(KINDS),
    "head": {"notice", "close-out", "station"},
    "inspector": set(),
    "sysadmin": set(),
    "auditor": set(),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", ALLOWED)
def test_matrix_of_roles_and_kinds(who: str, kind: str, cast: Cast, round_done: Assignment) -> None:
    place = {"station": cast.station.code} if kind in {"notice", "close-out", "station"} else {}
    asked = ask(getattr(cast, who), kind=kind, **place)

    assert asked.status_code == (202 if kind in ALLOWED[who] else 403)
    if asked.status_code == 202:
        work()
        assert Report.objects.get().state == "ready"


def test_self_evaluation_is_the_bureaus_only(cast: Cast, db: None) -> None:
    refused = [ask(user, kind="self-evaluation") for user in (cast.supervisor, cast.head)]

    assert [one.status_code for one in refused] == [403, 403]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"kind": "novel"}, "kind"),
        ({}, "kind"),
        ({"kind": "ledger", "format": "pdf"}, "format"),
        ({"kind": "ledger", "format": "odt"}, "format"),
        ({"kind": "circular", "format": "xlsx"}, "format"),
        ({"kind": "station"}, "station"),
        ({"kind": "scores", "station": "HERE"}, "station"),
        ({"kind": "circular", "station": "HERE"}, "station"),
        ({"kind": "archive", "round": "THIS"}, "round"),
        ({"kind": "ledger", "round": 999_999}, "round"),
        ({"kind": "ledger", "round": "seven"}, "round"),
        ({"kind": "ledger", "round": "THIS", "year": YEAR}, "year"),
        ({"kind": "ledger", "year": 1900}, "year"),
        ({"kind": "notice", "station": "HERE", "region": "440309002"}, "region"),
        ({"kind": "self-evaluation", "region": "440309001"}, "region"),
    ],
)
def test_what_does_not_go_together_is_named(
    wanted: dict[str, Any], field: str, cast: Cast, round_done: Assignment
) -> None:
    real = {"HERE": cast.station.code, "THIS": round_done.round_id}
    refused = ask(cast.bureau, **{name: real.get(value, value) for name, value in wanted.items()})

    assert refused.status_code == 400
    assert [error["field"] for error in refused.json()["errors"]] == [field]


def test_out_of_scope_is_not_there(cast: Cast, round_done: Assignment) -> None:
    elsewhere = [
        ask(cast.stranger, kind="station", station=cast.station.code),
        ask(cast.supervisor, kind="station", station=cast.other_station.code),
        ask(cast.supervisor, kind="ledger", region="440309002"),
        ask(cast.bureau, kind="ledger", region="999999"),
        ask(cast.bureau, kind="station", station="nowhere"),
    ]

    assert [one.status_code for one in elsewhere] == [404] * 5
    assert not Report.objects.exists()


def test_anothers_paper_is_not_there(cast: Cast, round_done: Assignment) -> None:
    asked = ask(cast.bureau, kind="scores")
    work()
    url = f"{URL}{asked.data['id']}/"

    for user in (cast.supervisor, cast.head, cast.stranger):
        assert client(user).get(url).status_code == 404
        assert client(user).get(f"{url}file/").status_code == 404
        assert client(user).get(URL).data["results"] == []
    assert client(None).get(f"{url}file/").status_code == 401
    assert client(cast.inspector).get(url).status_code == 403


def test_a_supervisor_reads_the_own_subdistrict_only(cast: Cast, round_done: Assignment) -> None:
    sheet = load_workbook(fetch(cast.supervisor, kind="ledger")).active
    streets = {row[2].value for row in sheet.iter_rows(min_row=4) if isinstance(row[0].value, int)}

    assert streets == {"观湖街道"}


def test_a_lost_scope_takes_the_file_away(cast: Cast, round_done: Assignment) -> None:
    asked = ask(cast.head, kind="station", station=cast.station.code)
    work()
    cast.head.stations.clear()

    answer = client(cast.head).get(f"{URL}{asked.data['id']}/file/")

    assert answer.status_code == 404


def test_the_same_is_given_again_until_something_changes(
    cast: Cast, round_done: Assignment
) -> None:
    first = ask(cast.bureau, kind="ledger").data
    waiting = ask(cast.bureau, kind="ledger").data
    work()
    again = ask(cast.bureau, kind="ledger").data
    others = ask(cast.bureau, kind="ledger", region="440309001").data
    finding = Finding.objects.get(station=cast.other_station)
    findings.start(finding=finding, measure="", person="", by=cast.stranger, now=timezone.now())
    changed = ask(cast.bureau, kind="ledger").data

    assert first["id"] == waiting["id"] == again["id"]
    assert again["state"] == "ready"
    assert len({first["id"], others["id"], changed["id"]}) == 3


def test_what_an_earlier_release_made_is_not_given_again(
    cast: Cast, round_done: Assignment, settings: Any, tmp_path: Path
) -> None:
    first = ask(cast.bureau, kind="scores").data
    work()
    same = ask(cast.bureau, kind="scores").data
    settings.BASE_DIR = tmp_path  # another code
    other = ask(cast.bureau, kind="scores").data

    assert (same["id"], same["state"]) == (first["id"], "ready")
    assert (other["id"] != first["id"], other["state"]) == (True, "queued")


def test_edition_is_of_code_and_templates_and_of_nothing_beside(tmp_path: Path) -> None:
    for name in ("papers", "queries"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("one = 1")
    (tmp_path / "papers" / "a.typ").write_text("A4")
    folders = [tmp_path / "papers", tmp_path / "queries"]

    seen = [digest_of(folders)]
    (tmp_path / "papers" / "a.pyc").write_bytes(b"compiled")
    seen.append(digest_of(reversed(folders)))
    (tmp_path / "papers" / "a.typ").write_text("A3")
    seen.append(digest_of(folders))
    (tmp_path / "queries" / "a.py").rename(tmp_path / "queries" / "b.py")
    seen.append(digest_of(folders))

    assert seen[0] == seen[1]
    assert len(set(seen)) == 3


@pytest.mark.parametrize("whose", ["round", "inspector", "head"])
def test_another_name_is_another_paper(cast: Cast, round_done: Assignment, whose: str) -> None:
    """Papers print the names of rounds and people: with the old one they would go on."""
    first = ask(cast.bureau, kind="ledger", round=round_done.round_id).data
    work()
    if whose == "round":
        Round.objects.filter(pk=round_done.round_id).update(name="改了名的轮次")
    else:
        User.objects.filter(pk=getattr(cast, whose).pk).update(display_name="改了名的人")

    again = ask(cast.bureau, kind="ledger", round=round_done.round_id).data

    assert again["id"] != first["id"]


def test_every_export_and_download_leaves_its_entry(cast: Cast, round_done: Assignment) -> None:
    fetch(cast.head, kind="station", station=cast.station.code)

    told = HistoryEntry.objects.filter(action__startswith="report.").order_by("pk")
    assert [(entry.action, entry.actor, entry.station) for entry in told] == [
        ("report.requested", cast.head, cast.station),
        ("report.downloaded", cast.head, cast.station),
    ]


def test_made_twice_it_is_made_once(cast: Cast, round_done: Assignment) -> None:
    asked = ask(cast.bureau, kind="scores").data
    work()
    report = Report.objects.get(pk=asked["id"])

    making.make(str(report.pk), now=timezone.now())

    assert Report.objects.get(pk=report.pk).sha256 == report.sha256
    assert len(files(report)) == 1


def files(report: Report) -> list[Path]:
    return [path for path in store.absolute("reports").iterdir() if path.is_file()]


class Killed(BaseException):
    """As SIGKILL: nothing of ours catches it."""


@pytest.mark.parametrize("at", ["keep", "_digest"])
def test_killed_before_the_row_it_is_never_ready(
    at: str, cast: Cast, round_done: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(cast.bureau, kind="scores").data
    kept = making.store.keep

    def die(*args: Any) -> None:
        if at == "keep":
            kept(*args)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(making.store if at == "keep" else making, at, die)
        with pytest.raises(Killed):
            making.make(asked["id"], now=timezone.now())
    told = client(cast.bureau).get(f"{URL}{asked['id']}/").data
    file = client(cast.bureau).get(f"{URL}{asked['id']}/file/")
    making.make(asked["id"], now=timezone.now())

    assert (told["state"], told["url"], file.status_code) == ("running", None, 404)
    assert Report.objects.get().state == "ready"


def test_killed_every_time_it_says_so(cast: Cast, round_done: Assignment) -> None:
    asked = ask(cast.bureau, kind="scores").data
    Report.objects.update(tries=making.MOST_TRIES)

    making.make(asked["id"], now=timezone.now())

    told = client(cast.bureau).get(f"{URL}{asked['id']}/", HTTP_ACCEPT_LANGUAGE="en").data
    assert (told["state"], told["url"]) == ("failed", None)
    assert told["error"].startswith("This could not be made; the fault is recorded.")


def test_expired_files_go_and_the_rows_stay(cast: Cast, round_done: Assignment) -> None:
    asked = ask(cast.bureau, kind="scores").data
    work()
    report = Report.objects.get()
    later = report.expires_at + dt.timedelta(seconds=1)
    Report.objects.update(expires_at=timezone.now())

    making.expire(now=later)
    told = client(cast.bureau).get(f"{URL}{asked['id']}/").data
    again = ask(cast.bureau, kind="scores").data

    assert files(report) == []
    assert (told["expired"], told["url"]) == (True, None)
    assert client(cast.bureau).get(f"{URL}{asked['id']}/file/").json()["code"] == "expired"
    assert again["id"] != asked["id"]


def test_left_over_files_are_swept(cast: Cast, round_done: Assignment) -> None:
    ask(cast.bureau, kind="scores")
    work()
    report = Report.objects.get()
    orphan = files(report)[0].with_name("orphan.xlsx")
    orphan.write_bytes(b"half")

    making.expire(now=timezone.now())
    young = orphan.exists()
    making.expire(now=timezone.now() + dt.timedelta(days=2))

    assert young
    assert [path.name for path in files(report)] == [Path(report.path).name]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_questions_of_one_and_three(
    rows: int, cast: Cast, round_done: Assignment, django_assert_num_queries: Any
) -> None:
    for kind in KINDS[:rows]:
        ask(cast.bureau, kind=kind)

    with django_assert_num_queries(2):
        assert client(cast.bureau).get(URL).data["count"] == rows


def test_too_many_at_once_wait(cast: Cast, round_done: Assignment) -> None:
    for number in range(20):
        make_waiting(cast, number)

    assert ask(cast.bureau, kind="scores").status_code == 429
    assert OutboxRow.objects.filter(topic="report.make").count() == 0


def make_waiting(cast: Cast, number: int) -> None:
    Report.objects.create(
        kind="ledger", format="xlsx", year=2000 + number, region=make.region("440309"),
        requested_by=cast.bureau, created_at=timezone.now(),
    )  # fmt: skip
