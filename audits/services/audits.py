"""检查: start, answer, submit, reopen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audits import outbox, queries
from audits.models import Answer, Assignment, Audit, AuditEvent
from audits.services import freezing, raising
from checklists.queries import items_for
from stations.inserts import Insert
from stations.lookups import Lookup
from stations.models import User
from stations.refusals import Refusal, bad_field, conflict
from stations.services import history

_audits, _of_task = Insert(Audit), Lookup(Audit.objects.all, "assignment")
_locked = Lookup(lambda: Audit.objects.select_for_update(no_key=True))
_locked_with_station = Lookup(
    lambda: Audit.objects.select_for_update(
        of=("self", "assignment__station"), no_key=True
    ).select_related("assignment__station", "assignment__version", "assignment__round")
)


def start_audit(
    *, id: UUID, assignment: Assignment, started_at: dt.datetime, checklist: str = "", by: User,
    now: dt.datetime,
) -> tuple[Audit, bool]:  # fmt: skip
    """The audit of this id, and whether it was made now. Twice the same call gives one audit.
    `checklist`: the hash of the version the phone has before it, where it says so."""
    if made := _of_this_task(id, assignment):
        return made, False
    if assignment.inspector_id != by.pk:
        raise Refusal("not_allowed", _("这个任务没有派给您。"), status=403)
    try:
        with transaction.atomic():
            made = _audits.add(
                Audit(
                    id=id, assignment=assignment, started_by=by, started_at=started_at,
                    received_at=now,
                )
            )  # fmt: skip
            history.record(
                by=by, action="audit.start", at=now, subject=f"audit:{id}",
                station=assignment.station_id,
            )  # fmt: skip
            _keep_version(assignment, started_at, checklist)
    except IntegrityError:
        return _winner(id, assignment), False
    return made, True


def _keep_version(assignment: Assignment, started_at: dt.datetime, checklist: str) -> None:
    """A visit begun without word of its task's move to a new version finishes on the one the phone
    has: the one it names, else by the time it began. By the task as the door has just read it: a
    visit costs no statement more."""
    if not assignment.moved_at or not assignment.moved_from:
        return
    held = {assignment.version.content_hash: False, assignment.moved_from.content_hash: True}
    if not held.get(checklist, started_at < assignment.moved_at):
        return
    assignment.version, assignment.moved_from, assignment.moved_at = (
        assignment.moved_from,
        None,
        None,
    )
    assignment.item_count = len(items_for(assignment.version, assignment.station.kind))
    assignment.save(update_fields=["version", "item_count", "moved_from", "moved_at"])


def _of_this_task(id: UUID, assignment: Assignment) -> Audit | None:
    audit = _of_task.get(assignment.pk)
    if audit and audit.pk != id:
        raise conflict("already_started", _("这个任务已在另一台手机上开始。"), audit=str(audit.pk))
    return audit


def _winner(id: UUID, assignment: Assignment) -> Audit:
    """Who was faster. The id may also be another task's: only then nobody was."""
    if winner := _of_this_task(id, assignment):
        return winner
    if Audit.objects.filter(pk=id).exists():
        raise conflict("id_taken", _("这个编号已用于另一次检查。"))
    # Withdrawn at this very moment.
    raise Refusal("not_found", _("没有找到，或不在您的范围内。"), status=404)


@dataclass(frozen=True)
class AnswerInput:
    """`base_version` is the server version the phone had seen; None means a first write."""

    item_code: str
    result: str
    note: str
    answered_at: dt.datetime
    base_version: int | None = None


@transaction.atomic
def record_answers(
    *, audit: Audit, answers: list[AnswerInput], by: User, now: dt.datetime
) -> list[dict[str, Any]]:
    """One outcome per answer, in order: {item_code, status, version} or with code and message.

    Each stands on its own; a bad one does not stop the rest. `status` is 201 new, 200 kept or
    changed, 409 someone else was first (with the server's `answer`), 400 not acceptable.
    """
    audit = lock(audit)
    items = {item.code: item for item in queries.items_of(audit)}
    held = queries.answers_of(audit)
    outcomes, touched = [], {}
    for given in answers:
        try:
            outcome, answer = _judge(audit, items, held, given, by, now)
        except Refusal as refusal:
            outcomes.append(_refused(given, refusal))
            continue
        if answer:
            held[answer.item_id] = touched[answer.item_id] = answer
        outcomes.append(outcome)
    if touched:
        _write(audit, list(touched.values()), by, now)
    return outcomes


def _judge(
    audit: Audit,
    items: dict[str, Any],
    held: dict[int, Answer],
    given: AnswerInput,
    by: User,
    now: dt.datetime,
) -> tuple[dict[str, Any], Answer | None]:
    item = items.get(given.item_code)
    if item is None:
        raise bad_field("item_code", "unknown_item", _("这张检查表没有这一项。"))
    if given.result in Answer.NEEDS_NOTE and not given.note.strip():
        raise bad_field("note", "note_required", _("这个结果须写明原因或情况。"))
    present = held.get(item.pk)
    if present and (present.result, present.note) == (given.result, given.note):
        return {"item_code": item.code, "status": 200, "version": present.version}, None
    if (present.version if present else None) != given.base_version:
        raise conflict("stale_answer", _("这一项已有另一个结果。"), answer=as_seen(present))
    if not audit.is_open:
        raise conflict("audit_submitted", _("检查已提交，结果不能再改。"), answer=as_seen(present))
    answer = Answer(
        audit=audit,
        item=item,
        result=given.result,
        earned=freezing.earned(item, given.result),
        note=given.note,
        version=present.version + 1 if present else 1,
        answered_at=given.answered_at,
        received_at=now,
        answered_by=by,
    )
    status = 200 if present else 201
    return {"item_code": item.code, "status": status, "version": answer.version}, answer


def as_seen(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "result": answer.result,
        "note": answer.note,
        "version": answer.version,
        "answered_at": answer.answered_at.isoformat(),
        "answered_by": str(answer.answered_by),
    }


def _refused(given: AnswerInput, refusal: Refusal) -> dict[str, Any]:
    code = refusal.errors[0]["code"] if refusal.errors else refusal.code
    return {
        "item_code": given.item_code,
        "status": refusal.status,
        "code": code,
        "message": refusal.message,
        **({"errors": refusal.errors} if refusal.errors else {}),
        **refusal.extra,
    }


def _write(audit: Audit, answers: list[Answer], by: User, now: dt.datetime) -> None:
    Answer.objects.bulk_create(
        answers,
        update_conflicts=True,
        unique_fields=["audit", "item"],
        update_fields=[
            "result", "earned", "note", "version", "answered_at", "received_at", "answered_by"
        ],
    )  # fmt: skip
    history.record(
        by=by, action="audit.answer", at=now, subject=f"audit:{audit.pk}",
        station=audit.assignment.station_id,
        answers=[[answer.item.code, answer.result, answer.version] for answer in answers],
    )  # fmt: skip


@transaction.atomic
def submit_audit(
    *, audit: Audit, photos: list[queries.Declared], by: User, now: dt.datetime
) -> Audit:
    """Freeze the sheet, raise its findings, and complete it when every photo is already here.

    Repeat-safe: an audit that is submitted already stays as it is.
    """
    audit = lock_with_station(audit)
    if not audit.is_open:
        return audit
    sheet = queries.sheet_state(audit, declared=photos)
    if missing := sheet.missing():
        raise conflict("audit_incomplete", _("还有检查项没有做完。"), missing=missing)
    audit.declared = [str(photo.id) for photo in photos]
    audit.revision += 1
    audit.state, audit.submitted_at = Audit.State.SUBMITTED, now
    kinds = [AuditEvent.Kind.SUBMITTED]
    if sheet.is_whole():
        audit.state, audit.completed_at = Audit.State.COMPLETE, now
        kinds.append(AuditEvent.Kind.COMPLETED)
    audit.save(update_fields=["declared", "revision", "state", "submitted_at", "completed_at"])
    revision = freezing.freeze(audit=audit, sheet=sheet, by=by, now=now)
    _events(audit, kinds, by, now)
    raising.follow(audit=audit, sheet=sheet, by=by, now=now)
    history.record(
        by=by, action="audit.submit", at=now, subject=f"audit:{audit.pk}",
        station=audit.assignment.station_id, revision=revision.number, hash=revision.content_hash,
    )  # fmt: skip
    outbox.queue("station.changed", [audit.assignment.station_id], now=now)
    return audit


def complete_if_whole(*, audit: Audit, by: User | None, now: dt.datetime) -> bool:
    """Complete: submitted, nothing 不能核查, and every declared and required photo held.

    The caller has locked the audit: of two last photos at once, the second sees the first."""
    if audit.state != Audit.State.SUBMITTED:
        return False
    if not queries.when_whole(audit).update(state=Audit.State.COMPLETE, completed_at=now):
        return False
    audit.state, audit.completed_at = Audit.State.COMPLETE, now
    _events(audit, [AuditEvent.Kind.COMPLETED], by, now)
    return True


@transaction.atomic
def reopen_audit(*, audit: Audit, reason: str, by: User, now: dt.datetime) -> Audit:
    """Back to the inspector; what was frozen stays readable, the next submission adds to it."""
    audit = lock(audit)
    if audit.is_open:
        raise conflict("not_submitted", _("这次检查还没有提交。"), state=audit.state)
    if not reason.strip():
        raise bad_field("reason", "required", _("请写明重新打开的原因。"))
    audit.state, audit.submitted_at, audit.completed_at = Audit.State.STARTED, None, None
    audit.save(update_fields=["state", "submitted_at", "completed_at"])
    _events(audit, [AuditEvent.Kind.REOPENED], by, now, reason)
    history.record(
        by=by, action="audit.reopen", at=now, subject=f"audit:{audit.pk}",
        station=audit.assignment.station_id, reason=reason,
    )  # fmt: skip
    outbox.queue("station.changed", [audit.assignment.station_id], now=now)
    return audit


def _events(
    audit: Audit, kinds: Sequence[str], by: User | None, now: dt.datetime, reason: str = ""
) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(audit=audit, kind=kind, revision=audit.revision, at=now, by=by, reason=reason)
        for kind in kinds
    )


def lock(audit: Audit) -> Audit:
    """The audit as it is now, and nobody else's to change. Rows that point at it may be added."""
    fresh = _locked.get(audit.pk)
    assert fresh, "audits are never deleted"
    fresh.assignment = audit.assignment
    return fresh


def lock_with_station(audit: Audit) -> Audit:
    fresh = _locked_with_station.get(audit.pk)
    assert fresh, "audits are never deleted"
    return fresh
