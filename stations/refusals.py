"""One way to say no: a stable English code for programs, a Chinese sentence for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from stations.sheets import Fault

YEARS = range(2000, 2200)  # what a person can mean


class FieldError(TypedDict):
    field: str
    code: str
    message: str


class PlacedError(FieldError):
    """An error of an imported file: `row` is the line, `reason` the message again."""

    sheet: str
    row: int
    column: str
    reason: str


class Refusal(Exception):
    """A rule said no.

    `status` is the HTTP status the door answers with: 400 the request is wrong, 403 in scope but
    not allowed, 404 out of scope, 409 not possible in the present state (`extra` tells the state).
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 400,
        errors: Sequence[FieldError] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = str(message)
        self.status = status
        self.errors = list(errors or [])
        self.extra = extra


def bad_field(field: str, code: str, message: str) -> Refusal:
    error: FieldError = {"field": field, "code": code, "message": str(message)}
    return Refusal("invalid", message, errors=[error])


def refuse_odd_year(**days: dt.date | None) -> None:
    """A slip of the year's digits would stand in every list of years, and a calendar of days that
    ends at 9999 is broken by it."""
    for field, day in days.items():
        if day and day.year not in YEARS:
            raise bad_field(field, "outside_calendar", _("年份不对，请核对日期。"))


def conflict(code: str, message: str, **state: Any) -> Refusal:
    return Refusal(code, message, status=409, **state)


def in_words(faults: Iterable[Fault], reasons: Mapping[str, Any]) -> list[PlacedError]:
    """The error table of a file. `reasons` maps a fault's code to a sentence with %(names)s."""
    table: list[PlacedError] = []
    for fault in faults:
        reason = str(reasons[fault.code]) % fault.values
        table.append(
            {
                "field": fault.column,
                "code": fault.code,
                "message": reason,
                "sheet": fault.sheet,
                "row": fault.row,
                "column": fault.column,
                "reason": reason,
            }
        )
    return table


def not_allowed() -> Refusal:
    return Refusal("not_allowed", _("您的角色不能做这一步。"), status=403)
