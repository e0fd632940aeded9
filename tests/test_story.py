"""The whole job, as five people live it: real web, worker, scheduler and broker, real browser."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import make
from tests.serving import ROOT, Serving

pytestmark = [pytest.mark.browser, pytest.mark.service, pytest.mark.timeout(420)]

HERE, ELSEWHERE = "440309001-W01", "440309002-W01"
PEOPLE = f"""
import django; django.setup()
from stations.models import Region, Station
from tests import make
make.user("bureau", "bureau", regions=[Region.objects.get(code="440309")])
make.user("supervisor", "supervisor", regions=[Region.objects.get(code="440309001")])
make.user("inspector", "inspector")
make.user("station_head", "station", stations=[Station.objects.get(code="{HERE}")])
make.user("station_head", "stranger", stations=[Station.objects.get(code="{ELSEWHERE}")])
"""
WITHIN_SECONDS = 90  # a loaded machine, the first start of a worker
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serving]:
    with Serving(tmp_path) as serving:
        serving.wait_until_ready()
        environment = serving.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run([sys.executable, "-c", PEOPLE], cwd=ROOT, env=environment, check=True)
        yield serving


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def sign_in(browser: Browser, served: Serving, username: str, viewport: dict[str, int]) -> Page:
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{served.port}", viewport=viewport, locale="zh-CN"
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", make.PASSWORD)
    page.click("form.signin [type=submit]")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    return page


def test_round_to_figure_by_five_people(browser: Browser, served: Serving, tmp_path: Path) -> None:
    bureau = sign_in(browser, served, "bureau", DESK)
    inspector = sign_in(browser, served, "inspector", PHONE)
    head = sign_in(browser, served, "station", PHONE)
    expect(bureau.get_by_text("尚无检查").first).to_be_visible()

    open_round_for_all(bureau)
    *site, after = pictures(tmp_path)
    fill_sheet(inspector, site)
    see_figure(bureau, "0.0", "0 ÷ 1")
    rectify(head, after)
    review(bureau)
    see_figure(bureau, "100.0", "1 ÷ 1")

    supervisor = sign_in(browser, served, "supervisor", DESK)
    see_figure(supervisor, "100.0", "1 ÷ 1")
    stranger = sign_in(browser, served, "stranger", PHONE)
    expect(stranger.get_by_text("10 位英模画像")).to_have_count(0)
    assert stranger.goto("/my/findings/1/").status == 404


def open_round_for_all(page: Page) -> None:
    page.goto("/bureau/rounds/new/")
    page.fill("[name=name]", "第一轮")
    page.fill("[name=starts_on]", make.timezone.localdate().isoformat())
    page.fill("[name=ends_on]", make.timezone.localdate().isoformat())
    page.click("form.form [type=submit]")
    page.click("button[name=all]")
    expect(page.get_by_text("57 个单位").first).to_be_visible()


def fill_sheet(page: Page, photos: list[str]) -> None:
    """Every item 符合 with its photo, but for the first wall of portraits."""
    page.goto("/m/")
    page.get_by_text("观城社区").first.click()
    card = page.locator(".item:not(.item--done)").first
    code = ""
    for number in range(43):
        expect(card.locator("[data-slot=code]")).not_to_have_text(code)
        code = card.locator("[data-slot=code]").inner_text()
        card.locator(f"[data-result={'fail' if code == 'Q09' else 'pass'}]").click()
        if code == "Q09":
            card.locator("[data-phrase]").first.click()
        if card.get_by_text("须拍照").is_visible():
            with page.expect_file_chooser() as chooser:
                card.locator("[data-act=camera]").click()
            chooser.value.set_files(photos[number % len(photos)])
            expect(card.locator(".shot[data-photo]")).not_to_have_count(0)
            expect(card.locator(".shot[data-photo] .shot__state")).to_have_text("服务器")
        page.click("[data-slot=next_step]")
    page.click("[data-slot=submit]")
    expect(page.get_by_text("全部交齐，可以离站")).to_be_visible()


def see_figure(page: Page, rate: str, fraction: str) -> None:
    """Through the outbox, the broker and the worker: soon, not at once."""
    for _ in range(WITHIN_SECONDS):
        page.goto("/bureau/")
        if page.get_by_text(fraction).count():
            break
        page.wait_for_timeout(1000)
    expect(page.get_by_text(fraction).first).to_be_visible()
    expect(page.locator(".figure").first).to_have_text(re.compile(rf"^\s*{re.escape(rate)}"))


def rectify(page: Page, photo: str) -> None:
    page.goto("/my/")
    page.get_by_text("英模画像").first.click()
    page.set_input_files("[data-slot=input]", photo)
    page.fill("[data-slot=measure]", "补挂两幅，全部扶正")
    page.click("[data-slot=send]")
    page.wait_for_url(lambda url: "/my/?" in url)
    page.goto("/my/waiting/")
    expect(page.get_by_text("英模画像").first).to_be_visible()


def review(page: Page) -> None:
    page.goto("/bureau/review/")
    expect(page.get_by_text("补挂两幅，全部扶正").first).to_be_visible()
    page.click("[data-key=c]")
    expect(page.locator("main")).to_contain_text("没有等待复查的问题")


def pictures(folder: Path) -> list[str]:
    paths = [folder / f"{seed}.jpg" for seed in range(400, 404)]
    for seed, path in enumerate(paths, 400):
        if not path.exists():
            path.write_bytes(make.picture(seed))
    return [os.fspath(path) for path in paths]
