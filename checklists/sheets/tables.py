"""What an issued 评分表 says once it is read, each part with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from stations.sheets import Fault


@dataclass(frozen=True, slots=True)
class Place:
    sheet: str
    row: int
    column: str

    def fault(self, code: str, /, **values: object) -> Fault:
        return Fault(self.sheet, self.row, self.column, code, values)


@dataclass(slots=True)
class TableItem:
    place: Place
    title: str
    points: Decimal
    guidance: str = ""
    code: str = ""
    clause: str = ""
    evidence: str = ""
    photo_rule: str = "none"
    is_critical: bool = False
    applies_to: tuple[str, ...] = ()


@dataclass(slots=True)
class TableSection:
    title: str
    place: Place
    declared: list[tuple[Decimal, Place]] = field(default_factory=list)
    items: list[TableItem] = field(default_factory=list)
    is_whole: bool = True  # no item of it was a fault

    @property
    def points(self) -> Decimal:
        return sum((item.points for item in self.items), Decimal(0))


@dataclass(slots=True)
class ScoreTable:
    title: str = ""
    sections: list[TableSection] = field(default_factory=list)
    totals: list[tuple[Decimal, Place]] = field(default_factory=list)

    @property
    def items(self) -> list[TableItem]:
        return [item for section in self.sections for item in section.items]

    @property
    def points(self) -> Decimal:
        return sum((section.points for section in self.sections), Decimal(0))
