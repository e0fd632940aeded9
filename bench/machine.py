"""The machine the figures are of, in a few lines."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from pathlib import Path
from statistics import median

import django
import PIL

from bench.place import parent, postgresql


def described() -> str:
    return "\n".join(
        [
            f"{_processor()}, {os.cpu_count()} cores, {_memory()}, "
            f"load {os.getloadavg()[0]:.1f} at the start",
            f"{platform.system()} {platform.release()} · Python {platform.python_version()} · "
            f"Django {django.__version__} · Pillow {PIL.__version__} · "
            f"SQLite {sqlite3.sqlite_version} · PostgreSQL {_postgresql()}",
            f"fsync of 64 KB on the disk used: {_fsync() * 1000:.1f} ms (median of 20)",
        ]
    )


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":")[1].strip() for line in told.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _memory() -> str:
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{size / 2**30:.0f} GB"


def _postgresql() -> str:
    url, reason = postgresql()
    if not url:
        return f"none ({reason})"
    import psycopg

    with psycopg.connect(url, dbname="postgres", connect_timeout=3) as connection:
        version = connection.info.server_version
    return f"{version // 10_000}.{version % 10_000}"


def _fsync() -> float:
    path, seconds = parent() / "fsync", []
    for _ in range(20):
        with path.open("wb") as file:
            file.write(os.urandom(64 * 1024))
            file.flush()
            begun = time.perf_counter()
            os.fsync(file.fileno())
            seconds.append(time.perf_counter() - begun)
    path.unlink()
    return median(seconds)
