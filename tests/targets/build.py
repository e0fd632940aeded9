"""Records by their real services, with as little said as a test needs."""

import datetime as dt
from decimal import Decimal
from typing import Any

from targets.models import (
    Activity,
    BudgetEntry,
    PlanTask,
    Record,
    SatisfactionSurvey,
    SurveyAnswer,
    TargetTable,
    Volunteer,
)
from targets.services import records, volunteers
from tests import make
from tests.conftest import Cast
from tests.targets.conftest import NOW

DAY = dt.date(2026, 6, 1)


def record(model: type[Record], table: TargetTable, cast: Cast, **values: Any) -> Any:
    return records.add(model=model, table=table, values=values, by=cast.bureau, now=NOW)


def activity(table: TargetTable, cast: Cast, *, held: bool = True, **values: Any) -> Activity:
    done = {"held_on": DAY, "place": "区服务中心", "people": 40} if held else {}
    told = {"kind": "volunteer", "title": "红星志愿服务", "planned_on": DAY, **done, **values}
    made: Activity = record(Activity, table, cast, **told)
    return made


def task(table: TargetTable, cast: Cast, **values: Any) -> PlanTask:
    made: PlanTask = record(
        PlanTask, table, cast, **{"title": "走访慰问", "due_on": DAY, "done_on": DAY, **values}
    )
    return made


def spending(table: TargetTable, cast: Cast, amount: str, **values: Any) -> BudgetEntry:
    told = {"spent_on": DAY, "amount": Decimal(amount), "purpose": "场地租用", **values}
    made: BudgetEntry = record(BudgetEntry, table, cast, **told)
    return made


def survey(table: TargetTable, cast: Cast, **values: Any) -> SatisfactionSurvey:
    told = {
        "title": "满意度调查", "opens_on": dt.date(2026, 1, 1), "closes_on": dt.date(2026, 12, 20)
    }  # fmt: skip
    made: SatisfactionSurvey = record(SatisfactionSurvey, table, cast, **told | values)
    return made


def answers(survey: SatisfactionSurvey, cast: Cast, steps: dict[int, int]) -> None:
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(survey=survey, station=cast.station, step=step, answered_on=DAY)
        for step, count in steps.items()
        for _ in range(count)
    )


def volunteer(cast: Cast, code: str = "HX001") -> Volunteer:
    return volunteers.add_volunteer(
        region=make.region("440309"),
        values={"code": code, "name": "志愿者甲", "team": "", "joined_on": dt.date(2021, 3, 1)},
        by=cast.bureau,
        now=NOW,
    )
