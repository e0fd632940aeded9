"""Markup drawn once for what it shows. The rows come from the database at every request; only
what they look like is kept, under themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from stations.kept import Kept

register = template.Library()

DRAWN: Kept[SafeString] = Kept(100)  # each is a page, so few of them
PARTS: Kept[SafeString] = Kept(500)


def drawn(name: str, told: Hashable, context: Callable[[], dict[str, Any]]) -> SafeString:
    """`told` is all that `context` is made of; it is asked for where nothing is kept."""
    return DRAWN.get((name, get_language(), told), lambda: render_to_string(name, context()))


@register.simple_tag
def kept(name: str, **told: Any) -> SafeString:
    """{% kept "part.html" lens=lens failing=told.failing %}: an `include` that sees what is named
    and nothing else. What of a page has not changed need not be drawn again with the rest."""
    values = tuple(tuple(value) if isinstance(value, list) else value for value in told.values())
    return PARTS.get((name, get_language(), values), lambda: render_to_string(name, told))
