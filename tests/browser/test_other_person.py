"""A page left open in one tab while somebody else signs in in another: it acts for nobody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from audits.models import Assignment, Finding
from tests import make
from tests.browser.conftest import Phone
from tests.conftest import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(120),
]


def test_a_recheck_is_not_closed_as_who_signed_in_since(
    make_phone: Callable[..., Phone], cast: Cast, task: Assignment
) -> None:
    make.submitted(task, A01="fail")
    finding = Finding.objects.get()
    make.rectified(finding, cast.head)
    phone = make_phone()
    phone.sign_in("inspector")
    phone.page.goto(f"/visit/findings/{finding.pk}/")
    left_open = phone.page
    replace(phone, "bureau", "**/bureau/**")

    left_open.bring_to_front()  # a tab in the back draws nothing
    left_open.click("[data-slot=send]")

    expect(left_open.locator("#d-signin")).to_be_visible()
    finding.refresh_from_db()
    assert (finding.status, finding.closed_by) == ("submitted", None)


def replace(phone: Phone, username: str, home: str) -> None:
    assert phone.context
    phone.context.clear_cookies(name="sessionid")
    phone.tab()
    phone.sign_in(username, home=home)
