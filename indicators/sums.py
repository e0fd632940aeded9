"""How rows add up: what its own stations add to a region, and a region's row as the sum of its parts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import Any

from indicators import shares
from indicators.counting import FINDING_COUNTS, Row

CENTRE = "centre"
STATION_COUNTS = (
    "stations", "expected", "scored_stations", "audited", "stations_with_findings",
    "stations_all_closed",
)  # fmt: skip
COUNTS = FINDING_COUNTS + STATION_COUNTS
TALLIES = ("due", "unsolved", "first_due", "totals", "totals_today", "asked", "failing")


def of_stations(stations: list[tuple[Row, str]], known: dict[tuple[Any, ...], Row]) -> Row:
    """What a region's own stations, (row, kind) of each, add to its row: counted all at once,
    because a part made of every station is slower to make and to add than the counting itself.

    `known` are scores by the audits they come from: a year's are mostly those of its last round.
    """
    rows = [row for row, _ in stations]
    expected = [(row, kind) for row, kind in stations if row["is_expected"]]
    scores = [row for row, kind in expected if kind != CENTRE]
    scored = [row for row in scores if row["applicable"]]
    audits = tuple([row["audit_id"] for row in scored])
    if audits not in known:
        known[audits] = _of_scores(scored)
    return {
        **{name: sum([row[name] for row in rows]) for name in FINDING_COUNTS},
        "stations": len(expected),
        "expected": len(scores),
        "scored_stations": len(scored),
        "audited": sum([row["is_audited"] for row, _ in expected]),
        "stations_with_findings": sum([row["cohort"] > 0 for row in rows]),
        "stations_all_closed": sum([row["closed"] == row["cohort"] > 0 for row in rows]),
        "due": _merged(row["due"] for row in rows),
        "unsolved": _merged(row["unsolved"] for row in rows),
        "first_due": _counted(min(row["due"]) for row in rows if row["due"]),
        **known[audits],
    }


def _of_scores(rows: list[Row]) -> Row:
    share = shares.share
    return _with_spread({
        "totals": _counted(share(row["earned"], row["applicable"]) for row in rows),
        "totals_today": _counted(share(row["earned_today"], row["applicable"]) for row in rows),
        "asked": _counted(chain.from_iterable(row["asked"] for row in rows)),
        "failing": _counted(chain.from_iterable(row["failing"] for row in rows)),
        "sections": _of_sections(row["sections"] for row in rows),
    })  # fmt: skip


def _counted(keys: Iterable[str]) -> dict[str, int]:
    return dict(Counter(keys))


def _with_spread(row: Row) -> Row:
    row["spread"] = shares.spread(row["totals"])
    row["spread_today"] = shares.spread(row["totals_today"])
    return row


def _of_sections(many: Iterable[list[dict[str, str]]]) -> dict[str, Row]:
    by_code: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for section in chain.from_iterable(many):
        applicable = section["applicable"]
        if share := shares.of_text(section["earned"], applicable):
            inspected, today = by_code[section["code"]]
            inspected.append(share)
            today.append(shares.of_text(section["earned_today"], applicable))
    return {
        code: {"n": len(inspected), **_summed(inspected, ""), **_summed(today, "_today")}
        for code, (inspected, today) in by_code.items()
    }


def _summed(told: list[str], suffix: str) -> Row:
    return {
        f"sum{suffix}": shares.total(Counter(told).items()),
        f"minimum{suffix}": min(told, key=shares.rank),
    }


def add_up(parts: list[Row]) -> Row:
    """The row of a region from what its own stations and its child regions add."""
    if len(parts) == 1:
        return parts[0]
    row: Row = {name: sum([part[name] for part in parts]) for name in COUNTS}
    for name in TALLIES:
        row[name] = _merged(part[name] for part in parts)
    row["sections"] = _merged_sections([part["sections"] for part in parts])
    return _with_spread(row)


def _merged(tallies: Iterable[dict[str, int]]) -> dict[str, int]:
    merged: dict[str, int] = {}
    for tally in tallies:
        if not merged:
            merged.update(tally)
            continue
        for key, number in tally.items():
            merged[key] = merged.get(key, 0) + number
    return merged


def _merged_sections(many: list[dict[str, Row]]) -> dict[str, Row]:
    codes = dict.fromkeys(code for sections in many for code in sections)
    return {code: _merged_section([s[code] for s in many if code in s]) for code in codes}


def _merged_section(parts: list[Row]) -> Row:
    row: Row = {"n": sum([part["n"] for part in parts])}
    for suffix in ("", "_today"):
        row[f"sum{suffix}"] = shares.total([(part[f"sum{suffix}"], 1) for part in parts])
        row[f"minimum{suffix}"] = min([part[f"minimum{suffix}"] for part in parts], key=shares.rank)
    return row
