"""Excel as the bureau keeps it: merged title, unit and date row, thin borders, wrapped text, small
pictures in cells, dates 2021/7/5. Text is always a string cell, whatever it begins with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.exceptions import UndefinedImageSize, UnsupportedImageFormat
from xlsxwriter.image import Image

LONGEST, LONGEST_SHOWN = 32_767, 2_000
TALLEST = 409
FORMULA_STARTS = "=+-@＝＋－＠\t\r\n"
SUSPECT = FORMULA_STARTS + " \u3000"
A4 = 9
EVERYWHERE = "A1:XFD1048576"
FACE = {"font_name": "宋体", "font_size": 10}
CELL = {**FACE, "border": 1, "valign": "vcenter", "text_wrap": True}
PICTURE_HEIGHT = 72  # points
PIXELS_PER_CHARACTER, PIXELS_PER_POINT = 7, 96 / 72

Value = str | int | Decimal | dt.date | Path | None


class Column(NamedTuple):
    """`width` in characters; `look`: text, centre, whole, share, date, picture."""

    title: str
    width: float
    look: str = "text"


class Book:
    """A workbook written row by row, top to bottom, in constant memory."""

    def __init__(self, path: Path, folder: Path) -> None:
        options = {
            "constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False,
            "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        self.book = Workbook(str(path), options)
        self.looks = {name: self.book.add_format(look) for name, look in _looks().items()}

    def sheet(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        title: str,
        line: str,
        across: tuple[int, int] | None = None,
    ) -> Sheet:
        """`across`: first and last column the title stands over, where all would hide it."""
        return Sheet(
            self, name, columns, title=title, line=line, across=across or (0, len(columns) - 1)
        )

    def close(self) -> None:
        self.book.close()


@contextmanager
def writing(path: Path, folder: Path) -> Iterator[Book]:
    book = Book(path, folder)
    yield book
    book.close()


def _looks() -> dict[str, dict[str, Any]]:
    guarded = {**CELL, "quote_prefix": True}
    return {
        "title": {
            "font_name": "方正小标宋简体",
            "font_size": 18,
            "align": "center",
            "valign": "vcenter",
        },
        "line": {**FACE, "valign": "vcenter"},
        "head": {**CELL, "font_name": "黑体", "align": "center", "bg_color": "#F2F2F2"},
        "text": CELL,
        "text!": guarded,
        "centre": {**CELL, "align": "center"},
        "centre!": {**guarded, "align": "center"},
        "whole": {**CELL, "align": "center", "num_format": "0"},
        "share": {**CELL, "align": "center", "num_format": "0.0##"},
        "date": {**CELL, "align": "center", "num_format": "yyyy/m/d"},
        "picture": {**CELL, "align": "center", "font_color": "#808080"},
    }


class Sheet:
    def __init__(
        self,
        book: Book,
        name: str,
        columns: Sequence[Column],
        *,
        title: str,
        line: str,
        across: tuple[int, int],
    ) -> None:
        self.looks, self.columns, self.across = book.looks, columns, across
        self.sheet = book.book.add_worksheet(name)
        self.widths = [column.width for column in columns]
        self.formats = [book.looks[column.look] for column in columns]
        self.has_pictures = any(column.look == "picture" for column in columns)
        texts = [
            column.look if column.look in {"text", "centre"} else "centre" for column in columns
        ]
        self.plain = [book.looks[look] for look in texts]
        self.guarded = [book.looks[f"{look}!"] for look in texts]
        self.row = 0
        for place, column in enumerate(columns):
            self.sheet.set_column(place, place, column.width)
        self._merged(title, "title", 34)
        self._merged(line, "line", 20)
        self.head = self.row
        self.sheet.set_row(self.row, 30)
        for place, column in enumerate(columns):
            self.sheet.write_string(self.row, place, column.title, self.looks["head"])
        self.row += 1

    def _merged(self, words: str, look: str, height: float) -> None:
        self.sheet.set_row(self.row, height)
        first, last = self.across
        self.sheet.merge_range(self.row, first, self.row, last, "", self.looks[look])
        self.sheet.write_string(self.row, first, words[:LONGEST], self.looks[look])
        self.row += 1

    def add(self, values: Sequence[Value]) -> None:
        """One row; of a hundred thousand times thirty cells most are blank or short plain text."""
        sheet, row, long, least = self.sheet, self.row, [], 0
        for place, value in enumerate(values):
            if value is None or value == "":
                sheet.write_blank(row, place, None, self.formats[place])
            elif isinstance(value, str):
                look = self.guarded if is_suspect(value) else self.plain
                sheet.write_string(row, place, value[:LONGEST], look[place])
                if 2 * len(value) >= self.widths[place] or "\n" in value:
                    long.append((self.widths[place], value))
            elif isinstance(value, Path):
                self._picture(place, self.columns[place], value)
                least = PICTURE_HEIGHT + 4
            else:
                self._figure(place, value)
        sheet.set_row(row, max(least, row_height(long)))
        self._forget(row - 1)
        self.row += 1

    def _forget(self, row: int) -> None:
        """A row that is written: the library would keep its height to the end. Only pictures need
        it, as they are placed by the heights above them."""
        if not self.has_pictures:
            self.sheet.row_info.pop(row, None)
            self.sheet.row_sizes.pop(row, None)

    def foot(self, words: str) -> None:
        self._merged(words, "line", 20)

    def _figure(self, place: int, value: dt.date | int | Decimal) -> None:
        if isinstance(value, dt.date):
            self.sheet.write_datetime(self.row, place, value, self.looks["date"])
        else:
            look = self.columns[place].look
            look = look if look in {"whole", "share"} else "whole"
            self.sheet.write_number(self.row, place, value, self.looks[look])

    def _picture(self, place: int, column: Column, path: Path) -> None:
        """Moves and shrinks with its cell."""
        image = opened(path)
        if image is None:
            self.sheet.write_string(self.row, place, "照片无法读取", self.plain[place])
            return
        self.sheet.write_blank(self.row, place, None, self.looks["picture"])
        wide = column.width * PIXELS_PER_CHARACTER - 4
        scale = min(wide / image.width, (PICTURE_HEIGHT * PIXELS_PER_POINT - 6) / image.height)
        self.sheet.insert_image(
            self.row, place, path,
            {"x_scale": scale, "y_scale": scale, "x_offset": 4, "y_offset": 3, "object_position": 1},
        )  # fmt: skip

    def finish(self, *, frozen: int, pages_wide: int = 1) -> None:
        """Filters over what was written, the head on every page, A4."""
        if self.row > self.head + 1:
            self.sheet.autofilter(self.head, 0, self.row - 1, len(self.columns) - 1)
        self.sheet.ignore_errors({"number_stored_as_text": EVERYWHERE})  # telephone numbers
        self.sheet.freeze_panes(self.head + 1, frozen)
        self.sheet.repeat_rows(self.head)
        self.sheet.set_paper(A4)
        self.sheet.set_landscape()
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.fit_to_pages(pages_wide, 0)
        if pages_wide > 1:
            self.sheet.print_across()
            self.sheet.repeat_columns(0, frozen - 1)
        self.sheet.set_footer("&C第 &P 页，共 &N 页")


def is_suspect(value: str) -> bool:
    """Begins as a formula would; stays text even when somebody edits the cell."""
    return value[0] in SUSPECT and value.lstrip(" \u3000")[:1] in FORMULA_STARTS


def row_height(told: Sequence[tuple[float, str]]) -> float:
    """For (width of the column, text): as many lines as the longest takes. Not every reader fits
    rows by itself."""
    lines = max((_lines(width - 1, words) for width, words in told), default=1)
    return min(max(18.0, 13.5 * lines + 5), TALLEST)


def _lines(width: float, words: str) -> float:
    if "\n" in words:
        return sum(_lines(width, part) for part in words.split("\n"))
    return max(1, -(-_wide(words) // max(width, 1)))


def _wide(words: str) -> int:
    """Chinese characters take two places, and three bytes."""
    shown = words[:LONGEST_SHOWN]
    return (len(shown.encode("utf-8", "replace")) + len(shown)) // 2


def opened(path: Path) -> Image | None:
    try:
        return Image(path)
    except (OSError, UnsupportedImageFormat, UndefinedImageSize):
        return None
