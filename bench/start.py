"""From the command to the first answer, and what all processes weigh: idle, and at their peak."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from bench import drawn
from bench.phone import Line, Visit
from bench.place import Place
from bench.scale import Scale
from bench.servers import Process, Serve, Web, until_printed
from bench.table import Part, Row, mb

SECOND_START = 5.0  # seconds: the contract
IDLE_AFTER = 5  # seconds
PHONES, VISITS = 4, 3
NOTES = (
    "Ours: manage.py serve, second start: supervisor, web (2 workers), Celery worker, scheduler, "
    "broker. Bare: gunicorn with 2 workers. Memory is PSS summed over all processes; the peak is "
    f"sampled while {PHONES} phones send {VISITS} audits each with photos of 3 MB and, ours, the "
    "worker draws their copies."
)


def run(scale: Scale) -> Part:
    pictures = drawn.photos("3 MB", 5)
    ours = _ours(pictures)
    bare = _bare(pictures)
    rows = [
        Row("second start to the first answer", f"{ours['start']:.2f} s", f"{bare['start']:.2f} s",
            ours["start"], SECOND_START, " s"),
        Row("idle, all processes", mb(ours["idle"]), mb(bare["idle"]), ours["idle"] / bare["idle"]),
        Row("peak, all processes", mb(ours["peak"]), mb(bare["peak"]), ours["peak"] / bare["peak"]),
    ]  # fmt: skip
    return Part("Start and memory", rows, NOTES)


def _ours(pictures: list[bytes]) -> dict[str, float]:
    with Place("sqlite", REDIS_URL="") as place:
        with Serve(place) as first:
            first.first_answer()
            until_printed(first)
        tasks = place.ask("stage", tasks=PHONES * VISITS)
        visits = [Visit(task, pictures) for task in tasks]
        with Serve(place) as serve:
            seconds = serve.first_answer()
            until_printed(serve)

            def send(visit: Visit) -> None:
                with Line(serve.port, visit.task["token"], "/api/v1/") as line:
                    visit.send(line)

            return {"start": seconds, **_weighed(serve, visits, send)}


def _bare(pictures: list[bytes]) -> dict[str, float]:
    with Place("sqlite", "bench.bare.settings") as place:
        place.ask("bare_tables")
        task = {"assignment": 1, "items": ["A01"], "photo_items": ["A01"] * 5, "token": ""}
        visits = [Visit(task, pictures) for _ in range(PHONES * VISITS)]
        with Web(place, "bench.bare.wsgi") as web:

            def send(visit: Visit) -> None:
                with Line(web.port, prefix="/") as line:
                    visit.send(line)

            return {"start": web.started_in, **_weighed(web, visits, send)}


def _weighed(
    process: Process, visits: list[Visit], send: Callable[[Visit], None]
) -> dict[str, float]:
    time.sleep(IDLE_AFTER)
    idle = process.pss()
    with _watched(process) as seen, ThreadPoolExecutor(PHONES) as pool:
        list(pool.map(send, visits))
        time.sleep(IDLE_AFTER)  # the worker is still drawing
    return {"idle": idle, "peak": max(seen)}


@contextmanager
def _watched(process: Process) -> Iterator[list[int]]:
    seen, is_over = [0], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.2):
            seen.append(process.pss())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()
