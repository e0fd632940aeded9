"""What was done to a record, in words: who, when, which value became which, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from targets.queries.records import history_of

VERBS: dict[str, str | Promise] = {
    "add": _("添加"),
    "change": _("修改"),
    "withdraw": pgettext_lazy("record", "撤销"),
    "photo": _("添加照片"),
    "serve": _("登记服务"),
    "unserve": _("撤销服务"),
    "redeem": _("兑换积分"),
}


@dataclass(frozen=True)
class Entry:
    """`changes`: label, before, after."""

    who: str
    at: dt.datetime
    verb: str | Promise
    reason: str
    changes: list[tuple[str, str, str]]


def told(subject: str, fields: Mapping[str, Any]) -> list[Entry]:
    """`fields` of the form, for their labels."""
    return [
        Entry(
            who=str(entry.actor) if entry.actor else entry.actor_name,
            at=entry.at,
            verb=VERBS.get(entry.action.partition(".")[2], entry.action),
            reason=entry.detail.get("reason", ""),
            changes=[
                (str(fields[name].label) if name in fields else name, before, after)
                for name, (before, after) in entry.detail.get("changes", {}).items()
            ],
        )
        for entry in history_of(subject)
    ]
