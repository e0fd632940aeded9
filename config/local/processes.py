"""What runs under `serve`, and whether it has all come up."""

import gc
import http.client
import json
import os
import signal
import socket
import sys
import time
from importlib import import_module
from pathlib import Path

from django.conf import settings
from gunicorn.app.wsgiapp import WSGIApplication

from config import broker
from config.celery import app
from config.local import embedded
from config.local.place import Refused
from config.local.supervisor import Child, Supervisor

PRELOADED = (
    "config.urls",
    "config.wsgi",
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "gunicorn.arbiter",
    "gunicorn.workers.gthread",
    "kombu.transport.redis",
)
READY_WITHIN = 60  # seconds
WORKER = "worker --pool prefork --concurrency 2 --without-gossip --without-mingle"
WEB = "gunicorn config.wsgi --config python:config.gunicorn --bind fd://{}"


def preload() -> None:
    """Import once, before forking, all that the children would import each for itself."""
    for name in PRELOADED:
        import_module(name)
    gc.collect()
    gc.freeze()  # collections in the children leave these pages shared


def start(supervisor: Supervisor, listener: socket.socket) -> None:
    # Web first: it has the most to do before it answers.
    supervisor.add(Child("web", lambda: serve_web(listener), log("web"), keep=listener))
    # SIGQUIT: running tasks get a moment, then go back to the queue (settings.py).
    # An orphan cannot do that, for the broker goes at the same moment and it would wait for it
    # for ever: -9 takes its tasks along, and the outbox hands them out again.
    worker = Child("worker", work, log("worker"), end_by=signal.SIGQUIT, orphaned_by=signal.SIGKILL)
    supervisor.add(worker)
    supervisor.add(Child("beat", lambda: app.start(["beat"]), log("beat")))


def serve_web(listener: socket.socket) -> None:
    sys.argv = WEB.format(listener.detach()).split()
    WSGIApplication("%(prog)s").run()


def work() -> None:
    app.worker_main(WORKER.split())


def log(name: str) -> Path:
    return settings.DATA_DIR / "logs" / f"{name}.log"


def start_broker(supervisor: Supervisor) -> None:
    """Its own one, unless REDIS_URL names another."""
    log("broker").parent.mkdir(exist_ok=True)
    if settings.REDIS_URL:
        return
    url = settings.CELERY_BROKER_URL
    if broker.answers(url):
        supervisor.at_end = lambda: embedded.end_orphan(url)
        return
    binary = embedded.server()
    if binary is None:
        raise Refused("没有 Redis · no broker here: install redis-server, or set REDIS_URL")
    command = embedded.command(binary, broker.socket_of(url), settings.DATA_DIR)
    supervisor.add(Child("broker", lambda: os.execv(binary, command), log("broker")))
    if not embedded.wait_until_it_answers(url, seconds=10):
        raise Refused(f"the broker does not answer; see {log('broker')}")


def wait_until_ready(supervisor: Supervisor, listener: socket.socket) -> dict[str, str]:
    """The last state of every part, all "ok" unless a minute has passed."""
    deadline = time.monotonic() + READY_WITHIN
    states: dict[str, str] = {}
    while time.monotonic() < deadline:
        supervisor.tend()
        states = ask_readiness(listener)
        if states and set(states.values()) == {"ok"}:
            break
        time.sleep(0.1)
    return states


def ask_readiness(listener: socket.socket) -> dict[str, str]:
    host, port = listener.getsockname()
    connection = http.client.HTTPConnection(host, port, timeout=3)
    try:
        connection.request("GET", "/readyz")
        states: dict[str, str] = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return {"web": "no answer"}
    finally:
        connection.close()
    return states
