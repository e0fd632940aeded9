"""What the worker does for audits. Ids in, nothing out, safe to run twice."""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.utils import timezone

from audits import images, notices, outbox, pictures, reopening
from stations.services import history

KEEP_DONE = dt.timedelta(days=7)


@shared_task(name="audits.work")
def work(row_ids: list[int]) -> None:
    for row_id in row_ids:
        outbox.run(row_id)


@shared_task(name="audits.sweep")
def sweep() -> None:
    outbox.sweep()


@shared_task(name="audits.seal_history")
def seal_history() -> None:
    while history.seal(now=timezone.now()):
        pass


@shared_task(name="audits.purge_outbox")
def purge_outbox() -> None:
    outbox.purge(before=timezone.now() - KEEP_DONE)


@shared_task(name="audits.reopen_lapsed")
def reopen_lapsed() -> None:
    reopening.reopen_lapsed(now=timezone.now())


@shared_task(name="audits.remind")
def remind() -> None:
    notices.remind(now=timezone.now())


@outbox.handler("notice.mail")
def mail_notice(notice_id: str) -> None:
    notices.mail(int(notice_id), now=timezone.now())


@outbox.handler("notice.robot")
def tell_robot(notice_id: str) -> None:
    notices.tell_robot(int(notice_id), now=timezone.now())


@outbox.handler("photo.process")
def process_photo(photo_id: str) -> None:
    try:
        pictures.process(photo_id)
    except images.PictureRefused:
        pictures.set_aside(photo_id)


@outbox.handler("photo.prints")
def print_photo(photo_id: str) -> None:
    pictures.print_again(photo_id)
