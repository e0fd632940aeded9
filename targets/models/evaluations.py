"""绩效自评表 as signed: frozen, numbered, with the hash of what it says."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from targets.models.tables import TargetTable


class SelfEvaluation(models.Model):
    """Append-only. `body` is the whole form as signed; `sha256` of its canonical JSON."""

    table = models.ForeignKey(TargetTable, models.PROTECT, related_name="evaluations")
    number = models.PositiveSmallIntegerField()
    body: Any = models.JSONField()
    sha256 = models.CharField(max_length=64)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("绩效自评表")
        ordering = ["table", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="self_evaluation_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.table} #{self.number}"
