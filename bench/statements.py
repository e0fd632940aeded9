"""SQL statements of each call, the same at any size (tests/audits/test_statement_budget.py)."""

from __future__ import annotations

from bench import towns
from bench.place import Place
from bench.scale import Scale
from bench.table import Part, Row
from bench.towns import NAMES

LIMITS = {"start": None, "answers": 12, "photo": 10, "submit": 20, "submit again": 20}
NOTES = (
    "Counted in the process that answers, BEGIN and COMMIT included, from the token to the receipt. "
    "At 5 and 500 photos, 57 and 6,400 stations: a test holds the same numbers."
)


def run(scale: Scale) -> Part:
    here, rows = towns.engines(scale)
    for engine in here:
        with Place(engine) as place:
            told = place.ask("calls")
        rows += [
            Row(f"{NAMES[engine]}: {name}", str(told[name]), "", told[name], limit, "")
            for name, limit in LIMITS.items()
        ]
    return Part("SQL statements of one call", rows, NOTES)
