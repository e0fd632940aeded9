"""An issued 评分表, row by row: its sections and items, or every fault with its place.

Pure reading: no code is given here and nothing is guessed. Where two readings are possible the row
is a fault, in words that say how to write it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from checklists.sheets import documents, phrases, sums, workbooks
from checklists.sheets.grids import Grid
from checklists.sheets.headings import Located, locate
from checklists.sheets.office import Package
from checklists.sheets.rules import CODE, POINTS
from checklists.sheets.tables import Place, ScoreTable, TableItem, TableSection
from stations.sheets import Bad, Fault

LONGEST = {"item": 120, "section": 60, "guidance": 1000, "clause": 120, "code": 12}


def read_grids(content: bytes) -> list[Grid]:
    """All tables of the file; Bad where it is none we read."""
    package = Package(content)
    if workbooks.WORKBOOK in package:
        return workbooks.read(package)
    if documents.DOCUMENT in package:
        return documents.read(package)
    raise Bad("not_office")


def parse_table(
    content: bytes, filename: str, sheet: str = ""
) -> tuple[ScoreTable | None, list[Fault]]:
    """`sheet` names the one to read where a workbook holds several tables."""
    try:
        grids = read_grids(content)
        parts = _chosen(grids, filename, sheet)
    except Bad as bad:
        return None, [Fault(filename, 0, "", bad.code, bad.values)]
    if isinstance(parts, Fault):
        return None, [parts]
    reader = _Reader(ScoreTable(title=_title(parts[0])))
    for part in parts:
        reader.read(part)
    last = parts[-1].grid
    end = Place(last.name, last.last_row, "")
    reader.faults += sums.check(reader.table, end, is_whole=not reader.faults)
    return (None if reader.faults else reader.table), reader.faults


def _chosen(grids: Sequence[Grid], filename: str, sheet: str) -> list[Located] | Fault:
    found = [one for grid in grids if (one := locate(grid))]
    if not found:
        return Fault(filename, 0, "", "no_table")
    if sheet:
        names = "、".join(one.grid.name for one in found)
        found = [one for one in found if one.grid.name == sheet]
        if not found:
            return Fault(filename, 0, "", "no_such_sheet", {"name": sheet, "names": names})
    if found[0].grid.letters and len(found) > 1:
        names = "、".join(one.grid.name for one in found)
        return Fault(
            found[1].grid.name, found[1].heading_row, "", "several_tables", {"names": names}
        )
    return list(_joined(grids, found))


def _joined(grids: Sequence[Grid], found: Sequence[Located]) -> Iterator[Located]:
    """In Word a long table is often cut in two: what follows with the same columns belongs to it."""
    by_name = {one.grid.name: one for one in found}
    last: Located | None = None
    for grid in grids:
        if one := by_name.get(grid.name):
            last = one
            yield one
        elif last and not grid.letters and grid.width == last.grid.width:
            yield Located(grid, 0, last.columns)


def _title(part: Located) -> str:
    above = [part.grid.heading] + [
        part.grid.at(row, column).text
        for row in range(1, part.heading_row)
        for column in range(1, part.grid.last_column + 1)
    ]
    told = [phrases.plain(text).replace("\n", "") for text in above if text]
    return next((text for text in told if "表" in text or "标准" in text), "")[:80]


class _Reader:
    def __init__(self, table: ScoreTable) -> None:
        self.table = table
        self.faults: list[Fault] = []
        self.seen: dict[tuple[str, str], int] = {}
        self.codes: dict[str, int] = {}
        self.section_cell: tuple[str, int, int] | None = None

    def read(self, part: Located) -> None:
        self.part = part
        self.item: TableItem | None = None
        for row in range(part.heading_row + 1, part.grid.last_row + 1):
            if part.heading_row and part.repeats(row):
                continue
            self._row(row)

    def _row(self, row: int) -> None:
        words, sums = self._line(row), phrases.kind_of_sum(self._first(row))
        if sums:
            self._sum(row, sums)
        elif words is not None:
            self._banner(row, words)
        elif self._continues(row):
            self._more(row)
        elif self.part.text(row, "item") or self.part.text(row, "points"):
            self._section(row)
            self._item(row)

    def place(self, row: int, role: str) -> Place:
        grid = self.part.grid
        return Place(grid.name, row, grid.column_name(self.part.column(role, row)))

    def fault(self, row: int, role: str, code: str, /, **values: object) -> None:
        self.faults.append(self.place(row, role).fault(code, **values))

    def _first(self, row: int) -> str:
        texts = (self.part.grid.at(row, at).text for at in range(1, self.part.grid.last_column + 1))
        return next((text for text in texts if text), "")

    def _line(self, row: int) -> str | None:
        """What a row says that is one cell over item and points: a section's line, or a note."""
        item, points = self.part.columns["item"][0], self.part.columns["points"][0]
        area = self.part.grid.area(row, item)
        if area.left <= points <= area.right:
            return self.part.grid.at(row, item).text
        text = self._first(row)
        is_alone = not self.part.text(row, "item") and not self.part.text(row, "points")
        return text if is_alone and not self._has_section_cell(row) else None

    def _has_section_cell(self, row: int) -> bool:
        return "section" in self.part.columns and bool(self.part.text(row, "section"))

    def _banner(self, row: int, words: str) -> None:
        if words and phrases.is_section_line(words):
            self._open(words, self.place(row, "item"))
            self.section_cell = None

    def _open(self, words: str, place: Place) -> None:
        name = phrases.title(words)
        if not name:
            self.faults.append(place.fault("missing"))
        elif len(name) > LONGEST["section"]:
            self.faults.append(place.fault("too_long", max=LONGEST["section"]))
        declared = phrases.bracketed_points(words)
        section = TableSection(name, place, [(declared, place)] if declared is not None else [])
        self.table.sections.append(section)

    def _section(self, row: int) -> None:
        """A section begins where its column says something new; blank below means: still the same."""
        if "section" not in self.part.columns:
            return
        column = self.part.column("section", row)
        area = self.part.grid.area(row, column)
        words = self.part.grid.at(row, column).text
        cell = (self.part.grid.name, area.top, area.left)
        if not words or cell == self.section_cell:
            return
        again = self.table.sections and phrases.title(words) == self.table.sections[-1].title
        self.section_cell = cell
        if not again:
            self._open(words, self.place(row, "section"))
            self._section_points(row)

    def _section_points(self, row: int) -> None:
        if text := self.part.text(row, "section_points"):
            place = self.place(row, "section_points")
            value = phrases.points(text)
            if value is None:
                self.faults.append(place.fault("not_a_number"))
            else:
                self.table.sections[-1].declared.append((value, place))

    def _continues(self, row: int) -> bool:
        """A further row of the item above, whose cell is merged down to here."""
        column = self.part.column("item", row)
        return self.item is not None and self.part.grid.area(row, column).top < row

    def _more(self, row: int) -> None:
        assert self.item
        points = self.part.columns["points"][0]
        if self.part.grid.area(row, points).top == row and self.part.grid.at(row, points).text:
            self.fault(row, "points", "several_points")
            self.table.sections[-1].is_whole = False
        words = self.part.text(row, "guidance")
        if words and words not in self.item.guidance:
            self.item.guidance = f"{self.item.guidance}\n{words}".strip()
            self._limit(row, "guidance", self.item.guidance)

    def _item(self, row: int) -> None:
        before = len(self.faults)
        self._refuse_formulas(row)
        if not self.table.sections:
            self.fault(row, "section", "no_section")
            self._open("—", self.place(row, "item"))
        section = self.table.sections[-1]
        item = self.item = self._made(row)
        self._once(row, section, item)
        if len(self.faults) == before:
            section.items.append(item)
        else:
            section.is_whole = False

    def _refuse_formulas(self, row: int) -> None:
        for columns in self.part.columns.values():
            for column in columns:
                if self.part.grid.at(row, column).is_formula:
                    name = self.part.grid.column_name(column)
                    self.faults.append(Place(self.part.grid.name, row, name).fault("formula"))

    def _made(self, row: int) -> TableItem:
        words = self.part.text(row, "item")
        guidance = self.part.text(row, "guidance")
        name = phrases.title(words)
        if len(name) > LONGEST["item"]:
            name, guidance = (
                phrases.title(phrases.first_words(words)),
                f"{words}\n{guidance}".strip(),
            )
        if not name:
            self.fault(row, "item", "missing")
        self._limit(row, "item", name)
        return TableItem(
            place=self.place(row, "item"),
            title=name,
            points=self._points(row, words),
            guidance=self._limit(row, "guidance", guidance),
            code=self._code(row),
            clause=self._limit(row, "clause", self.part.text(row, "clause")),
            evidence=phrases.evidence(self.part.text(row, "evidence")),
            photo_rule=self._photo_rule(row),
            is_critical=phrases.is_starred(words) or phrases.is_yes(self.part.text(row, "critical")),
            applies_to=self._kinds(row),
        )  # fmt: skip

    def _limit(self, row: int, role: str, text: str) -> str:
        if len(text) > LONGEST[role]:
            self.fault(row, role, "too_long", max=LONGEST[role])
        return text

    def _points(self, row: int, words: str) -> Decimal:
        column = self.part.columns["points"][0]
        cell, area = self.part.grid.at(row, column), self.part.grid.area(row, column)
        value = phrases.points(cell.text)
        if cell.is_formula:
            pass  # told already
        elif area.top < row:
            self.fault(row, "points", "shared_points")
        elif not cell.text and (value := phrases.bracketed_points(words)) is None:
            self.fault(row, "points", "missing")
        elif value is None:
            self.fault(row, "points", "not_a_number")
        else:
            return self._in_range(row, value)
        return Decimal(0)

    def _in_range(self, row: int, value: Decimal) -> Decimal:
        try:
            return POINTS(value)
        except Bad as bad:
            self.fault(row, "points", bad.code, **bad.values)
            return Decimal(0)

    def _code(self, row: int) -> str:
        """A bare number is only a count; letters and digits are a code the bureau has given."""
        text = phrases.plain(self.part.text(row, "code"))
        if not text or not text[0].isalpha():
            return ""
        if not CODE.fullmatch(text) or len(text) > LONGEST["code"]:
            self.fault(row, "code", "bad_code")
        if text in self.codes:
            self.fault(row, "code", "repeated", code=text, row=self.codes[text])
        self.codes.setdefault(text, row)
        return text

    def _photo_rule(self, row: int) -> str:
        if "photo" in self.part.columns:
            return phrases.photo_rule(self.part.text(row, "photo"))
        return "useful" if phrases.evidence(self.part.text(row, "evidence")) == "photo" else "none"

    def _kinds(self, row: int) -> tuple[str, ...]:
        found = phrases.kinds(self.part.text(row, "kinds"))
        if found is None:
            self.fault(row, "kinds", "unknown_kind")
        return found or ()

    def _once(self, row: int, section: TableSection, item: TableItem) -> None:
        key = (section.title, item.title)
        if item.title and key in self.seen:
            self.fault(row, "item", "repeated_item", row=self.seen[key])
        self.seen.setdefault(key, row)

    def _sum(self, row: int, kind: str) -> None:
        column = self.part.columns["points"][0]
        cell = self.part.grid.at(row, column)
        place = Place(self.part.grid.name, row, self.part.grid.column_name(column))
        value = phrases.points(cell.text)
        if value is None and not cell.is_formula:
            value = phrases.bracketed_points(self._first(row))
        if cell.is_formula:
            self.faults.append(place.fault("formula"))
        elif value is None:
            self.faults.append(place.fault("not_a_number" if cell.text else "missing"))
        elif kind == "total":
            self.table.totals.append((value, place))
        elif self.table.sections:
            self.table.sections[-1].declared.append((value, place))
