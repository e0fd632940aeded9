"""Accounts: made, moved, locked out and let back in by those whom `access.GRANTS` allows."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from axes.utils import reset as forget_failures
from django.contrib.auth import SESSION_KEY, password_validation
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from knox.models import AuthToken

from stations import access, passwords
from stations.models import Region, Station, User
from stations.refusals import FieldError, Refusal, bad_field, conflict
from stations.services import history

# Without 0/O, 1/l/I: a first password is read aloud or copied by hand.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
DESK_ROLES = {User.Role.BUREAU, User.Role.SYSADMIN, User.Role.AUDITOR}
BY_REGION = {User.Role.BUREAU, User.Role.SUPERVISOR}


class NewAccount(NamedTuple):
    """`password` is shown once and nowhere kept."""

    user: User
    password: str


def random_password() -> str:
    """Four groups of four, a digit among them, so that it passes either pack of rules."""
    while True:
        parts = ["".join(secrets.choice(LETTERS) for _n in range(4)) for _part in range(4)]
        if any(character.isdigit() for character in "".join(parts)):
            return "-".join(parts)


@transaction.atomic
def create_account(
    *,
    username: str,
    role: str,
    display_name: str,
    regions: Sequence[Region],
    stations: Sequence[Station],
    by: User | None,
    now: dt.datetime,
    password: str | None = None,
    is_demo: bool = False,
) -> NewAccount:
    """Without a `password` a random one; either way it is to be changed at the first sign-in.
    `by` None is the command line, which makes the first administrator."""
    _check_grant(by, role)
    _check_scope(role, regions, stations)
    if User.objects.filter(username__iexact=username).exists():
        raise bad_field("username", "taken", _("账号已被使用。"))
    user = User(username=username, role=role, display_name=display_name, is_demo=is_demo)
    if password is not None:
        _check_password(password, user, "password")
    given = password or random_password()
    user.set_password(given)
    user.is_staff = role in DESK_ROLES
    user.must_change_password = not is_demo
    user.save()
    user.regions.set(regions)
    user.stations.set(stations)
    _record("account.create", user, by, now, **_scope(role, regions, stations))
    return NewAccount(user, given)


@transaction.atomic
def change_scope(
    *,
    user: User,
    role: str,
    display_name: str,
    regions: Sequence[Region],
    stations: Sequence[Station],
    by: User,
    now: dt.datetime,
) -> User:
    """Takes effect with the account's next request: the scope is read anew each time."""
    user = _changeable(user, by)
    _check_grant(by, role)
    _check_scope(role, regions, stations)
    if user.role == User.Role.SYSADMIN != role:
        _keep_one_sysadmin(user)
    user.role, user.display_name, user.is_staff = role, display_name, role in DESK_ROLES
    user.save(update_fields=["role", "display_name", "is_staff"])
    user.regions.set(regions)
    user.stations.set(stations)
    _record("account.scope", user, by, now, **_scope(role, regions, stations))
    return user


@transaction.atomic
def reset_password(*, user: User, by: User | None, now: dt.datetime) -> NewAccount:
    """A new random password, shown once; every session and token of the account ends."""
    user = _changeable(user, by)
    given = random_password()
    user.set_password(given)
    user.must_change_password = not user.is_demo
    user.save(update_fields=["password", "must_change_password"])
    AuthToken.objects.filter(user=user).delete()
    forget_failures(username=user.username)
    _record("account.reset_password", user, by, now)
    return NewAccount(user, given)


@transaction.atomic
def disable(*, user: User, by: User, now: dt.datetime) -> User:
    user = _changeable(user, by)
    if not user.is_active:
        raise conflict("account_disabled", _("这个账号已经停用。"))
    _keep_one_sysadmin(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    AuthToken.objects.filter(user=user).delete()
    _end_sessions(user, now)
    _record("account.disable", user, by, now)
    return user


def _end_sessions(user: User, now: dt.datetime) -> None:
    """Otherwise they would sleep, and wake when the account is enabled again."""
    for session in Session.objects.filter(expire_date__gt=now).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


@transaction.atomic
def enable(*, user: User, by: User, now: dt.datetime) -> User:
    user = _changeable(user, by)
    if user.is_active:
        raise conflict("account_enabled", _("这个账号没有停用。"))
    user.is_active = True
    user.save(update_fields=["is_active"])
    forget_failures(username=user.username)
    _record("account.enable", user, by, now)
    return user


@transaction.atomic
def change_own_password(*, user: User, old: str, new: str, now: dt.datetime) -> User:
    """Ends every other session and token; the door keeps the one at hand."""
    fresh = User.objects.select_for_update().get(pk=user.pk)
    if not fresh.check_password(old):
        raise bad_field("old_password", "wrong", _("原密码不对。"))
    if old == new:
        raise bad_field("new_password1", "unchanged", _("新密码不能与原密码相同。"))
    _check_password(new, fresh, "new_password1")
    fresh.set_password(new)
    fresh.must_change_password = False
    fresh.save(update_fields=["password", "must_change_password"])
    AuthToken.objects.filter(user=fresh).delete()
    _record("account.password", fresh, fresh, now)
    return fresh


@transaction.atomic
def issue_token(*, user: User, now: dt.datetime) -> str:
    """For an account whose password has just been proved."""
    _ask_for_a_new_one(user, now)
    if user.must_change_password and not user.is_demo:
        raise Refusal("password_change_required", _("请先在网页上登录并修改密码。"), status=403)
    _instance, token = AuthToken.objects.create(user=user)
    _record("account.sign_in", user, user, now, way="token")
    return str(token)


def record_sign_in(*, user: User, now: dt.datetime) -> None:
    """A worn-out password is good for one more sign-in: the one at which it is changed."""
    _ask_for_a_new_one(user, now)
    _record("account.sign_in", user, user, now, way="page")


def record_refused_sign_in(*, username: str, now: dt.datetime) -> None:
    """The name as typed, which may be nobody's; never the password."""
    history.record(
        by=None,
        action="account.sign_in",
        at=now,
        subject=f"user:{username[:60]}",
        succeeded=False,
    )


def grantable_regions(by: User) -> Any:
    """Regions `by` may put into an account's scope: the system administrator's are all."""
    if by.role == User.Role.SYSADMIN:
        return Region.objects.all()
    return Region.objects.visible_to(by)


def offered_regions(by: User) -> Any:
    """Those worth choosing from: down from the first that has stations of its own or parts with
    stations. Above it nation, province and city would all mean the same district, or too much."""
    regions = grantable_regions(by)
    paths = list(
        Region.objects.filter(stations__isnull=False, stations__is_practice=False)
        .values_list("path", flat=True).distinct()
    )  # fmt: skip
    shared = os.path.commonprefix([path.split("/")[:-1] for path in paths])
    return regions.filter(path__startswith="/".join([*shared, ""])) if shared else regions


def grantable_stations(by: User) -> Any:
    if by.role == User.Role.SYSADMIN:
        return Station.objects.all()
    return Station.objects.visible_to(by)


def _changeable(user: User, by: User | None) -> User:
    """The row, held until commit. Nobody changes themselves or an account they could not grant."""
    fresh = User.objects.select_for_update().get(pk=user.pk)
    if by is not None and fresh.pk == by.pk:
        raise Refusal("own_account", _("不能改自己的账号，请由另一位管理员办理。"), status=403)
    _check_grant(by, fresh.role)
    return fresh


def _check_grant(by: User | None, role: str) -> None:
    if role not in User.Role:
        raise bad_field("role", "unknown", _("没有这个角色。"))
    if by is not None and not access.may_grant(by, role):
        raise Refusal("role_not_grantable", _("您不能办理这种角色的账号。"), status=403)


def _check_scope(role: str, regions: Sequence[Region], stations: Sequence[Station]) -> None:
    wants_regions, wants_stations = role in BY_REGION, role == User.Role.STATION_HEAD
    errors: list[FieldError] = []
    for field, given, wanted in (
        ("regions", regions, wants_regions),
        ("stations", stations, wants_stations),
    ):
        if wanted and not given:
            errors.append({"field": field, "code": "required", "message": _("请选择管辖范围。")})
        if given and not wanted:
            words = _("这种角色不设这项范围。")
            errors.append({"field": field, "code": "not_for_role", "message": words})
    if errors:
        raise Refusal("invalid", errors[0]["message"], errors=errors)


def _ask_for_a_new_one(user: User, now: dt.datetime) -> None:
    if not user.must_change_password and passwords.is_worn_out(user, now=now):
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])


def _check_password(password: str, user: User, field: str) -> None:
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        errors: list[FieldError] = [
            {"field": field, "code": str(one.code), "message": one.messages[0]}
            for one in error.error_list
        ]
        raise Refusal("invalid", errors[0]["message"], errors=errors) from None


def _keep_one_sysadmin(user: User) -> None:
    others = User.objects.filter(role=User.Role.SYSADMIN, is_active=True).exclude(pk=user.pk)
    if user.role == User.Role.SYSADMIN and not others.exists():
        raise conflict("last_sysadmin", _("至少要留一个可用的系统管理员。"))


def _scope(role: str, regions: Sequence[Region], stations: Sequence[Station]) -> dict[str, Any]:
    return {
        "new_role": role,
        "regions": [region.code for region in regions],
        "stations": [station.code for station in stations],
    }


def _record(action: str, user: User, by: User | None, now: dt.datetime, **detail: Any) -> None:
    history.record(by=by, action=action, at=now, subject=f"user:{user.username}", **detail)
