"""问题: raised by an audit, put right by the station, closed by somebody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from audits.deadlines import is_within_a_year
from audits.models.audits import Audit
from audits.models.rounds import Round
from checklists.models import Item
from stations import access
from stations.models import Station, User


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User) -> FindingQuerySet:
        return self.filter(access.scope(user, "station"))

    def counted(self) -> FindingQuerySet:
        """What any figure may see: not the practice station's."""
        return self.filter(station__is_practice=False)

    def active(self) -> FindingQuerySet:
        return self.filter(status__in=Finding.ACTIVE)

    def overdue(self, today: dt.date) -> FindingQuerySet:
        return self.filter(status__in=Finding.UNSOLVED, due_on__lt=today)

    def of_round(self, round_id: int) -> FindingQuerySet:
        """Raised or reopened by that round's audits."""
        return self.filter(
            pk__in=FindingEvent.objects.filter(
                kind__in=FindingEvent.ENTERS_COHORT, round_id=round_id
            ).values("finding_id")
        )

    def with_earlier_closing(self) -> FindingQuerySet:
        """`earlier_closed_at`: when the one it is linked to had been closed last before it. Read
        from the events: that one may have been reopened since."""
        closings = FindingEvent.objects.filter(
            finding=OuterRef("repeat_of"),
            kind=FindingEvent.Kind.CLOSED,
            at__lte=OuterRef("raised_at"),
        )
        return self.annotate(earlier_closed_at=Subquery(closings.order_by("-at").values("at")[:1]))

    def repeated(self) -> FindingQuerySet:
        """反复, as `is_repeat` says of each."""
        linked = self.filter(repeat_of__isnull=False).order_by().with_earlier_closing()
        return self.filter(pk__in=[one.pk for one in linked.only("raised_at") if one.is_repeat])


class Finding(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", _("待整改")
        IN_PROGRESS = "in_progress", _("整改中")
        SUBMITTED = "submitted", _("待复查")
        CLOSED = "closed", _("已销号")
        WAIVED = "waived", _("挂账")
        VOID = "void", _("作废")

    class Severity(models.TextChoices):
        NORMAL = "normal", _("一般")
        SERIOUS = "serious", _("较重")
        CRITICAL = "critical", _("重大")

    ACTIVE = ["open", "in_progress", "submitted", "waived"]
    UNSOLVED = ["open", "in_progress", "submitted"]
    HANDED_IN = ["submitted", "closed"]

    station = models.ForeignKey(Station, models.PROTECT, related_name="findings")
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="findings")
    audit = models.ForeignKey(Audit, models.PROTECT, null=True, blank=True, related_name="findings")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    item_code = models.CharField(_("检查项编号"), max_length=12, blank=True)
    title = models.CharField(_("检查项"), max_length=160)
    note = models.TextField(_("存在问题"))
    severity = models.CharField(_("严重程度"), max_length=8, choices=Severity)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.OPEN)
    points_lost = models.DecimalField(max_digits=9, decimal_places=5, default=0)
    raised_at = models.DateTimeField(_("发现时间"))
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(_("整改期限"))
    original_due_on = models.DateField(_("原定期限"))
    extension_until = models.DateField(_("申请延期至"), null=True, blank=True)
    extension_reason = models.TextField(blank=True)
    review_on = models.DateField(_("挂账复核日期"), null=True, blank=True)
    repeat_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeats"
    )
    # How the last hand-in came about, written with it; whether it stands: `has_fix_on_site`.
    is_fixed_on_site = models.BooleanField(_("立行立改"), default=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    event_count = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("问题")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "item_code"],
                condition=~Q(item_code="")
                & Q(status__in=["open", "in_progress", "submitted", "waived"]),
                name="finding_one_active_per_item",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(closed_by=F("submitted_by")),
                name="finding_closer_is_not_submitter",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_by__isnull=False, closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_by__isnull=True, closed_at__isnull=True)),
                name="finding_closed_names_closer",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "closed"]) | Q(submitted_by__isnull=False),
                name="finding_submitted_names_submitter",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "status"], name="finding_of_station"),
            models.Index(fields=["status", "due_on"], name="finding_due"),
            models.Index(fields=["station", "item_code"], name="finding_of_item"),
            models.Index(fields=["raised_at"], name="finding_raised"),
        ]

    def __str__(self) -> str:
        return f"{self.item_code} {self.title}".strip()

    def is_overdue(self, today: dt.date) -> bool:
        return self.status in self.UNSOLVED and self.due_on < today

    @property
    def has_fix_on_site(self) -> bool:
        """立行立改, while that hand-in stands: sent back or open again, it is to be put right."""
        return self.is_fixed_on_site and self.status in self.HANDED_IN

    @cached_property
    def earlier_closed_at(self) -> dt.datetime | None:
        """Lists bring it along, `with_earlier_closing`."""
        found: Any = Finding.objects.with_earlier_closing().get(pk=self.pk)
        return found.earlier_closed_at

    @property
    def is_repeat(self) -> bool:
        """反复: found again within twelve months of the earlier one's closing."""
        closed_at = self.earlier_closed_at if self.repeat_of_id else None
        return closed_at is not None and is_within_a_year(closed_at, self.raised_at)


class Rectification(models.Model):
    """整改: one attempt, with its after-photos, and what the reviewer said of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("待复查")
        ACCEPTED = "accepted", _("通过")
        RETURNED = "returned", _("退回")

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="rectifications")
    number = models.PositiveSmallIntegerField()
    measure = models.TextField(_("整改措施"))
    person = models.CharField(_("整改责任人"), max_length=40, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("整改")
        ordering = ["finding", "number"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "number"], name="rectification_once"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("submitted_by")),
                name="rectification_reviewer_is_not_submitter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id}.{self.number}"


class FindingEvent(models.Model):
    """流转记录. Append-only; each row's hash covers the one before it of the same finding."""

    class Kind(models.TextChoices):
        RAISED = "raised", _("检查发现")
        OBSERVED = "observed", _("再次发现")
        STARTED = "started", _("开始整改")
        SUBMITTED = "submitted", _("提交复查")
        SENT_BACK = "sent_back", _("退回")
        CLOSED = "closed", _("销号")
        REOPENED = "reopened", _("重启")
        VOIDED = "voided", _("作废")
        WAIVED = "waived", _("挂账")
        EXTENSION_ASKED = "extension_asked", _("申请延期")
        EXTENSION_GRANTED = "extension_granted", _("同意延期")
        EXTENSION_REFUSED = "extension_refused", _("不同意延期")
        CORRECTED = "corrected", _("结果更正")

    ENTERS_COHORT = ["raised", "reopened"]
    SEEN = ["raised", "reopened", "observed"]  # what somebody saw with their own eyes
    MOVES_DUE = ["reopened", "extension_granted", "corrected"]  # to `detail["due_on"]`, if there

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12)
    at = models.DateTimeField(_("服务器时间"))
    device_at = models.DateTimeField(_("手机时间"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=12, blank=True)
    client_id = models.UUIDField(null=True, blank=True)  # of what a phone may say twice: 随手拍
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    photos: Any = models.JSONField(default=list)
    detail: Any = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("流转记录")
        ordering = ["finding", "number"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "number"], name="finding_event_once"),
            models.UniqueConstraint(
                fields=["client_id"],
                condition=Q(client_id__isnull=False),
                name="finding_event_said_once",
            ),
        ]
        indexes = [
            models.Index(fields=["round", "kind"], name="finding_event_round"),
            models.Index(fields=["at"], name="finding_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id}.{self.number} {self.kind}"
