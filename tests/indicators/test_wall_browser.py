"""大屏 in a real Chromium: turns by itself, can be stopped, lives through a server that goes away."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from audits.models import Finding
from audits.services import findings
from tests import make
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ITEMS = [(part, f"{part}0{n}", "10", "none", False) for part in "AB" for n in (1, 2)]
HEIGHT = "document.querySelector('[data-slide]:not([hidden])').getBoundingClientRect().height"
# In one step: a slide taken hold of first may have been replaced by the next board when it is asked.
MOTION = "getComputedStyle(document.querySelector('[data-slide=whole]')).animationName"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def audited(cast: Cast) -> Finding:
    make.version(items=ITEMS)
    make.submitted(
        make.assignment(cast.bureau, cast.inspector, cast.station), A01="fail", B02="fail"
    )
    make.figures()
    return Finding.objects.get(item_code="B02")


@pytest.fixture
def page(cast: Cast, browser: Browser, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1920, "height": 1080}, locale="zh-CN"
    )
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/accounts/login/?next=/wall/")
    page.fill("[name=username]", "bureau")
    page.fill("[name=password]", make.PASSWORD)
    page.clock.install()  # half a minute passes when the test says so
    page.click("form.signin [type=submit]")
    page.wait_for_selector("[data-dots]:not([hidden])")
    yield page
    context.close()
    assert faults == []


def shown(page: Page) -> list[str]:
    return page.locator("[data-slide]:not([hidden])").evaluate_all(
        "slides => slides.map(slide => slide.dataset.slide)"
    )


def test_boards_turn_every_half_minute_and_fill_the_screen(audited: Finding, page: Page) -> None:
    seen = [shown(page)]
    for _turn in range(4):
        page.clock.run_for(31_000)
        seen.append(shown(page))
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert page.evaluate(HEIGHT) > 850

    assert seen == [["whole"], ["regions"], ["items"], ["trend"], ["whole"]]


def test_space_stops_it_and_a_reload_stays_on_its_board(audited: Finding, page: Page) -> None:
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.clock.run_for(120_000)

    assert shown(page) == ["regions"]
    expect(page.locator("[data-pause]")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.locator("[data-slide=regions]")).to_be_visible()
    page.click("[data-to=trend]")
    assert shown(page) == ["trend"]


def test_who_asks_for_less_motion_turns_by_hand(audited: Finding, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    page.wait_for_selector("[data-dots]:not([hidden])")
    page.clock.run_for(120_000)

    assert shown(page) == ["whole"]
    assert page.evaluate(MOTION) == "none"
    page.click("[data-pause]")
    page.clock.run_for(31_000)
    assert shown(page) == ["regions"]


def test_a_change_is_there_within_five_seconds_without_a_reload(
    cast: Cast, audited: Finding, page: Page
) -> None:
    figure = page.locator("[data-slide=whole] .figure")
    expect(figure).to_have_text("0.0%")
    page.evaluate("window.same = true")
    findings.close(finding=make.rectified(audited, cast.head), by=cast.bureau, now=timezone.now())
    make.figures()

    page.clock.run_for(5_000)

    expect(figure).to_have_text("50.0%")
    assert page.evaluate("window.same") is True


def test_the_last_figures_stay_while_the_server_is_away(audited: Finding, page: Page) -> None:
    board = re.compile("/wall/board/")
    page.route(board, lambda route: route.abort())
    page.keyboard.press("ArrowRight")
    page.clock.run_for(4_000)

    expect(page.locator(".wall__offline")).to_be_visible()
    assert shown(page) == ["regions"]
    page.unroute(board)
    page.clock.run_for(4_000)
    expect(page.locator(".wall__offline")).to_be_hidden()
    assert shown(page) == ["regions"]
