"""轮次 and 任务: which stations are looked at, with which version, by whom, until when."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from checklists.models import ChecklistVersion
from stations import access
from stations.models import Station, User


class Round(models.Model):
    class Kind(models.TextChoices):
        FULL = "full", _("全面检查")
        SPOT = "spot", _("抽查")
        RECHECK = "recheck", _("回头看")

    name = models.CharField(_("名称"), max_length=60)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    kind = models.CharField(_("方式"), max_length=8, choices=Kind, default=Kind.FULL)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("轮次")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="round_name_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="round_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["full", "spot", "recheck"]), name="round_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_running(self, today: dt.date) -> bool:
        return self.starts_on <= today <= self.ends_on


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User) -> AssignmentQuerySet:
        """An inspector's own only: a colleague's task at the same station is the colleague's."""
        reached = self.filter(access.scope(user, "station"))
        if user.role == User.Role.INSPECTOR:
            reached = reached.filter(Q(inspector=user) | Q(audit__started_by=user))
        return reached

    def with_progress(self) -> AssignmentQuerySet:
        return self.annotate(answered=Count("audit__answers"))

    def in_status(self, status: str) -> AssignmentQuerySet:
        if status == Assignment.Status.WAITING:
            return self.filter(audit__isnull=True)
        return self.filter(audit__state=status)

    def overdue(self, today: dt.date) -> AssignmentQuerySet:
        return self.filter(due_on__lt=today).filter(
            Q(audit__isnull=True) | Q(audit__state="started")
        )


class Assignment(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", _("未开始")
        STARTED = "started", _("检查中")
        SUBMITTED = "submitted", _("已提交")
        COMPLETE = "complete", _("已完成")

    round = models.ForeignKey(Round, models.PROTECT, related_name="assignments")
    station = models.ForeignKey(Station, models.PROTECT, related_name="assignments")
    version = models.ForeignKey(ChecklistVersion, models.PROTECT, related_name="assignments")
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments"
    )
    due_on = models.DateField(_("期限"))
    planned_on = models.DateField(_("计划日"), null=True, blank=True)
    item_count = models.PositiveSmallIntegerField()
    note = models.TextField(_("备注"), blank=True)
    moved_from = models.ForeignKey(
        ChecklistVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    moved_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("任务")
        ordering = ["due_on", "station__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "station"], name="assignment_station_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(planned_on__isnull=True) | Q(planned_on__lte=F("due_on")),
                name="assignment_planned_by_due",
            ),
            models.CheckConstraint(
                condition=Q(moved_from__isnull=True, moved_at__isnull=True)
                | Q(moved_from__isnull=False, moved_at__isnull=False),
                name="assignment_moved_from_and_when",
            ),
        ]
        indexes = [models.Index(fields=["inspector", "due_on"], name="assignment_mine")]

    def __str__(self) -> str:
        return f"{self.round} {self.station}"

    @property
    def status(self) -> str:
        audit = getattr(self, "audit", None)
        return audit.state if audit else self.Status.WAITING.value


class AssignmentEvent(models.Model):
    """A station taken into a round, or out of it again: who was to be looked at on any past day.
    Append-only; a task that is withdrawn is gone, what it was stays here."""

    class Kind(models.TextChoices):
        MADE = "made", _("分配")
        WITHDRAWN = "withdrawn", _("撤回")

    round = models.ForeignKey(Round, models.PROTECT, related_name="events")
    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("任务记录")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["made", "withdrawn"]), name="assignment_event_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.station_id} {self.kind} {self.at:%F}"
