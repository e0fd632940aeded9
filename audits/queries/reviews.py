"""复查: what waits to be judged, and what the machine can say about it beforehand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits import scoring
from audits.models import EvidencePhoto, Finding, PhotoFlag
from audits.oddities import FAR_METRES, metres
from audits.queries import standing
from audits.queries.carriage import has_carried
from audits.queries.cases import Case
from stations.models import User

SHOWN = 200
RANK = models.Case(When(severity=Finding.Severity.CRITICAL, then=0), default=1)
REUSE = {PhotoFlag.Kind.EXACT_REUSE, PhotoFlag.Kind.NEAR_REUSE}
OLD = dt.timedelta(days=1)


@dataclass(frozen=True)
class Check:
    tone: str  # ok, warn, bad, none
    words: str
    photo: EvidencePhoto | None = None
    code: str = ""


def queue(user: User) -> QuerySet[Finding]:
    """Critical items first; then what was handed in first."""
    return (
        Finding.objects.visible_to(user)
        .filter(status=Finding.Status.SUBMITTED)
        .select_related("station", "item")
        .annotate(tries=Count("rectifications", distinct=True), rank=RANK)
        .order_by("rank", "submitted_at", "pk")
    )


def following(user: User, finding: Finding) -> Finding | None:
    """The next in the queue after this one, from the top again at the end."""
    others = queue(user).exclude(pk=finding.pk)
    return others.exclude(_ahead_of(finding)).first() or others.first()


def _ahead_of(finding: Finding) -> Q:
    """It may have left the queue meanwhile, or never been in it."""
    rank = 0 if finding.severity == Finding.Severity.CRITICAL else 1
    since = finding.submitted_at or finding.raised_at
    same, earlier = Q(rank=rank, submitted_at=since), Q(rank=rank, submitted_at__lt=since)
    return Q(rank__lt=rank) | earlier | (same & Q(pk__lt=finding.pk))


@dataclass(frozen=True)
class Part:
    """The part of the queue one stands in; `place` and `total` are of the whole."""

    shown: list[Finding]
    start: int
    place: int
    total: int
    next: Finding | None  # from the top again at the end
    further: Finding | None  # the first of the next part

    @property
    def left(self) -> int:
        return self.total - self.start - len(self.shown)


def part(user: User, finding: Finding | None) -> Part | None:
    """Around the one given, or the first; None where nothing waits."""
    rows = queue(user)
    start, shown = 0, list(rows[: SHOWN + 1])
    if not shown:
        return None
    if finding and finding not in shown[:SHOWN]:
        there = rows.filter(_ahead_of(finding)).count() // SHOWN * SHOWN
        if around := list(rows[there : there + SHOWN + 1]):  # else it was the last, and has left
            start, shown = there, around
    at = shown.index(finding) if finding in shown else 0
    top = rows.first() if start else next(iter(shown), None)
    onward = next((one for one in [*shown[at + 1 : at + 2], top] if one != shown[at]), None)
    further = shown.pop() if len(shown) > SHOWN else None
    return Part(shown, start, start + at + 1, rows.count(), onward, further)


def checks(case: Case, user: User) -> list[Check]:
    photos = case.last.photos if case.last else []
    first = photos[0] if photos else None
    found = [_reuse(photos)]
    if first:
        found += [_place(first), _moment(first, case.finding)]
    if seen := _seen_since(case):
        found.append(seen)
    if case.finding.severity == Finding.Severity.CRITICAL:
        found.append(_on_site(case, user))
    return [*found, _own_work(case, user)]


def _reuse(photos: list[EvidencePhoto]) -> Check:
    for photo in photos:
        for flag in photo.flags.all():
            if flag.kind in REUSE:
                words = _("整改后照片%(what)s") % {"what": flag.get_kind_display()}
                return Check("warn", words, photo)
    if not all(photo.is_processed for photo in photos):
        return Check("none", _("照片还在处理，稍后自动核对"))
    return Check("ok", _("整改后照片未在别处用过"))


def _place(photo: EvidencePhoto) -> Check:
    away = distance(photo)
    if away is None:
        return Check("none", _("没有拍摄位置"))
    words = _("拍摄位置距服务站 %d 米") % away
    far = away > FAR_METRES + float(photo.accuracy or 0)
    return Check("warn" if far else "ok", words, photo if far else None)


def distance(photo: EvidencePhoto) -> int | None:
    """Metres from the station; None where either position is unknown."""
    station = photo.station
    if photo.latitude is None or photo.longitude is None or not station.has_position:
        return None
    places: list[Any] = [photo.latitude, photo.longitude, station.latitude, station.longitude]
    return round(metres(*(float(place) for place in places)))


def _moment(photo: EvidencePhoto, finding: Finding) -> Check:
    if photo.taken_at is None or finding.submitted_at is None:
        return Check("none", _("没有拍摄时间"))
    if photo.taken_at < finding.raised_at:
        return Check("warn", _("拍摄时间早于发现问题"), photo)
    before = finding.submitted_at - photo.taken_at
    return Check("warn" if before > OLD else "ok", _("提交前 %s拍摄") % _length(before))


def _seen_since(case: Case) -> Check | None:
    """Somebody met it again after the station had handed it in."""
    since = case.finding.submitted_at
    for event in case.seen_again:
        if since and event.at >= since:
            return Check("warn", _("提交后又被发现：%(what)s") % {"what": event.reason})
    return None


def _length(span: dt.timedelta) -> str:
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 60:
        return ngettext("%d 分钟", "%d 分钟", minutes) % minutes
    if minutes < 60 * 24:
        return ngettext("%d 小时", "%d 小时", minutes // 60) % (minutes // 60)
    return ngettext("%d 天", "%d 天", span.days) % span.days


def _on_site(case: Case, user: User) -> Check:
    since = case.finding.submitted_at
    taken = [
        photo
        for photo in case.on_site
        if photo.uploaded_by_id == user.pk and since and photo.received_at >= since
    ]
    if taken:
        return Check("ok", _("否决项：您已到场拍照"), taken[-1])
    return Check("bad", _("否决项：须由您到场拍照后才能销号"))


def _own_work(case: Case, user: User) -> Check:
    if any(attempt.rectification.submitted_by_id == user.pk for attempt in case.attempts):
        return Check("bad", _("您提交了这项整改，不能复查"), code="own_work")
    if has_carried(user, case.events):
        return Check("bad", _("您代交了这项整改，不能复查"), code="own_work")
    if any(photo.uploaded_by_id == user.pk for one in case.attempts for photo in one.photos):
        return Check("bad", _("您拍了整改后的照片，不能复查"), code="own_work")
    if user.stations.filter(pk=case.finding.station_id).exists():
        return Check("bad", _("您是本站账号，不能复查本站的问题"), code="own_work")
    return Check("ok", _("您不是提交人，可以复查"))


@dataclass(frozen=True)
class Gain:
    """现状得分 now, and with this problem closed; as printed."""

    now: str
    after: str


def gain(finding: Finding) -> Gain | None:
    newest = next(iter(standing.revisions_of(finding.station)), None)
    if newest is None or finding.item_code not in newest.losses:
        return None
    solved = standing.solved_codes(standing.findings_of(finding.station), newest)
    lines = scoring.grade_lines(newest.audit.assignment.version.grades)
    now = standing.as_of_today(newest, solved).value
    after = standing.as_of_today(newest, solved | {finding.item_code}).value
    return Gain(scoring.printed(now, lines) or "—", scoring.printed(after, lines) or "—")
