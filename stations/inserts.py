"""One row in, its SQL built once in a process: what `lookups` is to a SELECT.

For rows that a phone's call adds every time. `save()` sends signals, looks for parents and puts
the statement together anew, at twice the price of the statement itself.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Field, Model
from django.db.models.sql import InsertQuery
from django.db.transaction import mark_for_rollback_on_error

from stations.lookups import kept_cursor

M = TypeVar("M", bound=Model)


class Insert(Generic[M]):
    """Of a model whose values are values: no expressions, no parents, no defaults of the database."""

    def __init__(self, model: type[M]) -> None:
        self._meta: Any = model._meta
        self._returned: list[Any] = self._meta.db_returning_fields
        self._fields: list[Field[Any, Any]] = [
            field for field in self._meta.local_concrete_fields if field not in self._returned
        ]
        self._plans: dict[str, str] = {}

    def add(self, one: M) -> M:
        """The row as it is now stored, its key with it."""
        sql = self._plans.get(connection.vendor) or self._planned(one)
        values = [
            field.get_db_prep_save(field.pre_save(one, add=True), connection)
            for field in self._fields
        ]
        with mark_for_rollback_on_error(connection.alias), kept_cursor() as cursor:
            cursor.execute(sql, values)
            for field, value in zip(self._returned, self._told(cursor), strict=True):
                setattr(one, field.attname, value)
        one._state.adding, one._state.db = False, connection.alias
        return one

    def _told(self, cursor: Any) -> Any:
        return cursor.fetchone() if self._returned else ()

    def _planned(self, one: M) -> str:
        query = InsertQuery(self._meta.model)
        query.insert_values(self._fields, [one])
        compiler: Any = query.get_compiler(connection=connection)
        compiler.returning_fields = self._returned
        [(sql, _)] = compiler.as_sql()
        self._plans[connection.vendor] = sql
        return str(sql)
