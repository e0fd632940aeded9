"""自查: how a station sees itself before the visit. Hangs on the task, never on an audit.

Nothing points from here to what figures are counted from, and nothing there points back: what
adds up audits cannot meet a self-check. Only its own queries and services name these models.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits.models.rounds import Assignment
from checklists.models import Item
from stations import access
from stations.models import User


class SelfCheckQuerySet(models.QuerySet["SelfCheck"]):
    def visible_to(self, user: User) -> SelfCheckQuerySet:
        """An inspector's own tasks, after the visit: what the station says colours no result."""
        reached = self.filter(access.scope(user, "assignment__station"))
        if user.role == User.Role.INSPECTOR:
            mine = Assignment.objects.visible_to(user).filter(audit__revision__gt=0)
            reached = reached.filter(assignment__in=mine.values("pk"))
        return reached


class SelfCheck(models.Model):
    """`id` is made by the phone. Closed by the first submission of the inspection (trigger)."""

    id = models.UUIDField(primary_key=True)
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("开始时间（手机）"))
    received_at = models.DateTimeField(_("开始时间（服务器）"))

    objects = SelfCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("自查")

    def __str__(self) -> str:
        return f"{self.assignment}"


class SelfAnswer(models.Model):
    """No points here: they are computed when read, by the one scoring function."""

    class Result(models.TextChoices):
        PASS = "pass", _("符合")
        PARTIAL = "partial", _("部分符合")
        FAIL = "fail", _("不符合")
        NA = "na", _("不适用")

    self_check = models.ForeignKey(SelfCheck, models.CASCADE, related_name="answers")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    result = models.CharField(_("结果"), max_length=8, choices=Result)
    note = models.TextField(_("说明"), blank=True)
    version = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField(_("手机时间"))
    received_at = models.DateTimeField(_("服务器时间"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("自查结果")
        constraints = [
            models.UniqueConstraint(fields=["self_check", "item"], name="self_answer_once"),
            models.CheckConstraint(
                condition=Q(result__in=["pass", "partial", "fail", "na"]), name="self_answer_result"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.result}"
