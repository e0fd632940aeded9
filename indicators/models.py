"""What it adds up to: stored roll-ups, recomputed from rows, and one frozen reading per day.

A period is written "r<round id>" or "y<calendar year>" (see `indicators.periods`).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audits.models import Audit
from stations import access
from stations.models import Region, Station, User


class FindingCounts(models.Model):
    """问题 of one scope and period: done + submitted + open + waived = cohort.

    `closed_on_time`, `closed_first_pass` count within `closed`; `repeats` within `cohort`.
    `due` {ISO date: unsolved findings due that day}, so that overdue is a sum at reading time;
    `unsolved` {item_code: findings not yet handed in for re-check}, "" for those of no item.
    """

    cohort = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    submitted = models.PositiveIntegerField(default=0)
    open = models.PositiveIntegerField(default=0)
    waived = models.PositiveIntegerField(default=0)
    voided = models.PositiveIntegerField(default=0)
    closed_on_time = models.PositiveIntegerField(default=0)
    closed_first_pass = models.PositiveIntegerField(default=0)
    repeats = models.PositiveIntegerField(default=0)
    due: Any = models.JSONField(default=dict)
    unsolved: Any = models.JSONField(default=dict)
    computed_at = models.DateTimeField()

    class Meta:
        abstract = True


class StationRollup(FindingCounts):
    """得分 and 问题 of one station in one period. Written by `indicators.rollups` only.

    `is_expected`: one of the N that coverage and scores are "n of N" of: assigned in the round;
    in a year, open on its day. `audit` is the one scored, the newest handed in of the period.
    `sections` [{code, earned, applicable, earned_today}]; `asked`, `failing` item codes.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="rollups")
    period = models.CharField(max_length=12)
    audit = models.ForeignKey(Audit, models.PROTECT, null=True, related_name="+")
    is_expected = models.BooleanField(default=False)
    is_audited = models.BooleanField(default=False)
    earned = models.DecimalField(max_digits=9, decimal_places=5, null=True)
    applicable = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    earned_today = models.DecimalField(max_digits=9, decimal_places=5, null=True)
    grade = models.CharField(max_length=20, blank=True)
    critical_failed = models.BooleanField(default=False)
    sections: Any = models.JSONField(default=list)
    asked: Any = models.JSONField(default=list)
    failing: Any = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "period"], name="station_rollup_once"),
            models.CheckConstraint(
                condition=Q(cohort=F("closed") + F("submitted") + F("open") + F("waived")),
                name="station_rollup_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["period", "station"], name="station_rollup_period")]

    def __str__(self) -> str:
        return f"{self.station} {self.period}"


class RegionRollup(FindingCounts):
    """The sum of a region's own stations and child regions. The district centre is counted in
    the findings and the coverage, never among the scores.

    `stations` = N of the coverage, `expected` = N of the scores (without centres);
    `first_due` {ISO date: stations whose earliest unsolved finding is due that day}.
    Shares of points are exact, "p/q" in lowest terms, 1/1 for full marks:
    `totals` {share: stations}, `totals_today` likewise; `spread`, `spread_today` {n, mean,
    median, minimum} of them; `sections` {code: {n, sum, minimum, sum_today, minimum_today}};
    `asked`, `failing` {item_code: stations}.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="rollups")
    period = models.CharField(max_length=12)
    stations = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)
    scored_stations = models.PositiveIntegerField(default=0)
    audited = models.PositiveIntegerField(default=0)
    stations_with_findings = models.PositiveIntegerField(default=0)
    stations_all_closed = models.PositiveIntegerField(default=0)
    first_due: Any = models.JSONField(default=dict)
    totals: Any = models.JSONField(default=dict)
    totals_today: Any = models.JSONField(default=dict)
    spread: Any = models.JSONField(default=dict)
    spread_today: Any = models.JSONField(default=dict)
    sections: Any = models.JSONField(default=dict)
    asked: Any = models.JSONField(default=dict)
    failing: Any = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "period"], name="region_rollup_once"),
            models.CheckConstraint(
                condition=Q(cohort=F("closed") + F("submitted") + F("open") + F("waived")),
                name="region_rollup_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.period}"


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def visible_to(self, user: User) -> SnapshotQuerySet:
        return self.filter(region__in=Region.objects.filter(access.region_scope(user)))


class Snapshot(models.Model):
    """指标值: the effect indicator of one day, scope and period. Append-only."""

    day = models.DateField(_("日期"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="snapshots")
    period = models.CharField(max_length=12)
    numerator = models.PositiveIntegerField(_("分子"))
    denominator = models.PositiveIntegerField(_("分母"))
    reading: Any = models.JSONField(default=dict)
    rule_version = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField()

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("指标快照")
        constraints = [
            models.UniqueConstraint(fields=["day", "region", "period"], name="snapshot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.region} {self.period}"
