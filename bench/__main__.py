"""Prints one table. `BENCH=visits,rebuild` chooses parts, `SIZE=quick|large` how much of them."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from importlib import import_module

from bench import machine, place, towns
from bench.scale import SCALES
from bench.table import Part, Row, show

PARTS = (
    "visits",
    "statements",
    "figures",
    "change",
    "rebuild",
    "copies",
    "start",
    "reuse",
    "form",
    "reports",
)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    chosen = [name for name in os.environ.get("BENCH", "").split(",") if name] or list(PARTS)
    size = os.environ.get("SIZE", "")
    if unknown := sorted({*chosen} - {*PARTS}) or [size] * (size not in SCALES):
        print(f"unknown: {', '.join(unknown)}; BENCH takes {', '.join(PARTS)}, SIZE quick or large")
        return 2
    began = time.monotonic()
    broken: list[str] = []
    try:
        head = machine.described()
        parts = [measured(name, size, broken) for name in chosen]
    finally:
        towns.clear()
        place.clear()
    print(f"\n{head}\n\n{show(parts)}; took {time.monotonic() - began:.0f} s")
    return 1 if broken else 0


def measured(name: str, size: str, broken: list[str]) -> Part:
    """A part that breaks is told as such and does not take the others' figures with it."""
    print(f"measuring {name} …", file=sys.stderr, flush=True)
    try:
        part: Part = import_module(f"bench.{name}").run(SCALES[size])
    except Exception as error:
        traceback.print_exc()
        broken.append(name)
        return Part(f"{name}: broke", [Row(str(error)[:100], "")])
    return part


if __name__ == "__main__":
    sys.exit(main())
