"""Which column of an issued 评分表 holds what: no two bureaus head them alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checklists.sheets.grids import Grid

SEARCHED_ROWS = 30
NOISE = re.compile(r"[\s　:：/、,，·*★]|[（(][^（()）]*[)）]")
OF_A_VISIT = "(检查|考核|考评|评分|评价|验收|创建)?"

# Looked for in this order; the first pattern that fits a heading gives its role.
ROLES: Sequence[tuple[str, str]] = (
    ("", r".*(得分|自评|实得|备注|评分人|评定).*|扣分(原因|情况|说明)?|说明|序号|(检查)?结果"),
    ("section_points", r"(大项|项目|一级指标|大类)(总?分值?|权重)"),
    ("points", r".*(分值|标准分|满分|赋分|基本分|权重)|分数"),
    ("critical", r".*否决.*"),
    ("photo", r".*(拍照|照片).*"),
    ("clause", r".*依据.*"),
    ("evidence", r".*(方式|方法|查验|佐证|材料).*"),
    ("kinds", r"适用.*"),
    ("code", r"(检查项|小项|指标)?(编号|编码|代码)"),
    ("section", rf"{OF_A_VISIT}(大项.*|大类|类别)|一级指标|第一层.*"),
    ("group", r"二级指标"),
    ("item", rf"{OF_A_VISIT}小项.*|三级指标|.*(内容|检查项|考核点).*|(考核|评价)?指标|评分项目?"),
    ("guidance", r".*(标准|细则|要求|办法|要点).*"),
    ("project", r"(检查|考核|评分|验收|创建)?项目(名称)?"),
)
NEEDED = ("item", "points")


@dataclass(frozen=True, slots=True)
class Located:
    grid: Grid
    heading_row: int
    columns: Mapping[str, tuple[int, ...]]

    def text(self, row: int, role: str) -> str:
        """What the row says in the columns of that role, merged areas included."""
        return self.grid.at(row, self.column(role, row)).text if role in self.columns else ""

    def column(self, role: str, row: int) -> int:
        """Of several under one heading the one that speaks; a mere number counts the rows."""
        columns = self.columns.get(role) or self.columns.get("item", (1,))
        if len(columns) > 1:
            speaking = [one for one in columns if not self.grid.at(row, one).text.isdigit()]
            columns = tuple(one for one in speaking if self.grid.at(row, one).text) or columns
        return columns[0]

    def repeats(self, row: int) -> bool:
        """The heading again, as at the top of every printed page."""
        heads = [(self.heading_row, one) for columns in self.columns.values() for one in columns]
        return all(self.grid.at(row, at).text == self.grid.at(top, at).text for top, at in heads)


def role_of(heading: str) -> str:
    bare = NOISE.sub("", heading)
    return next((role for role, pattern in ROLES if re.fullmatch(pattern, bare)), "")


def locate(grid: Grid) -> Located | None:
    """The row with the most known headings; of a heading in two rows the lower, which has both."""
    best: tuple[int, int, dict[str, tuple[int, ...]]] | None = None
    for row in range(1, min(grid.last_row, SEARCHED_ROWS) + 1):
        columns = _columns(grid, row)
        known = len(columns)
        if all(role in columns for role in NEEDED) and (best is None or known >= best[0]):
            best = (known, row, columns)
        elif best is not None and known < best[0]:
            break
    return Located(grid, best[1], best[2]) if best else None


def _columns(grid: Grid, row: int) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for role, column in _roles(grid, row):
        found.setdefault(role, []).append(column)
    project = found.pop("project", None)
    if project:  # 项目 beside 内容 is the section; standing alone it is what is looked at
        found.setdefault("section" if "item" in found else "item", project)
    group = found.pop("group", None)
    if group and "item" not in found:
        found["item"] = group
    if "item" not in found and "guidance" in found:
        found["item"] = found.pop("guidance")
    return {role: tuple(columns) for role, columns in found.items()}


def _roles(grid: Grid, row: int) -> Iterator[tuple[str, int]]:
    for column in range(1, grid.last_column + 1):
        area = grid.area(row, column)
        across = grid.at(row, 1).text == grid.at(row, grid.last_column).text
        if across and area.right - area.left + 1 >= grid.last_column > 1:
            return  # one cell over the whole width is a title
        if role := role_of(grid.at(row, column).text):
            yield role, column
