"""What was typed into a form that was refused, or sent too late, is not typed again."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from audits.models import Assignment, Finding
from targets.models import TargetTable
from tests import make
from tests.checklists.test_versions import draft
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignIn = Callable[[str], Page]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, locale="zh-CN")
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: "Content Security" in line.text and faults.append(line.text))
    yield page
    context.close()
    assert faults == []


def sign_in(page: Page, username: str) -> None:
    page.fill("[name=username]", username)
    page.fill("[name=password]", make.PASSWORD)
    page.click("form.signin [type=submit]")


@pytest.fixture
def finding(cast: Cast, task: Assignment, page: Page) -> Finding:
    make.submitted(task, A02="fail")
    page.goto("/accounts/login/")
    return Finding.objects.get()


def type_waiver(page: Page, finding: Finding, day: dt.date) -> None:
    page.goto(f"/bureau/findings/{finding.pk}/")
    fill_waiver(page, day)


def fill_waiver(page: Page, day: dt.date) -> None:
    page.click("[data-open=waive]")
    page.fill("#waive-reason", "产权不清，要等区里协调")
    page.fill("#waive-review", day.isoformat())
    page.fill("#waive-document", "会议纪要〔2026〕12号")
    page.click("#waive [type=submit]")


def expect_waiver(page: Page, day: dt.date) -> None:
    expect(page.locator("#waive-reason")).to_be_visible()
    expect(page.locator("#waive-reason")).to_have_value("产权不清，要等区里协调")
    expect(page.locator("#waive-review")).to_have_value(day.isoformat())
    expect(page.locator("#waive-document")).to_have_value("会议纪要〔2026〕12号")


def test_refused_words_stand_in_their_dialog_again(finding: Finding, page: Page) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    sign_in(page, "bureau")
    page.wait_for_url("**/bureau/")

    type_waiver(page, finding, yesterday)

    expect(page.locator("[data-refused]")).to_contain_text("复核日期不能早于今天。")
    expect_waiver(page, yesterday)
    page.reload()
    expect(page.locator("#waive-reason")).to_be_hidden()
    expect(page.locator("#waive-reason")).to_have_value("")


def test_ticks_of_a_refused_form_are_kept(cast: Cast, task: Assignment, page: Page) -> None:
    free = [make.station(), make.station()]
    page.goto("/accounts/login/")
    sign_in(page, "bureau")
    page.wait_for_url("**/bureau/")
    page.goto(f"/bureau/rounds/{task.round_id}/")
    page.locator("details.pick", has_text="逐站勾选").evaluate("(one) => (one.open = true)")
    page.check(f"[name=stations][value='{free[1].code}']")
    page.select_option("section:has(> form) select[name=inspector] >> nth=0", "inspector2")
    page.fill("[name=due_on] >> nth=0", "2020-01-01")
    page.click("text=分派勾选的站")

    expect(page.locator("[data-refused]")).to_contain_text("期限不能早于轮次开始日期。")
    expect(page.locator(f"[name=stations][value='{free[1].code}']")).to_be_checked()
    expect(page.locator(f"[name=stations][value='{free[0].code}']")).not_to_be_checked()
    expect(page.locator(f"[name=stations][value='{free[1].code}']")).to_be_visible()
    expect(page.locator("[name=due_on] >> nth=0")).to_have_value("2020-01-01")
    expect(page.locator("section:has(> form) select[name=inspector] >> nth=0")).to_have_value(
        "inspector2"
    )


def test_new_item_of_a_refused_draft_is_kept(cast: Cast, page: Page) -> None:
    version = draft(cast.bureau)
    page.goto("/accounts/login/")
    sign_in(page, "bureau")
    page.wait_for_url("**/bureau/")
    page.goto(f"/bureau/checklists/{version.checklist.slug}/{version.number}/edit/")
    first = page.locator("#s-A")

    first.locator("[name='new.title']").fill("新增的一项")
    first.locator("[name='new.points']").fill("两分")
    first.locator("[name='section.A01']").select_option("B")
    first.locator("text=保存本大项").click()

    expect(page.locator("[data-refused]")).to_contain_text("应为数字")
    expect(first.locator("[name='new.title']")).to_have_value("新增的一项")
    expect(first.locator("[name='new.points']")).to_have_value("两分")
    expect(first.locator("[name='section.A01']")).to_have_value("B")
    first.locator("[name='new.points']").fill("2")
    first.locator("text=保存本大项").click()
    expect(page.locator(".toast")).to_contain_text("已保存")
    assert list(version.items.values_list("section__code", "title_zh")) == [
        ("A", "新增的一项"), ("B", "二"), ("B", "三"), ("B", "一")
    ]  # fmt: skip


def test_words_in_the_forms_beside_the_one_sent_are_kept(cast: Cast, page: Page) -> None:
    call_command("load_targets", verbosity=0)
    year = TargetTable.objects.first()
    assert year
    page.goto("/accounts/login/")
    sign_in(page, "bureau")
    page.wait_for_url("**/bureau/")
    page.goto(f"/bureau/targets/{year.year}/self-evaluation/")
    reasons = page.locator("form.reason")

    reasons.nth(0).locator("textarea").fill("第一个原因")
    reasons.nth(1).locator("textarea").fill("第二个原因")
    reasons.nth(0).get_by_role("button", name="保存").click()

    expect(page.locator(".toast")).to_contain_text("偏差原因已保存")
    expect(reasons.nth(0).locator("textarea")).to_have_value("第一个原因")
    expect(reasons.nth(1).locator("textarea")).to_have_value("第二个原因")
    assert list(year.rows.exclude(reason="").values_list("reason", flat=True)) == ["第一个原因"]


@pytest.mark.parametrize(("who", "is_same"), [("bureau", True), ("supervisor", False)])
def test_form_sent_too_late_comes_back_to_who_typed_it(
    who: str, is_same: bool, finding: Finding, page: Page
) -> None:
    day = timezone.localdate() + dt.timedelta(days=60)
    sign_in(page, "bureau")
    page.wait_for_url("**/bureau/")
    page.goto(f"/bureau/findings/{finding.pk}/")
    Session.objects.all().delete()
    fill_waiver(page, day)

    expect(page.locator(".banner--warn")).to_contain_text("刚才这一步没有做")
    sign_in(page, who)
    page.wait_for_url(f"**/bureau/findings/{finding.pk}/")

    if is_same:
        expect_waiver(page, day)
        page.click("#waive [type=submit]")
        expect(page.locator(".toast")).to_contain_text("已挂账")
    else:
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert page.evaluate("sessionStorage.length") == 0


def test_form_from_before_another_sign_in_comes_back_to_its_page(
    finding: Finding, page: Page
) -> None:
    """Signed in anew in another tab: the old form's token holds no more."""
    day = timezone.localdate() + dt.timedelta(days=60)
    sign_in(page, "bureau")
    page.wait_for_url("**/bureau/")
    page.goto(f"/bureau/findings/{finding.pk}/")
    other = page.context.new_page()
    Session.objects.all().delete()
    other.goto("/accounts/login/")
    sign_in(other, "bureau")
    other.wait_for_url("**/bureau/")

    fill_waiver(page, day)
    expect(page.locator("h1")).to_have_text("页面放得太久了")
    page.get_by_role("link", name="重新打开").click()

    page.wait_for_url(f"**/bureau/findings/{finding.pk}/")
    expect_waiver(page, day)
    page.click("#waive [type=submit]")
    expect(page.locator(".toast")).to_contain_text("已挂账")
