"""通知: one digest per person and day; each step of each problem's deadline told once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audits.models.findings import Finding


class Notice(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    day = models.DateField(_("日期"))
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("通知")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="notice_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


class RobotNotice(models.Model):
    """The day's digest in one group chat. Written and sent by `audits.notices` only."""

    robot = models.CharField(max_length=40)  # its name in NOTICE_ROBOTS
    day = models.DateField(_("日期"))
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("群机器人通知")
        constraints = [
            models.UniqueConstraint(fields=["robot", "day"], name="robot_notice_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.robot} {self.day}"


class NoticeLine(models.Model):
    """Told to `user` once for each due date: a granted extension starts anew."""

    class Step(models.TextChoices):
        SOON = "soon", _("快到期")
        TODAY = "today", _("到期")
        LATE3 = "late3", _("逾期 3 天以上")
        LATE7 = "late7", _("逾期 7 天以上")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="lines")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="+")
    step = models.CharField(max_length=5, choices=Step)
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "finding", "step", "due_on"], name="notice_line_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.step}"
