"""A table as issued: cells with their texts, and the areas merged into one."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from stations.sheets import Bad

MAX_ROWS = 2000
MAX_COLUMNS = 60
MAX_TEXT = 5000
MAX_MERGED = 1_000_000  # cells, counted again for every area laid over another
PLACES = Decimal("1e-9")  # what a spreadsheet keeps of 0.1 is not 0.1


@dataclass(frozen=True, slots=True)
class Cell:
    text: str = ""
    is_formula: bool = False


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells, all ends inside; rows and columns count from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Grid:
    """`letters`: columns are called A, B, C as in a spreadsheet, else 1, 2, 3."""

    name: str
    letters: bool = True
    heading: str = ""  # what stands above the table
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    width: int = 0  # columns there are, empty ones too
    _areas: dict[tuple[int, int], Area] = field(default_factory=dict)
    _merged: int = 0

    def put(self, row: int, column: int, cell: Cell) -> None:
        if column > MAX_COLUMNS:
            return
        self.width = max(self.width, column)
        if not (cell.text or cell.is_formula):
            return
        if row > MAX_ROWS:
            raise Bad("too_many_rows", max=MAX_ROWS)
        if len(cell.text) > MAX_TEXT:
            raise Bad("cell_too_long", max=MAX_TEXT)
        self.cells[row, column] = cell

    def merge(self, area: Area) -> None:
        """Cut to what may be read: a title merged over a whole row is no reason to refuse."""
        bottom, right = min(area.bottom, MAX_ROWS), min(area.right, MAX_COLUMNS)
        cut = Area(area.top, area.left, bottom, right)
        self._merged += max(bottom - cut.top + 1, 0) * max(right - cut.left + 1, 0)
        if self._merged > MAX_MERGED:
            raise Bad("zip_bomb")
        for row in range(cut.top, bottom + 1):
            for column in range(cut.left, right + 1):
                self._areas[row, column] = cut

    @property
    def last_row(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @property
    def last_column(self) -> int:
        return max((column for _, column in self.cells), default=0)

    def area(self, row: int, column: int) -> Area:
        return self._areas.get((row, column)) or Area(row, column, row, column)

    def at(self, row: int, column: int) -> Cell:
        """The cell, or what the merged area around it says."""
        area = self.area(row, column)
        return self.cells.get((area.top, area.left), EMPTY)

    def column_name(self, column: int) -> str:
        return letters(column) if self.letters else str(column)


def letters(column: int) -> str:
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def number_text(raw: str) -> str:
    """A stored number as a person wrote it: 2.5, not 2.4999999999999996."""
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return raw
    if not value.is_finite() or abs(value) >= Decimal(10) ** 12:
        return raw
    return f"{value.quantize(PLACES).normalize():f}"
