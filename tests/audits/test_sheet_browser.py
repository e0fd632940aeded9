"""The sheet in a real Chromium: what is tapped is saved, and the page says when it is not."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from audits.models import Answer, Assignment, Audit, Finding
from tests import make
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def phone(browser: Browser, live_server: Any) -> Iterator[Any]:
    """`phone("inspector")`: a phone with that person signed in, that minds its own errors."""
    contexts, faults = [], []

    def signed_in(username: str) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 390, "height": 844}, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("/accounts/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", make.PASSWORD)
        page.click("form.signin [type=submit]")
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    yield signed_in
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "photo.jpg"
    path.write_bytes(make.picture(77))
    return str(path)


def saved(page: Page) -> None:
    expect(page.locator("[data-slot=subheading]")).to_contain_text("都在服务器")


def step(page: Page, code: str) -> None:
    """The thumb goes on, and the item that comes next is open."""
    page.click("[data-slot=next_step]")
    expect(page.locator("article.item:not(.item--done) [data-slot=code]")).to_have_text(code)


def shoot(page: Page, picture: str) -> None:
    with page.expect_file_chooser() as chooser:
        page.click("[data-act=camera]")
    chooser.value.set_files(picture)


def answers(task: Assignment) -> dict[str, str]:
    rows = Answer.objects.filter(audit__assignment=task).select_related("item")
    return {answer.item.code: answer.result for answer in rows}


def test_sheet_is_filled_photographed_and_handed_in(
    task: Assignment, phone: Any, picture: str
) -> None:
    page = phone("inspector")
    page.goto(f"/m/a/{task.pk}/")

    page.click("[data-result=pass]")
    shoot(page, picture)
    expect(page.locator(".shot[data-photo] .shot__state")).to_have_text("服务器")
    step(page, "A02")
    page.click("[data-result=partial]")
    expect(page.locator("[data-slot=trouble_text]").first).to_be_hidden()
    expect(page.get_by_text("还缺说明", exact=True).first).to_be_visible()
    page.click("[data-phrase=内容未更新]")
    for code in ("B01", "B02"):
        step(page, code)
        page.click("[data-result=pass]")
        expect(page.locator("[data-result=pass]")).to_have_attribute("aria-pressed", "true")
    saved(page)
    page.click("[data-slot=next_step]")
    page.click("[data-slot=submit]")

    expect(page.get_by_text("全部交齐，可以离站")).to_be_visible()
    expect(page.locator("[data-slot=strong]")).to_have_text("4 项·1 张照片")
    expect(page.locator("[data-slot=total]")).to_have_text("90.0")
    assert answers(task) == {"A01": "pass", "A02": "partial", "B01": "pass", "B02": "pass"}
    assert Audit.objects.get().state == Audit.State.COMPLETE
    assert Finding.objects.get().note == "内容未更新"


def test_missing_items_are_listed_and_jumped_to(task: Assignment, phone: Any) -> None:
    page = phone("inspector")
    page.goto(f"/m/a/{task.pk}/#leave")

    expect(page.get_by_text("还有 4 项没有做完")).to_be_visible()
    page.click("[data-jump=B01]")

    expect(page.locator(".item:not(.item--done) [data-slot=code]")).to_have_text("B01")


def test_session_over_is_mended_in_place(task: Assignment, phone: Any) -> None:
    page = phone("inspector")
    page.goto(f"/m/a/{task.pk}/")
    page.wait_for_selector(".choice")
    page.context.clear_cookies(name="sessionid")

    page.click("[data-result=pass]")
    page.fill("#d-signin-password", "wrong")
    page.click("#d-signin [type=submit]")
    expect(page.locator("#d-signin-error")).to_be_visible()
    page.fill("#d-signin-password", make.PASSWORD)
    page.click("#d-signin [type=submit]")

    expect(page.locator("#d-signin")).to_be_hidden()
    saved(page)
    assert answers(task) == {"A01": "pass"}


def test_station_head_takes_the_after_photo_and_sends(
    cast: Cast, task: Assignment, phone: Any, picture: str
) -> None:
    make.submitted(task, B02="fail")
    finding = Finding.objects.get()
    page = phone("station")
    page.click(f"a[href='/my/findings/{finding.pk}/']")
    send = page.locator("[data-slot=send]")
    expect(send).to_have_text("先拍整改后照片")

    page.set_input_files("[data-slot=input]", picture)
    expect(send).to_have_text("再写一句做了什么")
    page.fill("[data-slot=measure]", "补挂两幅，全部扶正")
    send.click()

    expect(page.get_by_text("已提交复查，等检查员或街道看过后销号。")).to_be_visible()
    finding.refresh_from_db()
    assert finding.status == Finding.Status.SUBMITTED
    assert finding.rectifications.get().measure == "补挂两幅，全部扶正"
