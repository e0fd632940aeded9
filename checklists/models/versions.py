"""检查表: what is asked. A published version never changes: the guards in the first migration."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stations.models import Station, User
from stations.models.places import in_language


def default_grades() -> list[dict[str, Any]]:
    """等次 from the best down; the last has no floor. `floor` is a percentage, inclusive."""
    return [
        {"code": "excellent", "name_zh": "优秀", "name_en": "Excellent", "floor": 90},
        {"code": "good", "name_zh": "良好", "name_en": "Good", "floor": 80},
        {"code": "qualified", "name_zh": "合格", "name_en": "Qualified", "floor": 70},
        {"code": "unqualified", "name_zh": "不合格", "name_en": "Unqualified", "floor": 0},
    ]


class Checklist(models.Model):
    slug = models.SlugField(max_length=40, unique=True)
    title_zh = models.CharField(_("名称"), max_length=80)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    applies_to = models.JSONField(_("适用站类"), default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("检查表")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)


class VersionQuerySet(models.QuerySet["ChecklistVersion"]):
    def published(self) -> VersionQuerySet:
        return self.filter(status=ChecklistVersion.Status.PUBLISHED)

    def visible_to(self, user: User) -> VersionQuerySet:
        """Drafts are the bureau's own; everyone in the field reads what is published."""
        if user.role == User.Role.BUREAU:
            return self
        return self.published() if user.role in {
            User.Role.SUPERVISOR, User.Role.INSPECTOR, User.Role.STATION_HEAD
        } else self.none()  # fmt: skip


class ChecklistVersion(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已发布")

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本号"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    params = models.JSONField(_("参数"), default=dict, blank=True)
    grades = models.JSONField(_("等次"), default=default_grades)
    partial_ratio = models.DecimalField(
        _("部分符合得分比例"), max_digits=4, decimal_places=3, default=Decimal("0.5")
    )
    content_hash = models.CharField(_("内容哈希"), max_length=64, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("检查表版本")
        ordering = ["checklist", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False, content_hash__gt=""),
                name="version_published_is_hashed",
            ),
            models.CheckConstraint(
                condition=Q(partial_ratio__gte=0, partial_ratio__lte=1), name="version_ratio_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checklist} v{self.number}"


class Section(models.Model):
    """大项. Its points are the sum of its items': derived, never stored."""

    version = models.ForeignKey(ChecklistVersion, models.CASCADE, related_name="sections")
    code = models.CharField(_("编号"), max_length=8)
    title_zh = models.CharField(_("名称"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("大项")
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="section_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)


class Item(models.Model):
    """检查项. `code` is its identity across versions: never derived from a label, never reused."""

    class PhotoRule(models.TextChoices):
        REQUIRED = "required", _("须拍照")
        USEFUL = "useful", _("可拍照")
        NONE = "none", _("不拍照")

    version = models.ForeignKey(ChecklistVersion, models.CASCADE, related_name="items")
    section = models.ForeignKey(Section, models.CASCADE, related_name="items")
    code = models.CharField(_("编号"), max_length=12)
    title_zh = models.CharField(_("检查项"), max_length=120)
    title_en = models.CharField(_("英文"), max_length=160, blank=True)
    guidance = models.TextField(_("符合标准"), blank=True)
    evidence = models.CharField(_("查验方式"), max_length=12, blank=True)
    photo_rule = models.CharField(
        _("拍照"), max_length=8, choices=PhotoRule, default=PhotoRule.NONE
    )
    points = models.DecimalField(_("分值"), max_digits=6, decimal_places=2)
    partial_ratio = models.DecimalField(
        _("部分符合得分比例"), max_digits=4, decimal_places=3, null=True, blank=True
    )
    is_critical = models.BooleanField(_("否决项"), default=False)
    clause = models.CharField(_("依据"), max_length=120, blank=True)
    applies_to = models.JSONField(_("适用站类"), default=list, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("检查项")
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="item_code_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="item_points_positive"),
            models.CheckConstraint(
                condition=Q(partial_ratio__isnull=True)
                | Q(partial_ratio__gte=0, partial_ratio__lte=1),
                name="item_ratio_0_to_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)

    @property
    def needs_photo(self) -> bool:
        return self.photo_rule == self.PhotoRule.REQUIRED

    def is_for(self, kind: Station.Kind | str) -> bool:
        return not self.applies_to or str(kind) in self.applies_to
