"""满意度: which survey is open where, and what people answered."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Q

from stations.models import Station
from targets.models import SatisfactionSurvey, SurveyAnswer, SurveyToken, TargetTable
from targets.scoring import percent

HAPPY = Q(step__gte=SurveyAnswer.HAPPY)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_survey(station: Station, today: dt.date) -> SatisfactionSurvey | None:
    """The one of the station's district, or of what lies above it; none where it is closed."""
    if not station.is_open_on(today):
        return None
    rows = SatisfactionSurvey.objects.active().filter(
        table__region__code__in=station.region.ancestor_codes(),
        opens_on__lte=today,
        closes_on__gte=today,
    )
    found: SatisfactionSurvey | None = rows.order_by("-table__region__path", "-opens_on").first()
    return found


def token_row(token: str) -> SurveyToken | None:
    return (
        SurveyToken.objects.select_related("survey", "station__region")
        .filter(digest=digest(token))
        .first()
    )


@dataclass(frozen=True)
class Tally:
    answers: int
    happy: int

    @property
    def rate(self) -> Fraction | None:
        return percent(self.happy, self.answers)


def tally(table: TargetTable) -> Tally:
    rows = SurveyAnswer.objects.filter(survey__in=SatisfactionSurvey.objects.of(table).values("pk"))
    told = rows.aggregate(answers=Count("pk"), happy=Count("pk", filter=HAPPY))
    return Tally(**told)


def tallies(surveys: Iterable[SatisfactionSurvey]) -> dict[int, Tally]:
    rows = SurveyAnswer.objects.filter(survey__in=[survey.pk for survey in surveys])
    counted = rows.values("survey").annotate(answers=Count("pk"), happy=Count("pk", filter=HAPPY))
    return {row["survey"]: Tally(row["answers"], row["happy"]) for row in counted}


def steps(survey: SatisfactionSurvey) -> list[tuple[str, int]]:
    """How many chose each of the five, best first."""
    counted = dict(
        survey.answers.order_by().values("step").annotate(n=Count("pk")).values_list("step", "n")
    )
    return [(str(step.label), counted.get(step.value, 0)) for step in SurveyAnswer.Step]


@dataclass(frozen=True)
class StationTally:
    station: Station
    tally: Tally


def by_station(survey: SatisfactionSurvey) -> list[StationTally]:
    """Least satisfied first; only stations with answers."""
    counted = {
        row["station"]: Tally(row["answers"], row["happy"])
        for row in survey.answers.order_by()
        .values("station")
        .annotate(answers=Count("pk"), happy=Count("pk", filter=HAPPY))
    }
    stations = Station.objects.filter(pk__in=counted).select_related("region")
    lines = [StationTally(station, counted[station.pk]) for station in stations]
    return sorted(lines, key=lambda line: (line.tally.rate or 0, line.station.code))


def least_satisfied(table: TargetTable, most: int = 3) -> list[StationTally]:
    """Of the whole year, the stations that pull the rate down most: unhappy answers, most first."""
    rows = SurveyAnswer.objects.filter(survey__in=SatisfactionSurvey.objects.of(table).values("pk"))
    counted = {
        row["station"]: Tally(row["answers"], row["happy"])
        for row in rows.values("station").annotate(
            answers=Count("pk"), happy=Count("pk", filter=HAPPY)
        )
    }
    worst = sorted(counted, key=lambda pk: (counted[pk].happy - counted[pk].answers, pk))[:most]
    stations = Station.objects.in_bulk(worst)
    return [
        StationTally(stations[pk], counted[pk])
        for pk in worst
        if counted[pk].happy < counted[pk].answers
    ]


def comments(survey: SatisfactionSurvey, most: int = 50) -> list[SurveyAnswer]:
    rows = survey.answers.exclude(words="").select_related("station")
    return list(rows.order_by("-answered_on", "-pk")[:most])
