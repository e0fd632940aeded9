"""A folder, a database and an environment of our own; all of it gone at the end."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Self

from config.paths import broker_socket

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL = "postgresql://postgres@127.0.0.1:5432/"
_numbers = count(1)


def parent() -> Path:
    """On the product's own disk: the system's temporary folder may be memory, where fsync is free."""
    folder = ROOT / "var" / f"bench-{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def clear() -> None:
    shutil.rmtree(parent(), ignore_errors=True)


@cache
def postgresql() -> tuple[str, str]:
    """The server's URL, or "" and why there is none."""
    import psycopg

    url = os.environ.get("TEST_DATABASE_URL") or POSTGRESQL
    try:
        with psycopg.connect(url, dbname="postgres", connect_timeout=3):
            return url, ""
    except psycopg.Error as error:
        return "", str(error).strip().splitlines()[0]


class Place:
    """`engine`: sqlite or postgresql. `settings`: the product's, or the bare reference's."""

    def __init__(self, engine: str, settings: str = "config.settings", **environment: str) -> None:
        self.name = f"bench_{os.getpid()}_{next(_numbers)}"
        self.engine = engine
        self.folder = parent() / self.name
        self.data_dir = self.folder / "data"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": self._url(),
            "DATA_DIR": str(self.data_dir),
            "MEDIA_ROOT": str(self.folder / "media"),
            "SECRET_KEY": secrets.token_hex(32),
            "REDIS_URL": f"redis+socket://{broker_socket(self.data_dir)}",
            "DEMO": "",
            "LOG_LEVEL": "ERROR",
            **environment,
        }

    def __enter__(self) -> Self:
        self.data_dir.mkdir(parents=True)
        (self.folder / "media").mkdir()
        if self.engine == "postgresql":
            self._administer(f"CREATE DATABASE {self.name}")
        return self

    def __exit__(self, *error: object) -> None:
        if self.engine == "postgresql":
            self._administer(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _url(self) -> str:
        if self.engine == "sqlite":
            return f"sqlite:///{self.data_dir / 'db.sqlite3'}"
        from urllib.parse import urlsplit

        return urlsplit(postgresql()[0])._replace(path=f"/{self.name}").geturl()

    def _administer(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(postgresql()[0], dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def execute(self, statement: str) -> None:
        """Straight at the database, past the product."""
        if self.engine == "sqlite":
            with closing(sqlite3.connect(self.data_dir / "db.sqlite3", timeout=20)) as database:
                database.execute(statement)
                database.commit()
            return
        import psycopg

        with psycopg.connect(self._url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def ask(self, module: str, **arguments: Any) -> Any:
        """What `bench.inside.<module>.main(**arguments)` returns, in a process with our settings."""
        command = [sys.executable, "-m", "bench.inside", module, json.dumps(arguments)]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"bench.inside.{module} ended with {done.returncode}")
        return json.loads(done.stdout.splitlines()[-1])
