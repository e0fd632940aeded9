"""Two versions side by side: where a trend goes on and where it breaks."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field

from checklists.sheets.checking import ChecklistSheet, ItemSheet

# What of an item may differ. The first three break the trend of its score: they change its weight
# or what failing it means; the others are worth a look.
BREAKING = ("points", "is_critical", "partial_ratio")
NOTED = ("applies_to", "photo_rule", "title_zh", "guidance")


@dataclass(frozen=True, slots=True)
class Change:
    code: str
    title: str
    before: ItemSheet
    after: ItemSheet
    fields: tuple[str, ...]

    @property
    def breaks(self) -> bool:
        return any(name in BREAKING for name in self.fields)


@dataclass(frozen=True, slots=True)
class Comparison:
    appeared: list[ItemSheet] = field(default_factory=list)
    disappeared: list[ItemSheet] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0

    @property
    def breaks(self) -> list[Change]:
        return [one for one in self.changed if one.breaks]

    @property
    def noted(self) -> list[Change]:
        return [one for one in self.changed if not one.breaks]


def compare(before: ChecklistSheet | None, after: ChecklistSheet) -> Comparison:
    """Items are the same by their code alone; without a version before, all of them appear."""
    old = {item.code: item for item in _items(before)} if before else {}
    new = {item.code: item for item in _items(after)}
    changed = [one for code in new if code in old and (one := _change(old[code], new[code]))]
    return Comparison(
        appeared=[item for code, item in new.items() if code not in old],
        disappeared=[item for code, item in old.items() if code not in new],
        changed=changed,
        same=len(new.keys() & old.keys()) - len(changed),
    )


def _items(sheet: ChecklistSheet) -> Iterator[ItemSheet]:
    """No kind told means every kind of the checklist."""
    for section in sheet.sections:
        for item in section.items:
            kinds = tuple(sorted(item.applies_to or sheet.applies_to))
            yield dataclasses.replace(item, applies_to=kinds)


def _change(before: ItemSheet, after: ItemSheet) -> Change | None:
    differing = tuple(
        name for name in BREAKING + NOTED if getattr(before, name) != getattr(after, name)
    )
    return Change(after.code, after.title_zh, before, after, differing) if differing else None
