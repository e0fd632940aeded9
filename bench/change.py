"""A finding is closed by a person; how long until the indicator of the whole tree says so."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from bench import towns
from bench.phone import Line
from bench.scale import Scale
from bench.servers import Broker, Web, Worker
from bench.table import Part, Row, ms
from bench.timing import interleaved, ratio
from bench.towns import NAMES, Town

FLAT = 1.5
POLL, PATIENCE = 0.004, 30  # seconds
NOTES = (
    "From the request that closes a finding to the first answer of the effect indicator, for the "
    "whole tree, that counts it: commit, outbox, a real broker, a real Celery worker, the roll-ups "
    f"of the station and of every region above it. The indicator is asked every {POLL * 1000:.0f} ms."
)


@dataclass
class Bureau:
    """Closes one finding after another in one town, and watches the figure."""

    web: Web
    token: str
    round: int
    waiting: Iterator[int]

    def close_one(self) -> float:
        with Line(self.web.port, self.token, "/api/v1/") as line:
            before = self._closed(line)
            begun = time.perf_counter()
            line.call("POST", f"findings/{next(self.waiting)}/close/", b"{}")
            while time.perf_counter() - begun < PATIENCE:
                if self._closed(line) > before:
                    return time.perf_counter() - begun
                time.sleep(POLL)
        raise RuntimeError("the indicator did not move; is the worker running?")

    def _closed(self, line: Line) -> int:
        told = json.loads(line.call("GET", f"indicators/effect/?round={self.round}"))
        return int(told["numerator"])


def run(scale: Scale) -> Part:
    here, rows = towns.engines(scale)
    for engine in here:
        with ExitStack() as stack:
            bureaus = {town.stations: _bureau(stack, town) for town in towns.of(engine, scale)}
            rows += _compared(engine, bureaus, scale.pairs)
    return Part("One change, from the tap to the figure", rows, NOTES)


def _bureau(stack: ExitStack, town: Town) -> Bureau:
    stack.enter_context(Broker(town.place))
    stack.enter_context(Worker(town.place))
    web = stack.enter_context(Web(town.place, "config.wsgi"))
    about = town.about
    return Bureau(web, about["bureaus"]["nation"]["token"], about["round"], iter(about["waiting"]))


def _compared(engine: str, bureaus: dict[int, Bureau], pairs: int) -> list[Row]:
    works = {size: bureau.close_one for size, bureau in bureaus.items()}
    for work in works.values():
        work()  # the worker has started and opened its connections
    seconds = interleaved(works, min(pairs, 15))
    small = min(works)
    return [
        Row(f"{NAMES[engine]}: {size:,} ÷ {small} stations", ms(median(seconds[size])),
            ms(median(seconds[small])), ratio(seconds[size], seconds[small]), FLAT)
        for size in works
        if size != small
    ]  # fmt: skip
