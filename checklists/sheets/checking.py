"""A checklist file against its rules: either a whole sheet, or every fault with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from checklists.sheets import guidance
from checklists.sheets.reading import Path, Tree, read
from checklists.sheets.rules import (
    GRADE_FIELDS,
    GRADES,
    ITEM_FIELDS,
    SECTION_FIELDS,
    SHEET_FIELDS,
    Field,
)
from stations.sheets import KINDS, Bad, Fault

FULL_MARKS = 100
MAX_ITEMS = 500
OFFICIAL_BASIS = "B1"
OFFICIAL_CLAUSE = "《项目支出绩效目标表》（2021年，龙华区退役军人事务局）"


@dataclass(frozen=True, slots=True)
class ItemSheet:
    code: str
    title_zh: str
    title_en: str
    guidance: str
    evidence: str
    photo_rule: str
    points: Decimal
    is_critical: bool
    clause: str
    applies_to: tuple[str, ...]
    partial_ratio: Decimal | None


@dataclass(frozen=True, slots=True)
class SectionSheet:
    code: str
    title_zh: str
    title_en: str
    items: tuple[ItemSheet, ...]

    @property
    def points(self) -> Decimal:
        return sum((item.points for item in self.items), Decimal(0))


@dataclass(frozen=True, slots=True)
class ChecklistSheet:
    slug: str
    title_zh: str
    title_en: str
    applies_to: tuple[str, ...]
    params: Mapping[str, Any]
    partial_ratio: Decimal
    grades: tuple[Mapping[str, Any], ...]
    sections: tuple[SectionSheet, ...]

    @property
    def points(self) -> Decimal:
        return sum((section.points for section in self.sections), Decimal(0))

    @property
    def item_count(self) -> int:
        return sum(len(section.items) for section in self.sections)


@dataclass(slots=True)
class Checker:
    tree: Tree
    sheet: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Path, reason: str, /, **values: Any) -> None:
        column = str(path[-1]) if path else ""
        self.faults.append(Fault(self.sheet, self.tree.line(path), column, reason, values))

    def fields(self, node: Any, path: Path, spec: Mapping[str, Field]) -> dict[str, Any] | None:
        """The cleaned fields of one mapping; None where one is wrong, each told."""
        if not isinstance(node, dict):
            self.fault(path, "not_a_mapping")
            return None
        before = len(self.faults)
        for name in node.keys() - spec.keys():
            self.fault((*path, name), "unknown_key")
        cleaned = {name: self._one(node, path, name, rule) for name, rule in spec.items()}
        return cleaned if len(self.faults) == before else None

    def _one(self, node: dict[str, Any], path: Path, name: str, spec: Field) -> Any:
        if spec.default is not ... and node.get(name) in (None, ""):
            return spec.default
        try:
            if name not in node:
                raise Bad("missing")
            return spec.rule(node[name])
        except Bad as bad:
            self.fault((*path, name), bad.code, **bad.values)
            return None

    def once(self, codes: dict[str, int], code: str, path: Path) -> None:
        if code in codes:
            self.fault(path, "repeated", code=code, row=codes[code])
        codes.setdefault(code, self.tree.line(path))


def parse(content: str, sheet: str) -> tuple[ChecklistSheet | None, list[Fault]]:
    tree = read(content, sheet, SHEET_FIELDS | SECTION_FIELDS | ITEM_FIELDS | GRADE_FIELDS)
    checker = Checker(tree, sheet, list(tree.faults))
    made = None
    if tree.value is not None:
        made = _checklist(checker)
    faults = sorted(checker.faults, key=lambda fault: fault.row)
    return (None if faults else made), faults


def _checklist(checker: Checker) -> ChecklistSheet | None:
    root = checker.fields(checker.tree.value, (), SHEET_FIELDS)
    value = checker.tree.value if isinstance(checker.tree.value, dict) else {}
    # The items are looked at even where the head is wrong: every fault at once.
    raw = value.get("sections")
    nodes = raw if isinstance(raw, list) else []
    params = _params(checker, value.get("params"), (root or {}).get("applies_to") or KINDS)
    grades = _grades(checker, value.get("grades")) if "grades" in value else GRADES
    sections: list[SectionSheet] = []
    codes: dict[str, int] = {}
    section_codes: dict[str, int] = {}
    for n, node in enumerate(nodes):
        made = _section(checker, node, ("sections", n), codes)
        if made:
            checker.once(section_codes, made.code, ("sections", n, "id"))
            sections.append(made)
    _check_items(checker, sections, nodes, params, (root or {}).get("applies_to") or KINDS)
    if root is None or checker.faults:
        return None
    head = {key: root[key] for key in ("title_zh", "title_en", "applies_to", "partial_ratio")}
    return ChecklistSheet(
        slug=root["id"], params=params, grades=grades, sections=tuple(sections), **head
    )


def _section(checker: Checker, node: Any, path: Path, codes: dict[str, int]) -> SectionSheet | None:
    read_fields = checker.fields(node, path, SECTION_FIELDS)
    nodes = node.get("items") if isinstance(node, dict) else None
    items = [
        _item(checker, child, (*path, "items", n), codes)
        for n, child in enumerate(nodes if isinstance(nodes, list) else [])
    ]
    if read_fields is None or None in items:
        return None
    made = SectionSheet(
        code=read_fields["id"],
        title_zh=read_fields["title_zh"],
        title_en=read_fields["title_en"],
        items=tuple(item for item in items if item),
    )
    if made.points != read_fields["weight"]:
        checker.fault(
            (*path, "weight"), "section_sum", found=made.points, wanted=read_fields["weight"]
        )
    return made


def _item(checker: Checker, node: Any, path: Path, codes: dict[str, int]) -> ItemSheet | None:
    read_fields = checker.fields(node, path, ITEM_FIELDS)
    if read_fields is None:
        return None
    checker.once(codes, read_fields["id"], (*path, "id"))
    basis = read_fields["basis"]
    is_official = isinstance(basis, list) and OFFICIAL_BASIS in basis
    return ItemSheet(
        code=read_fields["id"],
        title_zh=read_fields["item_zh"],
        title_en=read_fields["item_en"],
        guidance=read_fields["pass"],
        evidence=read_fields["evidence"],
        photo_rule=read_fields["photo"],
        points=read_fields["weight"],
        is_critical=read_fields["critical"],
        clause=read_fields["clause"] or (OFFICIAL_CLAUSE if is_official else ""),
        applies_to=read_fields["applies_to"],
        partial_ratio=read_fields["partial_ratio"],
    )


def _check_items(
    checker: Checker,
    sections: list[SectionSheet],
    nodes: list[Any],
    params: Mapping[str, Any],
    applies_to: tuple[str, ...],
) -> None:
    """What only the whole can tell: parameters that exist, kinds that are the checklist's, 100."""
    if len(sections) != len(nodes) or not sections:
        return
    for s, section in enumerate(sections):
        for n, item in enumerate(section.items):
            path: Path = ("sections", s, "items", n)
            for name in guidance.names(item.guidance):
                if name not in params:
                    checker.fault((*path, "pass"), "unknown_parameter", name=name)
            for kind in set(item.applies_to) - set(applies_to):
                checker.fault((*path, "applies_to"), "not_this_kind", kind=kind)
    count = sum(len(section.items) for section in sections)
    if count > MAX_ITEMS:
        checker.fault(("sections",), "too_many_items", max=MAX_ITEMS)
    total = sum((section.points for section in sections), Decimal(0))
    if total != FULL_MARKS:
        checker.fault(("sections",), "total_sum", found=total, wanted=FULL_MARKS)


def _params(checker: Checker, node: Any, applies_to: tuple[str, ...]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for name, value in node.items() if isinstance(node, dict) else ():
        path: Path = ("params", name)
        if not guidance.NAME.fullmatch(name):
            checker.fault(path, "bad_code")
        by_kind = value if isinstance(value, dict) else {"": value}
        numbers = {kind: _number_or_none(checker, v, path) for kind, v in by_kind.items()}
        for kind in numbers.keys() - {"", *applies_to}:
            checker.fault((*path, kind), "not_this_kind", kind=kind)
        cleaned[name] = numbers if isinstance(value, dict) else numbers[""]
    return cleaned


def _number_or_none(checker: Checker, value: Any, path: Path) -> int | str | None:
    """Kept as JSON keeps it whole: an integer, or a decimal as text."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, Decimal):
        return str(value.normalize())
    checker.fault(path, "not_a_number")
    return None


def _grades(checker: Checker, node: Any) -> tuple[Mapping[str, Any], ...]:
    nodes = node if isinstance(node, list) else []
    made = [checker.fields(child, ("grades", n), GRADE_FIELDS) for n, child in enumerate(nodes)]
    grades = tuple(grade | {"floor": int(grade["floor"])} for grade in made if grade)
    floors = [grade["floor"] for grade in grades]
    if len(grades) == len(nodes) and (
        not floors or floors[-1] != 0 or sorted({*floors})[::-1] != floors
    ):
        checker.fault(("grades",), "grade_floors")
    return grades
