"""What the ledger's rows ask of a finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template

from audits.models import CommonCause, Finding
from stations.models.places import in_language

register = template.Library()


@register.filter
def late(finding: Finding, today: dt.date) -> bool:
    return finding.is_overdue(today)


@register.filter
def is_over(cause: CommonCause, today: dt.date) -> bool:
    return cause.due_on < today


@register.filter
def at(table: Mapping[str, Any], key: str) -> Any:
    """{{ counts|at:status }}"""
    return table.get(key)


@register.filter
def fours(digest: str) -> str:
    """A hash in groups of four, as it is read aloud and compared."""
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


@register.filter
def titled(finding: Finding) -> str:
    """What was asked, in the reader's language where the item is at hand; never a query."""
    item = finding.item if "item" in finding._state.fields_cache else None
    return item.title if item else finding.title


@register.filter
def named(finding: Finding) -> str:
    """Q09 10位英模画像"""
    return f"{finding.item_code} {titled(finding)}".strip()


@register.filter
def gathered(cause: Any) -> str:
    """The same of a cause as `queries.causes` gives it."""
    return f"{cause.item_code} {in_language(cause.title, cause.title_en or '')}"
