"""更正: the bureau corrects a result of an audit handed in. What was frozen stays; one more is added."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audits import outbox, queries
from audits.models import Answer, Audit, AuditEvent, AuditRevision
from audits.services import audits, freezing, raising
from checklists.models import Item
from stations import access
from stations.models import User
from stations.refusals import bad_field, conflict
from stations.services import history

Kind = AuditEvent.Kind


@dataclass(frozen=True)
class Correction:
    item_code: str
    result: str
    note: str = ""


@transaction.atomic
def correct(
    *, audit: Audit, corrections: list[Correction], reason: str, by: User, now: dt.datetime
) -> AuditRevision:
    """The new frozen revision. It is of the visit's own time: the score stays where it was counted,
    and a problem closed since the visit stays closed."""
    access.require(by, "audits.reopen")
    audit = audits.lock_with_station(audit)
    if audit.is_open or audit.submitted_at is None:
        raise conflict("not_submitted", _("这次检查还没有提交。"), state=audit.state)
    if not reason.strip():
        raise bad_field("reason", "required", _("请写明更正的原因。"))
    _write(audit, corrections, by, now)
    sheet = queries.sheet_state(audit, [queries.Declared(UUID(id)) for id in audit.declared])
    if missing := sheet.missing():
        raise conflict("audit_incomplete", _("更正后还缺必须的照片。"), missing=missing)
    audit.revision += 1
    audit.save(update_fields=["revision"])
    revision = freezing.freeze(
        audit=audit, sheet=sheet, by=by, now=audit.submitted_at, reason=reason
    )
    _tell(audit, revision, by, now)
    raising.follow(audit=audit, sheet=sheet, by=by, now=now)
    outbox.queue("station.changed", [audit.assignment.station_id], now=now)
    return revision


def _write(audit: Audit, corrections: list[Correction], by: User, now: dt.datetime) -> None:
    items = {item.code: item for item in queries.items_of(audit)}
    held = {answer.item_id: answer for answer in audit.answers.all()}
    changed = [_changed(items, held, one, by, now) for one in corrections]
    if not any(changed):
        raise bad_field("results", "nothing_changed", _("没有要更正的结果。"))
    for answer in filter(None, changed):
        answer.save()


def _changed(
    items: dict[str, Item], held: dict[int, Answer], given: Correction, by: User, now: dt.datetime
) -> Answer | None:
    item = items.get(given.item_code)
    if item is None:
        raise bad_field("results", "unknown_item", _("这张检查表没有这一项。"))
    if given.result == Answer.Result.UNABLE:
        raise bad_field("results", "not_by_correction", _("没有核查的项要重新打开检查，不能更正。"))
    if given.result in Answer.NEEDS_NOTE and not given.note.strip():
        raise bad_field("results", "note_required", _("这个结果须写明原因或情况。"))
    answer = held[item.pk]
    if (answer.result, answer.note) == (given.result, given.note):
        return None
    answer.result, answer.note = given.result, given.note
    answer.earned = freezing.earned(item, given.result)
    answer.version += 1
    answer.answered_at = answer.received_at = now
    answer.answered_by = by
    return answer


def _tell(audit: Audit, revision: AuditRevision, by: User, now: dt.datetime) -> None:
    """An audit that was complete is so at once again: whoever replays the events reads the last."""
    was_complete = audit.state == Audit.State.COMPLETE
    kinds = [Kind.CORRECTED, *([Kind.COMPLETED] if was_complete else [])]
    AuditEvent.objects.bulk_create(
        AuditEvent(
            audit=audit, kind=kind, revision=audit.revision, at=now, by=by,
            reason=revision.reason if kind == Kind.CORRECTED else "",
        )
        for kind in kinds
    )  # fmt: skip
    audits.complete_if_whole(audit=audit, by=by, now=now)
    history.record(
        by=by, action="audit.correct", at=now, subject=f"audit:{audit.pk}",
        station=audit.assignment.station_id, reason=revision.reason, revision=revision.number,
        hash=revision.content_hash,
    )  # fmt: skip
