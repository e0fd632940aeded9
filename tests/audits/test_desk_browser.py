"""The bureau's desk in a real Chromium: review by keyboard, ticking stations, the wall by itself."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from audits import outbox
from audits.models import Assignment, Finding
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
def desk(cast: Cast, browser: Browser, live_server: Any) -> Iterator[Page]:
    """The bureau signed in at a desk; no script may fail, nothing may break the CSP."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="zh-CN"
    )
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: "Content Security" in line.text and faults.append(line.text))
    page.goto("/accounts/login/")
    page.fill("[name=username]", "bureau")
    page.fill("[name=password]", make.PASSWORD)
    page.click("form.signin [type=submit]")
    page.wait_for_url("**/bureau/")
    yield page
    context.close()
    assert faults == []


def test_review_goes_at_the_speed_of_a_keyboard(cast: Cast, task: Assignment, desk: Page) -> None:
    make.submitted(task, A02="fail", B02="fail")
    first, second = (
        make.rectified(finding, cast.head) for finding in Finding.objects.order_by("item_code")
    )
    desk.goto("/bureau/review/")

    desk.keyboard.press("j")
    desk.wait_for_url(f"**/bureau/review/{second.pk}/")
    desk.keyboard.press("r")
    expect(desk.locator("#send-back")).to_be_visible()
    desk.click("#send-back [data-phrase=看不清]")
    expect(desk.locator("#send-back textarea")).to_have_value("看不清")
    desk.click("#send-back [type=submit]")
    desk.wait_for_url(f"**/bureau/review/{first.pk}/")
    desk.keyboard.press("c")
    expect(desk.locator("main")).to_contain_text("没有等待复查的问题")

    assert list(Finding.objects.order_by("item_code").values_list("status", flat=True)) == [
        "closed", "in_progress"
    ]  # fmt: skip


def test_both_pictures_are_looked_at_from_near_on_the_same_spot(
    cast: Cast, task: Assignment, desk: Page
) -> None:
    finding = Finding.objects.get(audit=make.submitted(task, A02="fail"))
    make.photo(cast.inspector, finding=finding, kind="before")
    make.rectified(finding, cast.head)
    outbox.drain()
    desk.goto("/bureau/review/")
    images = desk.locator(".compare img")
    expect(images).to_have_count(2)

    desk.keyboard.press("z")
    desk.locator(".compare .thumb").first.hover(position={"x": 10, "y": 10})
    near = images.evaluate_all("all => all.map((one) => getComputedStyle(one).transform)")
    spots = images.evaluate_all("all => all.map((one) => getComputedStyle(one).transformOrigin)")
    desk.keyboard.press("ArrowRight")
    moved = images.evaluate_all("all => all.map((one) => getComputedStyle(one).transformOrigin)")
    desk.keyboard.press("z")
    far = images.evaluate_all("all => all.map((one) => getComputedStyle(one).transform)")

    assert near == ["matrix(3, 0, 0, 3, 0, 0)"] * 2
    assert spots[0] == spots[1] != moved[0] == moved[1]
    assert far == ["none"] * 2


def test_critical_item_is_photographed_and_closed(
    cast: Cast, task: Assignment, desk: Page, tmp_path: Path
) -> None:
    make.submitted(task, B01="fail")
    finding = make.rectified(Finding.objects.get(), cast.head)
    picture = tmp_path / "site.jpg"
    picture.write_bytes(make.picture(91))
    desk.goto(f"/bureau/review/{finding.pk}/")
    expect(desk.locator("[data-key=c]")).to_be_disabled()

    desk.set_input_files("[data-onsite] input", str(picture))

    expect(desk.locator("[data-key=c]")).to_be_enabled()
    desk.click("[data-key=c]")
    expect(desk.locator("main")).to_contain_text("没有等待复查的问题")
    assert Finding.objects.get().status == "closed"


def test_bar_shows_only_while_stations_are_ticked(cast: Cast, task: Assignment, desk: Page) -> None:
    make.assignment(cast.bureau, cast.inspector, cast.other_station, task.round)
    desk.goto(f"/bureau/rounds/{task.round_id}/")
    bar = desk.locator("[data-bulk-bar]")
    expect(bar).to_be_hidden()

    desk.check("[data-bulk-all]")

    expect(bar).to_contain_text("已选 2")
    desk.select_option("[data-bulk] select[name=inspector]", "inspector2")
    desk.click("text=保存指派")
    expect(desk.locator(".toast")).to_contain_text("已改派 2 个单位。")
    people = {task.inspector.username for task in Assignment.objects.select_related("inspector")}
    assert people == {"inspector2"}


def test_wall_changes_by_itself_and_says_when_it_cannot(
    cast: Cast, task: Assignment, desk: Page
) -> None:
    desk.clock.install()
    desk.goto("/wall/")
    expect(desk.locator("[data-board] .figure")).to_have_text("—")

    make.submitted(task, A02="fail")
    make.figures()
    desk.clock.run_for(6000)
    expect(desk.locator("[data-board] .figure")).to_have_text("0.0%")

    desk.route("**/wall/board/*", lambda route: route.abort())
    desk.clock.run_for(6000)
    expect(desk.locator(".wall__offline")).to_be_visible()
    expect(desk.locator("[data-board] .figure")).to_have_text("0.0%")
    desk.unroute("**/wall/board/*")
    desk.clock.run_for(6000)
    expect(desk.locator(".wall__offline")).to_be_hidden()


def test_round_s_progress_moves_by_itself_and_keeps_the_ticks(
    cast: Cast, task: Assignment, desk: Page
) -> None:
    other = make.assignment(cast.bureau, cast.inspector, cast.other_station, task.round)
    desk.goto(f"/bureau/rounds/{task.round_id}/")
    desk.evaluate("window.isTheSame = true")
    desk.check(f"[name=assignments][value='{other.pk}']")
    row = desk.locator(f"[data-task='{task.pk}']")
    expect(row).to_contain_text("未开始")

    make.submitted(task)

    expect(row).to_contain_text("已完成")
    expect(desk.locator("[data-live=standing] .load")).to_contain_text("1/2")
    expect(row.locator("[name=assignments]")).to_have_count(0)
    expect(desk.locator(f"[name=assignments][value='{other.pk}']")).to_be_checked()
    assert desk.evaluate("window.isTheSame")  # no reload
