"""The station head's phone when a session ends, or another person takes it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from audits.models import Assignment, EvidencePhoto, Finding
from tests import make
from tests.browser.conftest import Phone, wait_until
from tests.browser.head.conftest import KEYS, WORDS, agree, keep_in, wait_for
from tests.browser.proxy import Fault, Proxy
from tests.browser.test_offline_faults import DUMP
from tests.conftest import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]


def test_a_phone_that_changes_hands_keeps_the_heads_work(
    head: Phone, line: Proxy, cast: Cast, finding: Finding, shots
) -> None:
    make.submitted(
        make.assignment(cast.bureau, cast.inspector, cast.stranger.stations.get()), A01="fail"
    )
    line.rule = lambda method, path: Fault("down") if "/photos/" in path else None
    kept = keep_in(head, shots(1)[0])
    page = head.page
    page.goto("/accounts/mine/")
    page.click("form[action$='/logout/'] button")
    expect(page.locator("#d-leave-words")).to_contain_text("1 张照片、1 项整改没有送出")
    page.click("#d-leave-go")
    page.wait_for_url("**/accounts/login/**")
    line.rule = lambda method, path: None

    head.sign_in("stranger", home="**/my/")
    wait_until(lambda: "key" in head.ask(KEYS))
    expect(page.locator("[data-slot=pending]")).to_be_hidden()
    assert WORDS not in head.ask(DUMP)
    assert finding.title not in head.ask(DUMP)
    assert not EvidencePhoto.objects.filter(kind="after").exists()
    page.goto("/accounts/mine/")
    page.click("form[action$='/logout/'] button")
    page.wait_for_url("**/accounts/login/**")
    head.sign_in("station", home="**/my/**")

    wait_for(finding, "submitted")
    agree(finding, kept)


def test_the_shell_an_inspector_left_sends_a_head_to_their_own_page(
    phone: Phone, task: Assignment
) -> None:
    phone.ready(task)
    page = phone.page
    page.goto("/accounts/mine/")
    page.click("form[action$='/logout/'] button")
    page.wait_for_url("**/accounts/login/**")
    phone.sign_in("station", home="**/my/")

    page.goto("/m/", wait_until="commit")  # it goes on by itself

    page.wait_for_url("**/my/")


def test_signing_in_over_a_session_that_ended_closes_the_others_store(
    head: Phone, line: Proxy, cast: Cast, finding: Finding, shots
) -> None:
    """Nobody pressed sign-out: the inspector's app must not go on as the station head."""
    line.rule = lambda method, path: Fault("down") if "/photos/" in path else None
    keep_in(head, shots(1)[0])
    assert head.context
    head.context.clear_cookies(name="sessionid")
    line.rule = lambda method, path: None

    head.sign_in("inspector")

    head.page.wait_for_selector(".station, [data-slot=none]:not([hidden])")
    wait_until(lambda: '"inspector"' in head.ask("localStorage['phone.person'] || ''"))
    expect(head.page.locator("[data-slot=subheading]")).to_contain_text(str(cast.inspector))
    expect(head.page.locator("#d-signin")).to_be_hidden()
    assert WORDS not in head.ask(DUMP)
    assert not EvidencePhoto.objects.filter(kind="after").exists()


def test_a_session_that_ends_is_taken_up_in_place(head: Phone, finding: Finding, shots) -> None:
    page = head.page
    head.offline()
    kept = keep_in(head, shots(1)[0])
    assert head.context
    head.context.clear_cookies(name="sessionid")
    head.offline(False)
    head.wake()
    page.wait_for_selector("#d-signin[open]")
    expect(page.locator("#d-signin-words")).to_contain_text("1 张照片和 1 项整改")
    page.fill("#d-signin-password", make.PASSWORD)
    page.click("#d-signin [type=submit]")

    page.wait_for_url("**/my/?**")
    wait_for(finding, "submitted")
    agree(finding, kept)


def test_who_puts_off_signing_in_is_let_on_when_the_session_is_back(
    make_phone: Callable[..., Phone], line: Proxy, finding: Finding
) -> None:
    line.rule = lambda method, path: Fault("down") if path.endswith("v1/work/") else None
    phone = make_phone()
    phone.sign_in("station", home="**/my/")
    expect(phone.page.locator("[data-slot=not_open]")).to_be_visible()
    assert phone.context
    cookies: Any = phone.context.cookies()
    phone.context.clear_cookies(name="sessionid")
    line.rule = lambda method, path: None

    phone.page.click("#d-signin [data-close]")
    expect(phone.page.locator("[data-slot=signed_out_words]")).to_have_text(
        "登录后才能存照片和提交整改。"
    )
    expect(phone.page.locator("[data-slot=signin_again]")).to_be_visible()
    expect(phone.page.locator("[data-slot=not_open]")).to_be_hidden()
    phone.context.add_cookies(cookies)

    expect(phone.page.locator("[data-slot=signin_again]")).to_be_hidden(timeout=15_000)
    expect(phone.page.locator("[data-slot=not_open]")).to_be_hidden()


def test_who_puts_off_signing_in_is_told_what_waits_for_it(
    head: Phone, finding: Finding, shots
) -> None:
    page = head.page
    head.offline()
    keep_in(head, shots(1)[0])
    assert head.context
    head.context.clear_cookies(name="sessionid")
    head.offline(False)
    head.wake()
    page.wait_for_selector("#d-signin[open]")

    page.click("#d-signin [data-close]")

    expect(page.locator("[data-slot=signed_out_words]")).to_have_text(
        "拍的照片和写的都存在手机，登录后接着传。"
    )
    page.click("[data-slot=signin_again]")
    page.fill("#d-signin-password", make.PASSWORD)
    page.click("#d-signin [type=submit]")
    page.wait_for_url("**/my/?**")
    wait_for(finding, "submitted")
