"""A district with many problems, its ledger written by the product and by xlsxwriter alone."""

from __future__ import annotations

import datetime as dt
import gc
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from xlsxwriter import Workbook

from audits.models import Audit, Finding, FindingEvent, Rectification
from bench.timing import interleaved, timed
from reports.models import Report
from reports.papers import book, ledger
from reports.papers.job import Job
from reports.queries.problems import problems
from reports.queries.subject import Subject, subject_of
from stations.models import Region, User

BATCH = 2_000
Cells = list[list[book.Value]]


def main(rows: int, pairs: int, with_bare: bool = True) -> dict[str, Any]:
    """{ours, bare: [seconds], processor: {ours, bare: [seconds]}, peak: bytes, size: of ours}"""
    _fill(rows)
    if not pairs:
        return {}
    subject = _subject()
    with tempfile.TemporaryDirectory() as folder, translation.override("zh-hans"):
        ours = Path(folder) / "ours.xlsx"
        processor: dict[str, list[float]] = {"ours": [], "bare": []}
        works = {"ours": lambda: _timed(processor["ours"], lambda: _ours(subject, ours))}
        if with_bare:
            cells = _cells(subject)
            gc.freeze()  # the reference's stock of values must not make collections longer for ours
            bare = Path(folder) / "bare.xlsx"
            works["bare"] = lambda: _timed(processor["bare"], lambda: _bare(cells, bare))
        seconds = interleaved(works, pairs)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return {**seconds, "processor": processor, "peak": peak, "size": ours.stat().st_size}


def _timed(processor: list[float], work: Callable[[], object]) -> float:
    """Seconds by the clock; those the processor worked are noted beside."""
    begun = time.process_time()
    seconds = timed(work)
    processor.append(time.process_time() - begun)
    return seconds


def _fill(rows: int) -> None:
    """Copies of the town's own problems, with what became of them, up to that many."""
    while short := rows - Finding.objects.exclude(status="void").count():
        first = Finding.objects.exclude(status="void").order_by("pk")[: min(BATCH, short)]
        _copy(list(first.prefetch_related("events", "rectifications")))


def _copy(originals: list[Finding]) -> None:
    """Not of an item: one station has one open problem per item."""
    links: list[FindingEvent] = []
    attempts: list[Rectification] = []
    for finding in originals:
        events, done = list(finding.events.all()), list(finding.rectifications.all())
        finding.pk, finding.item_code, finding.item_id = None, "", None
        for row in (*events, *done):
            row.pk, row.finding = None, finding
        links += events
        attempts += done
    Finding.objects.bulk_create(originals)
    for row in (*links, *attempts):
        row.finding_id = row.finding.pk
    FindingEvent.objects.bulk_create(links)
    Rectification.objects.bulk_create(attempts)


def _subject() -> Subject:
    now, audit = timezone.now(), Audit.objects.select_related("assignment__round").first()
    assert audit
    report = Report(
        kind="ledger", format="xlsx", region=Region.objects.get(parent=None),
        round=audit.assignment.round, requested_by=User.objects.get(username="bench-nation"),
    )  # fmt: skip
    return subject_of(report, now)


def _ours(subject: Subject, path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger.write(Job(subject, path, Path(folder), lambda _percent: None))


def _cells(subject: Subject) -> Cells:
    return [
        ledger.cells(number, problem, "", "") for number, problem in enumerate(problems(subject), 1)
    ]


def _bare(cells: Cells, path: Path) -> None:
    """Nothing but the calls of the library that put these values into cells."""
    options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False}
    workbook = Workbook(str(path), options)
    sheet = workbook.add_worksheet("问题整改台账")
    looks = {name: workbook.add_format(look) for name, look in book._looks().items()}
    formats = [looks[column.look] for column in ledger.COLUMNS]
    for number, row in enumerate(cells):
        sheet.set_row(number, 30)
        for place, value in enumerate(row):
            if value is None or value == "":
                sheet.write_blank(number, place, None, formats[place])
            elif isinstance(value, str):
                sheet.write_string(number, place, value, formats[place])
            elif isinstance(value, dt.date):
                sheet.write_datetime(number, place, value, formats[place])
            else:
                sheet.write_number(number, place, value, formats[place])
    workbook.close()
