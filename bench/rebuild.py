"""Every roll-up anew, beside the least that reading and writing the same rows can take."""

from __future__ import annotations

from statistics import median

from bench import towns
from bench.scale import Scale
from bench.table import Part, Row, ms
from bench.timing import ratio
from bench.towns import NAMES

LIMIT = 2.0
NOTES = (
    "The floor: the very SELECT statements of the rebuild, fetched by a raw cursor, and the very "
    "rows it stores, inserted by executemany in one transaction; JSON is parsed and written, nothing "
    "is counted or added up. Copying: the same without looking into the JSON. Re-scoring: every "
    "answer read, every sheet scored and compared with what was frozen."
)


def run(scale: Scale) -> Part:
    here, rows = towns.engines(scale)
    for engine in here:
        for town in towns.of(engine, scale)[1:]:
            told = town.place.ask("rebuild", pairs=min(5, scale.pairs))
            size = f"{NAMES[engine]}, {town.stations:,} stations"
            ours, floor, copied = told["ours"], told["floor"], told["copied"]
            rows += [
                Row(f"{size}: {told['stored']:,} roll-ups from {told['read']:,} rows",
                    ms(median(ours)), ms(median(floor)), ratio(ours, floor), LIMIT),
                Row("    beside mere copying", ms(median(ours)), ms(median(copied)),
                    ratio(ours, copied)),
                Row(f"    beside it, re-scoring {told['answers']:,} answers, "
                    f"{told['differences']} differ", ms(told["rescoring"]), ms(median(floor)),
                    told["rescoring"] / median(floor)),
            ]  # fmt: skip
    return Part("Rebuilding every roll-up", rows, NOTES)
