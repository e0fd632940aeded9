"""操作记录: who did what, when. Rows are only ever added; the worker seals them into a hash chain."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stations import access

if TYPE_CHECKING:
    from stations.models.users import User


class HistorySeal(models.Model):
    """One link of the chain: `sha256(previous.hash + canonical JSON of its entries in id order)`."""

    number = models.PositiveBigIntegerField(unique=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    entry_count = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.hash[:12]}"


class HistoryQuerySet(models.QuerySet["HistoryEntry"]):
    def visible_to(self, user: User) -> HistoryQuerySet:
        return self.filter(access.history_scope(user))

    def matching(
        self, *, actor: str | None = None, area: str | None = None, day: dt.date | None = None
    ) -> HistoryQuerySet:
        """By part of the account's name, by the first word of the action, by day in Shanghai."""
        found = self.filter(actor_name__icontains=actor) if actor else self
        found = found.filter(action__startswith=f"{area}.") if area else found
        return found.filter(at__date=day) if day else found


class HistoryEntry(models.Model):
    at = models.DateTimeField(_("时间"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(_("谁"), max_length=150, blank=True)
    role = models.CharField(_("角色"), max_length=12, blank=True)
    action = models.CharField(_("操作"), max_length=40)
    subject = models.CharField(_("对象"), max_length=80, blank=True)
    station = models.ForeignKey(
        "stations.Station", models.PROTECT, null=True, blank=True, related_name="+"
    )
    succeeded = models.BooleanField(_("成功"), default=True)
    detail = models.JSONField(default=dict, blank=True)
    seal = models.ForeignKey(
        HistorySeal, models.PROTECT, null=True, blank=True, related_name="entries"
    )

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("操作记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], name="history_unsealed", condition=Q(seal__isnull=True)),
            models.Index(fields=["subject"], name="history_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_name} {self.action} {self.subject}"
