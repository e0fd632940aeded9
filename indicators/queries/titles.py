"""What sections and items are called: the newest published wording of each code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from checklists.models import ChecklistVersion, Item, Section
from stations.kept import Kept
from stations.models import Station
from stations.statements import Statement

PUBLISHED = ChecklistVersion.Status.PUBLISHED


@dataclass(frozen=True)
class Column:
    code: str
    title: str


@dataclass(frozen=True)
class SectionTitles:
    """`stations`: the columns of the heat table; `centre`: those of the centre's strip."""

    stations: list[Column]
    centre: list[Column]


def sections() -> SectionTitles:
    """One query. Codes of earlier versions stand behind those of the newest."""
    rows = Section.objects.filter(version__status=PUBLISHED).select_related("version__checklist")
    return _columns(rows.order_by("-version__published_at", "-version_id", "order"))


def _columns(sections: Iterable[Section]) -> SectionTitles:
    """Of sections the newest first."""
    stations: dict[str, Column] = {}
    centre: dict[str, Column] = {}
    for section in sections:
        column = Column(section.code, section.title)
        kinds = section.version.checklist.applies_to
        if Station.Kind.CENTRE in kinds:
            centre.setdefault(section.code, column)
        if set(kinds) != {Station.Kind.CENTRE}:
            stations.setdefault(section.code, column)
    return SectionTitles(list(stations.values()), list(centre.values()))


def _items() -> QuerySet[Item]:
    return (
        Item.objects.filter(version__status=PUBLISHED)
        .select_related("section__version__checklist")
        .only(*NAMES)
        .order_by("-version__published_at", "-version_id", "section__order")
    )


NAMES = (
    "code", "title_zh", "title_en", "section__code", "section__title_zh", "section__title_en",
    "section__order", "section__version__number", "section__version__checklist__applies_to",
)  # fmt: skip
ITEMS = Statement(_items)  # of all published versions, the newest first
MADE: Kept[list[Item]] = Kept(4)


def sections_and_items(
    rows: tuple[Any, ...], codes: Iterable[str]
) -> tuple[SectionTitles, dict[str, Item]]:
    """What `sections` and `items` tell, of rows of `ITEMS`. A section without items is no column."""
    newest_first = MADE.get(rows, lambda: ITEMS.made(rows))
    named = {item.code: item for item in reversed(newest_first)}
    sections = dict.fromkeys(item.section for item in newest_first)
    return _columns(sections), {code: named[code] for code in codes if code in named}


def items(codes: Iterable[str]) -> dict[str, Item]:
    """{code: the newest published item of that code}, sections at hand. One query."""
    rows = Item.objects.filter(version__status=PUBLISHED, code__in=set(codes))
    return {
        item.code: item
        for item in rows.select_related("section").order_by("version__published_at", "version_id")
    }
