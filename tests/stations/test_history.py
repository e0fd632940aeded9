"""操作记录: its page and its list, by scope; its chain, which any change breaks."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from stations.models import HistoryEntry, HistorySeal, User
from stations.services import history
from tests.conftest import Cast


def recorded(by: User, action: str = "round.open", **detail: object) -> HistoryEntry:
    return history.record(by=by, action=action, at=timezone.now(), subject="round:1", **detail)


def test_auditor_reads_all_others_their_own(cast: Cast, api) -> None:
    recorded(cast.bureau)
    recorded(cast.inspector, "audit.start", station=cast.station)

    def told(user: User) -> list[str]:
        answer = api(user).get("/api/v1/history/").json()
        return [entry["actor"] for entry in answer["results"]]

    assert told(cast.auditor) == ["inspector", "bureau"]
    assert told(cast.supervisor) == ["inspector"]
    assert told(cast.stranger) == []
    assert api(cast.sysadmin).get("/api/v1/history/").status_code == 403


def test_page_filters_by_account_area_and_day(cast: Cast, client: Client) -> None:
    recorded(cast.bureau)
    recorded(cast.inspector, "audit.start", station=cast.station)
    client.force_login(cast.auditor)
    today = timezone.localdate()

    by_area = client.get("/bureau/history/", {"area": "audit"}).content.decode()
    by_name = client.get("/bureau/history/", {"q": "bureau"}).content.decode()
    tomorrow = client.get("/bureau/history/", {"day": today + dt.timedelta(days=1)})

    assert "开始检查" in by_area
    assert "新建轮次" not in by_area.split("<tbody>")[1]
    assert "新建轮次" in by_name.split("<tbody>")[1]
    assert "没有符合条件的记录" in tomorrow.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_for_many(
    rows: int, cast: Cast, client: Client, django_assert_num_queries
) -> None:
    for _ in range(rows):
        recorded(cast.bureau)
    client.force_login(cast.auditor)

    with django_assert_num_queries(4):
        client.get("/bureau/history/")


def test_seal_covers_entries_and_verifies(cast: Cast) -> None:
    recorded(cast.bureau)
    first = history.seal(now=timezone.now())
    recorded(cast.inspector, "audit.start", station=cast.station)
    second = history.seal(now=timezone.now())

    assert first is not None
    assert second is not None
    assert (second.number, second.previous_hash) == (first.number + 1, first.hash)
    assert history.seal(now=timezone.now()) is None
    assert history.verify() == []


def test_sealed_entry_cannot_be_changed_in_the_database(cast: Cast) -> None:
    entry = recorded(cast.bureau)
    history.seal(now=timezone.now())

    with pytest.raises(DatabaseError), transaction.atomic():
        HistoryEntry.objects.filter(pk=entry.pk).update(action="round.close")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM stations_historyseal")

    assert HistorySeal.objects.count() == 1
    assert history.verify() == []


def test_page_says_what_was_done_to_what_and_opens_it_where_it_may(
    cast: Cast, client: Client
) -> None:
    recorded(cast.bureau)
    history.record(by=cast.bureau, action="volunteer.add", at=timezone.now(), subject="volunteer:7")
    history.record(
        by=cast.bureau, action="audit.reopen", at=timezone.now(),
        subject="audit:1f3c0a52-9f6e-4a53-8f51-0d9a6a1f2b11",
    )  # fmt: skip
    history.record(by=cast.bureau, action="old.thing", at=timezone.now(), subject="gone:1")

    def page(user: User) -> str:
        client.force_login(user)
        return client.get("/bureau/history/").content.decode()

    told = page(cast.bureau)
    assert "新增志愿者" in told
    assert ">志愿者 7<" in told
    assert '<a href="/bureau/rounds/1/">轮次 1</a>' in told
    assert 'audits/1f3c0a52-9f6e-4a53-8f51-0d9a6a1f2b11/">检查 1f3c0a52</a>' in told
    assert "gone:1" in told
    assert "/bureau/rounds/1/" not in page(cast.auditor)
