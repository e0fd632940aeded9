"""The records a row is measured from. None is ever deleted: a mistake is withdrawn, with a reason."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stations.models import User
from targets.models.tables import TargetTable
from targets.models.wan import WanField

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class RecordQuerySet(models.QuerySet[Any]):
    def active(self) -> RecordQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def of(self, table: TargetTable) -> RecordQuerySet:
        return self.filter(table=table, withdrawn_at__isnull=True)

    def visible_to(self, user: User) -> RecordQuerySet:
        return self.filter(table__in=TargetTable.objects.visible_to(user).values("pk"))


class Record(models.Model):
    table = models.ForeignKey(TargetTable, models.PROTECT, related_name="+")
    note = models.TextField(_("备注"), max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def subject(self) -> str:
        """What the history knows the record by."""
        return f"{self._meta.model_name}:{self.pk}"


class Activity(Record):
    """`planned_on` always, `held_on` once it has been held: then also where and with how many."""

    class Kind(models.TextChoices):
        VOLUNTEER = "volunteer", _("红星志愿服务")
        LECTURE = "lecture", _("宣讲团")
        CAMP = "camp", _("接访调解训练营")
        THEME = "theme", _("主题活动")
        SELECTION = "selection", _("评选")

    EVENTS = (Kind.VOLUNTEER, Kind.LECTURE)

    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    title = models.CharField(_("名称"), max_length=80)
    planned_on = models.DateField(_("计划日期"))
    held_on = models.DateField(_("实际日期"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=80, blank=True)
    people = models.PositiveIntegerField(_("人数"), default=0)

    if TYPE_CHECKING:
        photos: RelatedManager[ActivityPhoto]

    class Meta:
        verbose_name = verbose_name_plural = _("活动")
        ordering = ["planned_on", "pk"]
        indexes = [models.Index(fields=["table", "kind"], name="activity_of_table")]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | Q(people__gt=0) & ~Q(place=""),
                name="activity_held_somewhere_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["volunteer", "lecture", "camp", "theme", "selection"]),
                name="activity_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ActivityPhotoQuerySet(models.QuerySet["ActivityPhoto"]):
    def visible_to(self, user: User) -> ActivityPhotoQuerySet:
        return self.filter(activity__in=Activity.objects.visible_to(user).values("pk"))


class ActivityPhoto(models.Model):
    """A picture of an activity; the bytes as sent, and copies drawn by the worker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="photos")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    mime = models.CharField(max_length=20)
    path = models.CharField(max_length=200)
    display_path = models.CharField(max_length=200, blank=True)
    thumbnail_path = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ActivityPhotoQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "sha256"], name="activity_photo_once"),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.sha256[:8]}"


class PlanTask(Record):
    """计划任务. On time: done on or before the day it is due."""

    title = models.CharField(_("任务"), max_length=120)
    owner = models.CharField(_("责任科室"), max_length=40, blank=True)
    due_on = models.DateField(_("计划完成"))
    done_on = models.DateField(_("实际完成"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("年度计划任务")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["table", "due_on"], name="plan_task_of_table")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="plan_task_has_title"),
        ]

    def __str__(self) -> str:
        return self.title


class BudgetEntry(Record):
    """支出. All of a year's together never exceed its 本年度项目金额 (trigger)."""

    spent_on = models.DateField(_("支出日期"))
    amount = WanField(_("金额（万元）"))
    purpose = models.CharField(_("用途"), max_length=120)
    document = models.CharField(_("凭证号"), max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("预算支出")
        ordering = ["spent_on", "pk"]
        indexes = [models.Index(fields=["table", "spent_on"], name="budget_entry_of_table")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_entry_positive"),
        ]

    def __str__(self) -> str:
        return self.purpose


class Commendation(Record):
    """褒扬表彰 of a volunteer, a team, a project or a 服务专干."""

    class Kind(models.TextChoices):
        VOLUNTEER = "volunteer", _("志愿者")
        TEAM = "team", _("志愿服务队")
        PROJECT = "project", _("志愿服务项目")
        STAFF = "staff", _("服务专干")

    kind = models.CharField(_("对象"), max_length=12, choices=Kind)
    recipient = models.CharField(_("受表彰者"), max_length=80)
    title = models.CharField(_("称号"), max_length=80)
    given_on = models.DateField(_("日期"))
    document = models.CharField(_("依据文件"), max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("表彰")
        ordering = ["given_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["volunteer", "team", "project", "staff"]),
                name="commendation_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.title}"
