"""How rows add up: what a station adds to its region, and a region's row as the sum of its parts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from indicators import shares
from indicators.counting import FINDING_COUNTS, Row

CENTRE = "centre"
STATION_COUNTS = (
    "stations", "expected", "scored_stations", "audited", "stations_with_findings",
    "stations_all_closed",
)  # fmt: skip
COUNTS = FINDING_COUNTS + STATION_COUNTS
TALLIES = ("due", "unsolved", "first_due", "totals", "totals_today", "asked", "failing")


def as_part(row: Row, kind: str) -> Row:
    """What one station adds to its region's row."""
    expected = bool(row["is_expected"])
    scored = expected and kind != CENTRE and bool(row["applicable"])
    return {
        **{name: row[name] for name in FINDING_COUNTS},
        "stations": int(expected),
        "expected": int(expected and kind != CENTRE),
        "scored_stations": int(scored),
        "audited": int(expected and row["is_audited"]),
        "stations_with_findings": int(row["cohort"] > 0),
        "stations_all_closed": int(row["cohort"] > 0 and row["closed"] == row["cohort"]),
        "due": row["due"],
        "unsolved": row["unsolved"],
        "first_due": {min(row["due"]): 1} if row["due"] else {},
        "totals": {shares.share(row["earned"], row["applicable"]): 1} if scored else {},
        "totals_today": {shares.share(row["earned_today"], row["applicable"]): 1} if scored else {},
        "asked": dict.fromkeys(row["asked"], 1) if scored else {},
        "failing": dict.fromkeys(row["failing"], 1) if scored else {},
        "sections": _section_parts(row["sections"]) if scored else {},
    }


def _section_parts(sections: list[dict[str, str]]) -> dict[str, Row]:
    told = {}
    for section in sections:
        applicable = Decimal(section["applicable"])
        if not applicable:
            continue
        share = shares.share(Decimal(section["earned"]), applicable)
        today = shares.share(Decimal(section["earned_today"]), applicable)
        told[section["code"]] = {
            "n": 1, "sum": share, "minimum": share, "sum_today": today, "minimum_today": today
        }  # fmt: skip
    return told


def add_up(parts: list[Row]) -> Row:
    """The row of a region from what its stations and its child regions add."""
    row: Row = {name: sum(part[name] for part in parts) for name in COUNTS}
    for name in TALLIES:
        row[name] = _merged(part[name] for part in parts)
    row["spread"] = shares.spread(row["totals"])
    row["spread_today"] = shares.spread(row["totals_today"])
    row["sections"] = _merged_sections([part["sections"] for part in parts])
    return row


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
    row: Row = {"n": sum(part["n"] for part in parts)}
    for suffix in ("", "_today"):
        row[f"sum{suffix}"] = shares.total((part[f"sum{suffix}"], 1) for part in parts)
        row[f"minimum{suffix}"] = min((part[f"minimum{suffix}"] for part in parts), key=shares.rank)
    return row
