"""问题's moves by people. One table says from where, to where and who; each is an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audits import deadlines, outbox
from audits.events import next_event
from audits.models import EvidencePhoto, Finding, FindingEvent, Rectification
from audits.queries import sightings
from audits.queries.bulk import uncontested
from audits.queries.carriage import carried, handed_in_photos
from audits.reopening import begin_anew
from stations import access
from stations.models import Station, User
from stations.refusals import FieldError, Refusal, bad_field, conflict, refuse_odd_year

Kind = FindingEvent.Kind
Status = Finding.Status


@dataclass(frozen=True)
class Move:
    action: str
    sources: frozenset[str]
    target: str
    event: str
    needs_reason: bool = False


UNSOLVED = frozenset(Finding.UNSOLVED)
MOVES = {
    "start": Move("findings.rectify", frozenset({"open"}), "in_progress", Kind.STARTED),
    "submit": Move("findings.rectify", frozenset({"in_progress"}), "submitted", Kind.SUBMITTED),
    "fix-on-site": Move(
        "findings.raise", frozenset({"open", "in_progress"}), "submitted", Kind.SUBMITTED
    ),
    "close": Move("findings.review", frozenset({"submitted"}), "closed", Kind.CLOSED),
    "send-back": Move(
        "findings.review", frozenset({"submitted"}), "in_progress", Kind.SENT_BACK, True
    ),
    "reopen": Move("findings.review", frozenset({"closed"}), "open", Kind.REOPENED, True),
    "void": Move("findings.rule", UNSOLVED | {"waived"}, "void", Kind.VOIDED, True),
    "waive": Move("findings.rule", UNSOLVED, "waived", Kind.WAIVED, True),
}


def start(
    *, finding: Finding, measure: str, person: str, by: User, now: dt.datetime, carried_by: str = ""
) -> Finding:
    """`measure` and `person` are the plan: what will be done, and who answers for it."""
    with transaction.atomic():
        finding = _begin("start", finding, by)
        return _finish(
            "start", finding, by, now, reason=measure, person=person, carried_by=carried_by
        )


def submit(
    *, finding: Finding, measure: str, photos: Sequence[UUID], person: str = "", by: User,
    now: dt.datetime, carried_by: str = "",
) -> Finding:  # fmt: skip
    """`carried_by`: the username of who brought it for `by`, whose phone could not send it."""
    with transaction.atomic():
        finding = _begin("submit", finding, by)
        after = _after_photos(finding, photos)
        _hand_in(finding, after, measure, person, by, now)
        return _finish(
            "submit", finding, by, now, reason=measure, photos=after, person=person,
            carried_by=carried_by,
        )  # fmt: skip


def fix_on_site(
    *, finding: Finding, measure: str, photos: Sequence[UUID], by: User, now: dt.datetime
) -> Finding:
    """立行立改: put right before the eyes of who saw it that day; closed by somebody else."""
    with transaction.atomic():
        finding = _begin("fix-on-site", finding, by)
        _refuse_unseen(finding, by, deadlines.local_day(now))
        after = _after_photos(finding, photos)
        _hand_in(finding, after, measure, "", by, now, is_on_site=True)
        return _finish("fix-on-site", finding, by, now, reason=measure, photos=after, on_site=True)


def _refuse_unseen(finding: Finding, by: User, today: dt.date) -> None:
    if not sightings.sightings(by).filter(finding=finding).exists():
        raise Refusal("not_allowed", _("只有到站看到这个问题的人能记立行立改。"), status=403)
    if not sightings.may_be_fixed(finding, by, today):
        raise conflict("visit_over", _("立行立改只能在看到问题的当天、站里着手之前记。"))
    if not sightings.shown_before(finding, by, today):
        raise bad_field("photos", "before_photo_required", _("立行立改须有当天拍的整改前照片。"))


def _hand_in(
    finding: Finding, after: list[EvidencePhoto], measure: str, person: str, by: User,
    now: dt.datetime, *, is_on_site: bool = False,
) -> None:  # fmt: skip
    attempt = Rectification.objects.create(
        finding=finding,
        number=finding.rectifications.count() + 1,
        measure=measure,
        person=person,
        submitted_by=by,
        submitted_at=now,
    )
    EvidencePhoto.objects.filter(pk__in=[photo.pk for photo in after]).update(rectification=attempt)
    finding.submitted_by, finding.submitted_at = by, now
    finding.is_fixed_on_site = is_on_site


def close(*, finding: Finding, reason: str = "", by: User, now: dt.datetime) -> Finding:
    with transaction.atomic():
        finding = _begin("close", finding, by)
        _refuse_own_work(finding, by)
        on_site = _taken_on_site(finding, by)
        if finding.severity == Finding.Severity.CRITICAL and not on_site:
            raise bad_field(
                "photos", "on_site_photo_required", _("否决项须由复查人到场拍照后销号。")
            )
        finding.closed_by, finding.closed_at = by, now
        _judge(finding, Rectification.Outcome.ACCEPTED, reason, by, now)
        return _finish("close", finding, by, now, reason=reason, photos=on_site)


@dataclass(frozen=True)
class Closed:
    done: list[Finding]
    refused: list[tuple[Finding, Refusal]]


def close_together(*, chosen: Sequence[Finding], by: User, now: dt.datetime) -> Closed:
    """Each in a transaction of its own, with an event of its own; one no does not stop the rest.
    What is questioned in the meantime is looked at alone."""
    access.require(by, "findings.review")
    outcome = Closed([], [])
    for finding in chosen:
        try:
            _refuse_own_work(finding, by)
            is_waiting = finding.status in MOVES["close"].sources  # else `close` says why not
            if is_waiting and not uncontested(by).filter(pk=finding.pk).exists():
                raise conflict("contested", _("这一项要单独复查。"), finding=finding.pk)
            outcome.done.append(close(finding=finding, by=by, now=now))
        except Refusal as refusal:
            outcome.refused.append((finding, refusal))
    return outcome


def send_back(*, finding: Finding, reason: str, by: User, now: dt.datetime) -> Finding:
    with transaction.atomic():
        finding = _begin("send-back", finding, by, reason)
        _refuse_own_work(finding, by)
        on_site = _taken_on_site(finding, by)
        _judge(finding, Rectification.Outcome.RETURNED, reason, by, now)
        return _finish("send-back", finding, by, now, reason=reason, photos=on_site)


def reopen(*, finding: Finding, reason: str, by: User, now: dt.datetime) -> Finding:
    with transaction.atomic():
        # Before the finding, as a submission and 随手拍 do: two that wait for each other never end.
        Station.objects.select_for_update().get(pk=finding.station_id)
        finding = _begin("reopen", finding, by, reason)
        _refuse_own_work(finding, by)
        _refuse_second_active(finding)
        due = begin_anew(finding, now)
        return _finish("reopen", finding, by, now, reason=reason, due_on=due)


def void(*, finding: Finding, reason: str, by: User, now: dt.datetime) -> Finding:
    with transaction.atomic():
        finding = _begin("void", finding, by, reason)
        return _finish("void", finding, by, now, reason=reason)


def waive(
    *, finding: Finding, reason: str, review_on: dt.date, document: str = "", by: User,
    now: dt.datetime,
) -> Finding:  # fmt: skip
    with transaction.atomic():
        finding = _begin("waive", finding, by, reason)
        refuse_odd_year(review_on=review_on)
        if review_on < deadlines.local_day(now):
            raise bad_field("review_on", "past", _("复核日期不能早于今天。"))
        finding.review_on = review_on
        return _finish(
            "waive", finding, by, now, reason=reason, document=document,
            review_on=review_on.isoformat(),
        )  # fmt: skip


def _begin(name: str, finding: Finding, by: User, reason: str | None = None) -> Finding:
    """Lock the row and refuse what the table of moves does not allow."""
    move = MOVES[name]
    access.require(by, move.action)
    finding = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if finding.status not in move.sources:
        raise conflict(
            "illegal_move",
            _("问题现在是“%(status)s”，不能做这一步。") % {"status": finding.get_status_display()},
            present_status=finding.status,
        )
    if move.needs_reason and not (reason or "").strip():
        raise bad_field("reason", "required", _("请写明原因。"))
    return finding


def _finish(
    name: str,
    finding: Finding,
    by: User,
    now: dt.datetime,
    *,
    reason: str = "",
    photos: Sequence[EvidencePhoto] = (),
    **detail: Any,
) -> Finding:
    before, finding.status = finding.status, MOVES[name].target
    event = next_event(
        finding,
        kind=MOVES[name].event,
        from_status=before,
        by=by,
        now=now,
        reason=reason,
        photos=[{"id": str(photo.pk), "sha256": photo.sha256} for photo in photos],
        **{key: value for key, value in detail.items() if value},
    )
    finding.save()
    event.save(force_insert=True)
    outbox.queue("station.changed", [finding.station_id], now=now)
    return finding


def _after_photos(finding: Finding, ids: Sequence[UUID]) -> list[EvidencePhoto]:
    """The after-photos named, held by the server, new to this attempt and to all evidence."""
    if not ids:
        raise bad_field("photos", "required", _("请先拍整改后照片，再提交复查。"))
    held = {
        photo.pk: photo
        for photo in finding.photos.filter(pk__in=ids, kind=EvidencePhoto.Kind.AFTER)
    }
    # What was sent twice for this attempt, on a bad line or after a reload, is nowhere else.
    fresh = Q(finding=finding, kind=EvidencePhoto.Kind.AFTER, rectification__isnull=True)
    used = _used(held.values(), besides=fresh)
    errors: list[FieldError] = []
    for photo_id in dict.fromkeys(ids):
        if photo_id not in held:
            errors.append(_photo_error(photo_id, "not_held", _("服务器还没有收到这张照片。")))
        elif held[photo_id].sha256 in used:
            errors.append(_photo_error(photo_id, "already_evidence", _("这张照片已在别处用过。")))
    if errors:
        raise Refusal("photos_refused", errors[0]["message"], errors=errors)
    return list(held.values())


def _photo_error(photo_id: UUID, code: str, message: str) -> FieldError:
    return {"field": f"photos.{photo_id}", "code": code, "message": message}


def _used(photos: Iterable[EvidencePhoto], *, besides: Q) -> set[str]:
    """Hashes of those that are evidence of something else already."""
    same = EvidencePhoto.objects.filter(sha256__in={photo.sha256 for photo in photos})
    return set(same.exclude(besides).values_list("sha256", flat=True))


def _refuse_own_work(finding: Finding, by: User) -> None:
    """Who fixed a problem never closes it: the submitter of any attempt, who took its after-photo
    or brought it in for its submitter, any account of the station; administrators included."""
    if finding.submitted_by_id == by.pk or finding.rectifications.filter(submitted_by=by).exists():
        raise Refusal("own_work", _("提交整改的人不能复查自己的整改。"), status=403)
    if carried(by).filter(finding=finding).exists():
        raise Refusal("own_carriage", _("代交整改的人不能复查这项整改。"), status=403)
    if handed_in_photos(by).filter(finding=finding).exists():
        raise Refusal("own_work", _("拍整改后照片的人不能复查这项整改。"), status=403)
    if by.stations.filter(pk=finding.station_id).exists():
        raise Refusal("own_station", _("本站账号不能复查本站的问题。"), status=403)


def _taken_on_site(finding: Finding, by: User) -> list[EvidencePhoto]:
    """Photos the reviewer took there after the submission; a copy of the station's own is none."""
    sent = list(
        finding.photos.filter(
            kind=EvidencePhoto.Kind.SITE, uploaded_by=by, received_at__gte=finding.submitted_at
        )
    )
    used = _used(sent, besides=Q(pk__in=[photo.pk for photo in sent]))
    return [photo for photo in sent if photo.sha256 not in used]


def _judge(finding: Finding, outcome: str, reason: str, by: User, now: dt.datetime) -> None:
    finding.rectifications.filter(outcome=Rectification.Outcome.WAITING).update(
        outcome=outcome, reviewed_by=by, reviewed_at=now, reason=reason
    )


def _refuse_second_active(finding: Finding) -> None:
    twin = (
        Finding.objects.active()
        .filter(station=finding.station_id, item_code=finding.item_code)
        .exclude(pk=finding.pk)
        .exclude(item_code="")
        .first()
    )
    if twin:
        raise conflict("active_finding", _("同一检查项已有未销号的问题。"), finding=twin.pk)
