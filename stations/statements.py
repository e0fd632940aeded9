"""Queries of several values, whose SQL is built once in a process, as in `stations.lookups`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Generic

from django.db import connection
from django.db.models import QuerySet

from stations.lookups import M, Plan, Row, converted, kept_cursor, planned

Value = int | str | dt.date


class Statement(Generic[M]):
    """Answered in two steps: `read` gives rows as the driver does, which is enough to see whether
    anything has changed; `made` makes of them what the query set would.

    Of the texts among the values one may be the beginning of a path. `rows` gives queries of one
    shape, and of the same columns whatever the number of values.
    """

    def __init__(self, rows: Callable[..., QuerySet[M, Any]]) -> None:
        self._rows = rows
        self._plans: dict[tuple[str, int], Plan] = {}

    def read(self, *values: Value) -> list[Any]:
        plan = self._plan(values)
        with kept_cursor() as cursor:
            cursor.execute(plan.sql, plan.values(values))
            return cursor.fetchall()

    def made(self, rows: Sequence[Any]) -> list[Any]:
        """Of rows just read."""
        plan = self._any_plan()
        return [plan.made(converted(row, plan)) for row in rows]

    def picked(self, rows: Sequence[Any], *columns: str) -> list[tuple[Any, ...]]:
        """Some columns of rows just read, as they are."""
        places = [self._any_plan().columns.index(name) for name in columns]
        return [tuple(row[place] for place in places) for row in rows]

    def _plan(self, values: tuple[Value, ...]) -> Plan:
        shape = connection.vendor, len(values)
        if shape not in self._plans:
            stand_ins = [_stand_in(n, value) for n, value in enumerate(values)]
            self._plans[shape] = planned(self._rows(*stand_ins), _fill_in)
        return self._plans[shape]

    def _any_plan(self) -> Plan:
        return next(
            plan for (vendor, _), plan in [*self._plans.items()] if vendor == connection.vendor
        )


# What no value is: a number, a letter of no writing, a year long past.
STAND_IN, MARK, DAY_ONE = 2**40, "\ue000", dt.date(2, 1, 1)


def _stand_in(n: int, value: Value) -> Value:
    if isinstance(value, dt.date):
        return DAY_ONE + dt.timedelta(days=n)
    return STAND_IN + n if isinstance(value, int) else f"{MARK}{n:03}"


def _fill_in(told: Row) -> Callable[[Any], Row]:
    """The statement's values with real ones in the place of their stand-ins."""
    places = [_place(one) for one in told]

    def filled(values: Any) -> Row:
        return [
            one if place is None else _filled(values[place[0]], place[1])
            for one, place in zip(told, places, strict=True)
        ]

    return filled


def _place(one: Any) -> tuple[int, str] | None:
    """Which value it stands for, and what the query puts behind it: % for a beginning."""
    if isinstance(one, int) and one >= STAND_IN:
        return one - STAND_IN, ""
    if isinstance(one, str) and one.startswith(MARK):
        return int(one[1:4]), one[4:]
    if isinstance(one, str) and one.startswith("0002-"):  # as SQLite is told days
        one = dt.date.fromisoformat(one)
    return ((one - DAY_ONE).days, "") if isinstance(one, dt.date) and one.year == 2 else None


def _filled(value: Any, rest: str) -> Any:
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return f"{connection.ops.prep_for_like_query(value)}{rest}" if rest else value
