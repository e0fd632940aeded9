"""Who goes when, and whom the lot falls on: arithmetic that anybody can do again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence

from audits.deadlines import NOTHING, is_working_day


def working_days(
    first: dt.date, last: dt.date, calendar: Mapping[dt.date, bool] = NOTHING
) -> list[dt.date]:
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if is_working_day(day, calendar)]


def spread(
    people: Sequence[Hashable],
    days: Sequence[dt.date],
    taken: Mapping[tuple[Hashable, dt.date], int],
) -> list[dt.date]:
    """One day for each visit, given its inspector: everyone's days differ by at most one visit
    from what was taken before, and visits that stand together fall on the same day."""
    queues = {
        person: _queue(people.count(person), days, {d: taken.get((person, d), 0) for d in days})
        for person in dict.fromkeys(people)
    }
    return [queues[person].pop(0) for person in people]


def _queue(visits: int, days: Sequence[dt.date], load: Mapping[dt.date, int]) -> list[dt.date]:
    """As water fills a vessel: each visit to the emptiest day, the earlier of two; then by date."""
    filled = Counter(load)
    given: Counter[dt.date] = Counter()
    for _visit in range(visits):
        day = min(days, key=lambda one: (filled[one], one))
        filled[day] += 1
        given[day] += 1
    return sorted(given.elements())


def ranked(seed: str, codes: Iterable[str]) -> list[str]:
    """The codes in the order of the lot: by SHA-256 of "seed:code". The same seed gives the same
    order on any machine, whatever order the codes come in, and one more code moves no other."""
    return sorted(
        codes, key=lambda code: (hashlib.sha256(f"{seed}:{code}".encode()).hexdigest(), code)
    )


def drawn(seed: str, frame: Mapping[str, str], count: int, *, per_group: bool) -> list[str]:
    """`frame` {code: group}. The first `count` of the lot, or the first `count` of every group."""
    order = ranked(seed, frame)
    if not per_group:
        return order[:count]
    met: Counter[str] = Counter()
    chosen = []
    for code in order:
        met[frame[code]] += 1
        if met[frame[code]] <= count:
            chosen.append(code)
    return chosen
