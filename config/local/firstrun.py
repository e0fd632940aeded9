"""What `serve` does before it serves; each step is skipped when it is done already."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config import modules, statics
from config.models import Heartbeat
from config.paths import private_text
from targets.models import TargetTable

LOADED = "first-run"


def prepare(say: Callable[[str], None]) -> str | None:
    """Database, content and static files; returns the demonstration password under DEMO."""
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    migrate(say)
    password = demonstration_password() if settings.DEMO else None
    load(say, password)
    collect_static(say)
    return password


def migrate(say: Callable[[str], None]) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)


def load(say: Callable[[str], None], password: str | None) -> None:
    """Safe to be cut off at any point: the row that says "done" comes last."""
    if not Heartbeat.objects.filter(name=LOADED).exists():
        say("loading the stations and both checklists …")
        call_command("load_stations")
        call_command("load_checklists")
        if password is None:
            mark_loaded()
    if not TargetTable.objects.exists():  # also where an earlier version was loaded
        call_command("load_targets")
    if password is not None:
        call_command("demo", password=password)
        mark_loaded()


def mark_loaded() -> None:
    Heartbeat.objects.get_or_create(name=LOADED, defaults={"seen_at": timezone.now()})


def demonstration_password() -> str:
    """DEMO_PASSWORD, else a random one kept so that the next start can print it again."""
    given = os.environ.get("DEMO_PASSWORD", "")
    return given or private_text(settings.DATA_DIR / "demo-password", make=secrets.token_urlsafe(9))


def collect_static(say: Callable[[str], None]) -> None:
    mark = Path(settings.STATIC_ROOT) / ".collected"
    state = fingerprint()
    if mark.exists() and mark.read_text() == state:
        return
    say("collecting the static files …")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(state)


def fingerprint() -> str:
    seen = hashlib.sha256()
    for path in [Path(statics.__file__), Path(modules.__file__), *sorted(static_files())]:
        about = path.stat()
        seen.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def static_files() -> Iterator[Path]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield Path(storage.path(name))
