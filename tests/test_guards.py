"""What the database itself refuses, asked by raw SQL: rows that never change, and triggers lost.

A migration that rebuilds a guarded table on SQLite drops its triggers. Here that fails.
"""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audits import outbox
from audits.models import Finding
from audits.services import audits, draws, findings
from checklists.models import ChecklistVersion
from stations.services import history
from tests import make

MARK = "_guard_"


@pytest.fixture
def lived(cast, task):
    """One row of everything that is guarded."""
    make.self_checked(task, cast.head, A01="pass")
    audit = make.submitted(task, A02="fail")
    findings.close(
        finding=make.rectified(Finding.objects.get(), cast.head), by=cast.inspector,
        now=timezone.now(),
    )  # fmt: skip
    audits.reopen_audit(audit=audit, reason="更正", by=cast.bureau, now=timezone.now())
    outbox.drain()
    history.seal(now=timezone.now())
    draws.draw(
        round=task.round, stations=[cast.other_station], count=1, due_on=task.due_on,
        by=cast.bureau, now=timezone.now(),
    )  # fmt: skip
    _snapshot()
    return audit


def _snapshot() -> None:
    """A row put in by its columns: what a snapshot holds is the figures' affair."""
    model = apps.get_model("indicators", "Snapshot")
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, model._meta.db_table)
    values = {}
    for column in columns:
        field = next(f for f in model._meta.local_fields if f.column == column.name)
        if not field.primary_key:
            values[column.name] = _any_value(field)
    names = ", ".join(values)
    places = ", ".join(["%s"] * len(values))
    run(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places})", [*values.values()])


def _any_value(field):
    if field.is_relation:
        return field.related_model.objects.values_list("pk", flat=True).first()
    kind = field.get_internal_type()
    if kind == "JSONField":
        return "{}"
    if kind in {"DateField", "DateTimeField"}:
        return "2026-11-23"
    return "x" if kind in {"CharField", "TextField"} else 0


def run(sql: str, values: list[object] | None = None) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


REFUSED = [
    # table, change; every one must hit a row and be refused
    ("stations_historyentry", "UPDATE {} SET actor_name = 'nobody'"),
    ("stations_historyentry", "UPDATE {} SET detail = '{{}}', action = 'x'"),
    ("stations_historyentry", "UPDATE {} SET seal_id = NULL"),
    ("stations_historyentry", "DELETE FROM {}"),
    ("stations_historyseal", "UPDATE {} SET hash = 'x'"),
    ("stations_historyseal", "DELETE FROM {}"),
    ("checklists_checklistversion", "UPDATE {} SET params = '{{}}'"),
    ("checklists_checklistversion", "UPDATE {} SET status = 'draft'"),
    ("checklists_checklistversion", "DELETE FROM {}"),
    ("checklists_section", "UPDATE {} SET title_zh = 'x'"),
    ("checklists_section", "DELETE FROM {}"),
    ("checklists_item", "UPDATE {} SET points = 1"),
    ("checklists_item", "DELETE FROM {}"),
    ("audits_assignmentevent", "UPDATE {} SET kind = 'withdrawn'"),
    ("audits_assignmentevent", "DELETE FROM {}"),
    ("audits_auditevent", "UPDATE {} SET kind = 'completed'"),
    ("audits_auditevent", "DELETE FROM {}"),
    ("audits_auditrevision", "UPDATE {} SET earned = 1"),
    ("audits_auditrevision", "DELETE FROM {}"),
    ("audits_findingevent", "UPDATE {} SET reason = 'x'"),
    ("audits_findingevent", "DELETE FROM {}"),
    ("audits_finding", "DELETE FROM {}"),
    ("audits_rectification", "DELETE FROM {}"),
    ("audits_evidencephoto", "UPDATE {} SET sha256 = 'x'"),
    ("audits_evidencephoto", "UPDATE {} SET size = 1"),
    ("audits_evidencephoto", "UPDATE {} SET path = 'elsewhere'"),
    ("audits_evidencephoto", "UPDATE {} SET kind = 'before'"),
    ("audits_evidencephoto", "UPDATE {} SET item_id = NULL WHERE item_id IS NOT NULL"),
    ("audits_evidencephoto", "UPDATE {} SET taken_at = NULL"),
    ("audits_evidencephoto", "UPDATE {} SET latitude = 1, longitude = 1"),
    ("audits_evidencephoto", "UPDATE {} SET received_at = '2020-01-01'"),
    ("audits_evidencephoto", "DELETE FROM {}"),
    ("audits_draw", "UPDATE {} SET seed = 'x'"),
    ("audits_draw", "DELETE FROM {}"),
    ("audits_selfcheck", "UPDATE {} SET started_at = received_at"),
    ("audits_selfcheck", "DELETE FROM {}"),
    ("audits_selfanswer", "UPDATE {} SET result = 'fail'"),
    ("audits_selfanswer", "DELETE FROM {}"),
    ("indicators_snapshot", "UPDATE {} SET id = id + 1"),
    ("indicators_snapshot", "DELETE FROM {}"),
]


@pytest.mark.parametrize(("table", "change"), REFUSED)
def test_guarded_row_is_refused(lived, table, change):
    assert run(f"UPDATE {table} SET id = id WHERE 1 = 0") == 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        assert cursor.fetchone()[0] > 0, f"nothing in {table} to try it on"

    with pytest.raises(DatabaseError) as refused:
        run(change.format(table))

    words = str(refused.value)
    assert "append-only" in words or "never" in words, words


def test_nothing_is_added_to_a_published_version(lived):
    version = ChecklistVersion.objects.get()
    section = version.sections.first()

    with pytest.raises(DatabaseError, match="published"):
        transaction.atomic(version.sections.create)(code="Z", title_zh="新", order=9)
    with pytest.raises(DatabaseError, match="published"):
        transaction.atomic(version.items.create)(
            section=section, code="Z01", title_zh="新", points=1, order=99
        )


def test_item_is_not_moved_into_a_published_version(lived):
    published = ChecklistVersion.objects.get()
    draft = published.checklist.versions.create(number=2)
    section = draft.sections.create(code="A", title_zh="大项", order=1)
    item = draft.items.create(section=section, code="N01", title_zh="新", points=1, order=1)

    with pytest.raises(DatabaseError, match="published"):
        run(f"UPDATE checklists_item SET version_id = {published.pk} WHERE id = {item.pk}")


def test_draft_version_still_changes(lived):
    draft = ChecklistVersion.objects.get().checklist.versions.create(number=2)
    section = draft.sections.create(code="A", title_zh="大项", order=1)
    draft.items.create(section=section, code="N01", title_zh="新", points=1, order=1)

    assert run(f"UPDATE checklists_item SET points = 2 WHERE version_id = {draft.pk}") == 1
    draft.delete()


def test_history_takes_its_seal_once(cast, task):
    rows = run("UPDATE stations_historyentry SET seal_id = NULL WHERE 1 = 0")
    link = history.seal(now=timezone.now())

    assert rows == 0
    assert link is not None
    assert history.verify() == []


def test_photo_is_still_processed(lived):
    photo = lived.photos.get()

    assert (photo.state, bool(photo.display_path)) == ("processed", True)


PRACTICE = "indicators_stationrollup"


def test_figure_of_the_practice_station_is_refused(lived):
    run("UPDATE stations_station SET is_practice = (1 = 1)")
    row = apps.get_model("indicators", "StationRollup").objects.first()

    with pytest.raises(DatabaseError, match="never in a figure"):
        run(f"UPDATE {PRACTICE} SET cohort = cohort")
    row.pk = None
    with pytest.raises(DatabaseError, match="never in a figure"):
        transaction.atomic(row.save)(force_insert=True)


@pytest.mark.parametrize(
    "column", ["cohort = cohort + 1, open = open + 1", "stations = stations + 1", "audited = 99"]
)
def test_region_counting_more_than_its_stations_is_refused(lived, column):
    with pytest.raises(DatabaseError, match="never counts more"):
        run(f"UPDATE indicators_regionrollup SET {column}")


def test_region_keeping_the_practice_station_is_refused(lived):
    assert run("UPDATE indicators_regionrollup SET computed_at = computed_at") > 0
    run("UPDATE stations_station SET is_practice = (1 = 1)")

    with pytest.raises(DatabaseError, match="never counts more"):
        run("UPDATE indicators_regionrollup SET computed_at = computed_at WHERE cohort > 0")


def test_snapshot_counting_more_than_its_region_is_refused(lived):
    region = apps.get_model("indicators", "RegionRollup").objects.filter(cohort=1).first()
    snapshot = apps.get_model("indicators", "Snapshot")(
        day="2026-11-22", region=region.region, period=region.period, numerator=0, denominator=1,
        rule_version=1, computed_at=timezone.now(),
    )  # fmt: skip
    transaction.atomic(snapshot.save)(force_insert=True)
    snapshot.pk, snapshot.day, snapshot.denominator = None, "2026-11-23", 2

    with pytest.raises(DatabaseError, match="never counts more"):
        transaction.atomic(snapshot.save)(force_insert=True)


def guarded_tables() -> set[str]:
    """Tables that bear a trigger of ours, whatever engine."""
    if connection.vendor == "postgresql":
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [name for (name,) in cursor.fetchall()]
    return {name.split(MARK)[0] for name in names if MARK in name}


def test_every_guarded_table_is_tried_here(db):
    """Those of the target table have their own such list in tests/targets."""
    ours = {name for name in guarded_tables() if not name.startswith("targets_")}

    assert ours == {table for table, _ in REFUSED} | {PRACTICE, "indicators_regionrollup"}
