"""A checklist as YAML that `parse` reads back to the same sheet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

from checklists.sheets.checking import ChecklistSheet, ItemSheet, SectionSheet


def plain(value: Decimal) -> int | float:
    """A number for JSON and YAML: 2 rather than 2.00. For show only, nothing is computed from it."""
    return int(value) if value == value.to_integral_value() else float(value)


def write(sheet: ChecklistSheet) -> str:
    tree = {
        "id": sheet.slug,
        "title_zh": sheet.title_zh,
        "title_en": sheet.title_en,
        "applies_to": list(sheet.applies_to),
        "partial_ratio": plain(sheet.partial_ratio),
        "grades": [dict(grade) for grade in sheet.grades],
        "params": {name: _param(value) for name, value in sheet.params.items()},
        "sections": [_section(section) for section in sheet.sections],
    }
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=10_000)


def _section(section: SectionSheet) -> dict[str, Any]:
    return {
        "id": section.code,
        "title_zh": section.title_zh,
        "title_en": section.title_en,
        "weight": plain(section.points),
        "items": [_item(item) for item in section.items],
    }


def _item(item: ItemSheet) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": item.code,
        "item_zh": item.title_zh,
        "item_en": item.title_en,
        "pass": item.guidance,
        "evidence": item.evidence,
        "photo": item.photo_rule,
        "weight": plain(item.points),
        "critical": item.is_critical,
        "applies_to": list(item.applies_to),
        "clause": item.clause,
    }
    if item.partial_ratio is not None:
        told["partial_ratio"] = plain(item.partial_ratio)
    return {name: value for name, value in told.items() if value not in ("", [], False)}


def _param(value: Any) -> Any:
    if isinstance(value, dict):
        return {kind: _param(number) for kind, number in value.items()}
    return plain(Decimal(value)) if isinstance(value, str) else value
