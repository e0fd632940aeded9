"""Where the state of one installation lies, and the two things made there on first use."""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path

SOCKET_LIMIT = 100  # Linux allows 107 bytes in a Unix socket's path, macOS 103


def private_text(path: Path, make: str) -> str:
    """The text kept in `path` (mode 0600); written from `make` when there is none yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make)
        try:
            os.link(draft, path)  # of several processes starting at once, one wins whole
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def broker_socket(data_dir: Path) -> Path:
    """The embedded broker's Unix socket; a deep DATA_DIR gets a short, stable path of its own."""
    socket = data_dir.resolve() / "broker.sock"
    if len(os.fsencode(socket)) <= SOCKET_LIMIT:
        return socket
    name = hashlib.sha256(os.fsencode(socket)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"broker-{os.getuid()}-{name}" / "broker.sock"
