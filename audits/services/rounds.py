"""轮次: open one, hand its stations out, hand them over."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audits import deadlines, outbox, planning
from audits.models import Assignment, AssignmentEvent, CalendarDay, Round
from checklists.models import ChecklistVersion
from checklists.queries import items_for
from stations.models import Station, User
from stations.refusals import Refusal, bad_field, conflict, refuse_odd_year
from stations.services import history

LONGEST_PLAN = dt.timedelta(days=366)


def open_round(
    *,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    kind: str = Round.Kind.FULL,
    by: User,
    now: dt.datetime,
) -> Round:
    _refuse_days(starts_on, ends_on)
    try:
        with transaction.atomic():
            made = Round.objects.create(
                name=name, starts_on=starts_on, ends_on=ends_on, kind=kind, created_by=by,
                created_at=now,
            )  # fmt: skip
            history.record(by=by, action="round.open", at=now, subject=f"round:{made.pk}")
    except IntegrityError as error:
        raise bad_field("name", "taken", _("已有同名轮次，请换个名称。")) from error
    return made


def _refuse_days(starts_on: dt.date, ends_on: dt.date) -> None:
    refuse_odd_year(starts_on=starts_on, ends_on=ends_on)
    if ends_on < starts_on:
        raise bad_field("ends_on", "before_start", _("结束日期不能早于开始日期。"))


def change_round(
    *, round: Round, name: str, starts_on: dt.date, ends_on: dt.date, by: User, now: dt.datetime
) -> Round:
    _refuse_days(starts_on, ends_on)
    if Round.objects.exclude(pk=round.pk).filter(name=name).exists():
        raise bad_field("name", "taken", _("已有同名轮次，请换个名称。"))
    if round.assignments.filter(due_on__lt=starts_on).exists():
        raise bad_field("starts_on", "after_due", _("已有任务的期限早于这一天，请先改任务的期限。"))
    with transaction.atomic():
        round.name, round.starts_on, round.ends_on = name, starts_on, ends_on
        round.save(update_fields=["name", "starts_on", "ends_on"])
        history.record(by=by, action="round.change", at=now, subject=f"round:{round.pk}")
    return round


@transaction.atomic
def assign(
    *,
    round: Round,
    stations: Sequence[Station],
    inspector: User | None,
    due_on: dt.date,
    plan_from: dt.date | None = None,
    by: User,
    now: dt.datetime,
) -> list[Assignment]:
    """Tasks for the stations not yet in the round; the station's kind chooses the checklist.

    Without an inspector the stations are balanced over all of them (see `balance`). With
    `plan_from` each visit gets its day, the working days from then to `due_on` evenly used.
    """
    Round.objects.select_for_update().get(pk=round.pk)  # two bureaus pressing at once
    _check_due(round, due_on)
    taken = set(round.assignments.values_list("station_id", flat=True))
    fresh = [station for station in stations if station.pk not in taken]
    _refuse_closed(fresh, deadlines.local_day(now))
    people = [inspector] * len(fresh) if inspector else balance(round=round, stations=fresh)
    days = _days(round, people, plan_from, due_on)
    made = Assignment.objects.bulk_create(_tasks(round, fresh, people, days, due_on))
    ids = [station.pk for station in fresh]
    note(round_id=round.pk, station_ids=ids, kind=AssignmentEvent.Kind.MADE, now=now)
    history.record(
        by=by, action="round.assign", at=now, subject=f"round:{round.pk}", stations=len(made)
    )
    outbox.queue("station.changed", ids, now=now)
    return made


def _refuse_closed(stations: Sequence[Station], today: dt.date) -> None:
    """A task nobody can do would stay in the round's coverage for ever."""
    closed = [one.code for one in stations if one.closed_on and one.closed_on <= today]
    if closed:
        names = "、".join(closed[:10])
        raise bad_field("stations", "station_closed", _("这些服务站已撤销：%s") % names)


def note(*, round_id: int, station_ids: Iterable[int], kind: str, now: dt.datetime) -> None:
    """What the coverage of a past day is counted from."""
    AssignmentEvent.objects.bulk_create(
        AssignmentEvent(round_id=round_id, station_id=station_id, kind=kind, at=now)
        for station_id in station_ids
    )


def _days(
    round: Round,
    people: Sequence[User],
    first: dt.date | None,
    last: dt.date,
    moving: Sequence[Assignment] = (),
) -> Sequence[dt.date | None]:
    """A day for each visit, over all rounds: an inspector is in one place at a time."""
    if first is None:
        return [None] * len(people)
    if first < round.starts_on:
        raise bad_field("plan_from", "before_start", _("计划不能从轮次开始以前排起。"))
    if last - first > LONGEST_PLAN:
        raise bad_field("due_on", "too_far", _("排期最长一年，请核对期限。"))
    days = planning.working_days(first, last, CalendarDay.objects.table())
    if not days:
        raise bad_field("plan_from", "no_working_day", _("这几天里没有工作日，请把期限放宽。"))
    planned = Assignment.objects.filter(inspector__in=set(people), planned_on__in=days)
    kept = planned.exclude(pk__in=[task.pk for task in moving])
    taken: Counter[tuple[Hashable, dt.date]] = Counter()
    for task in kept.only("inspector_id", "planned_on"):
        if task.planned_on:
            taken[task.inspector_id, task.planned_on] += 1
    return planning.spread([person.pk for person in people], days, taken)


def _tasks(
    round: Round,
    stations: Sequence[Station],
    people: Sequence[User],
    days: Sequence[dt.date | None],
    due_on: dt.date,
) -> Iterable[Assignment]:
    versions = newest_versions({station.kind for station in stations})
    counts = {kind: len(items_for(version, kind)) for kind, version in versions.items()}
    for station, inspector, day in zip(stations, people, days, strict=True):
        yield Assignment(
            round=round,
            station=station,
            version=versions[station.kind],
            inspector=inspector,
            due_on=due_on,
            planned_on=day,
            item_count=counts[station.kind],
        )


def newest_versions(kinds: Iterable[str]) -> dict[str, ChecklistVersion]:
    """The newest published version for each kind of station."""
    published = list(
        ChecklistVersion.objects.published().select_related("checklist").order_by("number")
    )
    chosen = {}
    for kind in kinds:
        fitting = [version for version in published if kind in version.checklist.applies_to]
        if not fitting:
            raise Refusal("no_checklist", _("还没有已发布的检查表可用于这类服务站。"), status=409)
        chosen[kind] = fitting[-1]
    return chosen


def balance(
    *, round: Round, stations: Sequence[Station], moving: Sequence[Assignment] = ()
) -> list[User]:
    """One inspector per station: the least loaded, not last round's, neighbours together.

    `moving` are tasks about to be given away: they burden nobody.
    """
    inspectors = list(User.objects.filter(role=User.Role.INSPECTOR, is_active=True).order_by("pk"))
    if not inspectors:
        raise Refusal("no_inspector", _("还没有可用的检查员账号。"), status=409)
    kept = round.assignments.exclude(pk__in=[task.pk for task in moving])
    load = Counter(kept.values_list("inspector_id", flat=True))
    before = _last_inspectors(round, stations)
    quota = -(-(sum(load.values()) + len(stations)) // len(inspectors))
    chosen: list[User] = []
    for station in stations:
        person = _pick(inspectors, load, quota, before.get(station.pk), chosen[-1:])
        load[person.pk] += 1
        chosen.append(person)
    return chosen


def _pick(
    inspectors: Sequence[User],
    load: Counter[int],
    quota: int,
    before: int | None,
    neighbour: Sequence[User],
) -> User:
    """Stay with the neighbouring station's inspector while below the quota: one trip, not five."""
    free = [person for person in inspectors if load[person.pk] < quota] or list(inspectors)
    rested = [person for person in free if person.pk != before] or free
    if neighbour and neighbour[0] in rested:
        return neighbour[0]
    return min(rested, key=lambda person: (load[person.pk], person.pk))


def _last_inspectors(round: Round, stations: Sequence[Station]) -> dict[int, int]:
    earlier = (
        Assignment.objects.filter(station__in=stations, round__starts_on__lt=round.starts_on)
        .order_by("round__starts_on")
        .values_list("station_id", "inspector_id")
    )
    return dict(earlier)


@transaction.atomic
def reassign(
    *,
    assignments: Sequence[Assignment],
    inspector: User | None,
    due_on: dt.date | None,
    by: User,
    now: dt.datetime,
) -> list[Assignment]:
    """Another inspector, another date, or both. What has been handed in stays as it is; what has
    been started may change hands, and its first inspector can still send the photos taken."""
    if inspector and (inspector.role != User.Role.INSPECTOR or not inspector.is_active):
        raise bad_field("inspector", "not_inspector", _("只能指派给在用的检查员账号。"))
    locked = _lock_unsubmitted(assignments, due_on)
    for assignment in locked:
        assignment.inspector = inspector or assignment.inspector
    return _hand_over(locked, due_on, by, now, inspector=inspector.username if inspector else None)


@transaction.atomic
def rebalance(
    *,
    assignments: Sequence[Assignment],
    due_on: dt.date | None,
    plan_from: dt.date | None = None,
    by: User,
    now: dt.datetime,
) -> list[Assignment]:
    """Share the given tasks of one round out anew, as if they had just been opened."""
    locked = _lock_unsubmitted(assignments, due_on)
    if not locked:
        return []
    locked.sort(key=lambda task: (task.station.region.path, task.station.code))
    round = Round.objects.select_for_update().get(pk=locked[0].round_id)
    people = balance(round=round, stations=[task.station for task in locked], moving=locked)
    last = due_on or max(task.due_on for task in locked)
    days = _days(round, people, plan_from, last, moving=locked)
    for assignment, inspector, day in zip(locked, people, days, strict=True):
        assignment.inspector = inspector
        assignment.planned_on = day or assignment.planned_on
    return _hand_over(locked, due_on, by, now, inspector="balanced")


def _lock_unsubmitted(
    assignments: Sequence[Assignment], due_on: dt.date | None
) -> list[Assignment]:
    rows = Assignment.objects.filter(pk__in=[assignment.pk for assignment in assignments])
    locked = list(
        rows.select_for_update(of=("self",)).select_related("audit", "station__region", "round")
    )  # fmt: skip
    for assignment in locked:
        if due_on:
            _check_due(assignment.round, due_on)
        if assignment.status not in {Assignment.Status.WAITING, Assignment.Status.STARTED}:
            raise conflict(
                "already_submitted", _("已提交的任务不能改派。"), status_now=assignment.status
            )
    return locked


def _hand_over(
    locked: list[Assignment],
    due_on: dt.date | None,
    by: User,
    now: dt.datetime,
    *,
    inspector: str | None,
) -> list[Assignment]:
    for assignment in locked:
        assignment.due_on = due_on or assignment.due_on
        if assignment.planned_on:
            assignment.planned_on = min(assignment.planned_on, assignment.due_on)
    Assignment.objects.bulk_update(locked, ["inspector", "due_on", "planned_on"])
    history.record(
        by=by, action="round.reassign", at=now, subject="assignments",
        ids=[assignment.pk for assignment in locked], inspector=inspector,
        due_on=due_on.isoformat() if due_on else None,
    )  # fmt: skip
    return locked


@transaction.atomic
def withdraw(*, assignment: Assignment, by: User, now: dt.datetime) -> None:
    """Take a station out of the round again; only while nobody has begun."""
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    if hasattr(assignment, "audit"):
        raise conflict(
            "already_started", _("已经开始的任务不能撤回。"), status_now=assignment.status
        )
    history.record(
        by=by, action="round.withdraw", at=now, subject=f"round:{assignment.round_id}",
        station=assignment.station_id,
    )  # fmt: skip
    ids = [assignment.station_id]
    note(
        round_id=assignment.round_id, station_ids=ids, kind=AssignmentEvent.Kind.WITHDRAWN, now=now
    )
    outbox.queue("station.changed", ids, now=now)
    assignment.delete()


def _check_due(round: Round, due_on: dt.date) -> None:
    refuse_odd_year(due_on=due_on)
    if due_on < round.starts_on:
        raise bad_field("due_on", "before_start", _("期限不能早于轮次开始日期。"))
