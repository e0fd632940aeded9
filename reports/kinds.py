"""What can be handed over: which formats, about what, to whom. No Django, no rows."""

from __future__ import annotations

from dataclasses import dataclass

PICTURES_UP_TO = 3000  # problems of a ledger; with more pictures a workbook no longer opens
REGION, STATION, EITHER, DISTRICT = "region", "station", "either", "district"
BUREAU, SUPERVISOR, STATION_HEAD = "bureau", "supervisor", "station_head"
DESK = frozenset({BUREAU, SUPERVISOR})
ALL = frozenset({BUREAU, SUPERVISOR, STATION_HEAD})


@dataclass(frozen=True)
class Kind:
    """`about`: a region; one station; either (without a station, each of the region's);
    district: always the whole of it, which has neither. `is_yearly`: never of one round.
    The first of `formats` is the usual one."""

    formats: tuple[str, ...]
    about: str
    roles: frozenset[str]
    is_yearly: bool = False


KINDS: dict[str, Kind] = {
    "ledger": Kind(("xlsx",), EITHER, DESK),
    "scores": Kind(("xlsx",), REGION, DESK),
    "notice": Kind(("docx",), EITHER, ALL),
    "close-out": Kind(("docx",), EITHER, ALL),
    "circular": Kind(("docx",), REGION, DESK),
    "self-evaluation": Kind(("docx", "xlsx"), DISTRICT, frozenset({BUREAU}), is_yearly=True),
    "station": Kind(("pdf",), STATION, ALL),
    "archive": Kind(("zip",), REGION, DESK, is_yearly=True),
}
MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


def for_role(role: str) -> list[str]:
    return [name for name, kind in KINDS.items() if role in kind.roles]
