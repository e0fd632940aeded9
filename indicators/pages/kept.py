"""Markup drawn once for the rows it shows. The rows come from the database at every request; only
what they look like is kept, under themselves. Nothing is ever declared stale, so nothing can be.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from django.core.cache import caches
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


def drawn(
    template: str, told: tuple[Any, ...], context: Callable[[], dict[str, Any]]
) -> SafeString:
    """`told` is all that `context` is made of, values only; it is asked for where nothing is kept."""
    words = repr((template, get_language(), told)).encode()
    key = blake2b(words, digest_size=32).hexdigest()
    markup = caches["drawn"].get(key)
    if markup is None:
        markup = render_to_string(template, context())
        caches["drawn"].set(key, markup)
    return mark_safe(markup)  # noqa: S308 - a template's own output


def columns(row: Model) -> tuple[Any, ...]:
    """A row as values: two states of it never look alike."""
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields)
