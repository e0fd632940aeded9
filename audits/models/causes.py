"""共性问题: one cause behind the same item's problems at many stations."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audits.models.findings import Finding


class CommonCauseQuerySet(models.QuerySet["CommonCause"]):
    def running(self, today: dt.date) -> CommonCauseQuerySet:
        """Those whose day has not passed: until then, what opens again is theirs again."""
        return self.filter(due_on__gte=today)


class CommonCause(models.Model):
    """One owner, one note, one due date; each problem keeps its own life."""

    item_code = models.CharField(_("检查项编号"), max_length=12)
    title = models.CharField(_("检查项"), max_length=160)
    owner = models.CharField(_("牵头"), max_length=60)
    note = models.TextField(_("处理办法"))
    due_on = models.DateField(_("期限"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    findings = models.ManyToManyField(Finding, related_name="causes")

    objects = CommonCauseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("共性问题")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.item_code} {self.title}"
