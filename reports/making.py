"""One paper made: drafted in a folder of its own, made durable, then said to be ready.

Killed at any point there is never a "ready" without the whole file: the row changes last. Run
twice, the second run makes a file of its own and gives it up where the first has won.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from audits import store
from reports.models import Report
from reports.papers import Job, writer_of
from reports.queries.fingerprints import fingerprint
from reports.queries.subject import subject_of
from stations import access
from stations.refusals import Refusal

log = logging.getLogger(__name__)

FOLDER, WORK = "reports", "reports/work"
MOST_TRIES = 3
LEFT_OVER = dt.timedelta(days=1)
FAILED = gettext_noop("生成时出错，已记录；请稍后再试，或联系系统管理员。")
State = Report.State


def make(report_id: str, *, now: dt.datetime) -> None:
    report = _begin(report_id, now)
    if report is None:
        return
    try:
        with translation.override("zh-hans"), _work_folder(report) as folder:
            _make(report, folder, now)
    except Refusal as refusal:
        _fail(report, refusal.message, now)
    except Exception:
        if report.tries < MOST_TRIES:
            raise  # the outbox tries again, after a pause
        log.exception("report %s failed", report.pk)
        _fail(report, FAILED, now)


def _begin(report_id: str, now: dt.datetime) -> Report | None:
    rows = Report.objects.filter(pk=report_id).under_way()
    if not rows.update(state=State.RUNNING, started_at=now, progress=0, tries=F("tries") + 1):
        return None
    report = Report.objects.select_related("region", "station__region", "requested_by").get(
        pk=report_id
    )
    if report.tries > MOST_TRIES:  # killed every time, without a word
        _fail(report, FAILED, now)
        return None
    return report


def _make(report: Report, folder: Path, now: dt.datetime) -> None:
    access.require(report.requested_by, "reports.create")
    subject = subject_of(report, now)
    seen = fingerprint(subject, report.kind)
    draft = folder / f"draft.{report.format}"
    job = Job(subject, draft, folder, lambda done: _tell(report, done))
    content_hash = writer_of(report.kind, report.format)(job)
    _hand_over(report, draft, seen, content_hash or "")


def _hand_over(report: Report, draft: Path, seen: str, content_hash: str) -> None:
    sha256, size = _digest(draft), draft.stat().st_size
    name = f"{FOLDER}/{report.pk}-{token_hex(4)}.{report.format}"
    store.keep(store.Incoming(draft, sha256, size), name)
    finished = timezone.now()
    won = (
        Report.objects.filter(pk=report.pk)
        .under_way()
        .update(
            state=State.READY, progress=100, path=name, size=size, sha256=sha256,
            fingerprint=seen, content_hash=content_hash, error="", finished_at=finished,
            expires_at=finished + dt.timedelta(days=settings.REPORT_DAYS),
        )
    )  # fmt: skip
    if not won:
        store.remove(name)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tell(report: Report, percent: int) -> None:
    """How far it is; 100 is for the finished one only."""
    percent = max(0, min(percent, 99))
    if percent != report.progress:
        report.progress = percent
        Report.objects.filter(pk=report.pk, state=State.RUNNING).update(progress=percent)


def _fail(report: Report, words: str, now: dt.datetime) -> None:
    rows = Report.objects.filter(pk=report.pk).under_way()
    rows.update(state=State.FAILED, error=words, finished_at=now)


@contextmanager
def _work_folder(report: Report) -> Iterator[Path]:
    folder = store.absolute(f"{WORK}/{report.pk}-{token_hex(4)}")
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def expire(*, now: dt.datetime) -> None:
    """Files past their day go, rows stay; so goes what a killed worker left behind."""
    over = Report.objects.filter(expires_at__lte=now).exclude(path="")
    for report in over:
        store.remove(report.path)
        Report.objects.filter(pk=report.pk).update(path="")
    _sweep(now)


def _sweep(now: dt.datetime) -> None:
    before = (now - LEFT_OVER).timestamp()
    for path in _held(store.absolute(WORK)):
        if path.stat().st_mtime < before:
            shutil.rmtree(path, ignore_errors=True)
    known = set(Report.objects.exclude(path="").values_list("path", flat=True))
    for path in _held(store.absolute(FOLDER)):
        name = path.relative_to(store.root()).as_posix()
        if path.is_file() and name not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _held(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
