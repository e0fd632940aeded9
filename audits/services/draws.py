"""抽查 by lot, with a seed anybody can check."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from audits import deadlines, planning
from audits.models import Draw, Round
from audits.services import rounds
from stations.models import Station, User
from stations.refusals import bad_field, conflict
from stations.services import history

MOST = 5000


def new_seed(now: dt.datetime) -> str:
    return f"{deadlines.local_day(now):%Y%m%d}-{secrets.token_hex(4)}"


@transaction.atomic
def draw(
    *,
    round: Round,
    stations: Sequence[Station],
    count: int,
    per_region: bool = False,
    seed: str = "",
    inspector: User | None = None,
    due_on: dt.date,
    plan_from: dt.date | None = None,
    by: User,
    now: dt.datetime,
) -> Draw:
    """`count` of the stations not yet in the round, or `count` of each subdistrict; they become
    tasks at once. What could be drawn, the seed and what was drawn are kept for good."""
    if not 0 < count <= MOST:
        raise bad_field(
            "count", "out_of_range", _("抽取数应在 1 到 %(most)s 之间。") % {"most": MOST}
        )
    seed = seed.strip() or new_seed(now)
    Round.objects.select_for_update().get(pk=round.pk)  # two drawings at once
    taken = set(round.assignments.values_list("station_id", flat=True))
    free = {one.code: one for one in stations if one.pk not in taken}
    if not free:
        raise conflict("nothing_to_draw", _("范围内的站都已在这一轮里，没有可抽的。"))
    frame = {code: station.region.code for code, station in free.items()}
    _refuse_again(round, seed, frame)
    chosen = planning.drawn(seed, frame, count, per_group=per_region)
    made = Draw.objects.create(
        round=round, number=round.draws.count() + 1, seed=seed, count=count,
        per_region=per_region, frame=frame, chosen=chosen, at=now, by=by,
    )  # fmt: skip
    picked = sorted((free[code] for code in chosen), key=lambda one: (one.region.path, one.code))
    rounds.assign(
        round=round, stations=picked, inspector=inspector, due_on=due_on, plan_from=plan_from,
        by=by, now=now,
    )  # fmt: skip
    history.record(
        by=by, action="round.draw", at=now, subject=f"round:{round.pk}", seed=seed,
        number=made.number, frame=len(frame), chosen=chosen,
    )  # fmt: skip
    return made


def _refuse_again(round: Round, seed: str, frame: dict[str, str]) -> None:
    """The same form sent twice would draw as many again. Of other stations the seed may be used
    once more: one number for all subdistricts, each drawn by itself."""
    for before in round.draws.filter(seed=seed):
        if not frame.keys().isdisjoint(before.frame):
            words = _("种子 %(seed)s 在这一轮已经抽过这些站，再抽请换一个种子。")
            raise conflict("seed_used", words % {"seed": seed}, number=before.number)
