import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.servers.basehttp import WSGIServer
from django.db import transaction
from rest_framework.test import APIClient

from audits.models import Assignment
from config import words
from stations import kept
from stations.models import Station, User
from tests import make

WSGIServer.request_queue_size = 64  # fifty phones knock at the live server at once
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_configure(config: pytest.Config) -> None:
    words.compile_catalogues()


def pytest_unconfigure(config: pytest.Config) -> None:
    from tests.settings import SCRATCH

    shutil.rmtree(SCRATCH, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser for `playwright…launch(executable_path=…)`."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # as long as a page is waited for
    with sync_playwright() as playwright:
        bundled = playwright.chromium.executable_path
    found = [bundled] if Path(bundled).exists() else []
    found += [path for name in CHROMIUM if (path := shutil.which(name))]
    browser = os.environ.get("E2E_CHROMIUM") or next(iter(found), None)
    if browser is None:
        pytest.skip("no Chromium on this machine (set E2E_CHROMIUM to its path)")
    return browser


@dataclass(frozen=True)
class Cast:
    """The known people: everyone around `station`, and a stranger from somewhere else."""

    station: Station
    other_station: Station
    bureau: User
    supervisor: User
    inspector: User
    inspector2: User
    head: User
    stranger: User
    sysadmin: User
    auditor: User


def gather() -> Cast:
    here, there = make.region(), make.region("440309002", "民治街道")
    station, other = make.station(region=here), make.station(region=there)
    return Cast(
        station=station,
        other_station=other,
        bureau=make.user("bureau", "bureau", regions=[make.region("440309")]),
        supervisor=make.user("supervisor", "supervisor", regions=[here]),
        inspector=make.user("inspector", "inspector"),
        inspector2=make.user("inspector", "inspector2"),
        head=make.user("station_head", "station", stations=[station]),
        stranger=make.user("station_head", "stranger", stations=[other]),
        sysadmin=make.user("sysadmin", "sysadmin"),
        auditor=make.user("auditor", "auditor"),
    )


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Rows made once for a whole module: every test's own changes are undone on top of them.

    Not for modules with transactional tests: theirs is the same connection.
    """
    atomic = transaction.atomic()
    atomic._from_testcase = True  # lets `durable=True` pass, as in Django's own TestCase
    with django_db_blocker.unblock(), atomic:
        yield
        transaction.set_rollback(True)


@pytest.fixture
def task(cast: Cast) -> Assignment:
    """One station of the cast assigned to the inspector, on a small published checklist."""
    make.version()
    return make.assignment(cast.bureau, cast.inspector, cast.station)


@pytest.fixture
def api() -> Callable[[User | None], APIClient]:
    """`api(cast.inspector).get(…)`: a client signed in as that person."""

    def client(user: User | None = None) -> APIClient:
        made = APIClient(raise_request_exception=True)
        if user:
            made.force_authenticate(user)
        return made

    return client


@pytest.fixture(autouse=True)
def _own_media(settings: Any) -> Iterator[None]:
    from tests.settings import SCRATCH

    with tempfile.TemporaryDirectory(dir=SCRATCH, ignore_cleanup_errors=True) as place:
        settings.MEDIA_ROOT = Path(place) / "media"
        yield


@pytest.fixture(autouse=True)
def _nothing_drawn() -> None:
    """Markup kept from another test is right, but what it was made of cannot be looked at."""
    kept.forget()


@pytest.fixture(autouse=True, scope="session")
def _flush_past_guards() -> Iterator[None]:
    """Between transactional tests SQLite is emptied by DELETE, which the guards rightly refuse."""
    from django.db.backends.sqlite3.base import DatabaseOperations

    emptied = DatabaseOperations.execute_sql_flush

    def flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
            for name, _ in guards:
                cursor.execute(f'DROP TRIGGER "{name}"')
            emptied(self, sql_list)
            for _, sql in guards:
                cursor.execute(sql)

    DatabaseOperations.execute_sql_flush = flush
    yield
    DatabaseOperations.execute_sql_flush = emptied
