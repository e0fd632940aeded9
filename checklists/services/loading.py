"""A checklist file becomes a draft, whole or not at all; and any version goes back to a file."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists import sheets
from checklists.models import Checklist, ChecklistVersion, Item, Section
from checklists.sheets import ChecklistSheet, ItemSheet, SectionSheet
from stations.models import User
from stations.refusals import Refusal, bad_field, conflict, in_words
from stations.services import history

REASONS = {
    "too_large": gettext_lazy("文件太大。"),
    "not_yaml": gettext_lazy("这一行不是有效的 YAML。"),
    "encoding": gettext_lazy("文字编码不是 UTF-8。"),
    "empty": gettext_lazy("文件是空的。"),
    "alias": gettext_lazy("不支持 YAML 的引用（*）。"),
    "too_deep": gettext_lazy("层次太深。"),
    "repeated_key": gettext_lazy("同一处写了两次。"),
    "bad_number": gettext_lazy("不是有效的数。"),
    "not_a_mapping": gettext_lazy("这里应为“名称: 内容”。"),
    "not_a_list": gettext_lazy("这里应为不空、不重复的列表。"),
    "not_text": gettext_lazy("应为文字；数字请加引号。"),
    "not_a_number": gettext_lazy("应为数字。"),
    "not_yes_or_no": gettext_lazy("应为 true 或 false。"),
    "not_a_choice": gettext_lazy("应为其中之一：%(choices)s。"),
    "not_this_kind": gettext_lazy("这份检查表不用于“%(kind)s”。"),
    "unknown_key": gettext_lazy("没有这个名称。"),
    "missing": gettext_lazy("缺少内容。"),
    "too_long": gettext_lazy("超过 %(max)s 个字。"),
    "bad_code": gettext_lazy("编号只能用字母、数字和连字符（参数名用小写字母和下划线）。"),
    "control_character": gettext_lazy("含有看不见的控制字符。"),
    "out_of_range": gettext_lazy("应在 %(low)s 到 %(high)s 之间，小数不超过 %(places)s 位。"),
    "repeated": gettext_lazy("编号 %(code)s 与第 %(row)s 行重复。"),
    "section_sum": gettext_lazy("本大项各检查项分值之和为 %(found)s，不是 %(wanted)s。"),
    "total_sum": gettext_lazy("全部分值之和为 %(found)s，不是 %(wanted)s。"),
    "unknown_parameter": gettext_lazy("参数 %(name)s 没有定义。"),
    "too_many_items": gettext_lazy("检查项超过 %(max)s 个。"),
    "grade_floors": gettext_lazy("等次下限须从高到低，最后一档为 0。"),
}


def load_yaml(
    *, content: bytes, filename: str, by: User | None, now: dt.datetime
) -> ChecklistVersion:
    """The next draft of the checklist named in the file."""
    return make_draft(sheet=read(content, filename), by=by, now=now)


@transaction.atomic
def make_draft(*, sheet: ChecklistSheet, by: User | None, now: dt.datetime) -> ChecklistVersion:
    """The next version of the sheet's checklist, as a draft. One draft at a time."""
    checklist = _checklist(sheet)
    newest = checklist.versions.select_for_update().order_by("-number").first()
    refuse_second_draft(newest)
    version = store(sheet, checklist, number=newest.number + 1 if newest else 1)
    history.record(
        by=by,
        action="checklist.load",
        at=now,
        subject=f"version:{version.pk}",
        slug=checklist.slug,
        number=version.number,
    )
    return version


def refuse_second_draft(newest: ChecklistVersion | None) -> None:
    if newest and newest.status == ChecklistVersion.Status.DRAFT:
        raise conflict(
            "draft_exists",
            _("这份检查表已有草稿（版本 %(number)s），请先发布或删除。")
            % {"number": newest.number},
            number=newest.number,
        )


def _checklist(sheet: ChecklistSheet) -> Checklist:
    """Its titles may be put better; whom it is for may not change once something is published."""
    head = {
        "title_zh": sheet.title_zh,
        "title_en": sheet.title_en,
        "applies_to": list(sheet.applies_to),
    }
    checklist, _is_new = Checklist.objects.get_or_create(slug=sheet.slug, defaults=head)
    same = set(checklist.applies_to) == set(sheet.applies_to)
    if not same and checklist.versions.published().exists():
        raise bad_field("applies_to", "changed", _("适用站类与已发布的版本不同；请另立检查表。"))
    Checklist.objects.filter(pk=checklist.pk).update(**head)
    checklist.refresh_from_db()
    return checklist


def read(content: bytes, filename: str) -> ChecklistSheet:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults = [sheets.Fault(filename, 1, "", "encoding")]
        raise _refused(faults) from None
    sheet, faults = sheets.parse(text, filename)
    if sheet is None:
        raise _refused(faults)
    return sheet


def _refused(faults: list[sheets.Fault]) -> Refusal:
    return Refusal(
        "checklist_file_invalid",
        _("检查表文件有 %(count)s 处错误，没有载入任何内容。") % {"count": len(faults)},
        errors=in_words(faults, REASONS),
    )


def store(sheet: ChecklistSheet, checklist: Checklist, *, number: int) -> ChecklistVersion:
    version = ChecklistVersion.objects.create(
        checklist=checklist,
        number=number,
        params=dict(sheet.params),
        grades=[dict(grade) for grade in sheet.grades],
        partial_ratio=sheet.partial_ratio,
    )
    fill_version(version, sheet)
    return version


def fill_version(version: ChecklistVersion, sheet: ChecklistSheet) -> None:
    sections = Section.objects.bulk_create(
        Section(
            version=version,
            code=section.code,
            title_zh=section.title_zh,
            title_en=section.title_en,
            order=order,
        )
        for order, section in enumerate(sheet.sections)
    )
    Item.objects.bulk_create(_items(version, sheet, sections))


def _items(version: ChecklistVersion, sheet: ChecklistSheet, sections: list[Section]) -> list[Item]:
    pairs = zip(sheet.sections, sections, strict=True)
    flat = [(section, item) for given, section in pairs for item in given.items]
    return [
        Item(
            version=version,
            section=section,
            code=item.code,
            title_zh=item.title_zh,
            title_en=item.title_en,
            guidance=item.guidance,
            evidence=item.evidence,
            photo_rule=item.photo_rule,
            points=item.points,
            partial_ratio=item.partial_ratio,
            is_critical=item.is_critical,
            clause=item.clause,
            applies_to=list(item.applies_to or sheet.applies_to),
            order=order,
        )
        for order, (section, item) in enumerate(flat)
    ]


def as_sheet(version: ChecklistVersion) -> ChecklistSheet:
    """The stored version as the file's shape: what is exported, and what is hashed."""
    items: dict[int, list[ItemSheet]] = {}
    for item in version.items.order_by("order"):
        items.setdefault(item.section_id, []).append(_item_sheet(item))
    return ChecklistSheet(
        slug=version.checklist.slug,
        title_zh=version.checklist.title_zh,
        title_en=version.checklist.title_en,
        applies_to=tuple(version.checklist.applies_to),
        params=version.params,
        partial_ratio=version.partial_ratio,
        grades=tuple(version.grades),
        sections=tuple(
            SectionSheet(s.code, s.title_zh, s.title_en, tuple(items.get(s.pk, ())))
            for s in version.sections.order_by("order")
        ),
    )


def taken_codes() -> frozenset[str]:
    """Of every version, drafts too: what was once given is not given again."""
    return frozenset(Item.objects.values_list("code", flat=True).distinct())


def _item_sheet(item: Item) -> ItemSheet:
    return ItemSheet(
        code=item.code,
        title_zh=item.title_zh,
        title_en=item.title_en,
        guidance=item.guidance,
        evidence=item.evidence,
        photo_rule=item.photo_rule,
        points=item.points,
        is_critical=item.is_critical,
        clause=item.clause,
        applies_to=tuple(item.applies_to),
        partial_ratio=item.partial_ratio,
    )


@transaction.atomic
def discard_draft(*, version: ChecklistVersion, by: User, now: dt.datetime) -> None:
    draft = ChecklistVersion.objects.select_for_update().get(pk=version.pk)
    if draft.status != ChecklistVersion.Status.DRAFT:
        raise conflict("already_published", _("已发布的版本不能删除。"), status_now=draft.status)
    history.record(
        by=by,
        action="checklist.discard",
        at=now,
        subject=f"version:{draft.pk}",
        slug=draft.checklist.slug,
        number=draft.number,
    )
    draft.delete()
