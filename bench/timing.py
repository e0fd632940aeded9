"""Interleaved timing: A B A B …, so that whatever else the machine does hits both alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def interleaved(works: Mapping[str, Callable[[], float]], pairs: int) -> dict[str, list[float]]:
    """Each work tells its own seconds; every other round starts from the other end."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(pairs):
        names = list(works) if turn % 2 == 0 else list(works)[::-1]
        for name in names:
            seconds[name].append(works[name]())
    return seconds


def medians(works: Mapping[str, Callable[[], float]], pairs: int) -> dict[str, float]:
    return {name: median(values) for name, values in interleaved(works, pairs).items()}


def ratio(ours: list[float], reference: list[float]) -> float:
    """The median of the pairs' ratios: steadier than the ratio of two medians."""
    return median(a / b for a, b in zip(ours, reference, strict=True))
