"""What happens in the demonstration, decided before anything is drawn or written."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from audits.deadlines import SHANGHAI, is_working_day
from checklists.models import Item
from config.demo import chances, words
from config.demo.shots import NAMESPACE, Shot
from stations.models import Station

# Somebody sent another station's picture: in the first round, this item's is the other's.
LENT = {("440309002-W05", "Q10"): "440309002-W03", ("440309004-W04", "Q01"): "440309004-W02"}
SHOWN = "440309001-W01"  # has findings in every state
UNTOUCHED = "440309001-W06"  # has never been audited
SHOWN_FAILS = ["Q09", "T02", "Q04", "Q11", "K01", "R02", "T03", "Q12", "Q02"]
SHOWN_FATES = [
    "sent_back", "open", "in_progress", "submitted", "closed", "open", "waived", "void", "submitted"
]  # fmt: skip


@dataclass
class Visit:
    station: Station
    number: int
    at: dt.datetime
    end: str  # complete, submitted (a photo is still on the phone) or started
    answers: list[tuple[Item, str, str]]
    shots: list[Shot] = field(default_factory=list)
    fates: dict[str, str] = field(default_factory=dict)
    after: dict[str, list[Shot]] = field(default_factory=dict)
    on_site: dict[str, Shot] = field(default_factory=dict)

    def sent(self) -> list[Shot]:
        """All but the one that is still on the phone."""
        return self.shots[:-1] if self.end == "submitted" else self.shots

    @property
    def id(self) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, f"{self.station.code}:{self.number}")


def first_round(
    stations: list[Station], items: dict[str, list[Item]], start: dt.date
) -> list[Visit]:
    """The finished one: everybody visited but the station that has never been."""
    visited = [station for station in stations if station.code != UNTOUCHED]
    return [
        _visit(station, 0, _moment(start, place, len(visited), 20), "complete", items)
        for place, station in enumerate(visited)
    ]


def second_round(
    stations: list[Station], items: dict[str, list[Item]], start: dt.date, today: dt.date
) -> list[Visit]:
    """The running one: two in five visited so far."""
    order = sorted(stations, key=lambda station: chances.dice("order", station.code).random())
    order = [station for station in order if station.code not in {UNTOUCHED, SHOWN}]
    shown = [station for station in stations if station.code == SHOWN]
    early, late = order[: int(len(order) * 0.3)], order[int(len(order) * 0.3) :]
    visited = early + shown + late[: int(len(order) * 0.12)]
    days = max(1, (today - start).days)
    ends = ["complete"] * (len(visited) - 3) + ["submitted", "started", "started"]
    return [
        _visit(station, 1, _moment(start, place, len(visited), days), end, items)
        for place, (station, end) in enumerate(zip(visited, ends, strict=True))
    ]


def lent(visits: Iterable[Visit]) -> list[uuid.UUID]:
    return [
        shot.id
        for visit in visits
        if not visit.number
        for shot in visit.shots
        if (visit.station.code, shot.item_code) in LENT
    ]


def _moment(start: dt.date, place: int, count: int, days: int) -> dt.datetime:
    """Spread over working days, between nine and half past four."""
    workdays = [
        day for offset in range(days) if is_working_day(day := start + dt.timedelta(days=offset))
    ] or [start]
    day = workdays[place * len(workdays) // count]
    minutes = (place * 97) % 420
    return dt.datetime.combine(day, dt.time(9), SHANGHAI) + dt.timedelta(minutes=minutes)


def _visit(
    station: Station, number: int, at: dt.datetime, end: str, items: dict[str, list[Item]]
) -> Visit:
    roll = chances.dice("visit", station.code, number)
    sheet = items[station.kind]
    answers = [_answer(item, station, number, roll) for item in sheet]
    if end == "started":
        answers = answers[: len(sheet) * 2 // 5]
    visit = Visit(station, number, at, end, answers)
    failing = [item.code for item, result, _ in answers if result in {"partial", "fail"}]
    critical = {item.code for item in sheet if item.is_critical}
    if end != "started":
        visit.fates = dict(_fates(station, number, failing))
        visit.fates |= {code: "closed" for code in critical & visit.fates.keys() if not number}
    visit.shots = [shot for answer in answers for shot in _shots(visit, *answer)]
    visit.after = {
        code: [_after(visit, code, attempt) for attempt in range(_attempts(fate))]
        for code, fate in visit.fates.items()
    }
    visit.on_site = {
        code: _shot(f"{station.code}:{number}:{code}:site", visit, code, "pass", "after")
        for code in critical & visit.fates.keys()
        if visit.fates[code].startswith("closed")
    }
    return visit


def _answer(item: Item, station: Station, number: int, roll) -> tuple[Item, str, str]:  # type: ignore[no-untyped-def]
    result = chances.result(item, station, number, roll)
    if station.code == SHOWN and number == 1:
        result = "partial" if item.code in SHOWN_FAILS else "pass"
        result = "fail" if item.code in SHOWN_FAILS[:3] else result
    note = ""
    if result in {"partial", "fail"}:
        note = words.note(item.code, item.evidence, roll)
    elif result == "na":
        note = roll.choice(words.NOT_APPLICABLE)
    return item, result, note


def _fates(station: Station, number: int, failing: list[str]) -> Iterable[tuple[str, str]]:
    if station.code == SHOWN and number == 1:
        yield from zip(SHOWN_FAILS, SHOWN_FATES, strict=True)
        return
    share = chances.CLOSED_SHARE[station.region.code]
    for code in failing:
        roll = chances.dice("fate", station.code, number, code)
        yield code, _fate(roll.random(), share if number == 0 else share * 0.4, number)


def _fate(chance: float, closed: float, number: int) -> str:
    """The first round is nearly done with; of the second much is still to do."""
    if number == 0:
        closed += (1 - closed) * 0.7
    rest = (1 - closed) / 10
    steps = [("closed", closed * 0.86), ("closed_second", closed * 0.14), ("submitted", rest),
             ("sent_back", rest), ("in_progress", rest * 2), ("extended", rest),
             ("waived", rest * 0.4), ("void", rest * 0.3)]  # fmt: skip
    for fate, width in steps:
        chance -= width
        if chance < 0:
            return fate
    return "open"


def _attempts(fate: str) -> int:
    return {"closed": 1, "submitted": 1, "sent_back": 1, "closed_second": 2}.get(fate, 0)


def _shots(visit: Visit, item: Item, result: str, note: str) -> list[Shot]:
    fails = result in {"partial", "fail"}
    useful = fails and visit.number > 0 and item.photo_rule == "useful"
    if result == "na" or not (item.needs_photo or useful):
        return []
    name = f"{visit.station.code}:{visit.number}:{item.code}"
    return [_shot(name, visit, item.code, result, "before", is_large=fails and visit.number > 0)]


def _after(visit: Visit, code: str, attempt: int) -> Shot:
    last = attempt + 1 == _attempts(visit.fates[code]) and visit.fates[code] != "sent_back"
    name = f"{visit.station.code}:{visit.number}:{code}:after{attempt}"
    result = "pass" if last else "partial"
    return _shot(name, visit, code, result, "after", is_large=visit.number > 0)


def _shot(
    name: str, visit: Visit, code: str, result: str, stage: str, *, is_large: bool = True
) -> Shot:
    moment = "整改后" if stage == "after" else f"{visit.at:%Y-%m-%d %H:%M}"
    place = visit.station.code
    if stage == "before" and not visit.number:
        place = LENT.get((place, code), place)
    return Shot(
        name=name,
        item_code=code,
        result=result,
        stage=stage,
        seed=chances.dice("seed", place).randrange(1 << 30),
        visit=visit.number,
        lines=(visit.station.name_zh, f"{code} · {moment} · 演示"),
        is_large=is_large,
    )
