"""The door: sign-in, lockout, the first password, the way home, type size and language."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests.conftest import Cast

LOGIN = "/accounts/login/"


def sign_in(client: Client, username: str, password: str, next: str = "") -> object:
    return client.post(LOGIN, {"username": username, "password": password, "next": next})


def test_sign_in_leads_home_and_is_recorded(client: Client, cast: Cast) -> None:
    from stations.models import HistoryEntry

    response = sign_in(client, "inspector", make.PASSWORD)

    assert (response.status_code, response.url) == (302, "/")
    assert HistoryEntry.objects.filter(action="account.sign_in", succeeded=True).count() == 1


def test_wrong_password_says_so_and_keeps_the_name(client: Client, cast: Cast) -> None:
    page = sign_in(client, "inspector", "nope").content.decode()

    assert "账号或密码不对" in page
    assert 'value="inspector"' in page
    assert "nope" not in page


def test_sixth_try_is_locked_even_with_the_right_password(client: Client, cast: Cast) -> None:
    for _ in range(5):
        sign_in(client, "inspector", "nope")

    response = sign_in(client, "inspector", make.PASSWORD)

    assert response.status_code == 429
    assert "暂时锁定" in response.content.decode()


@pytest.mark.parametrize("target", ["//evil.example", "https:evil.example", "/\\evil.example"])
def test_sign_in_stays_on_this_site(client: Client, cast: Cast, target: str) -> None:
    assert sign_in(client, "inspector", make.PASSWORD, target).url == "/"


@pytest.mark.parametrize(
    ("who", "home"),
    [("inspector", "/m/"), ("head", "/my/"), ("stranger", "/my/")],
)
def test_home_is_where_the_role_works(client: Client, cast: Cast, who: str, home: str) -> None:
    client.force_login(getattr(cast, who))

    assert client.get("/").url == home


def test_first_password_comes_before_everything(client: Client, cast: Cast) -> None:
    user = cast.inspector
    user.must_change_password = True
    user.save()
    client.force_login(user)

    assert client.get("/m/").url == reverse("password_change")
    assert client.get("/api/v1/me/").json()["code"] == "password_change_required"

    changed = client.post(
        reverse("password_change"),
        {
            "old_password": make.PASSWORD,
            "new_password1": "qing-song-88-li",
            "new_password2": "qing-song-88-li",
        },
    )

    assert changed.url == "/"
    assert client.get("/m/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", "qing-song-88-li", "qing-song-88-li", "原密码不对"),
        (make.PASSWORD, "qing-song-88-li", "another", "两次写的新密码不一样"),
        (make.PASSWORD, "123", "123", "太短"),
    ],
)
def test_password_refused_says_why(
    client: Client, cast: Cast, old: str, new: str, again: str, words: str
) -> None:
    client.force_login(cast.inspector)

    page = client.post(
        reverse("password_change"),
        {"old_password": old, "new_password1": new, "new_password2": again},
    ).content.decode()

    assert words in page


def test_large_type_is_in_the_first_paint(client: Client, cast: Cast) -> None:
    client.force_login(cast.inspector)

    response = client.post(reverse("set_size"), {"size": "large", "next": "/m/"})

    assert response.url == "/m/"
    assert '<html lang="zh-Hans" data-size="large">' in client.get("/m/").content.decode()


def test_type_size_never_leads_away(client: Client, cast: Cast) -> None:
    response = client.post(reverse("set_size"), {"size": "large", "next": "https://evil.example/"})

    assert response.url == "/"


def test_language_can_be_switched(client: Client, cast: Cast) -> None:
    client.force_login(cast.inspector)

    client.post(reverse("set_language"), {"language": "en", "next": "/m/"})

    assert '<html lang="en">' in client.get("/m/").content.decode()


def test_forged_form_is_refused_in_plain_words(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(LOGIN, {"username": "inspector", "password": make.PASSWORD})

    assert response.status_code == 403
    assert "页面放得太久了" in response.content.decode()


def test_unknown_page_wears_the_same_clothes(client: Client, db: None) -> None:
    response = client.get("/nothing/")

    assert response.status_code == 404
    assert "没有找到这一页" in response.content.decode()


def test_pages_carry_a_strict_policy(client: Client, cast: Cast) -> None:
    policy = client.get(LOGIN)["Content-Security-Policy"]

    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


def test_nothing_shown_to_one_person_is_kept_for_the_next(client: Client, cast: Cast) -> None:
    client.force_login(cast.inspector)

    for path in ("/m/", "/api/v1/me/", "/nothing/"):
        assert client.get(path)["Cache-Control"] == "private, no-store", path
