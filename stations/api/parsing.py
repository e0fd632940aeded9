"""JSON bodies: UTF-8, of a bounded size, with text and numbers any database can hold."""

from __future__ import annotations

import json
import re
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")  # as JSON spells it; UTF-8 itself cannot


class Json(JSONParser):
    """REST framework's own reads bodies of any size, and takes the charset's word for the rest."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise RequestDataTooBig
        try:
            return loaded(body.decode())
        except (ValueError, RecursionError):
            raise ParseError(_("内容不是有效的 JSON。")) from None


def told(serializer: serializers.Serializer[Any], data: Any) -> Any:
    """What the serializer makes of `data`, or its refusal. One serializer serves every request:
    it keeps nothing between them, and making one copies all its fields."""
    try:
        return serializer.run_validation(data)
    except serializers.ValidationError as error:
        if isinstance(error.detail, list):  # no object at all
            raise serializers.ValidationError({"non_field_errors": error.detail}) from None
        raise


def loaded(text: str) -> Any:
    """Raises ValueError for what is no JSON or no number, RecursionError for what is too deep."""
    value = json.loads(text, parse_float=_finite, parse_constant=_finite)
    return well_formed(value) if HALF_CHARACTER.search(text) else value


def well_formed(value: Any) -> Any:
    """Halves of characters, as a phone leaves them when it cuts an emoji, become �."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [well_formed(one) for one in value]
    if isinstance(value, dict):
        return {well_formed(name): well_formed(one) for name, one in value.items()}
    return value


def _finite(text: str) -> float:
    value = float(text)
    if value - value:  # infinities and NaN
        raise ValueError(text)
    return value
