"""The station file: CSV text in, rows and every fault with its place out; and back again."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

ENCODINGS = ("utf-8-sig", "gb18030")
FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
CODE = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z-]{1,23}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
KINDS = ("centre", "subdistrict", "community")
KIND_WORDS = {"区服务中心": "centre", "街道站": "subdistrict", "社区站": "community"}
MAX_ROWS = 100_000

HEADINGS = {
    "code": "编码",
    "name_zh": "名称",
    "name_en": "英文名称",
    "kind": "类别",
    "region_code": "区划代码",
    "region_zh": "区划名称",
    "community_zh": "社区",
    "opened_on": "成立日期",
    "closed_on": "撤销日期",
    "address": "地址",
    "phone": "电话",
    "opening_hours": "服务时间",
    "latitude": "纬度",
    "longitude": "经度",
}
COLUMNS = tuple(HEADINGS)
REQUIRED = ("code", "name_zh", "kind", "region_code")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where. `code` names the reason; the service puts it into words."""

    sheet: str
    row: int
    column: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Bad(Exception):
    """A cell's value cannot be taken."""

    def __init__(self, code: str, /, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` holds only the columns the file has: an absent column changes nothing."""

    number: int
    cells: Mapping[str, Any]


def decode(content: bytes) -> str:
    """UTF-8 with or without BOM, GBK/GB 18030, or Excel's "Unicode text"."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Bad("encoding")


def parse(content: bytes, sheet: str) -> tuple[list[Row], list[Fault]]:
    try:
        lines = _lines(decode(content))
    except (Bad, UnicodeDecodeError, csv.Error) as error:
        code = error.code if isinstance(error, Bad) else "unreadable"
        return [], [Fault(sheet, 1, "", code)]
    if not lines:
        return [], [Fault(sheet, 1, "", "empty")]
    columns, faults = _columns(lines[0][1], sheet)
    if faults or len(lines) > MAX_ROWS:
        return [], faults or [Fault(sheet, MAX_ROWS + 1, "", "too_many_rows", {"max": MAX_ROWS})]
    rows = [_row(number, cells, columns, sheet, faults) for number, cells in lines[1:]]
    faults += _repeated(rows, sheet)
    if not rows:
        faults.append(Fault(sheet, 2, "", "no_rows"))
    return rows, sorted(faults, key=lambda fault: fault.row)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Each line that is not blank, with its number in the file."""
    head = text.split("\n", 1)[0]
    delimiter = max(",\t;，", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found, number = [], 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            found.append((number, cells))
        number = reader.line_num + 1
    return found


def _columns(cells: list[str], sheet: str) -> tuple[list[str], list[Fault]]:
    names = {word: name for name, word in HEADINGS.items()}
    columns = [names.get(cell.strip(), cell.strip().lower()) for cell in cells]
    faults = [
        Fault(sheet, 1, cell.strip(), "unknown_column")
        for cell, name in zip(cells, columns, strict=True)
        if name not in HEADINGS
    ]
    faults += [
        Fault(sheet, 1, name, "repeated_column")
        for name in dict.fromkeys(columns)
        if name in HEADINGS and columns.count(name) > 1
    ]
    missing = [Fault(sheet, 1, n, "missing_column") for n in REQUIRED if n not in columns]
    return columns, faults + missing


def _row(number: int, cells: list[str], columns: list[str], sheet: str, faults: list[Fault]) -> Row:
    if len(cells) != len(columns):
        faults.append(
            Fault(sheet, number, "", "cell_count", {"found": len(cells), "wanted": len(columns)})
        )
        return Row(number, {})
    read: dict[str, Any] = {}
    for name, cell in zip(columns, cells, strict=True):
        try:
            read[name] = RULES[name](unguarded(cell))
        except Bad as bad:
            faults.append(Fault(sheet, number, name, bad.code, bad.values))
    opened, closed = read.get("opened_on"), read.get("closed_on")
    if opened and closed and closed <= opened:
        faults.append(Fault(sheet, number, "closed_on", "closes_before_opening"))
    if ("latitude" in read or "longitude" in read) and (
        (read.get("latitude") is None) != (read.get("longitude") is None)
    ):
        faults.append(Fault(sheet, number, "latitude", "half_a_position"))
    return Row(number, read)


def _repeated(rows: Iterable[Row], sheet: str) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for row in rows:
        code = row.cells.get("code")
        if code and code in first:
            faults.append(
                Fault(sheet, row.number, "code", "repeated", {"code": code, "row": first[code]})
            )
        elif code:
            first[code] = row.number
    return faults


def _text(limit: int, *, required: bool = False) -> Callable[[str], str]:
    def rule(cell: str) -> str:
        if CONTROL.search(cell):
            raise Bad("control_character")
        value = " ".join(cell.split())
        if required and not value:
            raise Bad("required")
        if len(value) > limit:
            raise Bad("too_long", max=limit)
        return value

    return rule


def _code(cell: str) -> str:
    value = cell.strip()
    if not value:
        raise Bad("required")
    if not CODE.fullmatch(value):
        raise Bad("bad_code")
    return value


def _kind(cell: str) -> str:
    value = KIND_WORDS.get(cell.strip(), cell.strip().lower())
    if value not in KINDS:
        raise Bad("bad_kind", value=cell.strip()[:20])
    return value


def _date(cell: str) -> dt.date | None:
    """2024-03-01, 2024/3/1 or 2024年3月1日: what spreadsheets and people write."""
    value = cell.strip()
    if not value:
        return None
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", value)
    if not found:
        raise Bad("bad_date", value=value[:20])
    try:
        return dt.date(*map(int, found.groups()))
    except ValueError:
        raise Bad("bad_date", value=value[:20]) from None


def _degrees(limit: int) -> Callable[[str], Decimal | None]:
    def rule(cell: str) -> Decimal | None:
        if not cell.strip():
            return None
        try:
            value = Decimal(cell.strip())
        except InvalidOperation:
            raise Bad("bad_position") from None
        if not value.is_finite() or abs(value) > limit:
            raise Bad("bad_position")
        return value.quantize(Decimal("0.00001"))

    return rule


RULES: dict[str, Callable[[str], Any]] = {
    "code": _code,
    "name_zh": _text(80, required=True),
    "name_en": _text(120),
    "kind": _kind,
    "region_code": _text(12, required=True),
    "region_zh": _text(60),
    "community_zh": _text(40),
    "opened_on": _date,
    "closed_on": _date,
    "address": _text(120),
    "phone": _text(40),
    "opening_hours": _text(80),
    "latitude": _degrees(90),
    "longitude": _degrees(180),
}


def guarded(value: object) -> str:
    """A cell no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def write(rows: Iterable[Mapping[str, Any]], *, chinese: bool = False) -> bytes:
    """The rows as CSV with a BOM, so that Excel reads the Chinese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS.values() if chinese else COLUMNS)
    writer.writerows([guarded(row.get(name)) for name in COLUMNS] for row in rows)
    return out.getvalue().encode("utf-8-sig")
