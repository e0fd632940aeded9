from checklists.sheets.checking import (
    FULL_MARKS,
    ChecklistSheet,
    ItemSheet,
    SectionSheet,
    parse,
)
from checklists.sheets.comparing import Change, Comparison, compare
from checklists.sheets.drafting import Head, Known, draft
from checklists.sheets.editing import edit
from checklists.sheets.guidance import fill
from checklists.sheets.office import MAX_BYTES
from checklists.sheets.scoretables import parse_table
from checklists.sheets.tables import ScoreTable
from checklists.sheets.writing import plain, write
from stations.sheets import Fault

__all__ = [
    "FULL_MARKS",
    "MAX_BYTES",
    "Change",
    "ChecklistSheet",
    "Comparison",
    "Fault",
    "Head",
    "ItemSheet",
    "Known",
    "ScoreTable",
    "SectionSheet",
    "compare",
    "draft",
    "edit",
    "fill",
    "parse",
    "parse_table",
    "plain",
    "write",
]
