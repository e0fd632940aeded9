"""The web server's own settings, the same under `serve` and in a container."""

import gc
import os
from typing import Any

workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = 4
worker_class = "gthread"
preload_app = True
timeout = 120
graceful_timeout = 4
control_socket_disable = True


def post_fork(server: Any, worker: Any) -> None:
    """A request leaves next to nothing to collect; looking for it took a twenty-fifth of the time."""
    gc.set_threshold(20_000, 50, 100)
