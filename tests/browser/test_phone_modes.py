"""Phones that can less: no worker, no database, no barcode reader; and each says what it is doing."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audits import pictures
from audits.models import Assignment, EvidencePhoto
from tests import make
from tests.browser.conftest import Phone, agree, wait_until
from tests.browser.proxy import Fault, Proxy
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_WORKER = "delete Navigator.prototype.serviceWorker"
NO_DATABASE = "Object.defineProperty(window, 'indexedDB', { value: undefined })"
CHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116 Mobile MicroMessenger/8.0"


@pytest.fixture
def lesser(make_phone: Callable[..., Phone], cast: Cast) -> Callable[[str], Phone]:
    def made(script: str) -> Phone:
        phone = make_phone()
        assert phone.context
        phone.context.add_init_script(script)
        phone.sign_in("inspector")
        phone.page.wait_for_selector(".station, [data-slot=none]:not([hidden])")
        return phone

    return made


def expect_mode(phone: Phone, words: str) -> None:
    """It is known, and said, once the worker has started or could not."""
    phone.page.click(".tabbar a[href='/m/q/']")
    expect(phone.page.locator("[data-slot=mode]")).to_contain_text(words)


def test_without_a_worker_the_open_page_works_offline_and_says_so(
    task: Assignment, shots, lesser
) -> None:
    phone = lesser(NO_WORKER)
    page = phone.page
    expect(page.locator("[data-slot=not_reopened]")).to_contain_text("请不要关掉这一页")
    expect(page.locator("[data-slot=in_chat]")).to_be_hidden()
    wait_until(lambda: phone.all("sheets"))
    phone.offline()
    page.click(".station")
    page.wait_for_selector("article[data-item=A01] h2")
    phone.tap("A01", "pass")
    for shot in shots(2):
        phone.shoot("A01", shot)
    page.click("[data-slot=back_link]")
    expect_mode(phone, "不要关掉这一页")
    page.click("[data-slot=back_link]")
    expect(page.locator(".station")).to_contain_text("2 张照片在手机上")

    phone.offline(False)
    phone.send()

    agree(phone, task, 2, {"A01": "pass"})


def test_inside_a_chat_the_way_out_is_shown(
    task: Assignment, lesser, make_phone: Callable[..., Phone]
) -> None:
    chat = f"Object.defineProperty(navigator, 'userAgent', {{ value: '{CHAT}' }})"
    page = lesser(f"{NO_WORKER}; {chat}").page

    expect(page.locator("[data-slot=in_chat]")).to_contain_text("在浏览器打开")


def test_a_phone_with_everything_says_that_it_may_be_closed(phone: Phone) -> None:
    phone.page.goto("/m/")
    expect_mode(phone, "关掉浏览器再开也在")
    expect(phone.page.locator("[data-slot=not_reopened]")).to_be_hidden()


def test_without_a_database_each_photo_goes_before_the_work(
    task: Assignment, shots, lesser, line: Proxy
) -> None:
    phone = lesser(NO_DATABASE)
    page = phone.page
    expect(page.locator("[data-slot=not_kept]")).to_be_visible()
    expect_mode(phone, "只能联网用")
    page.click("[data-slot=back_link]")
    page.click(".station")
    page.wait_for_selector("article[data-item=A01] h2")
    page.click("article[data-item=A01] [data-result=pass]")
    line.rule = lambda method, path: Fault("down") if "/photos/" in path else None
    first, second = shots(2)

    def choose(path) -> None:
        with page.expect_file_chooser() as chooser:
            page.click("article[data-item=A01] [data-act=camera]")
        chooser.value.set_files(str(path))

    choose(first)
    wait = page.locator("#d-wait[open]")
    expect(wait).to_contain_text("传完再继续")
    assert not EvidencePhoto.objects.exists()
    line.rule = lambda method, path: None
    expect(wait).to_have_count(0, timeout=40_000)
    assert EvidencePhoto.objects.count() == 1
    choose(second)
    expect(page.locator("article[data-item=A01] .shot__state")).to_have_text(
        ["服务器"] * 2, timeout=40_000
    )
    assert EvidencePhoto.objects.count() == 2


def test_the_doors_address_opens_the_sheet_without_signal(phone: Phone, task: Assignment) -> None:
    phone.restart()
    phone.offline()

    phone.page.goto(f"/s/{task.station.code}/")

    phone.page.wait_for_selector("article[data-item=A01]")
    expect(phone.page).to_have_url(f"{phone.url}/m/a/{task.pk}/")


@pytest.mark.parametrize("typed", ["whole", "end"])
def test_a_stations_number_is_typed_where_codes_cannot_be_read(
    phone: Phone, task: Assignment, typed: str
) -> None:
    page, code = phone.page, task.station.code
    page.goto("/m/")
    page.click(".tabbar a[href$='#scan']")
    page.fill("#d-scan-code", "没有这个站")
    page.press("#d-scan-code", "Enter")
    expect(page.locator("#d-scan-error")).to_have_text("这个站不在您的任务里。")
    page.fill("#d-scan-code", code if typed == "whole" else code[-4:].lower())
    page.press("#d-scan-code", "Enter")

    page.wait_for_selector("article[data-item=A01]")
    expect(page.locator("#d-scan")).to_be_hidden()


READER = """window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect(video) { return video.videoWidth ? [{ rawValue: "%s" }] : []; }
}"""


def test_a_poster_in_the_cameras_view_opens_the_sheet(
    task: Assignment, lesser, line: Proxy
) -> None:
    """Chromium on Linux has no reader: the picture is the browser's, the reading is played."""
    page = lesser(READER % f"{line.url}/s/{task.station.code}/").page

    page.click(".tabbar a[href$='#scan']")

    page.wait_for_selector("article[data-item=A01]")
    expect(page.locator("#d-scan")).to_be_hidden()
    expect(page.locator("#d-scan-video")).to_have_js_property("srcObject", None)


@pytest.fixture
def visited_before(cast: Cast) -> Assignment:
    """The same station in an earlier round, photographed."""
    make.version()
    before = make.round_(cast.bureau, starts_on=timezone.localdate() - dt.timedelta(days=60))
    audit = make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station, before))
    for photo in audit.photos.all():
        pictures.process(str(photo.pk))
    return make.assignment(cast.bureau, cast.inspector, cast.station)


def test_the_earlier_photo_lies_over_the_cameras_picture(
    make_phone: Callable[..., Phone], visited_before: Assignment
) -> None:
    phone = make_phone()
    phone.sign_in("inspector")
    phone.ready(visited_before)
    page = phone.page
    wait_until(lambda: len(phone.all("pictures")) == 1)
    phone.offline()
    phone.tap("A01", "pass")
    page.click("article[data-item=A01] [data-act=camera]")

    ghost = page.locator("#d-camera-ghost")
    expect(ghost).to_be_visible()
    expect(ghost).to_have_class(re.compile("ghost-4"))
    expect(ghost).to_have_attribute("src", re.compile("^blob:"))
    wait_until(lambda: ghost.evaluate("one => one.naturalWidth > 0"))
    expect(ghost).to_have_css("opacity", "0.4")
    page.fill("#d-camera-share", "80")
    expect(ghost).to_have_css("opacity", "0.8")
    page.click("#d-camera-shoot")
    wait_until(lambda: phone.held() == 1)
    phone.offline(False)
    phone.send()

    agree(phone, visited_before, 1, {"A01": "pass"})
