"""Days that are not what the published calendar says: typhoon days, moved holidays."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarQuerySet(models.QuerySet["CalendarDay"]):
    def table(self) -> dict[dt.date, bool]:
        """{day: is it worked}, of all days that differ."""
        return dict(self.values_list("day", "is_working"))


class CalendarDay(models.Model):
    day = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("上班"))
    note = models.CharField(_("说明"), max_length=60, blank=True)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("工作日调整")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.is_working}"
