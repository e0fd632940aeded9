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
