"""Where: the tree of administrative divisions, and the stations that hang on it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stations import access

if TYPE_CHECKING:
    from stations.models.users import User


def page_language() -> str:
    """As <html lang> says it."""
    return "en" if (get_language() or "").startswith("en") else "zh-Hans"


def in_language(zh: str, en: str) -> str:
    return en if en and page_language() == "en" else zh


class RegionQuerySet(models.QuerySet["Region"]):
    def within(self, region: Region) -> RegionQuerySet:
        return self.filter(path__startswith=region.path)

    def visible_to(self, user: User) -> RegionQuerySet:
        return self.filter(access.region_scope(user)).distinct()


class Region(models.Model):
    """行政区划. `code` is GB/T 2260 down to the county, GB/T 10114 below; `path` is written by
    `services.places.save_region` only: the codes from the root down, each closed by a slash."""

    class Level(models.TextChoices):
        NATION = "nation", _("国家")
        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        DISTRICT = "district", _("区县")
        SUBDISTRICT = "subdistrict", _("街道")

    code = models.CharField(_("区划代码"), max_length=12, unique=True)
    name_zh = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    level = models.CharField(_("级别"), max_length=12, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=80, unique=True, editable=False)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("行政区划")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(level__in=["nation", "province", "city",
                                                                 "district"]),
                name="region_subdistrict_has_parent",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)

    @property
    def short_name(self) -> str:
        """民治 for 民治街道: the table heads are narrow."""
        return in_language(
            self.name_zh.removesuffix("街道"), self.name_en.removesuffix(" Subdistrict")
        )

    def ancestor_codes(self) -> list[str]:
        """Codes from the root down to this region itself."""
        return [code for code in self.path.split("/") if code]


class StationQuerySet(models.QuerySet["Station"]):
    def real(self) -> StationQuerySet:
        return self.filter(is_practice=False)

    def open_on(self, day: dt.date) -> StationQuerySet:
        return self.filter(opened_on__lte=day).filter(
            Q(closed_on__isnull=True) | Q(closed_on__gt=day)
        )

    def within(self, region: Region) -> StationQuerySet:
        return self.filter(region__path__startswith=region.path)

    def matching(self, words: str) -> StationQuerySet:
        """Every word somewhere in a name or the code."""
        found = self
        for word in words.split()[:5]:
            found = found.filter(
                Q(name_zh__icontains=word)
                | Q(name_en__icontains=word)
                | Q(community_zh__icontains=word)
                | Q(code__icontains=word)
            )
        return found

    def visible_to(self, user: User) -> StationQuerySet:
        return self.filter(access.scope(user, "")).distinct()


class Station(models.Model):
    """服务站. How many there are is data: stations open, close, are renamed, split and merged."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("区服务中心")
        SUBDISTRICT = "subdistrict", _("街道站")
        COMMUNITY = "community", _("社区站")

    code = models.CharField(_("编码"), max_length=24, unique=True)
    name_zh = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    region = models.ForeignKey(Region, models.PROTECT, related_name="stations")
    community_zh = models.CharField(_("社区"), max_length=40, blank=True)
    opened_on = models.DateField(_("成立日期"), default=dt.date(2019, 1, 1))
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)
    is_practice = models.BooleanField(_("演练站"), default=False)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    opening_hours = models.CharField(_("服务时间"), max_length=80, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务站")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=models.F("opened_on")),
                name="station_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="station_position_on_earth",
            ),
        ]
        indexes = [models.Index(fields=["region", "kind"], name="station_region_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)

    @property
    def short_name(self) -> str:
        """白石龙社区, 民治街道站, 区服务中心: what people say, and what fits a card."""
        if self.kind == self.Kind.CENTRE:
            return str(self.Kind.CENTRE.label)
        if get_language() == "en" and self.name_en:
            short = self.name_en.replace(" Veterans Service Station", "")
            return short.replace(" Veterans Service Centre", "")
        if self.kind == self.Kind.COMMUNITY and self.community_zh:
            return self.community_zh
        name = self.name_zh.split("区")[-1]
        return name.replace("退役军人服务站", "站") if name.endswith("服务站") else name

    def is_open_on(self, day: dt.date) -> bool:
        """As `open_on` asks it of many."""
        return self.opened_on <= day and (self.closed_on is None or self.closed_on > day)

    @property
    def has_position(self) -> bool:
        return self.latitude is not None and self.longitude is not None


class StationName(models.Model):
    """A name the station bore until `until_on`; the present one stands on the station."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="former_names")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    until_on = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = _("曾用名")
        ordering = ["until_on"]

    def __str__(self) -> str:
        return self.name_zh


class StationLink(models.Model):
    """Where a closed station's work went: one row per successor of a split, per part of a merger."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("拆分")
        MERGED = "merged", _("合并")

    kind = models.CharField(max_length=8, choices=Kind)
    predecessor = models.ForeignKey(Station, models.PROTECT, related_name="links_onward")
    successor = models.ForeignKey(Station, models.PROTECT, related_name="links_back")
    on = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = _("沿革")
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="station_link_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")), name="station_link_not_itself"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
