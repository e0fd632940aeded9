"""A real `manage.py serve` in a folder and on a port of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
STARTS_WITHIN = 90  # seconds; a busy machine with the first migration and static files


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Serving:
    def __init__(self, place: Path, **environment: str) -> None:
        self.port = int(environment.get("PORT") or free_port())
        self.data_dir = place / "data"
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = kept | {
            "PORT": str(self.port),
            "DATA_DIR": str(self.data_dir),
            "MEDIA_ROOT": str(place / "media"),
            **environment,
        }
        self.output = place / "output.txt"

    def __enter__(self) -> Self:
        self.started_at = time.monotonic()
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=20)
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)

    def wait_until_ready(self, *, seconds: float = STARTS_WITHIN) -> float:
        """Seconds from the start until the address was printed."""
        self.wait_for(
            lambda: "Ctrl-C" in self.printed or self.process.poll() is not None, seconds=seconds
        )
        assert "Ctrl-C" in self.printed, self.printed
        return time.monotonic() - self.started_at

    def wait_for(self, happened, *, seconds: float = STARTS_WITHIN) -> None:
        deadline = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < deadline, f"waited {seconds} s; printed: {self.printed}"
            time.sleep(0.05)

    @property
    def printed(self) -> str:
        return self.output.read_text()

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def sign_in(self, username: str, password: str) -> int:
        """The status of POST auth/token/."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        body = json.dumps({"username": username, "password": password})
        try:
            connection.request(
                "POST", "/api/v1/auth/token/", body, {"Content-Type": "application/json"}
            )
            return connection.getresponse().status
        finally:
            connection.close()

    def readiness(self) -> dict[str, str]:
        states: dict[str, str] = json.loads(self.get("/readyz")[1])
        return states

    def pids(self, name: str = "") -> list[int]:
        """Every living process that was started for this folder (Linux)."""
        mark = f"DATA_DIR={self.data_dir}\0".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                is_ours = mark in (process / "environ").read_bytes()
                comm = (process / "comm").read_text().strip()
            except OSError:
                continue
            if is_ours and (not name or comm == name) and int(process.name) != os.getpid():
                found.append(int(process.name))
        return sorted(found)
