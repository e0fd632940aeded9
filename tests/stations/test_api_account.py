import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from stations.models import HistoryEntry, User
from stations.services import accounts
from tests import make

TOKEN, LOGOUT, ME = "/api/v1/auth/token/", "/api/v1/auth/logout/", "/api/v1/me/"


def ask(username: str, password: str = make.PASSWORD, **headers):
    return APIClient(enforce_csrf_checks=True).post(
        TOKEN, {"username": username, "password": password}, **headers
    )


def signed_in(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_token_opens_the_api_and_is_recorded(cast):
    answer = ask("inspector")

    assert (answer.status_code, list(answer.json())) == (200, ["token"])
    assert signed_in(answer.json()["token"]).get(ME).json()["username"] == "inspector"
    entry = HistoryEntry.objects.get(action="account.sign_in")
    assert (entry.actor, entry.succeeded, entry.detail) == (
        cast.inspector, True, {"way": "token"}
    )  # fmt: skip


def test_an_account_may_hold_several_tokens(cast):
    first, second = (ask("inspector").json()["token"] for _n in range(2))

    assert [signed_in(token).get(ME).status_code for token in (first, second)] == [200, 200]


@pytest.mark.parametrize(
    ("username", "password"),
    [("inspector", "wrong"), ("nobody", make.PASSWORD), ("off", make.PASSWORD)],
)
def test_unknown_wrong_and_disabled_answer_alike(cast, username, password):
    make.user("inspector", "off", is_active=False)

    answer = ask(username, password)

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:problem:bad_credentials", "title": "请先登录", "status": 401,
        "detail": "账号或密码不对。", "code": "bad_credentials",
    }  # fmt: skip
    entry = HistoryEntry.objects.get(action="account.sign_in")
    assert (entry.actor, entry.subject, entry.succeeded) == (None, f"user:{username}", False)


def test_five_failures_lock_even_the_right_password(cast):
    for _n in range(5):
        ask("inspector", "wrong")

    answer = ask("inspector")

    assert (answer.status_code, answer.json()["code"]) == (429, "locked")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "密码连续错了太多次，账号暂时锁定，请 15 分钟后再试。"
    assert ask("station").status_code == 200


def test_forwarded_address_does_not_lift_the_lock(cast):
    for n in range(5):
        ask("inspector", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")

    assert ask("inspector", HTTP_X_FORWARDED_FOR="10.9.9.9").status_code == 429


def test_reset_password_lifts_the_lock(cast):
    for _n in range(5):
        ask("inspector", "wrong")
    fresh = accounts.reset_password(user=cast.inspector, by=cast.bureau, now=timezone.now())

    answer = ask("inspector", fresh.password)

    assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required")


def test_first_password_gives_no_token(cast):
    User.objects.filter(pk=cast.inspector.pk).update(must_change_password=True)

    answer = ask("inspector")

    assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required")


def test_demonstration_account_is_spared_the_change(cast):
    User.objects.filter(pk=cast.inspector.pk).update(must_change_password=True, is_demo=True)

    assert ask("inspector").status_code == 200


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, ["username", "password"]),
        ({"username": "inspector"}, ["password"]),
        ({"username": "a\x00", "password": "x"}, ["username"]),
        ({"username": ["a"], "password": {"b": 1}}, ["username", "password"]),
    ],
)
def test_missing_fields_are_named(cast, sent, fields):
    answer = APIClient().post(TOKEN, sent)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == fields


def test_logout_ends_this_token_only(cast):
    first, second = (ask("inspector").json()["token"] for _n in range(2))

    assert signed_in(first).post(LOGOUT).status_code == 204
    assert [signed_in(token).get(ME).status_code for token in (first, second)] == [401, 200]


def test_disabled_account_is_out_with_the_next_request(cast):
    token = ask("inspector").json()["token"]
    User.objects.filter(pk=cast.inspector.pk).update(is_active=False)

    assert signed_in(token).get(ME).status_code == 401


@pytest.mark.parametrize("token", ["x", "", "a b", "\xff\xfe", "x" * 500])
def test_odd_tokens_are_401(cast, token):
    answer = signed_in(token).get(ME)

    assert (answer.status_code, answer.json()["status"]) == (401, 401)


def test_session_without_csrf_token_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.head)

    answer = client.patch(f"/api/v1/stations/{cast.station.code}/", {}, "application/json")

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("who", "regions", "stations"),
    [
        ("bureau", ["440309"], []),
        ("supervisor", ["440309001"], []),
        ("inspector", [], ["here"]),
        ("inspector2", [], []),
        ("head", [], ["here"]),
        ("sysadmin", [], []),
        ("auditor", [], []),
    ],
)
def test_me_tells_role_and_scope(cast, task, api, who, regions, stations):
    user = getattr(cast, who)

    body = api(user).get(ME).json()

    assert {name: body[name] for name in ("username", "role", "regions", "stations")} == {
        "username": user.username,
        "role": user.role,
        "regions": regions,
        "stations": [cast.station.code for _here in stations],
    }


def test_me_needs_somebody(db, api):
    assert api().get(ME).status_code == 401
