"""One problem's page: words kept, the camera's guide, what a critical item takes."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from audits.models import Assignment, Finding
from tests import make
from tests.browser.conftest import DRAWN, Phone, wait_until
from tests.browser.head.conftest import WORDS, agree, photograph, told, visit, wait_for, write
from tests.conftest import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]


LISTEN = """() => {
  const saved = document.querySelector("[data-slot=saved]");
  window.said = [];
  new MutationObserver(() => said.push(saved.textContent)).observe(saved, {
    childList: true, characterData: true, subtree: true
  });
}"""


def test_words_are_called_saved_when_they_are(head: Phone, finding: Finding) -> None:
    page = head.page
    page.evaluate(LISTEN)
    page.locator("[data-slot=measure]").press_sequentially("补挂")
    head.rest()
    expect(page.locator("[data-slot=saved]")).to_contain_text("已存本机")
    assert page.evaluate("window.said[0]") == "保存中…"

    head.kill_tab()
    visit(head, finding)

    expect(head.page.locator("[data-slot=measure]")).to_have_value("补挂")
    expect(head.page.locator("[data-slot=send]")).to_have_text("先拍整改后照片")


def test_the_before_photo_lies_over_the_cameras_picture(head: Phone, finding: Finding) -> None:
    page = head.page
    wait_until(lambda: len(head.all("pictures")) == 1)
    head.offline()
    page.click("[data-slot=take]")
    ghost = page.locator("#d-camera-ghost")
    expect(ghost).to_have_class(re.compile("ghost-4"))
    expect(ghost).to_have_attribute("src", re.compile("^blob:"))
    wait_until(lambda: ghost.evaluate("one => one.naturalWidth > 0"))
    blurred = page.locator("#d-photo[open]")  # as the fake camera's picture may look
    page.add_locator_handler(blurred, lambda: blurred.locator("[data-close]").click())
    page.click("#d-camera-shoot")
    wait_until(lambda: head.held() == 1)
    expect(page.locator(".shot__state")).to_have_text("在手机")
    write(head)
    kept = told(head)
    page.click("[data-slot=send]")
    head.offline(False)

    page.wait_for_url("**/my/?**", timeout=40_000)
    wait_for(finding, "submitted")
    agree(finding, kept)


HOLD_WRITES = """() => {
  const seal = crypto.subtle.encrypt.bind(crypto.subtle);
  const held = new Promise((go) => { window.letGo = go; });
  crypto.subtle.encrypt = (...given) => { window.isHeld = true; return held.then(() => seal(...given)); };
}"""


def test_it_is_handed_in_while_its_words_are_still_being_written(
    head: Phone, finding: Finding, shots: Callable[[int], list[Path]]
) -> None:
    """The button does not go off under the finger; the wish waits its turn."""
    page = head.page
    photograph(head, shots(1)[0])
    kept = told(head)
    page.evaluate(HOLD_WRITES)
    page.fill("[data-slot=measure]", WORDS)
    page.fill("[data-slot=person]", "李工")
    page.locator("[data-slot=person]").blur()
    wait_until(lambda: page.evaluate("window.isHeld"))
    page.evaluate(DRAWN)
    expect(page.locator("[data-slot=saved]")).to_have_text("保存中…")

    page.click("[data-slot=send]")
    page.evaluate("window.letGo()")

    page.wait_for_url("**/my/?**")
    wait_for(finding, "submitted")
    agree(finding, kept)


@pytest.mark.parametrize(("code", "is_offered"), [("A01", True), ("B01", False)])
def test_a_critical_problem_takes_no_gallery_pictures(
    make_phone: Callable[..., Phone], cast: Cast, task: Assignment, code: str, is_offered: bool
) -> None:
    make.submitted(task, **{code: "fail"})
    phone = make_phone()
    phone.sign_in("station", home="**/my/")

    visit(phone, Finding.objects.get())

    assert bool(phone.page.locator("[data-slot=gallery]").count()) is is_offered


def test_two_tabs_show_the_newer_words_and_the_older_tab_writes_nothing_over_them(
    head: Phone, finding: Finding, shots
) -> None:
    first: Any = head.page
    write(head)
    head.tab()
    visit(head, finding)
    expect(head.page.locator("[data-slot=measure]")).to_have_value(WORDS)
    newer = f"{WORDS}，另加固一幅"
    write(head, newer)

    first.bring_to_front()
    expect(first.locator("[data-slot=measure]")).to_have_value(newer)
    first.set_input_files("[data-slot=input]", str(shots(1)[0]))
    wait_until(lambda: head.held() > 0)
    first.reload()
    expect(first.locator("[data-slot=measure]")).to_have_value(newer)
