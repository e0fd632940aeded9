"""检查: one station looked at once in one round; its answers, and what was frozen at submission."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits.models.rounds import Assignment
from checklists.models import Item
from stations import access
from stations.models import User


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, user: User) -> AuditQuerySet:
        reached = self.filter(access.scope(user, "assignment__station"))
        if user.role == User.Role.STATION_HEAD:
            reached = reached.filter(revision__gt=0)
        return reached


class Audit(models.Model):
    """`id` is made by the phone. `declared` holds the ids of the photos it says belong to it."""

    class State(models.TextChoices):
        STARTED = "started", _("检查中")
        SUBMITTED = "submitted", _("已提交")
        COMPLETE = "complete", _("已完成")

    id = models.UUIDField(primary_key=True)
    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="audit")
    state = models.CharField(max_length=10, choices=State, default=State.STARTED)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="started_audits"
    )
    started_at = models.DateTimeField(_("开始时间（手机）"))
    received_at = models.DateTimeField(_("开始时间（服务器）"))
    revision = models.PositiveSmallIntegerField(default=0)
    declared: Any = models.JSONField(default=list)
    submitted_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("检查")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="started", submitted_at__isnull=True, completed_at__isnull=True)
                | Q(state="submitted", submitted_at__isnull=False, completed_at__isnull=True)
                | Q(state="complete", submitted_at__isnull=False, completed_at__isnull=False),
                name="audit_times_follow_state",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="audit_state")]

    def __str__(self) -> str:
        return f"{self.assignment}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.STARTED

    def is_filled_by(self, user: User) -> bool:
        return user.pk in {self.started_by_id, self.assignment.inspector_id}


class AuditEvent(models.Model):
    """What the coverage of any past day is counted from. Append-only."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("提交")
        COMPLETED = "completed", _("完成")
        REOPENED = "reopened", _("重新打开")
        CORRECTED = "corrected", _("更正结果")

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    revision = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.audit_id} {self.kind} {self.at:%F}"


class Answer(models.Model):
    """检查结果. `earned` = points × ratio, absent where the result has no ratio."""

    class Result(models.TextChoices):
        PASS = "pass", _("符合")
        PARTIAL = "partial", _("部分符合")
        FAIL = "fail", _("不符合")
        NA = "na", _("不适用")
        UNABLE = "unable", _("不能核查")

    NEEDS_NOTE = {"partial", "fail", "na", "unable"}
    RAISES_FINDING = {"partial", "fail"}
    SCORED = {"pass", "partial", "fail"}

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="answers")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    result = models.CharField(_("结果"), max_length=8, choices=Result)
    earned = models.DecimalField(_("得分"), max_digits=9, decimal_places=5, null=True, blank=True)
    note = models.TextField(_("说明"), blank=True)
    version = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField(_("手机时间"))
    received_at = models.DateTimeField(_("服务器时间"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("检查结果")
        constraints = [
            models.UniqueConstraint(fields=["audit", "item"], name="answer_once_per_item"),
            models.CheckConstraint(
                condition=Q(result__in=["pass", "partial", "fail"], earned__isnull=False)
                | Q(result__in=["na", "unable"], earned__isnull=True),
                name="answer_points_only_where_scored",
            ),
            models.CheckConstraint(
                condition=Q(result="pass") | ~Q(note=""), name="answer_reason_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.result}"


class AuditRevision(models.Model):
    """The frozen score tree of one submission. Append-only; the newest is the one in force.

    `sections` [{code, title_zh, title_en, earned, applicable, items: [codes in the score]}],
    `losses` {item_code: points lost},
    `tree` {sections: [{…, items: [{code, title_zh, points, result, earned, note, photos, …}]}]}.
    """

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    earned = models.DecimalField(max_digits=9, decimal_places=5)
    applicable = models.DecimalField(max_digits=8, decimal_places=2)
    grade = models.CharField(max_length=20, blank=True)
    critical_failed = models.BooleanField(default=False)
    unable_count = models.PositiveSmallIntegerField(default=0)
    sections: Any = models.JSONField(default=list)
    losses: Any = models.JSONField(default=dict)
    tree: Any = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("提交版本")
        ordering = ["audit", "number"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=Q(earned__gte=Decimal(0), earned__lte=models.F("applicable")),
                name="revision_earned_within_applicable",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit_id} r{self.number}"
