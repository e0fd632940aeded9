"""报告: one paper asked for, how far it is, and where its file lies."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits.models import Round
from indicators.periods import Period
from stations.models import Region, Station, User


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> ReportQuerySet:
        """One's own: what another has asked for may reach further than oneself."""
        return self.filter(requested_by=user)

    def under_way(self) -> ReportQuerySet:
        return self.filter(state__in=[Report.State.QUEUED, Report.State.RUNNING])

    def at_hand(self, now: dt.datetime) -> ReportQuerySet:
        return self.filter(state=Report.State.READY, expires_at__gt=now).exclude(path="")


class Report(models.Model):
    """`fingerprint` tells the data it was made from: while it stays the same the file is given
    again. `content_hash` is what a station's report prints of itself; it outlives the file.
    `region` is the one looked at, `station` narrows it to one. Exactly one of round and year."""

    class Kind(models.TextChoices):
        LEDGER = "ledger", _("问题整改台账")
        SCORES = "scores", _("得分汇总")
        NOTICE = "notice", _("整改通知书")
        CLOSE_OUT = "close-out", _("销号申请单")
        CIRCULAR = "circular", _("督导检查通报")
        SELF_EVALUATION = "self-evaluation", _("绩效自评表")
        STATION = "station", _("服务站检查报告")
        ARCHIVE = "archive", _("年度归档")

    class Format(models.TextChoices):
        XLSX = "xlsx", "Excel"
        DOCX = "docx", "Word"
        PDF = "pdf", "PDF"
        ZIP = "zip", "ZIP"

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("生成中")
        READY = "ready", _("可下载")
        FAILED = "failed", _("没有做成")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("种类"), max_length=16, choices=Kind)
    format = models.CharField(_("格式"), max_length=4, choices=Format)
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports"
    )
    origin = models.CharField(max_length=200, blank=True)  # the address the QR code leads to
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    path = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    content_hash = models.CharField(max_length=64, blank=True, db_index=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("报告")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(round__isnull=False, year__isnull=True)
                | Q(round__isnull=True, year__isnull=False),
                name="report_of_round_or_year",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="report_progress_to_100"),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(size__gt=0, sha256__gt="", finished_at__isnull=False, expires_at__isnull=False),
                name="report_ready_has_file",
            ),
        ]
        indexes = [models.Index(fields=["requested_by", "-created_at"], name="report_own")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def period(self) -> Period:
        return Period.of_round(self.round_id) if self.round_id else Period.of_year(self.year or 0)

    def is_expired(self, now: dt.datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def is_at_hand(self, now: dt.datetime) -> bool:
        return self.state == self.State.READY and bool(self.path) and not self.is_expired(now)

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}
