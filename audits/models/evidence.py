"""佐证照片: the bytes as sent, what was drawn from them, and what a person should look at twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from audits.models.audits import Audit
from audits.models.findings import Finding, Rectification
from checklists.models import Item
from stations import access
from stations.models import Station, User


class PhotoQuerySet(models.QuerySet["EvidencePhoto"]):
    def visible_to(self, user: User) -> PhotoQuerySet:
        reached = self.filter(access.scope(user, "station"))
        if user.role == User.Role.STATION_HEAD:
            reached = reached.filter(Q(audit__isnull=True) | Q(audit__revision__gt=0))
        return reached


class EvidencePhoto(models.Model):
    """`id` is made by the phone: sending twice gives the first one back. `sha256` is an index,
    not unique: the same picture in two places is a flag for a person, not an error."""

    class Kind(models.TextChoices):
        SITE = "site", _("现场")
        BEFORE = "before", _("整改前")
        AFTER = "after", _("整改后")
        SIGNATURE = "signature", _("签名")

    class State(models.TextChoices):
        STORED = "stored", _("已存")
        PROCESSED = "processed", _("已处理")
        QUARANTINED = "quarantined", _("处理失败")

    id = models.UUIDField(primary_key=True)
    station = models.ForeignKey(Station, models.PROTECT, related_name="photos")
    audit = models.ForeignKey(Audit, models.PROTECT, null=True, blank=True, related_name="photos")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="photos"
    )
    rectification = models.ForeignKey(
        Rectification, models.PROTECT, null=True, blank=True, related_name="photos"
    )
    kind = models.CharField(_("类别"), max_length=10, choices=Kind, default=Kind.SITE)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.STORED)

    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    mime = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    path = models.CharField(max_length=120, unique=True)
    display_path = models.CharField(max_length=120, blank=True)
    thumbnail_path = models.CharField(max_length=120, blank=True)
    perceptual_hash = models.CharField(max_length=16, blank=True, db_index=True)

    original_sha256 = models.CharField(max_length=64, blank=True)
    original_size = models.PositiveIntegerField(null=True, blank=True)
    original_mime = models.CharField(max_length=20, blank=True)
    original_path = models.CharField(max_length=120, blank=True)
    original_received_at = models.DateTimeField(null=True, blank=True)

    taken_at = models.DateTimeField(_("手机时间"), null=True, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    accuracy = models.DecimalField(max_digits=9, decimal_places=1, null=True, blank=True)
    exif: Any = models.JSONField(default=dict, blank=True)
    marks: Any = models.JSONField(null=True, blank=True)  # drawn on copies only; see images.marks
    received_at = models.DateTimeField(_("服务器时间"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("佐证照片")
        ordering = ["received_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audit__isnull=False, finding__isnull=True)
                | Q(audit__isnull=True, finding__isnull=False, item__isnull=True),
                name="photo_of_audit_or_finding",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="photo_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_processed(self) -> bool:
        return self.state == self.State.PROCESSED


class FlagQuerySet(models.QuerySet["PhotoFlag"]):
    def waiting(self, until: dt.datetime | None = None) -> FlagQuerySet:
        """For a person's word, now or at a moment past. Two alike are both flagged; what is said of
        one settles the pair. A verdict is for good, so its time tells when that was."""
        twins = PhotoFlag.objects.filter(
            photo=OuterRef("other"), kind=OuterRef("kind"), other=OuterRef("photo")
        )
        if until is None:
            return self.filter(~Exists(twins.judged()), verdict="")
        open_then = Q(verdict="") | Q(verdict_at__gt=until)
        settled = twins.judged().filter(verdict_at__lte=until)
        return self.filter(open_then, ~Exists(settled), raised_at__lte=until)

    def judged(self) -> FlagQuerySet:
        return self.exclude(verdict="")


class PhotoFlag(models.Model):
    """Something for a person to look at. Flags never block anything."""

    class Kind(models.TextChoices):
        EXACT_REUSE = "exact_reuse", _("与另一张完全相同")
        NEAR_REUSE = "near_reuse", _("与另一张极相似")
        TAKEN_EARLY = "taken_early", _("拍摄时间早于到站")
        FAR_AWAY = "far_away", _("拍摄位置离站过远")
        PLACES_APART = "places_apart", _("相机位置与手机定位不符")
        CLOCK_SKEW = "clock_skew", _("手机时间不准")
        EDITED = "edited", _("经软件编辑")

    class Verdict(models.TextChoices):
        CLEARED = "cleared", _("没有问题")
        REJECTED = "rejected", _("不能作证")

    photo = models.ForeignKey(EvidencePhoto, models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=12, choices=Kind)
    other = models.ForeignKey(
        EvidencePhoto, models.PROTECT, null=True, blank=True, related_name="+"
    )
    detail: Any = models.JSONField(default=dict, blank=True)
    raised_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verdict_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("照片疑点")
        constraints = [
            models.UniqueConstraint(fields=["photo", "kind", "other"], name="flag_once_per_twin"),
            models.UniqueConstraint(
                fields=["photo", "kind"], condition=Q(other__isnull=True), name="flag_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id} {self.kind}"
