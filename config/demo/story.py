"""The demonstration from end to end: people, two rounds, their pictures, what came of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from audits import deadlines, outbox
from audits.models import Assignment, Round
from audits.services import rounds
from checklists.models import Item
from checklists.queries import items_for
from config.demo import people, plan, year
from config.demo.drawing import draw_all, erase
from config.demo.telling import Teller
from indicators import rollups, snapshots
from stations.models import Station, User

Progress = Callable[[str, int, int], None]
FIRST_STARTS, FIRST_DAYS = -84, 27
SECOND_STARTS, SECOND_DAYS = -16, 30


@transaction.atomic
def tell(*, password: str, now: dt.datetime, progress: Progress) -> None:
    """All of it or, when cut off, none of it (but for pictures, which are drawn again)."""
    accounts = people.create(password)
    heads = people.heads()
    today = deadlines.local_day(now)
    stations = list(Station.objects.real().select_related("region").order_by("code"))
    starts = [today + dt.timedelta(days=days) for days in (FIRST_STARTS, SECOND_STARTS)]
    sheets = _sheets(stations)
    visits = plan.first_round(stations, sheets, starts[0])
    visits += plan.second_round(stations, sheets, starts[1], today)
    shots = [shot for visit in visits for shot in visit.sent()]
    shots += [shot for visit in visits for after in visit.after.values() for shot in after]
    shots += [shot for visit in visits for shot in visit.on_site.values()]
    root = Path(settings.MEDIA_ROOT)
    drawn = draw_all(shots, root, lambda done: progress("绘制照片", done, len(shots)))
    teller = Teller(drawn, heads, accounts["bureau"], now)
    with outbox.held():
        tasks = _rounds(accounts["bureau"], stations, starts, now)
        for done, visit in enumerate(sorted(visits, key=lambda visit: visit.at), 1):
            teller.visit(visit, tasks[visit.number, visit.station.pk])
            progress("写入检查", done, len(visits))
        teller.look_at_pictures(plan.lent(visits))
    erase(teller.untaken(), root)
    year.tell(bureau=accounts["bureau"], stations=stations, now=now)
    progress("汇总", 1, 1)
    rollups.rebuild(now=now)
    snapshots.fill(now=now)
    outbox.settle(now=now)


def _sheets(stations: list[Station]) -> dict[str, list[Item]]:
    versions = rounds.newest_versions({station.kind for station in stations})
    return {kind: items_for(version, kind) for kind, version in versions.items()}


def _rounds(
    bureau: User, stations: list[Station], starts: list[dt.date], now: dt.datetime
) -> dict[tuple[int, int], Assignment]:
    tasks = {}
    for number, (start, days) in enumerate(zip(starts, (FIRST_DAYS, SECOND_DAYS), strict=True)):
        opened = dt.datetime.combine(start, dt.time(8, 30), deadlines.SHANGHAI)
        made = rounds.open_round(
            name=f"{start.year}年第{'三四'[number]}轮（演示）",
            starts_on=start,
            ends_on=start + dt.timedelta(days=days),
            by=bureau,
            now=opened,
        )
        for task in _assigned(made, stations, number, bureau, opened):
            tasks[number, task.station_id] = task
    return tasks


def _assigned(
    round: Round, stations: list[Station], number: int, bureau: User, at: dt.datetime
) -> list[Assignment]:
    """The second round is due in three waves, the first of them already past."""
    chosen = [station for station in stations if number or station.code != plan.UNTOUCHED]
    waves = [chosen[wave::3] for wave in range(3)] if number else [chosen]
    made = []
    for wave, part in enumerate(waves):
        due = round.starts_on + dt.timedelta(days=12 + 8 * wave if number else FIRST_DAYS)
        made += rounds.assign(
            round=round, stations=part, inspector=None, due_on=due, by=bureau, now=at
        )
    return made
