"""催办与升级: three days before a deadline, on the day, three days after (the subdistrict too), seven
days after (the bureau too). On working days, one digest per person, each step once."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits import deadlines, outbox, robots
from audits.models import CalendarDay, Finding, Notice, NoticeLine, RobotNotice
from stations.models import User

log = logging.getLogger(__name__)

CLAIM = dt.timedelta(minutes=10)
Step = NoticeLine.Step
STEPS = ((7, Step.LATE7), (3, Step.LATE3), (0, Step.TODAY), (-3, Step.SOON))
ALSO = {
    User.Role.STATION_HEAD: {*Step},
    User.Role.SUPERVISOR: {Step.LATE3, Step.LATE7},
    User.Role.BUREAU: {Step.LATE7},
}
WAITING_FOR_STATION = ["open", "in_progress"]


def step_of(due_on: dt.date, today: dt.date) -> str | None:
    """The last step reached: after a holiday or an outage nothing stale is told."""
    past = (today - due_on).days
    return next((step for days, step in STEPS if past >= days), None)


def remind(*, now: dt.datetime) -> int:
    """How many lines were added. Run twice, or by two at once, it adds each once."""
    today = deadlines.local_day(now)
    if not deadlines.is_working_day(today, CalendarDay.objects.table()):
        return 0
    soon = today + dt.timedelta(days=3)
    rows = Finding.objects.counted().filter(status__in=WAITING_FOR_STATION, due_on__lte=soon)
    findings = list(rows.select_related("station__region").order_by("due_on", "pk"))
    told = sum(_tell(user, reached, today, now) for user, reached in _recipients(findings))
    _ask_robots(today, now)
    return told


def _recipients(findings: list[Finding]) -> Iterable[tuple[User, list[Finding]]]:
    by_station = defaultdict(list)
    for finding in findings:
        by_station[finding.station_id].append(finding)
    people = User.objects.filter(is_active=True, role__in=[*ALSO])
    for user in people.prefetch_related("stations", "regions").order_by("pk"):
        if user.role == User.Role.STATION_HEAD:
            reached = [one for place in user.stations.all() for one in by_station[place.pk]]
        else:
            paths = tuple(region.path for region in user.regions.all())
            reached = [one for one in findings if one.station.region.path.startswith(paths)]
        if reached:
            yield user, reached


@transaction.atomic
def _tell(user: User, findings: list[Finding], today: dt.date, now: dt.datetime) -> int:
    due = [
        (one, step)
        for one in findings
        if (step := step_of(one.due_on, today)) and step in ALSO[User.Role(user.role)]
    ]
    held = NoticeLine.objects.filter(user=user, finding__in=[one.pk for one, _ in due])
    told = set(held.values_list("finding_id", "step", "due_on"))
    fresh = [(one, step) for one, step in due if (one.pk, step, one.due_on) not in told]
    if not fresh:
        return 0
    notice, is_new = Notice.objects.get_or_create(
        user=user, day=today, defaults={"created_at": now}
    )
    NoticeLine.objects.bulk_create(
        [
            NoticeLine(notice=notice, user=user, finding=one, step=step, due_on=one.due_on)
            for one, step in fresh
        ],
        ignore_conflicts=True,
    )
    if is_new and user.email and settings.NOTICE_MAIL:
        outbox.queue("notice.mail", [notice.pk], now=now)
    return len(fresh)


def mail(notice_id: int, *, now: dt.datetime) -> None:
    """Numbers only: no name, no station, no picture leaves the house."""
    notice = Notice.objects.select_related("user").get(pk=notice_id)
    if notice.mailed_at:
        return
    send_mail(_("整改提醒"), "\n".join(summary(notice)), None, [notice.user.email])
    Notice.objects.filter(pk=notice.pk).update(mailed_at=now)


@transaction.atomic
def _ask_robots(today: dt.date, now: dt.datetime) -> None:
    """Each group is told of the day once; what did not get through is asked for again next hour."""
    if not Notice.objects.filter(day=today).exists():
        return
    for name in settings.NOTICE_ROBOTS:
        notice, _ = RobotNotice.objects.get_or_create(robot=name, day=today)
        if notice.sent_at is None:
            outbox.queue("notice.robot", [notice.pk], now=now)


def tell_robot(notice_id: int, *, now: dt.datetime) -> None:
    """Numbers only, as in a mail. Claimed first: two workers at once send one message."""
    notice = RobotNotice.objects.get(pk=notice_id)
    url = settings.NOTICE_ROBOTS.get(notice.robot)
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - CLAIM)
    mine = RobotNotice.objects.filter(free, pk=notice.pk, sent_at__isnull=True)
    if url is None or not mine.update(claimed_at=now):
        return
    if robots.say(url, title=_("整改提醒"), body="\n".join(of_day(notice.day))):
        RobotNotice.objects.filter(pk=notice.pk).update(sent_at=now)
        return
    RobotNotice.objects.filter(pk=notice.pk).update(claimed_at=None)
    log.warning("robot %s did not take the notice of %s", notice.robot, notice.day)


def summary(notice: Notice) -> list[str]:
    """One line per step: 今天到期 2 项."""
    return _counted(notice.lines.order_by().values_list("step").annotate(Count("pk")))


def of_day(day: dt.date) -> list[str]:
    """The same of all problems told of that day, each once however many people were told."""
    lines = NoticeLine.objects.filter(notice__day=day).order_by().values_list("step")
    return _counted(lines.annotate(Count("finding", distinct=True)))


def _counted(rows: Iterable[tuple[str, int]]) -> list[str]:
    counted = dict(rows)
    return [
        f"{step.label} {ngettext('%d 项', '%d 项', counted[step]) % counted[step]}"
        for step in (Step.LATE7, Step.LATE3, Step.TODAY, Step.SOON)
        if step in counted
    ]


def of(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user)


def unread(user: User) -> int:
    return of(user).filter(read_at__isnull=True).count()
