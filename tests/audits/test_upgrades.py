"""Data steps of migrations, on rows that were there before."""

from importlib import import_module
from types import SimpleNamespace

from django.db import connection
from django.utils import timezone

from audits.models import AssignmentEvent
from audits.services import rounds
from tests import make

task_events = import_module("audits.migrations.0016_assignment_events")


def test_tasks_of_before_count_from_the_rounds_opening_until_they_were_withdrawn(cast):
    make.version()
    opened = make.round_(cast.bureau)
    kept = make.assignment(cast.bureau, cast.inspector, cast.station, opened)
    for _twice in range(2):
        gone = make.assignment(cast.bureau, cast.inspector, cast.other_station, opened)
        rounds.withdraw(assignment=gone, by=cast.bureau, now=timezone.now())
    told = AssignmentEvent.objects.latest("pk")

    task_events.remember(None, SimpleNamespace(connection=connection))

    added = AssignmentEvent.objects.filter(pk__gt=told.pk).order_by("pk")
    assert [(one.station, one.kind, one.at) for one in added] == [
        (kept.station, "made", opened.created_at),
        (cast.other_station, "made", opened.created_at),
        (cast.other_station, "withdrawn", told.at),
    ]
