"""A refusal on a page: back to where the form stood, never to another site."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests.conftest import Cast


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://testserver/bureau/rounds/?page=2", "/bureau/rounds/?page=2"),
        ("https://elsewhere.example/bureau/", "/"),
        ("", "/"),
    ],
)
def test_refused_form_goes_back_where_it_stood(
    referrer: str, back: str, cast: Cast, client: Client
) -> None:
    round = make.round_(cast.bureau)
    client.force_login(cast.bureau)

    answer = client.post(
        reverse("desk-round-assign", args=[round.pk]),
        {"due_on": "nonsense"},
        headers={"referer": referrer},
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, back)


def test_refused_page_is_a_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.head)

    answer = client.get(reverse("desk-rounds"))

    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "您的账号不能打开这一页" in answer.content.decode()


def test_form_sent_after_the_session_ended_comes_back_to_its_page(
    cast: Cast, client: Client
) -> None:
    """The address of the step itself answers no visit: a blank page was shown after signing in."""
    round = make.round_(cast.bureau)
    page = reverse("desk-round", args=[round.pk])

    sent = client.post(
        reverse("desk-round-assign", args=[round.pk]), {"all": "1"},
        headers={"referer": f"http://testserver{page}?page=2"},
    )  # fmt: skip
    told = client.get(sent.headers["Location"]).content.decode()

    assert sent.headers["Location"] == f"/accounts/login/?next={page}%3Fpage%3D2"
    assert "登录已过期，刚才这一步没有做。登录后请再做一次。" in told


def test_address_of_a_step_visited_says_what_to_do(cast: Cast, client: Client) -> None:
    round = make.round_(cast.bureau)
    client.force_login(cast.bureau)

    answer = client.get(reverse("desk-round-assign", args=[round.pk]))

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "这一步要用页面上的按钮来做。请回到原来的页面再试。" in answer.content.decode()
