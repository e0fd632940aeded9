"""自查: started and filled by the station's head, answer by answer, until the visit is handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audits.models import Assignment
from audits.models.selfchecks import SelfAnswer, SelfCheck
from audits.queries import selfchecks
from audits.services.audits import AnswerInput
from checklists import queries as checklists
from checklists.models import Item
from stations import access
from stations.models import Station, User
from stations.refusals import bad_field, conflict
from stations.services import history


def start(
    *, id: UUID, assignment: Assignment, started_at: dt.datetime, by: User, now: dt.datetime
) -> tuple[SelfCheck, bool]:
    """The self-check of this id, and whether it was made now. Twice the same call gives one."""
    access.require(by, "selfchecks.fill")
    if made := _existing(id, assignment):
        return made, False
    try:
        with transaction.atomic():
            _refuse_closed(_lock(assignment))
            made = SelfCheck.objects.create(
                id=id, assignment=assignment, started_by=by, started_at=started_at, received_at=now
            )
            history.record(
                by=by, action="selfcheck.start", at=now, subject=f"selfcheck:{id}",
                station=assignment.station_id,
            )  # fmt: skip
    except IntegrityError:
        winner = _existing(id, assignment)
        if winner is None:
            raise
        return winner, False
    return made, True


def _existing(id: UUID, assignment: Assignment) -> SelfCheck | None:
    for check in SelfCheck.objects.filter(pk=id) | SelfCheck.objects.filter(assignment=assignment):
        if check.assignment_id != assignment.pk:
            raise conflict("id_taken", _("这个编号已用于另一次自查。"))
        if check.pk != id:
            raise conflict(
                "already_started", _("这次自查已在另一台手机上开始。"), self_check=str(check.pk)
            )
        return check
    return None


@transaction.atomic
def record(
    *, check: SelfCheck, given: AnswerInput, by: User, now: dt.datetime
) -> tuple[SelfAnswer, bool]:
    """The answer as it stands, and whether it is the item's first. The same again changes nothing;
    one that was based on another version is refused with the server's."""
    access.require(by, "selfchecks.fill")
    item = _item(check.assignment, given.item_code)
    assignment = _lock(check.assignment)
    present = SelfAnswer.objects.filter(self_check=check, item=item).first()
    if present and (present.result, present.note) == (given.result, given.note):
        return present, False
    if (present.version if present else None) != given.base_version:
        raise conflict(
            "stale_answer", _("这一项已有另一个结果。"), answer=selfchecks.as_seen(present)
        )
    _refuse_closed(assignment)
    answer = present or SelfAnswer(self_check=check, item=item, version=0)
    answer.result, answer.note = given.result, given.note
    answer.version += 1
    answer.answered_at, answer.received_at, answer.answered_by = given.answered_at, now, by
    answer.save()
    history.record(
        by=by, action="selfcheck.answer", at=now, subject=f"selfcheck:{check.pk}",
        station=assignment.station_id, answer=[item.code, answer.result, answer.version],
    )  # fmt: skip
    return answer, present is None


def _item(assignment: Assignment, code: str) -> Item:
    items = checklists.items_for(assignment.version, assignment.station.kind)
    found = next((item for item in items if item.code == code), None)
    if found is None:
        raise bad_field("item_code", "unknown_item", _("这张检查表没有这一项。"))
    return found


def _refuse_closed(assignment: Assignment) -> None:
    if not selfchecks.is_open(assignment):
        raise conflict("inspection_submitted", _("检查已提交，自查不能再改。"))


def _lock(assignment: Assignment) -> Assignment:
    """As it is now; the inspection's submission waits for the same lock."""
    Station.objects.select_for_update(no_key=True).get(pk=assignment.station_id)
    return Assignment.objects.select_related("audit").get(pk=assignment.pk)


def begun_for(tasks: Iterable[Assignment]) -> set[int]:
    """Those of the tasks whose station has begun to check itself."""
    rows = SelfCheck.objects.filter(assignment__in=[task.pk for task in tasks])
    return set(rows.values_list("assignment_id", flat=True))
