"""What the worker does for the reports. Ids in, nothing out, safe to run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from audits import outbox
from reports import making


@outbox.handler("report.make")
def make_report(report_id: str) -> None:
    making.make(report_id, now=timezone.now())


@shared_task(name="reports.expire")
def expire() -> None:
    making.expire(now=timezone.now())
