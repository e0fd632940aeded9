"""The effect indicator and the overview at every size: what is stored is read, nothing counted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from statistics import median

from bench import towns
from bench.phone import Line
from bench.scale import Scale
from bench.servers import Broker, Web
from bench.table import Part, Row, ms
from bench.timing import interleaved, ratio, timed
from bench.towns import NAMES, Town

FLAT, STATEMENTS, FIRST = 1.5, 10, 3
STATION = "SELECT MIN(id) FROM stations_station WHERE kind = 'community'"
NOTES = (
    "The same request to the same code over two databases, a nation's bureau and a district's; "
    "the ratio is the larger town's time over the smaller one's. Statements: token or session, "
    "scope and figures together. The empty page is 我的: signed in, the desk's bar, nothing counted. "
    "Opened again: nothing it shows has changed, which its rows say, read each time. After a change: "
    "before each request one station has a problem more, in its roll-up and in all above it; what of "
    "the page that touches is drawn anew."
)
PAGES = {
    "effect indicator": "/api/v1/indicators/effect/?round={}",
    "overview": "/bureau/?period=r{}",
}
EMPTY = "/accounts/mine/"


def run(scale: Scale) -> Part:
    here, rows = towns.engines(scale)
    for engine in here:
        rows += _flatness(engine, towns.of(engine, scale), scale)
        rows += _statements(engine, towns.of(engine, scale))
    return Part("Figures, however many stations", rows, NOTES)


def _flatness(engine: str, built: list[Town], scale: Scale) -> list[Row]:
    rows = []
    with ExitStack() as stack:
        webs = [_served(stack, town) for town in built]
        for who in ("nation", "district"):
            for name, path in PAGES.items():
                works = {
                    town.stations: partial(_asked, stack, web, town, who, path)
                    for town, web in zip(built, webs, strict=True)
                }
                rows += _compared(f"{NAMES[engine]}, {who}: {name}", works, scale.pairs * 5)
        for town, web in zip(built, webs, strict=True):
            rows += _beside_empty(stack, engine, town, web, scale.pairs * 5)
    return rows


def _beside_empty(stack: ExitStack, engine: str, town: Town, web: Web, pairs: int) -> list[Row]:
    """The page of the round opened again, that of the year after a change in the year's figures."""
    asked = partial(_asked, stack, web, town, "nation")
    works = {
        "opened again": partial(asked, PAGES["overview"]),
        "empty": partial(asked, EMPTY),
        "after a change": partial(_changed_and, partial(asked, "/bureau/"), town),
    }
    for _ in range(10):  # each process of the server draws it once
        works["opened again"]()
    seconds = interleaved(works, pairs)
    return [
        Row(f"{NAMES[engine]}: overview of {town.stations:,} {how} ÷ an empty page",
            ms(median(seconds[how])), ms(median(seconds["empty"])),
            ratio(seconds[how], seconds["empty"]), limit)
        for how, limit in (("opened again", FLAT), ("after a change", FIRST))
    ]  # fmt: skip


def _changed_and(ask: Callable[[], float], town: Town) -> float:
    """One problem more at one station, in its row and in every region's above it."""
    _grow(town, "station", STATION)
    for level in ("subdistrict", "district", "city", "province", "nation"):
        _grow(
            town, "region",
            "SELECT above.id FROM stations_region above JOIN stations_region own "  # noqa: S608
            "ON own.path LIKE above.path || '%' JOIN stations_station s ON s.region_id = own.id "
            f"WHERE s.id = ({STATION}) AND above.level = '{level}'",
        )  # fmt: skip
    return ask()


def _grow(town: Town, owner: str, which: str) -> None:
    town.place.execute(
        f"UPDATE indicators_{owner}rollup SET cohort = cohort + 1, open = open + 1, "  # noqa: S608
        f"computed_at = '{datetime.now(UTC)}' WHERE period LIKE 'y%' AND {owner}_id = ({which})"
    )


def _served(stack: ExitStack, town: Town) -> Web:
    stack.enter_context(Broker(town.place))
    return stack.enter_context(Web(town.place, "config.wsgi"))


def _asked(stack: ExitStack, web: Web, town: Town, who: str, path: str) -> float:
    person = town.about["bureaus"][who]
    keys = {"token": person["token"]} if "/api/" in path else {"session": person["session"]}
    with Line(web.port, **keys) as line:
        line.call("GET", "/healthz")  # connected
        return timed(lambda: line.call("GET", path.format(town.about["round"])))


def _compared(what: str, works: dict, pairs: int) -> list[Row]:
    for work in works.values():
        for _ in range(5):
            work()
    seconds = interleaved(works, pairs)
    small = min(works)
    return [
        Row(f"{what}, {size:,} ÷ {small}", ms(median(seconds[size])), ms(median(seconds[small])),
            ratio(seconds[size], seconds[small]), FLAT)
        for size in works
        if size != small
    ]  # fmt: skip


def _statements(engine: str, built: list[Town]) -> list[Row]:
    told = [town.place.ask("asked", town=town.about, pages=PAGES) for town in built]
    rows = []
    for name in PAGES:
        counts = [one[name]["statements"] for one in told]
        sizes = " / ".join(f"{town.stations:,}" for town in built)
        rows.append(Row(f"{NAMES[engine]}: statements, {name} at {sizes}",
                        " / ".join(map(str, counts)), "", max(counts), STATEMENTS, ""))  # fmt: skip
    named = sum(one[name]["naming_answers"] for one in told for name in PAGES)
    rows.append(Row(f"{NAMES[engine]}: of them naming the answers", str(named), "", named, 0, ""))
    return rows
