"""What overview and wall keep is never old: after any write they are what a fresh drawing is."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audits.models import Assignment, Audit, Finding, PhotoFlag, Round
from audits.services import corrections, rounds, verdicts
from indicators import queries, rollups, snapshots
from indicators.models import RegionRollup, StationRollup
from indicators.periods import Period
from indicators.queries import rows
from indicators.queries.heat import HeatGroup
from stations import kept
from stations.models import Region
from stations.refusals import Refusal
from stations.services import accounts, places
from tests import make
from tests.conftest import Cast
from tests.indicators.doing import DOINGS, People

NOON = dt.datetime(2026, 3, 4, 4, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


@pytest.fixture
def scene(clock: Any, cast: Cast) -> Cast:
    """Two subdistricts and the centre, looked at in one round; a picture found twice."""
    make.version()
    first = make.round_(cast.bureau, "第一轮", starts_on=dt.date(2026, 2, 2))
    centre = make.station(kind="centre", region=make.region("440309"), code="440309")
    for station in (cast.station, cast.other_station, centre):
        task = make.assignment(cast.bureau, cast.inspector, station, first)
        audit = make.submitted(task, A01="fail", B02="partial")
    photos = [make.photo(cast.inspector, finding=one, kind="site") for one in audit.findings.all()]
    for photo, other in (photos, photos[::-1]):
        PhotoFlag.objects.create(
            photo=photo, other=other, kind="exact_reuse", raised_at=timezone.now()
        )
    make.figures()
    return cast


def main_of(client: Client, path: str, asked: dict[str, str]) -> str:
    page = client.get(path, asked)
    assert page.status_code == 200
    text = page.content.decode()
    found = re.search(r'<main class="page".*</main>', text, re.DOTALL)
    return found[0] if found else text


def views(cast: Cast) -> dict[str, str]:
    """Every page and reading as it is shown now, to whom it is shown."""
    first = f"r{Round.objects.order_by('pk')[0].pk}"
    place = cast.station.region.code
    told = {}
    for person, language, path, asked in (
        (cast.bureau, "zh-hans", "/bureau/", {}),
        (cast.bureau, "en", "/bureau/", {"period": first, "reading": "today"}),
        (cast.bureau, "zh-hans", "/bureau/", {"region": place, "period": first}),
        (cast.bureau, "zh-hans", "/wall/board/", {"period": first}),
        (cast.supervisor, "zh-hans", "/bureau/", {}),
    ):
        client = Client(headers={"accept-language": language})
        client.force_login(person)
        told[f"{person} {language} {path} {asked}"] = main_of(client, path, asked)
    return told


def fresh(cast: Cast) -> dict[str, str]:
    kept.forget()
    return views(cast)


def people(cast: Cast) -> People:
    return People(cast, Assignment.objects.filter(station=cast.station).earliest("pk"))


def doing(name: str, finding: Finding) -> Callable[[Cast], object]:
    return lambda cast: DOINGS[name](people(cast), finding, timezone.now())


def correct(cast: Cast) -> None:
    audit = Audit.objects.get(assignment__station=cast.station)
    corrections.correct(
        audit=audit, corrections=[corrections.Correction("A01", "pass")], reason="看错",
        by=cast.bureau, now=timezone.now(),
    )  # fmt: skip


def close(cast: Cast) -> None:
    finding = make.rectified(Finding.objects.filter(item_code="A01")[0], cast.head)
    doing("close", finding)(cast)


def rename_station(cast: Cast) -> None:
    places.rename_station(
        station=cast.station, name_zh="新名字退役军人服务站", name_en="New", community_zh="新社区",
        on=timezone.localdate(), by=cast.bureau, now=timezone.now(),
    )  # fmt: skip


def rename_region(cast: Cast) -> None:
    region = cast.station.region
    places.save_region(
        code=region.code, name_zh="新街道", name_en="New Subdistrict", level=region.level,
        parent=region.parent, by=cast.bureau, now=timezone.now(),
    )  # fmt: skip


def assign(cast: Cast) -> None:
    round = Round.objects.get(name="第一轮")
    make.assignment(cast.bureau, cast.inspector, make.station(region=cast.station.region), round)


def rename_round(cast: Cast) -> None:
    round = Round.objects.get(name="第一轮")
    rounds.change_round(
        round=round, name="首轮", starts_on=round.starts_on, ends_on=round.ends_on,
        by=cast.bureau, now=timezone.now(),
    )  # fmt: skip


def publish(cast: Cast) -> None:
    make.version(items=[("C", "C01", "10", "none", False)])


def judge(cast: Cast) -> None:
    photo = PhotoFlag.objects.earliest("pk").photo
    verdicts.judge(photo=photo, verdict="cleared", by=cast.bureau, now=timezone.now())


def snapshot(cast: Cast) -> None:
    region = Region.objects.get(code="440309")
    snapshots.Snapshot.objects.create(
        day=dt.date(2026, 2, 28), region=region, period="y2026", numerator=0, denominator=0,
        rule_version=1, computed_at=timezone.now(),
    )  # fmt: skip


def close_station(cast: Cast) -> None:
    places.close_station(
        station=cast.station, on=timezone.localdate(), by=cast.bureau, now=timezone.now()
    )


def behind_the_products_back(cast: Cast) -> None:
    StationRollup.objects.filter(station=cast.station).update(sections=[])


WRITES: list[Callable[[Cast], None]] = [
    correct, close, rename_station, rename_region, assign, rename_round, publish, judge,
    close_station, behind_the_products_back,
    lambda cast: make.round_(cast.bureau, "第二轮", starts_on=dt.date(2026, 3, 2)),
    lambda cast: doing("void", Finding.objects.all()[0])(cast),
    lambda cast: doing("waive", Finding.objects.all()[0])(cast),
    lambda cast: doing("see another", Finding.objects.all()[0])(cast),
]  # fmt: skip


@pytest.mark.parametrize("write", WRITES)
def test_each_kind_of_write_is_shown_at_once(scene: Cast, write: Callable[[Cast], None]) -> None:
    before = views(scene)

    write(scene)
    make.figures()
    after = views(scene)

    assert after != before
    assert after == fresh(scene)


def test_a_day_and_a_setting_are_part_of_the_page(scene: Cast, clock: Any, settings: Any) -> None:
    for change in (
        lambda: setattr(settings, "EFFECT_TARGET_MODE", "lower"),
        lambda: setattr(settings, "EFFECT_UPPER", 85),
        lambda: clock.move_to(NOON + dt.timedelta(days=1)),
        lambda: clock.move_to(NOON + dt.timedelta(days=60)),
        lambda: clock.move_to(NOON + dt.timedelta(days=330)),
    ):
        before = views(scene)

        change()
        after = views(scene)

        assert after != before
        assert after == fresh(scene)


def test_what_changes_no_row_of_the_page_keeps_it(
    scene: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Drawn from nothing but its rows: the very same statements whether it is kept or not."""
    client.force_login(scene.bureau)
    with django_assert_num_queries(10):
        first = client.get("/bureau/")

    with django_assert_num_queries(10):
        second = client.get("/bureau/")

    assert (first.context["reading"].denominator, "reading" in (second.context or {})) == (6, False)
    snapshot(scene)
    assert (
        "reading" in client.get("/bureau/").context
    )  # a row of the trend, though it draws nothing


def test_a_changed_station_leaves_the_tables_of_other_subdistricts_as_they_were(
    scene: Cast,
) -> None:
    def groups() -> dict[str, HeatGroup]:
        region, today = Region.objects.get(code="440309"), timezone.localdate()
        told = queries.overview(region=region, period=Period.of_year(today.year), today=today)
        return {group.code: group for group in told.heat.groups}

    own, other = scene.station.region.code, scene.other_station.region.code
    before = groups()
    behind_the_products_back(scene)
    after = groups()

    assert after[other] is before[other]
    assert after[own] is not before[own]
    assert [cell.value for cell in after[own].rows[0].cells] == [None, None]


def test_the_rows_of_a_page_are_found_by_index_however_many_there_are(scene: Cast) -> None:
    """A table read from end to end is nothing at 57 stations, and 300 ms at 64,000."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by the size of a table: small ones are read whole")
    region = Region.objects.get(code="440309")
    for statement, values in (
        (rows.REGIONS, (region.pk, "y2026", "r1")),
        (rows.STATIONS, (region.pk, region.path, "y2026")),
        (rows.OWN_STATIONS, (region.pk, region.path, "y2026")),
    ):
        with CaptureQueriesContext(connection) as asked:
            statement.read(*values)
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
            plan = [step for *_, step in cursor.fetchall()]

        walked = [step for step in plan if step.startswith("SCAN") and "COVERING INDEX" not in step]
        assert plan != []
        assert walked == []


def test_nobody_is_shown_anothers_page(scene: Cast) -> None:
    there = make.user("supervisor", regions=[scene.other_station.region])

    def seen(person: Any) -> tuple[bool, ...]:
        client = Client()
        client.force_login(person)
        text = main_of(client, "/bureau/", {})
        return tuple(one.short_name in text for one in (scene.station, scene.other_station))

    for _again in range(2):
        assert seen(scene.supervisor) == (True, False)
        assert seen(there) == (False, True)
        assert seen(scene.bureau) == (True, True)


def test_a_new_scope_or_role_counts_from_the_next_request(scene: Cast, client: Client) -> None:
    person = scene.supervisor
    client.force_login(person)
    own, other = scene.station.short_name, scene.other_station.short_name
    assert own in main_of(client, "/bureau/", {})

    def give(role: str, region: Region) -> None:
        accounts.change_scope(
            user=person, role=role, display_name="", regions=[region], stations=[],
            by=scene.bureau, now=timezone.now(),
        )  # fmt: skip

    give("supervisor", scene.other_station.region)
    text = main_of(client, "/bureau/", {})
    assert (own in text, other in text) == (False, True)

    give("bureau", Region.objects.get(code="440309"))
    text = main_of(client, "/bureau/", {})
    assert (own in text, other in text) == (True, True)

    accounts.change_scope(
        user=person, role="station_head", display_name="", regions=[], stations=[scene.station],
        by=scene.bureau, now=timezone.now(),
    )  # fmt: skip
    assert client.get("/bureau/").status_code == 403


@pytest.mark.parametrize("seed", range(2))
def test_after_any_sequence_of_writes_the_kept_page_is_the_fresh_one(
    scene: Cast, clock: Any, seed: int
) -> None:
    chance = random.Random(seed)
    for number in range(8):
        clock.move_to(NOON + dt.timedelta(hours=7 * number))
        if chance.random() < 0.4:
            with suppress(Refusal), transaction.atomic():
                chance.choice(WRITES)(scene)
        else:
            people(scene).do(chance.choice([*DOINGS]), chance.randrange(10))
        if chance.random() < 0.7:
            make.figures()
        if chance.random() < 0.2:
            rollups.rebuild(now=timezone.now())

        assert views(scene) == fresh(scene)
    assert RegionRollup.objects.exists()
