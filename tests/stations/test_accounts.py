import datetime as dt

import pytest
from knox.models import AuthToken

from stations.models import HistoryEntry, User
from stations.refusals import Refusal
from stations.services import accounts
from tests import make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


def refused(call, **arguments) -> tuple[str, int, list[tuple[str, str]]]:
    with pytest.raises(Refusal) as caught:
        call(now=NOW, **arguments)
    told = caught.value
    return told.code, told.status, [(e["field"], e["code"]) for e in told.errors]


def created(by, role="inspector", username="new", **fields) -> accounts.NewAccount:
    given = {"display_name": "检查员己", "regions": [], "stations": []}
    return accounts.create_account(
        username=username, role=role, by=by, now=fields.pop("now", NOW), **given | fields
    )


def test_new_account_gets_a_random_password_to_be_changed(cast):
    made = created(cast.bureau)

    assert made.user.check_password(made.password)
    assert len(made.password) == 19
    assert (made.user.must_change_password, made.user.is_staff, made.user.is_superuser) == (
        True, False, False
    )  # fmt: skip
    entry = HistoryEntry.objects.get(action="account.create")
    assert (entry.subject, entry.detail) == (
        "user:new", {"new_role": "inspector", "regions": [], "stations": []}
    )  # fmt: skip
    assert made.password not in str(entry.__dict__)


@pytest.mark.parametrize(
    ("role", "staff"),
    [
        ("inspector", False), ("station_head", False), ("supervisor", False),
        ("bureau", True), ("sysadmin", True), ("auditor", True),
    ],
)  # fmt: skip
def test_desk_roles_reach_the_admin(cast, role, staff):
    scope = {
        "bureau": {"regions": [make.region("440309")]},
        "supervisor": {"regions": [cast.station.region]},
        "station_head": {"stations": [cast.station]},
    }.get(role, {})

    assert created(cast.sysadmin, role, **scope).user.is_staff is staff


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"username": "STATION"}, [("username", "taken")]),
        ({"role": "king"}, [("role", "unknown")]),
        ({"role": "supervisor"}, [("regions", "required")]),
        ({"role": "station_head"}, [("stations", "required")]),
        ({"password": "Short-1"}, [("password", "password_too_short")]),
        (
            {"password": "0123456789"},
            [
                ("password", "password_too_common"),
                ("password", "password_entirely_numeric"),
                ("password", "password_too_plain"),
            ],
        ),
    ],
)
def test_account_that_does_not_fit_is_refused(cast, fields, errors):
    assert refused(created, by=cast.sysadmin, **fields) == ("invalid", 400, errors)


def test_scope_that_is_not_the_roles_is_refused(cast):
    assert refused(
        created, by=cast.bureau, regions=[cast.station.region], stations=[cast.station]
    ) == ("invalid", 400, [("regions", "not_for_role"), ("stations", "not_for_role")])


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("bureau", "sysadmin"), ("bureau", "auditor"), ("supervisor", "station_head"),
        ("inspector", "inspector"), ("head", "station_head"), ("auditor", "auditor"),
    ],
)  # fmt: skip
def test_nobody_makes_an_account_beyond_their_grants(cast, who, role):
    assert refused(created, by=getattr(cast, who), role=role)[:2] == ("role_not_grantable", 403)


def change(user, by, role="inspector", now=NOW, **fields):
    given = {"display_name": "", "regions": [], "stations": []}
    return accounts.change_scope(user=user, role=role, by=by, now=now, **given | fields)


def test_scope_changes_take_effect_and_are_recorded(cast):
    change(cast.head, cast.bureau, "station_head", stations=[cast.other_station])

    assert list(cast.head.stations.all()) == [cast.other_station]
    assert HistoryEntry.objects.get(action="account.scope").detail == {
        "new_role": "station_head", "regions": [], "stations": [cast.other_station.code]
    }  # fmt: skip


def test_nobody_changes_their_own_account(cast):
    for call in (accounts.disable, accounts.enable, accounts.reset_password, change):
        assert refused(call, user=cast.sysadmin, by=cast.sysadmin)[:2] == ("own_account", 403)


def test_nobody_touches_an_account_they_could_not_grant(cast):
    for call in (accounts.disable, accounts.enable, accounts.reset_password, change):
        assert refused(call, user=cast.auditor, by=cast.bureau)[:2] == ("role_not_grantable", 403)


def test_bureau_cannot_promote_into_a_role_it_cannot_grant(cast):
    assert refused(change, user=cast.inspector, by=cast.bureau, role="sysadmin")[:2] == (
        "role_not_grantable", 403
    )  # fmt: skip


def test_disabled_account_loses_its_tokens_and_comes_back(cast):
    AuthToken.objects.create(user=cast.inspector)

    accounts.disable(user=cast.inspector, by=cast.bureau, now=NOW)

    assert not AuthToken.objects.exists()
    assert User.objects.get(pk=cast.inspector.pk).is_active is False
    assert refused(accounts.disable, user=cast.inspector, by=cast.bureau)[:2] == (
        "account_disabled", 409
    )  # fmt: skip
    accounts.enable(user=cast.inspector, by=cast.bureau, now=NOW)
    assert refused(accounts.enable, user=cast.inspector, by=cast.bureau)[:2] == (
        "account_enabled", 409
    )  # fmt: skip


def test_one_system_administrator_always_remains(cast):
    other = make.user("sysadmin", "sysadmin2")
    accounts.disable(user=other, by=cast.sysadmin, now=NOW)

    assert refused(accounts.disable, user=cast.sysadmin, by=other)[:2] == ("last_sysadmin", 409)
    assert refused(change, user=cast.sysadmin, by=other)[:2] == ("last_sysadmin", 409)


def test_reset_password_ends_tokens_and_asks_for_a_new_one(cast):
    AuthToken.objects.create(user=cast.inspector)

    fresh = accounts.reset_password(user=cast.inspector, by=cast.bureau, now=NOW)

    user = User.objects.get(pk=cast.inspector.pk)
    assert user.check_password(fresh.password)
    assert user.must_change_password
    assert not AuthToken.objects.exists()


def test_own_password_is_changed(cast):
    AuthToken.objects.create(user=cast.inspector)
    User.objects.filter(pk=cast.inspector.pk).update(must_change_password=True)

    accounts.change_own_password(
        user=cast.inspector, old=make.PASSWORD, new="jin-tian-2026-hao", now=NOW
    )

    user = User.objects.get(pk=cast.inspector.pk)
    assert (user.check_password("jin-tian-2026-hao"), user.must_change_password) == (True, False)
    assert not AuthToken.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "errors"),
    [
        ("wrong", "jin-tian-2026-hao", [("old_password", "wrong")]),
        (make.PASSWORD, make.PASSWORD, [("new_password1", "unchanged")]),
        (make.PASSWORD, "Short-1", [("new_password1", "password_too_short")]),
    ],
)
def test_own_password_is_not_changed(cast, old, new, errors):
    assert refused(accounts.change_own_password, user=cast.head, old=old, new=new) == (
        "invalid", 400, errors
    )  # fmt: skip
