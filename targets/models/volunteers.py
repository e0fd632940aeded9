"""红星志愿者: who serves, for how long, and the ledger of points earned and redeemed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stations import access
from stations.models import Region, User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def visible_to(self, user: User) -> VolunteerQuerySet:
        return self.filter(region__in=Region.objects.filter(access.region_scope(user)).values("pk"))


class Volunteer(models.Model):
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    code = models.CharField(_("编号"), max_length=20)
    name = models.CharField(_("姓名"), max_length=40)
    team = models.CharField(_("服务队"), max_length=60, blank=True)
    joined_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)
    created_at = models.DateTimeField()

    objects = VolunteerQuerySet.as_manager()

    if TYPE_CHECKING:
        points: RelatedManager[PointsEntry]
        services: RelatedManager[ServiceEntry]

    class Meta:
        verbose_name = verbose_name_plural = _("红星志愿者")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="volunteer_code_once"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
                name="volunteer_leaves_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"

    @property
    def subject(self) -> str:
        return f"volunteer:{self.pk}"


class ServiceEntry(models.Model):
    """Hours served on one day; a mistake is withdrawn, and its points with it."""

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="services")
    activity = models.ForeignKey(
        "targets.Activity", models.PROTECT, null=True, blank=True, related_name="+"
    )
    served_on = models.DateField(_("服务日期"))
    hours = models.DecimalField(_("时长（小时）"), max_digits=4, decimal_places=1)
    what = models.CharField(_("服务内容"), max_length=80)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("服务时长")
        ordering = ["-served_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=24), name="service_hours_of_one_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} {self.hours}"


class PointsEntry(models.Model):
    """积分. Append-only; each line carries the balance after it, which never falls below zero.

    The database checks that a line follows the one before it (trigger).
    """

    class Kind(models.TextChoices):
        EARNED = "earned", _("服务积分")
        REDEEMED = "redeemed", _("积分兑换")
        CORRECTED = "corrected", _("更正")

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="points")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    change = models.IntegerField(_("变动"))
    balance = models.IntegerField(_("余额"))
    what = models.CharField(_("事由"), max_length=120)
    service = models.ForeignKey(ServiceEntry, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("积分流水")
        ordering = ["volunteer", "number"]
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "number"], name="points_entry_in_order"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="points_never_below_zero"),
            models.CheckConstraint(condition=~Q(change=0), name="points_entry_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} {self.change:+}"
