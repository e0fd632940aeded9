"""An issued 评分表, Excel or Word, becomes a proposal to look at, and then a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists import sheets
from checklists.models import ChecklistVersion
from checklists.services import loading
from checklists.services.loading import REASONS, as_sheet, taken_codes
from checklists.sheets import ChecklistSheet, Fault, Head, Known
from stations.models import User
from stations.refusals import Refusal, bad_field, in_words

WHOLE_FILE = {
    "file_too_large": gettext_lazy("文件超过 %(max)s MB。评分表只有几十 KB，请去掉图片后再试。"),
    "old_office": gettext_lazy(
        "这是旧格式（.xls、.doc）或加了密码的文件。请打开后另存为 .xlsx 或 .docx，不设密码。"
    ),
    "not_office": gettext_lazy("这不是 Excel（.xlsx）或 Word（.docx）文件。"),
    "broken_file": gettext_lazy("文件已损坏或没有传完整，打不开。请重新保存后再试。"),
    "zip_bomb": gettext_lazy("文件展开后异常庞大，不予读取。请把评分表复制到新文件后再试。"),
    "macro": gettext_lazy("文件里有宏，不予读取。请另存为不含宏的 .xlsx 或 .docx。"),
    "document_type": gettext_lazy("文件里有不该有的外部定义，不予读取。请另存一次后再试。"),
    "too_many_rows": gettext_lazy("超过 %(max)s 行还有内容。请删去表格以外的内容后再试。"),
    "too_many_columns": gettext_lazy("表格超过 %(max)s 列。"),
    "too_many_sheets": gettext_lazy("工作表或表格超过 %(max)s 个，请只留评分表。"),
    "cell_too_long": gettext_lazy("有单元格超过 %(max)s 个字。"),
    "no_such_sheet": gettext_lazy("没有叫“%(name)s”的评分表；文件里有：%(names)s。"),
    "no_table": gettext_lazy("没有找到评分表：表头须有“小项”（或“检查内容”等）和“分值”两列。"),
}
IN_THE_TABLE = {
    "several_tables": gettext_lazy("有几张评分表（%(names)s），请写明要读哪个工作表。"),
    "formula": gettext_lazy("这里是公式。请复制后“选择性粘贴”为数值。"),
    "shared_points": gettext_lazy("几项合用一个分值。请给每一项写明分值。"),
    "several_points": gettext_lazy("一项里有几个分值。请拆成几项，每项一个分值。"),
    "no_section": gettext_lazy("前面没有大项。请写明这一项属于哪个大项。"),
    "repeated_item": gettext_lazy("与第 %(row)s 行的小项相同。"),
    "empty_section": gettext_lazy("这个大项里没有小项。"),
    "unknown_kind": gettext_lazy("适用站类应为区中心、街道站、社区站。"),
}
WORDS = REASONS | WHOLE_FILE | IN_THE_TABLE


@dataclass(frozen=True, slots=True)
class Proposal:
    """`continued` are codes that go on from the present version, `dropped` those that end there."""

    sheet: ChecklistSheet
    source_title: str
    continued: frozenset[str]
    dropped: tuple[tuple[str, str], ...]

    @property
    def yaml(self) -> str:
        return sheets.write(self.sheet)


def propose(
    *,
    content: bytes,
    filename: str,
    slug: str,
    title_zh: str = "",
    title_en: str = "",
    applies_to: Sequence[str] = (),
    sheet: str = "",
) -> Proposal:
    """What the table would become; nothing is stored. Whole, or refused with every fault's place."""
    known = ChecklistVersion.objects.filter(checklist__slug=slug).order_by("-number")
    loading.refuse_second_draft(known.first())  # said now, not after the table has been looked at
    before = _newest(slug)
    table, faults = sheets.parse_table(content, filename, sheet)
    if table is None:
        raise _refused(faults)
    head = _head(slug, before, title_zh or table.title, title_en, applies_to)
    made = sheets.draft(table, head, _known(before))
    codes = {item.code for section in made.sections for item in section.items}
    old = {
        item.code: item.title_zh
        for one in (before.sections if before else ())
        for item in one.items
    }
    return Proposal(
        made,
        table.title,
        frozenset(codes & old.keys()),
        tuple((code, title) for code, title in old.items() if code not in codes),
    )


def import_table(*, by: User, now: dt.datetime, **given: object) -> ChecklistVersion:
    """The proposal as the next draft, judged once more by the rules every checklist file obeys."""
    made = propose(**given)  # type: ignore[arg-type]
    name = str(given["filename"])
    return loading.load_yaml(content=made.yaml.encode(), filename=name, by=by, now=now)


def _newest(slug: str) -> ChecklistSheet | None:
    published = ChecklistVersion.objects.published().select_related("checklist")
    version = published.filter(checklist__slug=slug).order_by("-number").first()
    return as_sheet(version) if version else None


def _head(
    slug: str, before: ChecklistSheet | None, title_zh: str, title_en: str, applies_to: Sequence[str]
) -> Head:  # fmt: skip
    if before:
        return Head(
            slug, before.title_zh, before.title_en, before.applies_to, before.params,
            before.partial_ratio, before.grades,
        )  # fmt: skip
    if not title_zh:
        raise bad_field("title_zh", "required", _("请写检查表的名称。"))
    if not applies_to:
        raise bad_field("applies_to", "required", _("请选适用的站类。"))
    return Head(slug, title_zh, title_en, tuple(applies_to))


def _known(before: ChecklistSheet | None) -> Known:
    if before is None:
        return Known(taken=taken_codes())
    items = [item for section in before.sections for item in section.items]
    return Known(
        sections={section.title_zh: section.code for section in before.sections},
        items={item.title_zh: item for item in items},
        taken=taken_codes(),
    )


def _refused(faults: list[Fault]) -> Refusal:
    table = in_words(faults, WORDS)
    words = _("评分表有 %(count)s 处错误，没有导入任何内容。") % {"count": len(faults)}
    is_whole_file = len(faults) == 1 and not faults[0].row
    return Refusal(
        "score_table_invalid", table[0]["reason"] if is_whole_file else words, errors=table
    )
