"""The visible sheets of an .xlsx as grids. A formula is told as one: its stored value is only what
some program once thought it was."""

from __future__ import annotations

import re

from checklists.sheets.grids import MAX_ROWS, Area, Cell, Grid, number_text
from checklists.sheets.office import Element, Package
from stations.sheets import Bad

MAX_SHEETS = 30
MAX_MERGES = 5000
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
HIDDEN = {"hidden", "veryHidden"}
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def read(package: Package) -> list[Grid]:
    targets = {
        one.get("Id", ""): _path(one.get("Target", "")) for one in package.xml(RELATIONS)
    }  # fmt: skip
    sheets = [one for one in package.xml(WORKBOOK).iter("sheet") if one.get("state") not in HIDDEN]
    if len(sheets) > MAX_SHEETS:
        raise Bad("too_many_sheets", max=MAX_SHEETS)
    shared = _shared(package)
    return [
        _grid(one.get("name", ""), package.xml(targets.get(one.get("id", ""), "")), shared)
        for one in sheets
        if "/worksheets/" in targets.get(one.get("id", ""), "")
    ]


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _shared(package: Package) -> list[str]:
    name = "xl/sharedStrings.xml"
    return [_text(one) for one in package.xml(name).iter("si")] if name in package else []


def _text(node: Element) -> str:
    """Plain or in runs; what tells the reading of a word (rPh) is not part of it."""
    own = [child for child in node if child.tag == "t"]
    runs = [part for child in node if child.tag == "r" for part in child if part.tag == "t"]
    return "".join(part.text or "" for part in own + runs).strip()


def _grid(name: str, root: Element, shared: list[str]) -> Grid:
    grid = Grid(name)
    merges = list(root.iter("mergeCell"))
    if len(merges) > MAX_MERGES:
        raise Bad("zip_bomb")
    for merge in merges:
        if area := _area(merge.get("ref", "")):
            grid.merge(area)
    at = 0
    for row in root.iter("row"):
        at = _number(row.get("r"), at + 1)
        column = 0
        for node in row:
            if node.tag == "c":
                column = _column(node.get("r", ""), column + 1)
                grid.put(at, column, _cell(node, shared))
    return grid


def _number(given: str | None, otherwise: int) -> int:
    return int(given) if given and given.isdecimal() and len(given) < 8 else otherwise


def _place(reference: str) -> tuple[int, int] | None:
    found = REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _column(reference: str, otherwise: int) -> int:
    place = _place(reference)
    return place[1] if place else otherwise


def _area(reference: str) -> Area | None:
    first, _, last = reference.partition(":")
    one, other = _place(first), _place(last or first)
    if not one or not other or one[0] > MAX_ROWS:
        return None
    return Area(*one, *other)


def _cell(node: Element, shared: list[str]) -> Cell:
    kind = node.get("t", "n")
    if kind == "inlineStr":
        inline = node.find("is")
        return Cell(_text(inline) if inline is not None else "")
    raw = (node.findtext("v") or "").strip()
    if kind == "s":
        raw = shared[int(raw)] if raw.isdecimal() and int(raw) < len(shared) else ""
    elif kind == "n":
        raw = number_text(raw)
    return Cell(raw.strip(), is_formula=node.find("f") is not None)
