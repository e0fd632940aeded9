"""One row per figure: what it is, ours, the reference, their ratio, the limit, the verdict."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

HEAD = ("figure", "ours", "reference", "ratio", "limit", "")
ALIGN = "<>>>><"


@dataclass(frozen=True)
class Row:
    """`ratio` stands against `limit`; a row without a limit is printed beside the others."""

    what: str
    ours: str
    reference: str = ""
    ratio: float | None = None
    limit: float | None = None
    unit: str = "×"

    @property
    def verdict(self) -> str:
        if self.limit is None or self.ratio is None:
            return ""
        return "PASS" if round(self.ratio, 2) <= self.limit else "over the limit"

    def cells(self) -> tuple[str, ...]:
        return (
            self.what,
            self.ours,
            self.reference,
            "" if self.ratio is None else f"{_short(self.ratio)}{self.unit}",
            "" if self.limit is None else f"≤ {_short(self.limit)}{self.unit}",
            self.verdict,
        )


@dataclass(frozen=True)
class Part:
    """A heading, its rows, and what a reader must know to judge them."""

    title: str
    rows: list[Row]
    notes: str = ""


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def mb(size: float) -> str:
    return f"{size / 1e6:.0f} MB"


def show(parts: Iterable[Part]) -> str:
    parts = list(parts)
    lines = [row.cells() for part in parts for row in part.rows]
    widths = [max(map(len, column)) for column in zip(HEAD, *lines, strict=True)]
    rule = "─" * (sum(widths) + 2 * len(widths) - 2)
    told = [_line(HEAD, widths), rule]
    for part in parts:
        told += ["", part.title]
        told += [_line(row.cells(), widths) for row in part.rows]
        told += _wrapped(part.notes)
    return "\n".join([*told, "", rule, _summary(parts)])


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = (
        f"{cell:{side}{width}}" for cell, side, width in zip(cells, ALIGN, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def _wrapped(notes: str) -> list[str]:
    width = min(110, max(60, shutil.get_terminal_size((110, 24)).columns - 4))
    return textwrap.wrap(notes, width, initial_indent="  ", subsequent_indent="  ")


def _summary(parts: list[Part]) -> str:
    verdicts = [row.verdict for part in parts for row in part.rows if row.verdict]
    over = verdicts.count("over the limit")
    return f"{len(verdicts) - over} of {len(verdicts)} within the limit, {over} over"
