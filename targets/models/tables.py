"""绩效目标表: what was promised for a year, row by row, and the document behind each row."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stations import access
from stations.models import Region, User
from stations.models.places import in_language
from targets.models.wan import WanField

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class TableQuerySet(models.QuerySet["TargetTable"]):
    def visible_to(self, user: User) -> TableQuerySet:
        return self.filter(region__in=Region.objects.filter(access.region_scope(user)).values("pk"))


class TargetTable(models.Model):
    """One project of one year. `copied_from` is empty for a table typed from its own document."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"))
    name = models.CharField(_("项目名称"), max_length=120)
    department = models.CharField(_("主管单位"), max_length=80)
    kind = models.CharField(_("项目类型"), max_length=40, blank=True)
    purpose = models.CharField(_("资金用途"), max_length=80, blank=True)
    starts_on = models.DateField(_("计划开始日期"))
    ends_on = models.DateField(_("计划完成日期"))
    total_amount = WanField(_("项目总金额（万元）"))
    year_amount = WanField(_("本年度项目金额（万元）"))
    fiscal_amount = WanField(_("财政拨款资金（万元）"), default=0)
    other_amount = WanField(_("其他资金（万元）"), default=0)
    central_amount = WanField(_("中央转移支付资金（万元）"), default=0)
    procurement_amount = WanField(_("政府购买服务资金（万元）"), default=0)
    asset_amount = WanField(_("固定资产采购金额（万元）"), default=0)
    overview = models.TextField(_("项目概况"), blank=True)
    usage = models.TextField(_("项目用途"), blank=True)
    goal = models.TextField(_("项目总(中期)目标"), blank=True)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    objects = TableQuerySet.as_manager()

    if TYPE_CHECKING:
        rows: RelatedManager[TargetRow]

    class Meta:
        verbose_name = verbose_name_plural = _("绩效目标表")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["region", "year"], name="target_table_once_a_year"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="target_table_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(year_amount__gt=0, total_amount__gte=F("year_amount")),
                name="target_table_amounts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    @property
    def is_original(self) -> bool:
        return self.copied_from_id is None


class TargetRow(models.Model):
    """One 指标. `target_words` is the document's own; `lower` (and `upper`, where the document
    gives a range) is how it is read. `target_mode` empty: as set for the whole tool.
    `reason` empty: the 偏差原因 drafted from the records."""

    class Direction(models.TextChoices):
        AT_LEAST = "at_least", _("不低于")
        NONE = "none", _("不适用")

    class Measure(models.TextChoices):
        EXECUTION = "execution", _("预算支出")
        EVENTS = "events", _("已办活动")
        CAMPS = "camps", _("训练营完成率")
        PLAN = "plan", _("计划按时完成率")
        EFFECT = "effect", _("问题完成率")
        SATISFACTION = "satisfaction", _("满意率")

    table = models.ForeignKey(TargetTable, models.PROTECT, related_name="rows")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=20)
    level1 = models.CharField(_("一级指标"), max_length=20)
    level2 = models.CharField(_("二级指标"), max_length=20)
    content = models.TextField(_("指标内容"))
    short_zh = models.CharField(_("简称"), max_length=60, blank=True)
    short_en = models.CharField(_("英文简称"), max_length=90, blank=True)
    target_words = models.CharField(_("目标值"), max_length=40)
    source = models.TextField(_("目标值来源"))
    source_short = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=10, choices=Direction)
    unit = models.CharField(_("单位"), max_length=4, blank=True)
    lower = models.DecimalField(_("目标"), max_digits=7, decimal_places=2, null=True, blank=True)
    upper = models.DecimalField(_("上限"), max_digits=7, decimal_places=2, null=True, blank=True)
    target_mode = models.CharField(max_length=6, blank=True)
    weight = models.DecimalField(_("分值"), max_digits=5, decimal_places=2, default=Decimal(0))
    measure = models.CharField(max_length=16, choices=Measure, blank=True)
    reason = models.TextField(_("偏差原因分析及改进措施"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("绩效指标")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["table", "key"], name="target_row_once"),
            models.CheckConstraint(
                condition=Q(direction="none", lower__isnull=True, weight=0, measure="")
                | Q(direction="at_least", lower__gt=0, weight__gt=0) & ~Q(measure=""),
                name="target_row_applies_or_not",
            ),
            models.CheckConstraint(
                condition=Q(upper__isnull=True) | Q(upper__gt=F("lower")),
                name="target_row_range",
            ),
            models.CheckConstraint(
                condition=Q(target_mode__in=["", "lower", "upper"]), name="target_row_mode_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level2} {self.target_words}"

    @property
    def short(self) -> str:
        return in_language(self.short_zh, self.short_en) or self.content

    @property
    def applies(self) -> bool:
        return self.direction != self.Direction.NONE

    @property
    def is_percent(self) -> bool:
        return self.unit == "%"
