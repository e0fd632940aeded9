"""Towns are built once and used by every part; the smaller engine does not wait for the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from bench.place import Place, postgresql
from bench.scale import Scale
from bench.table import Row

_built: dict[tuple[str, int], Town] = {}
_ends = ExitStack()

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Town:
    """`about`: {round, bureaus: {nation, district: {token, session}}, waiting: [finding]}."""

    place: Place
    stations: int
    about: dict[str, Any]


def engines(scale: Scale) -> tuple[list[str], list[Row]]:
    """Those at hand, and a row saying why one is not."""
    url, reason = postgresql()
    here = [engine for engine in scale.engines if engine == "sqlite" or url]
    skipped = [] if url else [Row(f"PostgreSQL: skipped, {reason}", "")]
    return here, skipped


def of(engine: str, scale: Scale) -> list[Town]:
    """Smallest first."""
    if (engine, scale.sizes[0]) not in _built:
        _build(scale)
    return [_built[engine, size] for size in scale.sizes]


def _build(scale: Scale) -> None:
    wanted = [(engine, size) for engine in engines(scale)[0] for size in scale.sizes]
    places = {key: _ends.enter_context(Place(key[0])) for key in wanted}
    with ThreadPoolExecutor(2) as pool:
        told = pool.map(lambda key: places[key].ask("town", stations=key[1]), wanted)
        for key, about in zip(wanted, told, strict=True):
            _built[key] = Town(places[key], key[1], about)


def clear() -> None:
    _built.clear()
    _ends.close()
