"""manage.py reconcile and verify_history: each planted difference is named, and what can be is
put right."""

from __future__ import annotations

import datetime as dt
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from audits import outbox, store
from audits.models import Answer, Audit, EvidencePhoto, Finding, OutboxRow
from indicators import reconcile, rollups, tasks
from indicators.models import RegionRollup, StationRollup
from stations.services import history
from tests import make
from tests.conftest import Cast

LONG_AGO = dt.timedelta(minutes=5)


@pytest.fixture
def audit(cast: Cast) -> Audit:
    """An audit handed in, its picture processed, everything in order."""
    make.version()
    rollups.rebuild(now=timezone.now())
    made = make.submitted(
        make.assignment(cast.bureau, cast.inspector, cast.station), A02="fail", B02="partial"
    )
    outbox.drain()
    assert words() == []
    return made


def words() -> list[str]:
    return [difference.words for difference in reconcile.differences(timezone.now())]


def run(*options: str) -> tuple[int, list[str]]:
    out = StringIO()
    try:
        call_command("reconcile", *options, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def stray(name: str, age: dt.timedelta = LONG_AGO) -> Path:
    path = store.absolute(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half a picture")
    moment = (timezone.now() - age).timestamp()
    os.utime(path, (moment, moment))
    return path


def past_guards(sql: str) -> None:
    """What somebody with the database in hand could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql)
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(sql)
        for _, text in guards:
            cursor.execute(text)


def test_all_in_order_says_so(audit: Audit) -> None:
    assert run() == (0, ["0 differences"])


def test_missing_cut_and_altered_evidence_is_named_and_stays_named(
    audit: Audit, cast: Cast
) -> None:
    third = make.photo(cast.head, finding=Finding.objects.get(item_code="A02"))
    second = make.photo(cast.head, finding=Finding.objects.get(item_code="B02"))
    first = audit.photos.get()
    store.absolute(first.path).unlink()
    cut, altered = store.absolute(second.path), store.absolute(third.path)
    content = altered.read_bytes()
    altered.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    cut.write_bytes(cut.read_bytes()[:100])

    code, lines = run("--repair")

    expected = [
        f"photo {first.pk}: file {first.path} is missing",
        f"photo {third.pk}: file {third.path} does not have the SHA-256 of its receipt",
        f"photo {second.pk}: file {second.path} has 100 bytes instead of {second.size}",
    ]
    assert code == 1
    assert lines == expected + [f"still: {line}" for line in expected]


def test_strays_are_named_and_set_aside_once_they_are_old(audit: Audit) -> None:
    orphan = stray("evidence/ab/nobodys.jpg")
    left = stray("incoming/0123abcd")
    part = stray("copies/ab/x-display.jpg.1234.part")
    young = stray("incoming/still-coming", age=dt.timedelta(seconds=5))

    code, lines = run()

    assert code == 1
    assert lines == [
        "orphan file evidence/ab/nobodys.jpg",
        "left-over temporary file copies/ab/x-display.jpg.1234.part",
        "left-over temporary file incoming/0123abcd",
    ]
    assert run("--repair")[0] == 0
    assert [path.exists() for path in (orphan, left, part, young)] == [False, False, False, True]
    aside = [path.name for path in store.absolute("quarantine").rglob("*") if path.is_file()]
    assert sorted(aside) == ["0123abcd", "nobodys.jpg", "x-display.jpg.1234.part"]
    assert words() == []


def test_a_lost_copy_is_drawn_again(audit: Audit) -> None:
    photo = audit.photos.get()
    store.absolute(photo.thumbnail_path).unlink()

    assert run() == (1, [f"photo {photo.pk}: copy {photo.thumbnail_path} is missing"])

    assert run("--repair")[0] == 0
    photo.refresh_from_db()
    assert photo.state == EvidencePhoto.State.PROCESSED
    assert store.absolute(photo.thumbnail_path).is_file()


def test_a_photo_nobody_will_process_is_named_and_processed(audit: Audit, cast: Cast) -> None:
    photo = make.photo(cast.head, finding=Finding.objects.get(item_code="A02"))
    OutboxRow.objects.filter(key=str(photo.pk)).delete()
    later = timezone.now() + LONG_AGO

    [difference] = reconcile.differences(later)

    assert difference.words == f"photo {photo.pk}: not processed, not queued"
    assert words() == []


def test_wrong_rollups_are_named_and_rebuilt(audit: Audit, cast: Cast) -> None:
    period = f"r{audit.assignment.round_id}"
    StationRollup.objects.filter(station=cast.station, period=period).update(repeats=7)
    RegionRollup.objects.filter(region__code="440309", period=period).update(audited=0)

    code, lines = run()

    assert code == 1
    assert lines == [
        f"roll-up of station {cast.station.code} {period} has repeats 7, recounted 0",
        f"roll-up of region 440309 {period} has audited 0, recounted 1",
    ]
    assert run("--repair")[0] == 0
    assert run() == (0, ["0 differences"])


def test_work_just_queued_is_no_difference_and_old_work_is(audit: Audit, cast: Cast) -> None:
    make.submitted(make.assignment(cast.bureau, cast.inspector2, cast.other_station), A02="fail")

    assert words() == []

    late = timezone.now() + LONG_AGO
    told = [difference.words for difference in reconcile.differences(late)]
    assert len(told) == OutboxRow.objects.waiting().count() > 0
    assert all("waiting for 3" in one or "waiting for 29" in one for one in told)


def test_work_set_aside_is_named_and_tried_again(audit: Audit, cast: Cast) -> None:
    row = OutboxRow.objects.filter(topic="station.changed").latest("pk")
    OutboxRow.objects.filter(pk=row.pk).update(
        done_at=None, quarantined_at=timezone.now(), attempts=3, error="ValueError: x"
    )

    code, lines = run()

    assert (code, lines) == (
        1, [f"outbox {row.pk} station.changed {cast.station.pk}: set aside after 3 tries "
            "(ValueError: x)"],
    )  # fmt: skip
    assert run("--repair")[0] == 0
    row.refresh_from_db()
    assert row.done_at is not None


def test_a_changed_finding_or_event_breaks_its_chain(audit: Audit) -> None:
    first, second = Finding.objects.order_by("item_code")
    past_guards(f"UPDATE audits_findingevent SET reason = 'x' WHERE finding_id = {first.pk}")
    past_guards(f"UPDATE audits_finding SET event_count = 5 WHERE id = {second.pk}")

    expected = [
        f"finding {first.pk}: event 1 does not match its hash",
        f"finding {second.pk}: does not name its last event",
    ]

    assert words() == expected
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("verify_history", stdout=out)
    assert (error.value.returncode, out.getvalue().splitlines()) == (1, expected)


def test_verify_history_finds_a_forged_entry(audit: Audit) -> None:
    history.seal(now=timezone.now())
    out = StringIO()
    call_command("verify_history", stdout=out)
    assert out.getvalue() == "0 breaks\n"

    past_guards("UPDATE stations_historyentry SET actor_name = 'x' WHERE action = 'audit.submit'")

    with pytest.raises(CommandError):
        call_command("verify_history", stdout=out)
    assert "seal 1 does not match" in out.getvalue()


def test_an_answer_changed_behind_the_frozen_revision_is_named(audit: Audit) -> None:
    Answer.objects.filter(audit=audit, item__code="A01").update(note="改过")
    past_guards("UPDATE audits_auditrevision SET content_hash = 'x'")

    assert words() == [
        f"audit {audit.pk}: revision 1 has another hash",
        f"audit {audit.pk}: answer A01 is not what was frozen",
    ]


@pytest.mark.django_db
def test_an_empty_installation_reconciles() -> None:
    assert run() == (0, ["0 differences"])


def test_the_nightly_tasks_run(audit: Audit, caplog: Any) -> None:
    tasks.rebuild()
    tasks.take_snapshots()
    tasks.reconcile_nightly()

    assert not caplog.records
