"""Word as offices write it: A4, faces by name for Chinese text too, thin tables, pictures in cells.

The faces (小标宋, 仿宋_GB2312, 黑体, 楷体) are not free: the file names them, the reader's machine
has them (GB/T 9704).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TITLE, BODY, HEAD, SUBHEAD = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
ER, SAN, SI, XIAO_SI, WU, XIAO_WU = 22.0, 16.0, 14.0, 12.0, 10.5, 9.0  # 二号 … 小五, points
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
CELL = "表格文字"
NO_PICTURE = (
    OSError, ValueError, LookupError, struct.error, InvalidImageStreamError,
    UnexpectedEndOfFileError, UnrecognizedImageError,
)  # fmt: skip
Part = str | Path


class Letter:
    """`margins` top, bottom, left, right in mm: GB/T 9704 by default."""

    def __init__(
        self, *, landscape: bool = False, margins: tuple[float, ...] = (37, 35, 28, 26)
    ) -> None:
        self.document = Document()
        section = self.document.sections[0]
        wide, high = (297, 210) if landscape else (210, 297)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(wide), Mm(high)
        section.top_margin, section.bottom_margin = Mm(margins[0]), Mm(margins[1])
        section.left_margin, section.right_margin = Mm(margins[2]), Mm(margins[3])
        section.footer_distance = Mm(min(28.0, margins[1] - 7))
        self.width = wide - margins[2] - margins[3]
        self._new_page = False
        face(self.document.styles["Normal"], BODY, SAN)
        cell = self.document.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
        face(cell, BODY, XIAO_WU)
        self.cell_style: str = cell.style_id
        self._numbered_pages(is_form=landscape)

    def line(
        self, words: str, *, font: str = BODY, size: float = SAN, align: str = "both",
        indent: int = 0, bold: bool = False, exact: float | None = None, before: float = 0,
        after: float = 0, keeps: bool = False,
    ) -> Any:  # fmt: skip
        """One paragraph. `indent` in characters of its own size; `exact` line height in points;
        `keeps` on one page with what follows."""
        paragraph = self.document.add_paragraph()
        shape(paragraph, align=align, exact=exact)
        form = paragraph.paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.first_line_indent = Pt(indent * size)
        form.keep_with_next = keeps or None
        form.page_break_before, self._new_page = self._new_page or None, False
        run(paragraph, words, font, size, bold=bold)
        return paragraph

    def gap(self, size: float = SAN) -> None:
        self.line("", size=size)

    def new_page(self) -> None:
        """The next line begins one."""
        self._new_page = True

    def table(
        self, heads: Sequence[str], widths: Sequence[float], rows: Iterable[Sequence[Part]],
        *, size: float = XIAO_WU, left: Sequence[int] = (),
    ) -> Any:  # fmt: skip
        """`widths` are shares of the page; `left` columns of longer text, the others centred."""
        table = self.document.add_table(rows=0, cols=len(heads))
        table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        narrow(table)
        spans = [self.width * share / sum(widths) for share in widths]
        for column, span in zip(table.columns, spans, strict=True):
            column.width = Mm(span)
        head = table.add_row()
        for cell, words, span in zip(head.cells, heads, spans, strict=True):
            self.fill(cell, words, span, font=HEAD, size=size)
        mark(head, "w:tblHeader")
        for parts in rows:
            row = table.add_row()
            mark(row, "w:cantSplit")
            for place, (cell, part, span) in enumerate(zip(row.cells, parts, spans, strict=True)):
                align = "left" if place in left else "centre"
                self.fill(cell, part, span, size=size, align=align)
        return table

    def fill(self, cell: Any, part: Part, span: float, **look: Any) -> None:
        """An empty cell, too, must be no higher than the small type. The style by its id: by its
        name the library reads through all styles at every cell."""
        cell.paragraphs[0]._p.style = self.cell_style
        fill(cell, part, span, **look)

    def save(self, path: Path) -> None:
        self.document.save(str(path))

    def _numbered_pages(self, *, is_form: bool) -> None:
        """GB/T 9704: odd pages at the right, even ones at the left, one character in; a form's in
        the middle, small."""
        section = self.document.sections[0]
        if is_form:
            numbered(section.footer.paragraphs[0], "centre", XIAO_WU)
            return
        self.document.settings.odd_and_even_pages_header_footer = True
        numbered(section.footer.paragraphs[0], "right", SI)
        numbered(section.even_page_footer.paragraphs[0], "left", SI)


def numbered(paragraph: Any, align: str, size: float) -> None:
    shape(paragraph, align=align)
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Pt(0 if align == "centre" else size)
    run(paragraph, "— ", "宋体", size)
    field(run(paragraph, "", "宋体", size), "PAGE")
    run(paragraph, " —", "宋体", size)


def clean(words: str) -> str:
    """What XML cannot hold is left out."""
    return UNPRINTABLE.sub("", words)


def face(style: Any, font: str, size: float) -> None:
    style.font.name, style.font.size = font, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), font)


def run(paragraph: Any, words: str, font: str, size: float, *, bold: bool = False) -> Any:
    made = paragraph.add_run(clean(words))
    made.bold = bold or None
    face(made, font, size)
    return made


def shape(paragraph: Any, *, align: str, exact: float | None = None) -> None:
    form = paragraph.paragraph_format
    form.alignment = ALIGN[align]
    form.space_before = form.space_after = Pt(0)
    if exact:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(exact)
    else:
        form.line_spacing = 1.0


def fill(
    cell: Any, part: Part, span: float, *, font: str = BODY, size: float, align: str = "centre"
) -> None:
    """Words, or a picture no wider than the cell."""
    cell.width = Mm(span)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    shape(paragraph, align=align)
    if isinstance(part, Path):
        draw(paragraph, part, span - 5)
    else:
        run(paragraph, part, font, size)


def draw(paragraph: Any, path: Path, width: float) -> None:
    """`width` in mm; a picture that cannot be read is said, not left out."""
    try:
        picture = paragraph.add_run().add_picture(str(path))
    except NO_PICTURE:  # never the worker's time being up
        run(paragraph, "照片无法读取", BODY, XIAO_WU)
        return
    scale = min(Mm(width) / picture.width, Mm(width) * 1.1 / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)


def narrow(table: Any, above: int = 40) -> None:
    """Less air at the sides of a cell, so that a date stays on one line; some `above` and below,
    in twentieths of a point."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:top", "w:left", "w:bottom", "w:right"):
        edge = OxmlElement(side)
        edge.set(qn("w:w"), str(above if side in ("w:top", "w:bottom") else 40))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.append(margins)


def mark(row: Any, name: str) -> None:
    """A switch of the row: the head on every page, never split over two."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def field(made: Any, code: str) -> None:
    for kind, words in (("begin", ""), ("", code), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        made._r.append(element)
