"""A draft changed as a whole document: sections in order, items in order, only what differs told."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from checklists.sheets import guidance
from checklists.sheets.checking import ChecklistSheet, ItemSheet, SectionSheet
from checklists.sheets.drafting import Known, fresh_codes, fresh_section
from checklists.sheets.rules import ITEM_FIELDS, SECTION_FIELDS, Field
from stations.sheets import Bad, Fault

# The name in a change → the field of the file whose rule it obeys.
ITEM_RULES: dict[str, Field] = {
    "title_zh": ITEM_FIELDS["item_zh"],
    "title_en": ITEM_FIELDS["item_en"],
    "guidance": ITEM_FIELDS["pass"],
    "evidence": ITEM_FIELDS["evidence"],
    "photo_rule": ITEM_FIELDS["photo"],
    "points": ITEM_FIELDS["weight"],
    "is_critical": ITEM_FIELDS["critical"],
    "applies_to": ITEM_FIELDS["applies_to"],
    "partial_ratio": ITEM_FIELDS["partial_ratio"],
    "clause": ITEM_FIELDS["clause"],
}
SECTION_RULES = {name: SECTION_FIELDS[name] for name in ("title_zh", "title_en")}
NEW = ItemSheet("", "", "", "", "", "none", Decimal(0), False, "", (), None)


def edit(
    sheet: ChecklistSheet, sections: Sequence[Mapping[str, Any]], known: Known
) -> tuple[ChecklistSheet | None, list[Fault]]:
    """`sections` [{code, …, items: [{code, …}]}]. A section or item without a code is new; one that
    is not told is gone; a section without `items` keeps its own. A fault's `sheet` is the code it
    is at."""
    editor = _Editor(sheet, known)
    made = tuple(editor.section(given) for given in sections)
    editor.whole(made)
    changed = dataclasses.replace(sheet, sections=made)
    return (None if editor.faults else changed), editor.faults


class _Editor:
    def __init__(self, sheet: ChecklistSheet, known: Known) -> None:
        self.sheet, self.known = sheet, known
        self.sections = {section.code: section for section in sheet.sections}
        self.items = {item.code: item for section in sheet.sections for item in section.items}
        self.codes = fresh_codes({*known.taken, *self.items})
        self.faults: list[Fault] = []

    def section(self, given: Mapping[str, Any]) -> SectionSheet:
        code = str(given.get("code") or "")
        if not code:
            code, given = self._new_section(), {"title_zh": ""} | dict(given)
        before = self.sections.get(code)
        if before is None:
            self.faults.append(Fault(code, 0, "code", "no_such_section"))
            return SectionSheet(code, "", "", ())
        told = self._cleaned(code, given, SECTION_RULES)
        if "items" in given:
            told["items"] = tuple(self._item(one, code) for one in given["items"])
        return dataclasses.replace(before, **told)

    def _new_section(self) -> str:
        code = fresh_section(self.sections.keys(), {*self.known.taken, *self.items})
        self.sections[code] = SectionSheet(code, "", "", ())
        return code

    def _item(self, given: Mapping[str, Any], section: str) -> ItemSheet:
        code = str(given.get("code") or "")
        before = self.items.get(code)
        if code and before is None:
            self.faults.append(Fault(code, 0, "code", "no_such_item"))
        if before is None:
            before = dataclasses.replace(NEW, code=code or self.codes(section))
        if not code:
            code, given = before.code, {"title_zh": "", "points": None} | dict(given)
        told = self._cleaned(code, given, ITEM_RULES)
        for name in guidance.names(str(told.get("guidance", ""))):
            if name not in self.sheet.params:
                self.faults.append(Fault(code, 0, "guidance", "unknown_parameter", {"name": name}))
        for kind in set(told.get("applies_to", ())) - set(self.sheet.applies_to):
            self.faults.append(Fault(code, 0, "applies_to", "not_this_kind", {"kind": kind}))
        return dataclasses.replace(before, **told)

    def _cleaned(
        self, code: str, given: Mapping[str, Any], rules: Mapping[str, Field]
    ) -> dict[str, Any]:
        told = {}
        for name, field in rules.items():
            if name not in given:
                continue
            value = given[name]
            if field.default is not ... and value in (None, "", []):
                told[name] = field.default
                continue
            try:
                told[name] = field.rule(value)
            except Bad as bad:
                self.faults.append(Fault(code, 0, name, bad.code, bad.values))
        return told

    def whole(self, sections: Sequence[SectionSheet]) -> None:
        """Nothing stands twice."""
        codes = [item.code for section in sections for item in section.items]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self.faults.append(Fault(code, 0, "code", "twice"))
        names = [section.code for section in sections]
        for code in sorted({code for code in names if names.count(code) > 1}):
            self.faults.append(Fault(code, 0, "code", "twice"))
