"""问题整改台账.xlsx of a hundred thousand problems, beside the bare library writing the same cells."""

from __future__ import annotations

from statistics import median

from bench.place import Place
from bench.scale import Scale
from bench.table import Part, Row, mb
from bench.timing import ratio

STATIONS = 57
SIZES = {"quick": (5_000, 20_000)}
LIMIT, FLAT = 2.0, 1.25
NOTES = (
    "Ours: everything read from the database in chunks, 29 columns worked out, styled, row heights "
    "fitted, progress told. Bare: xlsxwriter in its constant-memory mode writes the same values, held "
    "in memory beforehand, with the same formats. Peak memory is the whole process's. Above 3,000 "
    "problems a ledger holds no pictures and says so."
)


def run(scale: Scale) -> Part:
    small, large = SIZES.get(scale.name, (20_000, 100_000))
    with Place("sqlite") as place:
        place.ask("town", stations=STATIONS)
        place.ask("ledger", rows=small, pairs=0)
        peak_small = place.ask("ledger", rows=small, pairs=1, with_bare=False)["peak"]
        place.ask("ledger", rows=large, pairs=0)
        peak_large = place.ask("ledger", rows=large, pairs=1, with_bare=False)["peak"]
        told = place.ask("ledger", rows=large, pairs=max(3, scale.pairs // 5))
    ours, bare, busy = told["ours"], told["bare"], told["processor"]
    rows = [
        Row(f"ledger of {large:,} problems", f"{median(ours):.1f} s", f"{median(bare):.1f} s",
            ratio(ours, bare), LIMIT),
        Row("of it the processor's time", f"{median(busy['ours']):.1f} s",
            f"{median(busy['bare']):.1f} s", ratio(busy["ours"], busy["bare"])),
        Row(f"peak memory, {large:,} ÷ {small:,} problems", mb(peak_large), mb(peak_small),
            peak_large / peak_small, FLAT),
        Row("size of the file", mb(told["size"])),
    ]  # fmt: skip
    return Part("Papers", rows, NOTES)
