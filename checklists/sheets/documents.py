"""The tables of a .docx as grids, in the order they stand; what is struck out is not read."""

from __future__ import annotations

from collections.abc import Iterator

from checklists.sheets.grids import MAX_COLUMNS, Area, Cell, Grid
from checklists.sheets.office import Element, Package
from stations.sheets import Bad

MAX_TABLES = 100
DOCUMENT = "word/document.xml"
NOT_READ = {"del", "moveFrom", "tbl", "delText", "instrText", "txbxContent", "AlternateContent"}
BREAKS = {"br": "\n", "cr": "\n", "tab": " "}


def read(package: Package) -> list[Grid]:
    grids: list[Grid] = []
    above = ""
    for node in _blocks(package.xml(DOCUMENT)):
        if node.tag == "p":
            above = _text(node) or above
            continue
        if len(grids) == MAX_TABLES:
            raise Bad("too_many_sheets", max=MAX_TABLES)
        grids.append(_grid(node, len(grids) + 1, above))
        above = ""
    return grids


def _blocks(node: Element) -> Iterator[Element]:
    """Paragraphs and tables of the body, those in content controls too."""
    for child in node:
        if child.tag in {"p", "tbl"}:
            yield child
        elif child.tag in {"body", "sdt", "sdtContent", "ins"}:
            yield from _blocks(child)


def _grid(table: Element, number: int, above: str) -> Grid:
    grid = Grid(f"表格{number}", letters=False, heading=above)
    open_areas: dict[int, tuple[int, int]] = {}  # left column → (top row, width)
    for at, row in enumerate(_inside(table, "tr"), 1):
        column = 1 + _value(row, "trPr", "gridBefore")
        for node in _inside(row, "tc"):
            width = min(max(_value(node, "tcPr", "gridSpan"), 1), MAX_COLUMNS)
            if column > MAX_COLUMNS:
                raise Bad("too_many_columns", max=MAX_COLUMNS)
            _place(grid, node, at, column, width, open_areas)
            column += width
    return grid


def _place(
    grid: Grid, node: Element, row: int, column: int, width: int, open_areas: dict[int, tuple[int, int]]
) -> None:  # fmt: skip
    merge = node.find("tcPr/vMerge")
    if merge is not None and merge.get("val") != "restart" and column in open_areas:
        top, width = open_areas[column]
        grid.merge(Area(top, column, row, column + width - 1))
        return
    open_areas.pop(column, None)
    if merge is not None:
        open_areas[column] = (row, width)
    grid.merge(Area(row, column, row, column + width - 1))
    paragraphs = [_text(one) for one in _inside(node, "p")]
    is_formula = any(_computes(one) for one in node.iter())
    grid.put(row, column, Cell("\n".join(filter(None, paragraphs)), is_formula))


def _computes(node: Element) -> bool:
    """A field such as =SUM(ABOVE)."""
    told = node.get("instr") if node.tag == "fldSimple" else node.text
    return node.tag in {"fldSimple", "instrText"} and (told or "").strip().startswith("=")


def _inside(node: Element, tag: str) -> Iterator[Element]:
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in {"sdt", "sdtContent", "ins"}:
            yield from _inside(child, tag)


def _value(node: Element, properties: str, name: str) -> int:
    found = node.find(f"{properties}/{name}")
    told = found.get("val", "") if found is not None else ""
    return int(told) if told.isdecimal() and len(told) < 6 else 0


def _text(node: Element) -> str:
    return "".join(_pieces(node)).strip()


def _pieces(node: Element) -> Iterator[str]:
    for child in node:
        if child.tag == "t":
            yield child.text or ""
        elif child.tag in BREAKS:
            yield BREAKS[child.tag]
        elif child.tag not in NOT_READ:
            yield from _pieces(child)
