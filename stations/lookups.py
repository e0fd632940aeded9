"""Rows by one column, with the SQL built once in a process and not again at every call.

Putting a SELECT with its joins together takes Django several times as long as either database
needs to answer it, and a phone asks for its token, its audit and the lock on it in every call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=Model)
Row = list[Any]


class Preparing(ServerBindingCursor):
    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        done = super().execute(query, params, **how | {"prepare": True})  # type: ignore[misc]
        # psycopg tells none of a prepared statement; Django's own record of them asks.
        self._query = SimpleNamespace(query=query.encode())
        return done


def kept_cursor() -> Any:
    """For SQL that is kept. PostgreSQL plans it longer than it runs it: once a session is enough.

    Only for such: values bound by the server are at most 65,535 a statement, and Django does not
    know. `prepare_threshold` in the settings lets it be switched off behind a pooler.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor: Any = Preparing
        return connection._prepare_cursor(cursor(connection.connection))  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Plan:
    """What Django works out of a queryset before it runs it, whatever the value asked for."""

    sql: str
    values: Callable[[Any], list[Any]]
    converters: list[tuple[int, list[Callable[..., Any]], Any]]
    made: Callable[[Row], Any]
    locks: bool
    columns: list[str]


class Lookup(Generic[M]):
    """`rows` may select related rows and lock; `column` is what is compared with the value."""

    def __init__(self, rows: Callable[[], QuerySet[M]], column: str = "pk") -> None:
        self._rows, self._column = rows, column
        self._plans: dict[str, Plan] = {}

    def get(self, value: object) -> M | None:
        """The only row, of a unique column."""
        return next(self.all(value), None)

    def all(self, value: object) -> Iterator[M]:
        plan = self._plans.get(connection.vendor) or self._planned(value)
        if plan.locks and not connection.in_atomic_block:
            raise TransactionManagementError("a row is locked within a transaction only")
        with kept_cursor() as cursor:
            cursor.execute(plan.sql, plan.values(value))
            found = cursor.fetchall()
        return map(plan.made, (converted(row, plan) for row in found))

    def _planned(self, value: object) -> Plan:
        rows = self._rows().filter(**{self._column: value})
        plan = self._plans[connection.vendor] = planned(
            rows, lambda told: self._filler(told, value)
        )
        return plan

    def _filler(self, told: Row, value: object) -> Callable[[object], Row]:
        """The statement's values with another in the place of the one it was made with."""
        meta = self._rows().model._meta
        field: Any = meta.pk if self._column == "pk" else meta.get_field(self._column)
        [place] = [
            n for n, one in enumerate(told) if one == field.get_db_prep_value(value, connection)
        ]

        def filled(other: object) -> Row:
            return [*told[:place], field.get_db_prep_value(other, connection), *told[place + 1 :]]

        return filled


def planned(rows: Any, filler: Callable[[Row], Callable[[Any], Row]]) -> Plan:
    """Of a query set of models, or of tuples (`values_list`)."""
    compiler = rows.query.get_compiler(connection=connection)
    sql, told = compiler.as_sql()
    select = [column for column, *_ in compiler.select]
    return Plan(
        sql,
        filler(list(told)),
        [(place, *both) for place, both in compiler.get_converters(select).items()],
        _maker(compiler) if rows._fields is None else tuple,
        rows.query.select_for_update,
        [column.target.attname if hasattr(column, "target") else "" for column in select],
    )


def converted(row: Any, plan: Plan) -> Row:
    values = list(row)
    for place, converters, column in plan.converters:
        for convert in converters:
            values[place] = convert(values[place], column, connection)
    return values


def _maker(compiler: Any) -> Callable[[Row], Any]:
    select, about = compiler.select, compiler.klass_info
    first, end = about["select_fields"][0], about["select_fields"][-1] + 1
    names = [column.target.attname for column, *_ in select[first:end]]
    related = get_related_populators(about, select, connection.alias)  # type: ignore[call-arg]
    annotated = compiler.annotation_col_map.items()

    def made(row: Row) -> Any:
        one = about["model"].from_db(connection.alias, names, row[first:end])
        for name, place in annotated:
            setattr(one, name, row[place])
        for populator in related:
            populator.populate(row, one)
        return one

    return made
