"""Reused photos: how many copies are found, how many alarms are about nothing, how it grows."""

from __future__ import annotations

from statistics import median
from typing import Any

from bench.place import Place, postgresql
from bench.scale import Scale
from bench.table import Part, Row, ms

DRAWN = {"quick": 40}
SIZES = {"quick": [1_000, 10_000], "large": [10_000, 100_000, 1_000_000]}
PAIRS = 5
NOTES = (
    "200 distinct drawn pictures (40 when quick), each copied in every way, compared with all. Then "
    "both searches of one upload (same bytes; like this whole, or like any view of it), for ten "
    "pictures not among those stored: the median picture and the slowest. Reference: one bare SELECT "
    "by an indexed hash. Stored are the prints of 200 other pictures with one bit in sixteen turned over."
)


def run(scale: Scale) -> Part:
    drawn = DRAWN.get(scale.name, 200)
    with Place("sqlite") as place:
        told = place.ask("alike", drawn=drawn)
    rows = [Row(f"found, {name}", f"{n} of {drawn}") for name, n in told["found"].items()]
    rows.append(Row("alarms about different pictures", _of_pairs(told["false_alarms"], drawn)))
    for engine in scale.engines:
        if engine == "sqlite" or postgresql()[0]:
            rows += _growth(engine, SIZES.get(scale.name, [10_000, 100_000]))
    return Part("Reused photos", rows, NOTES)


def _of_pairs(alarms: int, drawn: int) -> str:
    return f"{alarms} of {drawn * (drawn - 1) // 2:,} pairs"


def _growth(engine: str, sizes: list[int]) -> list[Row]:
    with Place(engine) as place:
        told = place.ask("reuse", sizes=sizes, pairs=PAIRS)
    rows = [row for size in sizes for row in _look_up(engine, size, told[str(size)])]
    kept = told[str(sizes[-1])]["bytes"]
    return [*rows, Row(f"{engine}, prints kept per photo", f"{kept / 1000:.1f} kB")]


def _look_up(engine: str, size: int, told: dict[str, Any]) -> list[Row]:
    ours, bare = told["ours"], median(told["bare"])
    typical, slowest = median(ours), max(ours)
    return [
        Row(f"{engine}, look-up among {size:,}", ms(typical), ms(bare), typical / bare),
        Row("  the slowest of ten pictures", ms(slowest), ms(bare), slowest / bare),
    ]
