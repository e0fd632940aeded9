"""The port and the folder that one `serve` has to itself. Refusals are said in both languages."""

import fcntl
import os
import socket
from pathlib import Path
from typing import TextIO


class Refused(Exception):
    """Why `serve` cannot start, in one line for the person at the keyboard."""


def reserve_port() -> socket.socket:
    """Bound before anything else is done, and handed on to the web server as it is."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Refused(f"PORT={port} 不是端口号 · not a port number")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", int(port)))
        listener.listen(512)
    except PermissionError as error:
        raise Refused(f"端口 {port} 不允许使用 · port {port} is not permitted here") from error
    except OSError as error:
        raise Refused(
            f"端口 {port} 已被占用，请换一个 · port {port} is busy, choose another: "
            "PORT=8001 make run"
        ) from error
    return listener


def claim(data_dir: Path) -> TextIO:
    """Holds as long as the file stays open; the system lets go of it whatever ends us."""
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = (data_dir / "serve.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Refused(f"{data_dir} 正在使用中 · is in use by another `serve`") from error
    return lock
