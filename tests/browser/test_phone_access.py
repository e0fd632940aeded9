"""Every page of a phone for everyone: axe in both lights, large type, keyboard, what is read aloud."""

import datetime as dt
import itertools
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from audits.models import Assignment, Finding
from tests import make
from tests.browser.axe import violations
from tests.browser.conftest import Phone, box, wait_until
from tests.browser.proxy import Fault, Proxy
from tests.conftest import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]
LARGE = {"name": "size", "value": "large"}


@pytest.fixture
def lived(cast: Cast) -> Assignment:
    """A station visited before, with a gap put right and one open; today's sheet is to be filled."""
    make.version()
    before = make.round_(cast.bureau, starts_on=timezone.localdate() - dt.timedelta(days=20))
    visited = make.assignment(cast.bureau, cast.inspector, cast.station, before)
    make.submitted(visited, A02="fail", B02="partial")
    make.rectified(Finding.objects.get(item_code="A02"), cast.head)
    return make.assignment(cast.bureau, cast.inspector, cast.station)


def pages_of(who: str, lived: Assignment) -> list[str]:
    station = lived.station.code
    waiting = Finding.objects.get(item_code="A02")
    todo = Finding.objects.get(item_code="B02")
    if who == "station":
        return ["/my/", "/my/waiting/", "/my/scores/", f"/my/findings/{todo.pk}/",
                f"/my/findings/{waiting.pk}/", f"/my/self-checks/{lived.pk}/", "/notices/",
                "/accounts/mine/"]  # fmt: skip
    return ["/m/", "/m/q/", f"/m/a/{lived.pk}/", f"/m/a/{lived.pk}/#leave", "/m/#scan", "/visit/",
            f"/visit/{station}/", f"/visit/findings/{waiting.pk}/", "/snap/", f"/snap/{station}/",
            "/notices/", "/accounts/mine/"]  # fmt: skip


def shown(page: Page, path: str) -> None:
    page.goto("about:blank")  # another fragment alone is no new page
    page.goto(path)
    drawn = {"scan": "#d-scan[open]", "leave": ".receipt__title:not(:empty)"}.get(
        path.partition("#")[2], "[data-view-of]:not([hidden])" if path.startswith("/m/") else "main"
    )
    page.wait_for_selector(drawn)
    assert page.locator("body.phone").count(), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", ["inspector", "station"])
def test_axe_finds_nothing_on_any_phone_page(
    make_phone: Callable[..., Phone], lived: Assignment, who: str, scheme: str
) -> None:
    page = signed_in(make_phone(), who)
    page.emulate_media(color_scheme=scheme)
    faults = {}
    for path in pages_of(who, lived):
        shown(page, path)
        faults[path] = violations(page)

    assert faults == {path: [] for path in faults}


def signed_in(phone: Phone, who: str) -> Page:
    page = phone.page
    page.goto("/accounts/login/")
    page.fill("[name=username]", who)
    page.fill("[name=password]", make.PASSWORD)
    page.click("form.signin [type=submit]")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    return page


WIDER = """() => [...document.querySelectorAll("main *, header *, nav *, footer *")]
  .filter((one) => one.checkVisibility() && !one.closest(".vh, .secbar, .strip, .phrases, .skip") && one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => `${one.tagName}.${one.className.baseVal ?? one.className}`)"""


@pytest.mark.parametrize("who", ["inspector", "station"])
def test_large_type_is_large_and_fits_a_small_phone(
    make_phone: Callable[..., Phone], lived: Assignment, who: str
) -> None:
    phone = make_phone()
    page = signed_in(phone, who)
    page.set_viewport_size({"width": 360, "height": 740})
    enlarge(phone, has_app=who == "inspector")
    wider = {}
    for path in pages_of(who, lived):
        shown(page, path)
        expect(page.locator("html")).to_have_attribute("data-size", "large")
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
        wider[path] = page.evaluate(WIDER)
        width = page.evaluate("document.documentElement.scrollWidth")
        wider[path] += [f"the page: {width}"] * (width > 360)

    assert wider == {path: [] for path in wider}


def enlarge(phone: Phone, has_app: bool) -> None:
    page = phone.page
    if has_app:
        wait_until(lambda: phone.ask("navigator.serviceWorker.controller !== null"))
    page.goto("/accounts/mine/")
    page.get_by_role("button", name="大字版").click()
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    if has_app:
        wait_until(lambda: 'data-size="large"' in phone.ask(KEPT))


KEPT = "caches.match('/m/').then((kept) => kept ? kept.text() : '')"


def test_large_type_chosen_while_the_worker_starts_is_kept_with_the_app(
    make_phone: Callable[..., Phone], lived: Assignment, line: Proxy
) -> None:
    """The worker has asked for its page before, and answers for no page yet."""
    asked = itertools.count(1)

    def rule(method: str, path: str) -> Fault | None:
        """The second time it is the worker who asks."""
        return Fault("late", 8) if path == "/m/" and next(asked) == 2 else None

    line.rule = rule
    phone = make_phone()
    page = signed_in(phone, "inspector")
    wait_until(lambda: [path for _, path, _ in line.seen].count("/m/") > 1)
    page.goto("/accounts/mine/")
    page.get_by_role("button", name="大字版").click()
    expect(page.locator("html")).to_have_attribute("data-size", "large")

    wait_until(lambda: 'data-size="large"' in phone.ask(KEPT))


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
def test_what_a_thumb_presses_is_at_least_48_px(
    phone: Phone, task: Assignment, large: bool
) -> None:
    assert phone.context
    page = phone.page
    if large:
        enlarge(phone, has_app=True)
        phone.open(task)
        expect(page.locator("html")).to_have_attribute("data-size", "large")
    phone.item("A01")
    for name in ("choice", "shot--add", "bottombar .btn", "bottombar__info"):
        expect(page.locator(f".{name}:visible")).not_to_have_count(0)
        for one in page.locator(f".{name}:visible").all():
            assert box(one)["height"] >= 48, name


STOPS = """() => {
  const one = document.activeElement;
  const named = one.getAttribute("aria-label") || one.innerText || one.labels?.[0]?.innerText || "";
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  return { name: named.replace(/\\s+/g, " ").trim(), isSeen: box.width > 0, outline: style.outlineStyle !== "none" };
}"""


def stops(page: Page, count: int) -> list[str]:
    names = []
    for _ in range(count):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOPS)
        assert stop["isSeen"], names
        assert stop["outline"], stop
        names.append(stop["name"])
    return names


def test_the_keyboard_goes_down_the_sheet_as_the_eye_does(phone: Phone, task: Assignment) -> None:
    page = phone.page
    page.goto("about:blank")
    phone.open(task)

    assert stops(page, 16) == [
        "跳到正文", "返回", "大项A 0/2", "大项B 0/2", "收起", "符合", "部分符合", "不符合", "不适用",
        "拍照", "相册", "更多", "A02 检查项A02 未检", "离站回执：还差 4 项",
        "离站回执 0/4 都已传到",
        "下一未检：A02",
    ]  # fmt: skip


def test_focus_follows_to_the_item_and_stays_on_what_was_pressed(
    phone: Phone, task: Assignment
) -> None:
    page = phone.page
    page.focus("article[data-item=A01] [data-result=pass]")
    page.keyboard.press("Enter")
    pressed = page.locator("article[data-item=A01] [data-result=pass]")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(pressed).to_be_focused()
    page.focus("[data-slot=next_step]")
    with phone.turned():
        page.keyboard.press("Enter")
    expect(page.locator("article[data-item=A02] h2")).to_be_focused()

    page.focus("article[data-item=A02] [data-result=fail]")
    page.keyboard.press("Space")
    expect(page.locator("article[data-item=A02] textarea")).to_be_visible()
    assert stops(page, 3)[0] == "不适用"


def test_what_is_read_aloud_names_the_item_its_choices_and_its_state(
    phone: Phone, task: Assignment
) -> None:
    phone.offline()
    phone.tap("A02", "fail", "灯坏了")

    expect(phone.page.locator("article[data-item=A02]")).to_match_aria_snapshot(
        """
        - article:
          - button "收起" [expanded]
          - heading "检查项A02" [level=2]
          - group "检查结果":
            - button "符合"
            - button "部分符合"
            - button "不符合" [pressed]
            - button "不适用"
          - textbox "说明（必填）": 灯坏了
        """
    )
    expect(phone.page.get_by_role("banner").get_by_role("status")).to_contain_text("已存本机")
    expect(
        phone.page.get_by_role("navigation", name="大项").locator("[aria-current]")
    ).to_have_text("大项A1/2")
