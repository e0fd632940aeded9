"""How much is measured: `SIZE=quick` while developing, the default, `SIZE=large` for a nation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """`pairs`: interleaved repetitions of a heavy figure; cheap ones take ten times as many."""

    name: str
    pairs: int
    sizes: tuple[int, ...]
    engines: tuple[str, ...] = ("sqlite", "postgresql")


SCALES = {
    "quick": Scale("quick", pairs=5, sizes=(57, 1_000)),
    "": Scale("default", pairs=20, sizes=(57, 6_400)),
    "large": Scale("large", pairs=20, sizes=(57, 6_400, 64_000)),
}
