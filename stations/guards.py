"""Migration operations for rules the database itself must hold: rows that never change.

A later migration that rebuilds a guarded table on SQLite drops its triggers with it; such a
migration lists the guard again. `tests/test_guards.py` asks every guard for its refusal.
"""

from __future__ import annotations

from typing import Any

from django.db import router
from django.db.migrations.operations import RunPython

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
"""
_POSTGRES_TRIGGER = (
    "CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
)
_SQLITE_TRIGGER = (
    "CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition} "
    "BEGIN SELECT RAISE(ABORT, '{message}'); END"
)


class Guard(RunPython):
    """Needs no models: rendering them all for each guard is most of what a migration costs."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            self.code(from_state, schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if self.reverse_code and router.allow_migrate(schema_editor.connection.alias, app_label):
            self.reverse_code(from_state, schema_editor)


def refuse(*, table: str, event: str, message: str, condition: str = "TRUE") -> Guard:
    """The database refuses `event` (INSERT, UPDATE or DELETE) on rows for which `condition` holds.

    `condition` is SQL over OLD and NEW that both engines understand.
    """
    name = f"{table}_guard_{event.lower()}"
    words = {
        "name": name, "table": table, "event": event, "message": message, "condition": condition
    }  # fmt: skip

    def install(state: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(_POSTGRES_FUNCTION.format(**words), params=None)
            schema_editor.execute(_POSTGRES_TRIGGER.format(**words), params=None)
        else:
            schema_editor.execute(_SQLITE_TRIGGER.format(**words), params=None)

    def remove(state: Any, schema_editor: Any) -> None:
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}", params=None)

    return Guard(install, remove)


def append_only(table: str) -> list[Guard]:
    return [
        refuse(table=table, event=event, message=f"{table} is append-only")
        for event in ("UPDATE", "DELETE")
    ]
