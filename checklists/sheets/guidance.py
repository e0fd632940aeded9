"""What counts as compliant, with the bureau's numbers put in where the text names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

NAME = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
UNSET = "未设定，按实际判断"
UNITS = {"m2": "㎡", "pct": "%", "days": "天", "size": "份"}
KIND_WORDS = {"centre": "区中心", "subdistrict": "街道站", "community": "社区站"}


def names(text: str) -> list[str]:
    return NAME.findall(text)


def unit(name: str) -> str:
    return UNITS.get(name.rsplit("_", 1)[-1], "人" if name.startswith("staff_") else "")


def fill(text: str, params: Mapping[str, Any], *, kind: str = "", kinds: Iterable[str] = ()) -> str:
    """`kind` picks from a parameter that differs by kind; without one, those of `kinds` (all
    when empty) are told side by side. A unit the text already writes is not written twice."""
    for name in sorted(set(names(text)) & params.keys(), key=len, reverse=True):
        word = _word(params[name], unit(name), kind, tuple(kinds))
        text = re.sub(rf" ?{name}(?: ?{unit(name)})? ?", lambda _: word, text)  # noqa: B023
    return text


def _word(value: Any, unit: str, kind: str, kinds: tuple[str, ...]) -> str:
    if not isinstance(value, Mapping):
        return UNSET if value is None else f"{value}{unit}"
    if kind:
        return _word(value.get(kind), unit, "", ())
    # In the order people say them: a database may hand the keys back in another.
    told = {k: value[k] for k in KIND_WORDS if k in value and (not kinds or k in kinds)}
    if len(set(told.values())) <= 1:
        return _word(next(iter(told.values()), None), unit, "", ())
    return "、".join(f"{KIND_WORDS[k]}{_word(v, unit, '', ())}" for k, v in told.items())
