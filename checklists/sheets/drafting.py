"""A read 评分表 as a checklist: codes are given here, and only where there is none yet.

An item that the present version asks in the same words goes on under its code. Everything else gets
a code nobody has ever used: a code means one thing for ever, and is no shortening of a title.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count, product
from typing import Any

from checklists.sheets.checking import ChecklistSheet, ItemSheet, SectionSheet
from checklists.sheets.rules import GRADES
from checklists.sheets.tables import ScoreTable, TableItem


@dataclass(frozen=True, slots=True)
class Head:
    """What a table does not say of itself; for a known checklist, what its version says."""

    slug: str
    title_zh: str
    title_en: str
    applies_to: tuple[str, ...]
    params: Mapping[str, Any] = field(default_factory=dict)
    partial_ratio: Decimal = Decimal("0.5")
    grades: tuple[Mapping[str, Any], ...] = GRADES


@dataclass(frozen=True, slots=True)
class Known:
    """The present version's titles with their codes, and every code ever used anywhere."""

    sections: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, ItemSheet] = field(default_factory=dict)
    taken: Collection[str] = ()


def draft(table: ScoreTable, head: Head, known: Known) -> ChecklistSheet:
    coder = _Coder(known, {item.code for item in table.items if item.code})
    sections = []
    for section in table.sections:
        code = coder.section(section.title)
        items = tuple(_item(item, code, coder, known) for item in section.items)
        sections.append(SectionSheet(code, section.title, "", items))
    return ChecklistSheet(
        head.slug, head.title_zh, head.title_en, head.applies_to, head.params,
        head.partial_ratio, head.grades, tuple(sections),
    )  # fmt: skip


def _item(item: TableItem, section: str, coder: _Coder, known: Known) -> ItemSheet:
    code = item.code or coder.item(item.title, section)
    before = known.items.get(item.title)
    same = before if before and before.code == code else None
    return ItemSheet(
        code=code,
        title_zh=item.title,
        title_en=same.title_en if same else "",
        guidance=item.guidance or (same.guidance if same else ""),
        evidence=item.evidence or (same.evidence if same else ""),
        photo_rule=item.photo_rule,
        points=item.points,
        is_critical=item.is_critical,
        clause=item.clause or (same.clause if same else ""),
        applies_to=item.applies_to,
        partial_ratio=same.partial_ratio if same else None,
    )


class _Coder:
    def __init__(self, known: Known, given: set[str]) -> None:
        self.known = known
        self.used = set(given)
        self.sections: set[str] = set()

    def section(self, title: str) -> str:
        code = self.known.sections.get(title, "")
        if not code or code in self.sections:
            unusable = self.sections | set(self.known.sections.values())
            code = fresh_section(unusable, self.known.taken)
        self.sections.add(code)
        return code

    def item(self, title: str, section: str) -> str:
        before = self.known.items.get(title)
        if before and before.code not in self.used:
            code = before.code
        else:
            code = fresh_codes({*self.known.taken, *self.used})(section)
        self.used.add(code)
        return code


def fresh_codes(unusable: Collection[str]) -> Callable[[str], str]:
    """A giver of codes nobody has used: section after section, A01, A02, …"""
    used = set(unusable)

    def fresh(section: str) -> str:
        numbered = (f"{section}{number:02d}" for number in count(1))
        code = next(one for one in numbered if one not in used)
        used.add(code)
        return code

    return fresh


def fresh_section(unusable: Collection[str], taken: Collection[str]) -> str:
    """Letters that no section has and no item's code has ever begun with."""
    prefixes = {code.rstrip(string.digits) for code in taken}
    return next(name for name in _letters() if name not in unusable and name not in prefixes)


def _letters() -> Iterator[str]:
    for length in (1, 2, 3):
        yield from ("".join(name) for name in product(string.ascii_uppercase, repeat=length))
