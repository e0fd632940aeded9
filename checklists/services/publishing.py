"""Draft → published. What is published never changes again: the database sees to it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.models import ChecklistVersion, Item
from checklists.services.loading import as_sheet
from checklists.sheets import FULL_MARKS, Comparison, compare
from stations.models import User
from stations.refusals import FieldError, Refusal, conflict
from stations.services import history


@transaction.atomic
def publish_version(
    *, version: ChecklistVersion, by: User | None, now: dt.datetime
) -> ChecklistVersion:
    draft = (
        ChecklistVersion.objects.select_for_update(of=("self",))
        .select_related("checklist")
        .get(pk=version.pk)
    )
    if draft.status != ChecklistVersion.Status.DRAFT:
        raise conflict("already_published", _("这个版本已经发布。"), number=draft.number)
    if found := faults(draft):
        raise Refusal("checklist_not_ready", found[0]["message"], status=409, errors=found)
    draft.status = ChecklistVersion.Status.PUBLISHED
    draft.content_hash = content_hash(draft)
    draft.published_at, draft.published_by = now, by
    draft.save(update_fields=["status", "content_hash", "published_at", "published_by"])
    history.record(
        by=by,
        action="checklist.publish",
        at=now,
        subject=f"version:{draft.pk}",
        slug=draft.checklist.slug,
        number=draft.number,
        content_hash=draft.content_hash,
    )
    return draft


def content_hash(version: ChecklistVersion) -> str:
    """SHA-256 over the canonical JSON of what is asked; neither the version's number nor the
    checklist's title, which may still be put better, is part of it."""
    content = dataclasses.asdict(as_sheet(version))
    del content["title_zh"], content["title_en"]
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_canonical
    )
    return hashlib.sha256(text.encode()).hexdigest()


def against_present(version: ChecklistVersion) -> Comparison:
    """The version beside the newest one published before it."""
    published = version.checklist.versions.published().exclude(pk=version.pk)
    before = published.filter(number__lt=version.number).order_by("-number").first()
    if before:
        before.checklist = version.checklist
    return compare(as_sheet(before) if before else None, as_sheet(version))


def _canonical(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    raise TypeError(f"{value!r} has no canonical form")


def faults(draft: ChecklistVersion) -> list[FieldError]:
    """What keeps the draft from being published; nothing when it is ready."""
    items = list(draft.items.select_related("section"))
    found = [] if items else [_fault("sections", "empty", _("还没有检查项。"))]
    total = sum((item.points for item in items), Decimal(0))
    if items and total != FULL_MARKS:
        words = _("全部分值之和为 %(found)s，须为 %(wanted)s。")
        found.append(
            _fault(
                "points", "total_sum", words % {"found": total.normalize(), "wanted": FULL_MARKS}
            )
        )
    found += [
        _fault(
            "sections", "empty_section", _("大项 %(code)s 没有检查项。") % {"code": section.code}
        )
        for section in draft.sections.filter(items=None)
    ]
    return found + _reused(draft, {item.code for item in items})


def _reused(draft: ChecklistVersion, codes: set[str]) -> list[FieldError]:
    """A code means one thing for ever: not another checklist's, not one that was given up."""
    published = Item.objects.filter(version__status=ChecklistVersion.Status.PUBLISHED)
    others = published.exclude(version__checklist=draft.checklist_id)
    taken = set(others.filter(code__in=codes).values_list("code", flat=True))
    earlier = draft.checklist.versions.published().order_by("-number")
    newest = earlier.first()
    retired = set(published.filter(version__in=earlier).values_list("code", flat=True))
    if newest:
        retired -= set(newest.items.values_list("code", flat=True))
    return [
        _fault(code, "code_of_another", _("编号 %(code)s 已属于另一份检查表。") % {"code": code})
        for code in sorted(taken)
    ] + [
        _fault(code, "code_retired", _("编号 %(code)s 曾经停用，不能再用。") % {"code": code})
        for code in sorted(retired & codes)
    ]


def _fault(field: str, code: str, message: str) -> FieldError:
    return {"field": field, "code": code, "message": message}
