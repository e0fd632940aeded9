"""流转记录's hash chain: every event's hash covers the one before it of the same finding."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

GENESIS = "0" * 64


def link(previous_hash: str, facts: dict[str, Any]) -> str:
    """SHA-256 hex of the previous hash and the canonical JSON of `facts` (times become UTC)."""
    body = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(f"{previous_hash}\n{body}".encode()).hexdigest()


def content_hash(tree: dict[str, Any]) -> str:
    """SHA-256 hex of a frozen score tree."""
    body = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return str(value)
