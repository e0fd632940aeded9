"""Work that must follow a committed change, written in the same transaction as the change."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q


class OutboxQuerySet(models.QuerySet["OutboxRow"]):
    def waiting(self) -> OutboxQuerySet:
        return self.filter(done_at__isnull=True, quarantined_at__isnull=True)

    def free(self, now: dt.datetime) -> OutboxQuerySet:
        return self.waiting().filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))


class OutboxRow(models.Model):
    topic = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "outbox"
        indexes = [
            models.Index(
                fields=["topic", "key"], name="outbox_waiting", condition=Q(done_at__isnull=True)
            ),
            models.Index(fields=["done_at"], name="outbox_done"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
