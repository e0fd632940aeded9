"""Our rebuild and its raw floor, in turn, over one town."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits import scoring
from audits.models import Answer, AuditRevision
from bench.timing import interleaved, timed
from checklists.models import Item
from indicators import rollups
from indicators.models import RegionRollup, StationRollup

Stored = dict[str, tuple[str, list[Any]]]

# As the rebuild stores them: a trigger holds a region to the sum of what is stored below it.
TABLES = [model._meta.db_table for model in (StationRollup, RegionRollup)]


def main(pairs: int) -> dict[str, Any]:
    empty()
    with CaptureQueriesContext(connection) as captured:
        rollups.rebuild(now=timezone.now())
    selects = [one["sql"] for one in captured if one["sql"].startswith("SELECT")]
    selects = [sql for sql in selects if "pg_advisory" not in sql]
    stored = {table: _rows(table) for table in TABLES}
    values = parsed(stored)
    works = {
        "ours": lambda: _emptied(lambda: rollups.rebuild(now=timezone.now())),
        "floor": lambda: _emptied(lambda: floor(selects, values)),
        "copied": lambda: _emptied(lambda: copied(selects, stored)),
    }
    seconds = interleaved(works, pairs)
    differences: list[int] = []
    rescoring = timed(lambda: differences.append(rescore()))
    return seconds | {
        "rescoring": rescoring,
        "differences": differences[0],
        "answers": Answer.objects.count(),
        "stored": sum(len(rows) for _, rows in stored.values()),
        "read": sum(len(_fetched(sql)) for sql in selects),
    }


def empty() -> None:
    with connection.cursor() as cursor:
        for table in reversed(TABLES):
            cursor.execute(f"DELETE FROM {table}")


def _emptied(work: Any) -> float:
    empty()
    return timed(work)


def _rows(table: str) -> tuple[str, list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        names = [column[0] for column in cursor.description]
        marks = ", ".join(["%s"] * len(names))
        columns = ", ".join(f'"{name}"' for name in names)
        return f"INSERT INTO {table} ({columns}) VALUES ({marks})", cursor.fetchall()


def _fetched(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.cursor.execute(sql)
        return cursor.cursor.fetchall()


def copied(selects: list[str], stored: Stored) -> None:
    """The same rows fetched, the same rows inserted, as the bytes they are."""
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in selects:
            _fetched(sql)
        for insert, rows in stored.values():
            cursor.executemany(insert, rows)


def floor(selects: list[str], stored: Stored) -> None:
    """The same with JSON read and written: nobody adds up what they have not parsed."""
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in selects:
            for row in _fetched(sql):
                for value in row:
                    if _is_json(value):
                        json.loads(value)
        for insert, rows in stored.values():
            cursor.executemany(insert, [list(map(_written, row)) for row in rows])


def parsed(stored: Stored) -> Stored:
    return {
        table: (insert, [[json.loads(value) if _is_json(value) else value for value in row]
                         for row in rows])
        for table, (insert, rows) in stored.items()
    }  # fmt: skip


def _is_json(value: Any) -> bool:
    return type(value) is str and value[:1] in "[{" and value != ""


def _written(value: Any) -> Any:
    return json.dumps(value) if type(value) in (dict, list) else value


def rescore() -> int:
    """How many sheets score otherwise than was frozen."""
    frozen = dict(
        AuditRevision.objects.filter(number=F("audit__revision")).values_list("audit", "earned")
    )
    items = {item.pk: item for item in Item.objects.select_related("section")}
    return sum(
        scoring.score(lines).total.earned != frozen[audit] for audit, lines in _sheets(items)
    )


def _sheets(items: dict[int, Item]) -> Iterator[tuple[Any, list[scoring.Line]]]:
    rows = Answer.objects.order_by("audit").values_list("audit", "item", "earned", "result")
    audit, lines = None, []
    for next_audit, item_id, earned, result in rows.iterator(10_000):
        if next_audit != audit and lines:
            yield audit, lines
            lines = []
        audit = next_audit
        lines.append(_line(items[item_id], earned, result))
    if lines:
        yield audit, lines


def _line(item: Item, earned: Decimal | None, result: str) -> scoring.Line:
    ratio = None if earned is None else earned / item.points
    return scoring.Line(
        section=item.section.code, code=item.code, points=item.points, ratio=ratio,
        is_critical=item.is_critical, is_pass=result == "pass",
    )  # fmt: skip
