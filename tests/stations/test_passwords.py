import datetime as dt

import pytest
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from config import settings as real
from stations import passwords
from stations.models import FormerPassword, User
from stations.refusals import Refusal
from stations.services import accounts
from tests import make

VALIDATORS = get_password_validators(real.AUTH_PASSWORD_VALIDATORS)


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("Hong-xing-2026", []),
        ("hong-xing-2026", []),
        ("HONG-XING-star", []),
        ("红星服务站-2026a", []),
        ("hongxing2026", ["password_too_plain"]),
        ("hongxinghong", ["password_too_plain"]),
        ("Ab1-", ["password_too_short"]),
        ("20261123456", ["password_entirely_numeric", "password_too_plain"]),
    ],
)
def test_dengbao_pack(password, codes):
    found = []
    try:
        validate_password(password, password_validators=VALIDATORS)
    except ValidationError as error:
        found = sorted(one.code for one in error.error_list)

    assert found == codes


def test_every_made_up_password_passes(db):
    for _n in range(200):
        validate_password(accounts.random_password(), password_validators=VALIDATORS)


def change(user: User, old: str, new: str) -> list[str]:
    try:
        accounts.change_own_password(user=user, old=old, new=new, now=timezone.now())
    except Refusal as refusal:
        return [error["code"] for error in refusal.errors]
    return []


def test_the_last_five_cannot_be_used_again_the_sixth_can(cast):
    words = [make.PASSWORD] + [f"Lao-bing-{n}-ma" for n in range(6)]
    for old, new in zip(words, words[1:], strict=False):
        assert change(cast.inspector, old, new) == []

    assert change(cast.inspector, words[-1], words[2]) == ["password_used_before"]
    assert change(cast.inspector, words[-1], words[1]) == []
    assert FormerPassword.objects.filter(user=cast.inspector).count() == 5


def wear_out(user: User) -> None:
    """Never changed since it was joined."""
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now() - dt.timedelta(days=91))


def test_a_worn_out_password_signs_in_once_more_to_be_changed(client, cast):
    wear_out(cast.inspector)

    client.post("/accounts/login/", {"username": "inspector", "password": make.PASSWORD})
    kept_out = client.get("/m/")
    page = client.get("/accounts/password/").content.decode()

    assert (kept_out.status_code, kept_out.url) == (302, "/accounts/password/")
    assert "密码用了 90 天，该换了" in page
    assert "最近 5 次用过的密码不能再用。" in page
    new = {"new_password1": "Lao-bing-9-ma", "new_password2": "Lao-bing-9-ma"}
    client.post("/accounts/password/", {"old_password": make.PASSWORD} | new)
    assert client.get("/m/").status_code == 200


def test_a_worn_out_password_gets_no_token(client, cast):
    wear_out(cast.inspector)

    answer = client.post(
        "/api/v1/auth/token/",
        {"username": "inspector", "password": make.PASSWORD},
        content_type="application/json",
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required")


@pytest.mark.parametrize("days", [89, 91])
def test_worn_out_is_ninety_days_after_the_last_change(cast, days):
    wear_out(cast.inspector)
    change(cast.inspector, make.PASSWORD, "Lao-bing-1-ma")
    now = timezone.now() + dt.timedelta(days=days)

    assert passwords.is_worn_out(cast.inspector, now=now) is (days == 91)


def test_nothing_wears_out_under_the_other_pack_or_in_the_demonstration(cast, settings):
    later = timezone.now() + dt.timedelta(days=400)
    User.objects.filter(pk=cast.head.pk).update(is_demo=True)
    cast.head.refresh_from_db()

    assert passwords.is_worn_out(cast.head, now=later) is False
    settings.PASSWORD_DAYS = 0
    assert passwords.is_worn_out(cast.inspector, now=later) is False
