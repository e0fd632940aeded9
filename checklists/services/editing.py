"""A draft is begun from any version, and changed until it is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists import sheets
from checklists.models import ChecklistVersion
from checklists.services.loading import REASONS, as_sheet, fill_version, make_draft, taken_codes
from checklists.services.publishing import content_hash
from checklists.sheets import Fault, Known
from stations.models import User
from stations.refusals import FieldError, Refusal, conflict
from stations.services import history

WORDS = REASONS | {
    "no_such_section": gettext_lazy("没有这个大项。"),
    "no_such_item": gettext_lazy("没有这个检查项。"),
    "twice": gettext_lazy("同一编号出现了两次。"),
}


def begin_draft(*, version: ChecklistVersion, by: User, now: dt.datetime) -> ChecklistVersion:
    """The next version, to begin with the same as this one."""
    return make_draft(sheet=as_sheet(version), by=by, now=now)


@transaction.atomic
def edit_draft(
    *,
    version: ChecklistVersion,
    sections: Sequence[Mapping[str, Any]],
    seen: str,
    by: User,
    now: dt.datetime,
) -> ChecklistVersion:
    """`sections` as in `sheets.edit`; `seen` is the hash of the draft as it was shown."""
    draft = lock_draft(version)
    refuse_stale(draft, seen)
    known = Known(taken=taken_codes())
    changed, faults = sheets.edit(as_sheet(draft), sections, known)
    if changed is None:
        raise Refusal("draft_invalid", _said(faults)[0]["message"], errors=_said(faults))
    draft.sections.all().delete()
    fill_version(draft, changed)
    history.record(
        by=by, action="checklist.edit", at=now, subject=f"version:{draft.pk}",
        slug=draft.checklist.slug, number=draft.number,
    )  # fmt: skip
    return draft


def lock_draft(version: ChecklistVersion) -> ChecklistVersion:
    rows = ChecklistVersion.objects.select_for_update(of=("self",)).select_related("checklist")
    draft = rows.get(pk=version.pk)
    if draft.status != ChecklistVersion.Status.DRAFT:
        raise conflict("already_published", _("这个版本已经发布。"), number=draft.number)
    return draft


def refuse_stale(draft: ChecklistVersion, seen: str) -> None:
    now = content_hash(draft)
    if seen and seen != now:
        raise conflict("draft_changed", _("草稿已被改过，请看过新的内容再来。"), seen=now)


def _said(faults: list[Fault]) -> list[FieldError]:
    return [
        {
            "field": f"{fault.sheet}.{fault.column}",
            "code": fault.code,
            "message": _("%(what)s：%(why)s")
            % {"what": fault.sheet, "why": WORDS[fault.code] % fault.values},
        }
        for fault in faults
    ]
