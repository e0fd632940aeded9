"""One audit by the phone's eight calls, beside a server that does only what cannot be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench import drawn
from bench.phone import Line, Visit
from bench.place import Place, postgresql
from bench.scale import Scale
from bench.servers import Broker, Web
from bench.table import Part, Row, ms
from bench.timing import interleaved, ratio, timed

PHONES = 4
WARM_UP = 4  # visits: each of the eight threads has opened its database connection by then
LIMIT = 2.0
Task = dict[str, Any]
NOTES = (
    "One phone, one audit of 40 answers and 5 photos, eight calls on one connection. Ours: token, "
    "scope, rules, history, outbox, scoring, findings, receipt. The bare server parses, validates, "
    "hashes, checks by the same decoding, stores with the same fsyncs and inserts. Throughput: "
    f"{PHONES} phones at once. Both: gunicorn, 2 workers of 4 threads, same database settings, "
    "but on PostgreSQL ours has its kept statements prepared; the worker is not running, its work is measured by itself below."
)


@dataclass
class Pair:
    """Our server and the bare one over databases of one engine, and the tasks left to fill."""

    ours: Web
    bare: Web
    example: Task
    tasks: Iterator[Task]

    def our_visit(self, pictures: list[bytes]) -> Callable[[], float]:
        visit = Visit(next(self.tasks), pictures)
        return lambda: self._send(visit, Line(self.ours.port, visit.task["token"], "/api/v1/"))

    def bare_visit(self, pictures: list[bytes]) -> Callable[[], float]:
        visit = Visit(self.example, pictures)
        return lambda: self._send(visit, Line(self.bare.port, prefix="/"))

    def _send(self, visit: Visit, line: Line) -> float:
        with line:
            return visit.send(line)

    def bare_whole(self, pictures: list[bytes]) -> float:
        call = Visit(self.example, pictures).whole()
        with Line(self.bare.port, prefix="/") as line:
            return timed(lambda: line.call(call.method, call.path, call.body, call.kind))


def run(scale: Scale) -> Part:
    rows = []
    for engine in scale.engines:
        if engine == "postgresql" and not postgresql()[0]:
            rows.append(Row(f"PostgreSQL: skipped, {postgresql()[1]}", ""))
            continue
        with ExitStack() as stack:
            pair = _pair(stack, engine, scale)
            for kind in drawn.KINDS:
                rows += _measured(pair, engine, kind, scale.pairs)
    return Part("One audit: 40 answers, 5 photos", rows, NOTES)


def _pair(stack: ExitStack, engine: str, scale: Scale) -> Pair:
    ours = stack.enter_context(Place(engine))
    bare = stack.enter_context(Place(engine, "bench.bare.settings"))
    bare.ask("bare_tables")
    tasks = ours.ask("stage", tasks=2 * (2 * WARM_UP + scale.pairs + PHONES * _blocks(scale.pairs)))
    stack.enter_context(Broker(ours))
    return Pair(
        stack.enter_context(Web(ours, "config.wsgi")),
        stack.enter_context(Web(bare, "bench.bare.wsgi")),
        tasks[0],
        iter(tasks),
    )


def _measured(pair: Pair, engine: str, kind: str, pairs: int) -> list[Row]:
    pictures = drawn.photos(kind, 5)
    for _ in range(WARM_UP):
        _at_once([pair.our_visit(pictures) for _ in range(2)])
        _at_once([pair.bare_visit(pictures) for _ in range(2)])
    works = {
        "ours": lambda: pair.our_visit(pictures)(),
        "bare": lambda: pair.bare_visit(pictures)(),
        "whole": lambda: pair.bare_whole(pictures),
    }
    seconds = interleaved(works, pairs)
    ours, bare, whole = (median(seconds[name]) for name in works)
    times = ratio(seconds["ours"], seconds["bare"])
    blocks = _throughput(pair, pictures, pairs)
    rates = {name: PHONES / median(values) for name, values in blocks.items()}
    title = f"{'SQLite' if engine == 'sqlite' else 'PostgreSQL'}, 5 × {kind}"
    return [
        Row(f"{title}: p50 of an audit", ms(ours), ms(bare), times, LIMIT),
        Row(f"{title}: {PHONES} phones at once", f"{rates['ours']:.1f}/s", f"{rates['bare']:.1f}/s",
            ratio(blocks["ours"], blocks["bare"]), LIMIT),
        Row("    beside one bare request, no decode, no fsync", ms(ours), ms(whole),
            ratio(seconds["ours"], seconds["whole"])),
    ]  # fmt: skip


def _throughput(pair: Pair, pictures: list[bytes], pairs: int) -> dict[str, list[float]]:
    """Seconds of blocks in which every phone makes one visit, at the same time."""
    return interleaved(
        {
            "ours": lambda: _at_once([pair.our_visit(pictures) for _ in range(PHONES)]),
            "bare": lambda: _at_once([pair.bare_visit(pictures) for _ in range(PHONES)]),
        },
        _blocks(pairs),
    )


def _blocks(pairs: int) -> int:
    return max(3, pairs // 2)


def _at_once(visits: list[Callable[[], float]]) -> float:
    with ThreadPoolExecutor(len(visits)) as pool:
        return timed(lambda: list(pool.map(lambda visit: visit(), visits)))
