"""红星志愿者: their hours, the points these earn, and what points are redeemed for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from audits.deadlines import local_day
from stations.models import Region, User
from stations.refusals import Refusal, bad_field, conflict, refuse_odd_year
from stations.services import history
from targets.models import Activity, PointsEntry, ServiceEntry, Volunteer

Kind = PointsEntry.Kind
HALF = Decimal("0.5")
LONGEST_DAY = Decimal(24)


def add_volunteer(
    *, region: Region, values: Mapping[str, Any], by: User, now: dt.datetime
) -> Volunteer:
    _check(values)
    try:
        with transaction.atomic():
            made = Volunteer.objects.create(region=region, created_at=now, **values)
            _tell(made, "add", by, now)
    except IntegrityError as error:
        raise bad_field("code", "taken", _("已有这个编号的志愿者。")) from error
    return made


def change_volunteer(
    *, volunteer: Volunteer, values: Mapping[str, Any], reason: str, by: User, now: dt.datetime
) -> Volunteer:
    if not reason.strip():
        raise bad_field("reason", "required", _("请写明原因。"))
    with transaction.atomic():
        volunteer = _locked(volunteer)
        _check({"joined_on": volunteer.joined_on, "left_on": volunteer.left_on, **values})
        changes = {
            name: [str(getattr(volunteer, name) or ""), str(value or "")]
            for name, value in values.items()
            if getattr(volunteer, name) != value
        }
        if not changes:
            return volunteer
        _refuse_taken(volunteer, values.get("code", volunteer.code))
        for name in changes:
            setattr(volunteer, name, values[name])
        volunteer.save()
        _tell(volunteer, "change", by, now, reason=reason, changes=changes)
    return volunteer


def add_service(
    *, volunteer: Volunteer, served_on: dt.date, hours: Decimal, what: str, by: User,
    now: dt.datetime, activity: Activity | None = None,
) -> ServiceEntry:  # fmt: skip
    """Hours in halves; POINTS_PER_HOUR points for each hour go onto the ledger."""
    if served_on > local_day(now):
        raise bad_field("served_on", "in_future", _("不能写将来的日期。"))
    if not 0 < hours <= LONGEST_DAY or hours % HALF:
        raise bad_field("hours", "not_halves", _("时长在 0.5 到 24 小时之间，以半小时计。"))
    with transaction.atomic():
        volunteer = _locked(volunteer)
        _refuse_day(volunteer, served_on, hours)
        entry = ServiceEntry.objects.create(
            volunteer=volunteer, activity=activity, served_on=served_on, hours=hours, what=what,
            created_at=now, created_by=by,
        )  # fmt: skip
        _tell(volunteer, "serve", by, now, hours=str(hours), served_on=served_on.isoformat())
        earned = int(hours * settings.POINTS_PER_HOUR)
        if earned:
            _move(volunteer, Kind.EARNED, earned, what, by, now, service=entry)
    return entry


def _refuse_day(volunteer: Volunteer, day: dt.date, hours: Decimal) -> None:
    if day < volunteer.joined_on or volunteer.left_on and day > volunteer.left_on:
        raise bad_field("served_on", "not_serving", _("这一天不在志愿者加入到退出之间。"))
    same_day = volunteer.services.filter(served_on=day, withdrawn_at__isnull=True)
    served = same_day.aggregate(hours=Sum("hours"))["hours"] or Decimal(0)
    if served + hours > LONGEST_DAY:
        raise bad_field("hours", "over_a_day", _("这一天合计超过 24 小时。"))


def withdraw_service(*, entry: ServiceEntry, reason: str, by: User, now: dt.datetime) -> None:
    """Its points go too: refused when they have been redeemed already."""
    if not reason.strip():
        raise bad_field("reason", "required", _("请写明原因。"))
    with transaction.atomic():
        volunteer = _locked(entry.volunteer)
        entry = ServiceEntry.objects.select_for_update().get(pk=entry.pk)
        if entry.withdrawn_at:
            raise conflict("withdrawn", _("这条记录已经撤销。"))
        entry.withdrawn_at = now
        entry.save(update_fields=["withdrawn_at"])
        _tell(volunteer, "unserve", by, now, entry=entry.pk, reason=reason)
        for earned in PointsEntry.objects.filter(service=entry, kind=Kind.EARNED):
            _move(volunteer, Kind.CORRECTED, -earned.change, reason, by, now, service=entry)


def redeem(
    *, volunteer: Volunteer, points: int, what: str, by: User, now: dt.datetime
) -> PointsEntry:
    if points <= 0:
        raise bad_field("points", "not_positive", _("兑换的积分必须大于 0。"))
    with transaction.atomic():
        volunteer = _locked(volunteer)
        entry = _move(volunteer, Kind.REDEEMED, -points, what, by, now)
        _tell(volunteer, "redeem", by, now, points=points, what=what)
    return entry


def _move(
    volunteer: Volunteer, kind: str, change: int, what: str, by: User, now: dt.datetime,
    service: ServiceEntry | None = None,
) -> PointsEntry:  # fmt: skip
    """The next line of the ledger. The volunteer's row is locked."""
    last = volunteer.points.order_by("-number").first()
    number, balance = (last.number, last.balance) if last else (0, 0)
    if balance + change < 0:
        raise Refusal(
            "not_enough_points",
            _("积分不够：现有 %(balance)s 分。") % {"balance": balance},
            status=409,
            balance=balance,
        )
    return PointsEntry.objects.create(
        volunteer=volunteer, number=number + 1, kind=kind, change=change,
        balance=balance + change, what=what[:120], service=service, at=now, by=by,
    )  # fmt: skip


def _check(values: Mapping[str, Any]) -> None:
    left_on = values.get("left_on")
    refuse_odd_year(joined_on=values["joined_on"], left_on=left_on)
    if left_on and left_on < values["joined_on"]:
        raise bad_field("left_on", "before_start", _("退出日期不能早于加入日期。"))


def _refuse_taken(volunteer: Volunteer, code: str) -> None:
    others = Volunteer.objects.filter(region=volunteer.region_id, code=code)
    if others.exclude(pk=volunteer.pk).exists():
        raise bad_field("code", "taken", _("已有这个编号的志愿者。"))


def _locked(volunteer: Volunteer) -> Volunteer:
    return Volunteer.objects.select_for_update().get(pk=volunteer.pk)


def _tell(volunteer: Volunteer, verb: str, by: User, now: dt.datetime, **detail: Any) -> None:
    history.record(by=by, action=f"volunteer.{verb}", at=now, subject=volunteer.subject, **detail)
