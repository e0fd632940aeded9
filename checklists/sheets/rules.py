"""What each key of a checklist file may hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from stations.sheets import CONTROL, KINDS, Bad

CODE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
GRADES = (
    {"code": "excellent", "name_zh": "优秀", "name_en": "Excellent", "floor": 90},
    {"code": "good", "name_zh": "良好", "name_en": "Good", "floor": 80},
    {"code": "qualified", "name_zh": "合格", "name_en": "Qualified", "floor": 70},
    {"code": "unqualified", "name_zh": "不合格", "name_en": "Unqualified", "floor": 0},
)


@dataclass(frozen=True, slots=True)
class Field:
    rule: Callable[[Any], Any]
    default: Any = ...  # an Ellipsis: the field must be there


def text(limit: int, *, pattern: re.Pattern[str] | None = None) -> Callable[[Any], str]:
    def rule(value: Any) -> str:
        if not isinstance(value, str):
            raise Bad("not_text")
        value = value.strip()
        if not value:
            raise Bad("missing")
        if len(value) > limit:
            raise Bad("too_long", max=limit)
        if CONTROL.search(value) or (pattern and not pattern.fullmatch(value)):
            raise Bad("bad_code" if pattern else "control_character")
        return value

    return rule


def number(low: Decimal, high: Decimal, places: int) -> Callable[[Any], Decimal]:
    def rule(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise Bad("not_a_number")
        exact = Decimal(value)
        if not low <= exact <= high or exact != round(exact, places):
            raise Bad("out_of_range", low=low, high=high, places=places)
        return exact

    return rule


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Bad("not_yes_or_no")
    return value


def choice(*allowed: str) -> Callable[[Any], str]:
    def rule(value: Any) -> str:
        if value not in allowed:
            raise Bad("not_a_choice", choices=", ".join(allowed))
        return str(value)

    return rule


def kinds(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or len({*map(str, value)}) != len(value):
        raise Bad("not_a_list")
    return tuple(choice(*KINDS)(kind) for kind in value)


def listed(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise Bad("not_a_list")
    return value


def mapped(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Bad("not_a_mapping")
    return value


def as_is(value: Any) -> Any:
    return value


POINTS = number(Decimal("0.01"), Decimal("1000"), 2)
RATIO = number(Decimal(0), Decimal(1), 3)
SHEET_FIELDS = {
    "id": Field(text(40, pattern=SLUG)),
    "title_zh": Field(text(80)),
    "title_en": Field(text(120), ""),
    "applies_to": Field(kinds),
    "params": Field(mapped, {}),
    "partial_ratio": Field(RATIO, Decimal("0.5")),
    "grades": Field(listed, None),
    "sections": Field(listed),
}
SECTION_FIELDS = {
    "id": Field(text(8, pattern=CODE)),
    "title_zh": Field(text(60)),
    "title_en": Field(text(80), ""),
    "weight": Field(POINTS),
    "items": Field(listed),
}
ITEM_FIELDS = {
    "id": Field(text(12, pattern=CODE)),
    "item_zh": Field(text(120)),
    "item_en": Field(text(160), ""),
    "pass": Field(text(1000), ""),
    "evidence": Field(choice("photo", "document", "interview", "system"), ""),
    "photo": Field(choice("required", "useful", "none"), "none"),
    "weight": Field(POINTS),
    "critical": Field(flag, False),
    "applies_to": Field(kinds, ()),
    "partial_ratio": Field(RATIO, None),
    "clause": Field(text(120), ""),
    "basis": Field(as_is, ()),  # research notes: read for the clause only, never shown
    "status": Field(as_is, ""),
}
GRADE_FIELDS = {
    "code": Field(text(20, pattern=re.compile("[a-z_]+"))),
    "name_zh": Field(text(20)),
    "name_en": Field(text(40), ""),
    "floor": Field(number(Decimal(0), Decimal(100), 0)),
}
