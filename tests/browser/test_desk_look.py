"""Every page of every desk for everyone: axe in light and dark, at a phone's and a desk's width;
nothing wider than the screen, no list that has to be pushed aside."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, sync_playwright

from audits.models import Finding
from stations.models import User
from targets.models import TargetTable
from tests import make
from tests.conftest import Cast
from tests.doors import API, World, routes, world
from tests.reports.asking import fetch
from tests.targets import build

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
NOT_A_PAGE = re.compile(
    r"/(m/|photos/|sw\.js|manifest|accounts/logout|wall/board|.*/export/|bureau/rounds/[0-9]+/progress/)"
)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def town(cast: Cast) -> World:
    """Something on every page: problems in every state, records behind the target table, papers."""
    made = world(cast)
    make.submitted(
        make.assignment(cast.bureau, cast.inspector2, make.station()), A01="fail", B02="partial"
    )
    for finding in Finding.objects.exclude(station=cast.station)[:1]:
        make.rectified(finding, make.user("station_head", stations=[finding.station]))
    make.figures()
    call_command("load_targets", verbosity=0)
    table = TargetTable.objects.get(year=timezone.localdate().year)
    build.activity(table, cast)
    build.task(table, cast)
    build.spending(table, cast, "1.5")
    build.answers(build.survey(table, cast), cast, {5: 3, 2: 1})
    build.volunteer(cast)
    for kind in ("scores", "circular"):
        fetch(cast.bureau, kind=kind)
    fetch(cast.head, kind="station", station=cast.station.code)
    return made


def addresses(town: World, user: User) -> list[str]:
    """What opens to this account as a page, and the pages behind the target table."""
    client = Client()
    client.force_login(user)
    year = timezone.localdate().year
    told = [
        f"targets/{year}/{name}/"
        for name in ("activities", "plan", "budget", "surveys", "commendations")
    ]
    told += [f"targets/{year}/{name}/new/" for name in ("activities", "budget", "commendations")]
    told += [f"targets/{year}/{name}/" for name in ("change", "document", "self-evaluation")]
    paths = [
        f"/bureau/{path}"
        for path in (
            *told,
            "targets/volunteers/1/",
            "scores/?sort=-total",
            "figure/scores/",
            "figure/rate/",
        )
    ]
    paths += [town.path(route) for route, _view in routes() if not route.startswith(API)]
    return [path for path in dict.fromkeys(paths) if _is_page(client, path)]


def _is_page(client: Client, path: str) -> bool:
    if NOT_A_PAGE.match(path):
        return False
    answer = client.get(path)
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


SIDEWAYS = """[...document.querySelectorAll('.scroll-x')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.innerText.slice(0, 40))"""


def faults(page: Page) -> list[str]:
    found = page.evaluate("tags => axe.run({ runOnly: tags })", TAGS)
    told = [
        f"{one['id']}: {node['target']}" for one in found["violations"] for node in one["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        told.append("wider than the screen")
    told += [f"scrolls sideways: {name}" for name in page.evaluate(SIDEWAYS)]
    return told


def look_at(page: Page, path: str, found: dict[str, list[str]]) -> None:
    """Adds to {fault: where}."""
    page.goto(path)
    page.evaluate(AXE.read_text() + ";0")
    for width in (DESK, PHONE):
        page.set_viewport_size(width)  # type: ignore[arg-type]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            for fault in faults(page):
                found.setdefault(fault, []).append(f"{path} {width['width']} {scheme}")


def signed_in(browser: Browser, url: str, username: str, language: str) -> Page:
    context = browser.new_context(base_url=url, viewport=DESK, locale=language)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", make.PASSWORD)
    page.click("form.signin [type=submit]")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    return page


@pytest.mark.parametrize("name", ["bureau", "supervisor", "sysadmin", "auditor", "head"])
def test_every_page_is_accessible(
    name: str, cast: Cast, town: World, browser: Browser, live_server: Any
) -> None:
    if not AXE.exists():
        pytest.skip("npm's tools are not installed (node_modules)")
    user: User = getattr(cast, name)
    paths = addresses(town, user)
    page = signed_in(browser, live_server.url, user.username, "zh-CN")

    found: dict[str, list[str]] = {}
    for path in paths:
        look_at(page, path, found)
    page.context.close()

    assert len(paths) >= {"bureau": 55, "supervisor": 25, "head": 7}.get(name, 3), paths
    assert found == {}


@pytest.mark.parametrize(("language", "size"), [("en-GB", "normal"), ("zh-CN", "large")])
def test_no_page_in_english_or_large_type_is_wider_than_the_screen(
    language: str, size: str, cast: Cast, town: World, browser: Browser, live_server: Any
) -> None:
    page = signed_in(browser, live_server.url, "bureau", language)
    page.context.add_cookies([{"name": "size", "value": size, "url": live_server.url}])

    wide = []
    for path in addresses(town, cast.bureau):
        page.goto(path)
        for screen in (DESK, PHONE):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(f"{path} {screen['width']}")
    page.context.close()

    assert wide == []


# From the ring's upper edge to that of what cuts it off.
ROOM = """(one) => {
  one.focus({ focusVisible: true });
  const style = getComputedStyle(one);
  const ring = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
  let box = one.parentElement;
  while (getComputedStyle(box).overflowY === "visible") box = box.parentElement;
  return one.getBoundingClientRect().top - ring - box.getBoundingClientRect().top;
}"""


def test_no_ring_of_the_keyboard_is_cut_off(
    cast: Cast, town: World, browser: Browser, live_server: Any
) -> None:
    page = signed_in(browser, live_server.url, "bureau", "zh-CN")
    page.goto("/bureau/findings/")
    page.keyboard.press("Tab")

    room = {
        place: page.locator(f"{place} a").first.evaluate(ROOM) >= 0
        for place in (".nav", ".tabs", ".scroll-x")
    }
    page.context.close()

    assert room == {".nav": True, ".tabs": True, ".scroll-x": True}


PRINTED = (
    "", "figure/rate/", "findings/", "findings/{finding}/", "rounds/{round}/",
    "rounds/{round}/calendar/", "targets/", "targets/{year}/self-evaluation/",
)  # fmt: skip
CLIPPED = """[...document.querySelectorAll('.page *, .miller *')].filter((one) => one.checkVisibility()
  && getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1
  && one.querySelector('table')).map((one) => one.className)"""


def test_pages_print_whole_and_without_their_buttons(
    cast: Cast, town: World, browser: Browser, live_server: Any
) -> None:
    page = signed_in(browser, live_server.url, "bureau", "zh-CN")
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 between its margins
    finding = Finding.objects.filter(round__isnull=False).first()
    assert finding
    page.emulate_media(media="print", color_scheme="dark")
    ink = "getComputedStyle(document.body).color"

    for path in PRINTED:
        page.goto(
            "/bureau/"
            + path.format(
                finding=finding.pk, round=finding.round_id, year=timezone.localdate().year
            )
        )
        for chrome in (".topbar", ".btn", ".tabs", ".pager"):
            shown = page.locator(chrome).evaluate_all("all => all.filter(e => e.checkVisibility())")
            assert not shown, (path, chrome)
        assert page.evaluate(CLIPPED) == [], path
        assert page.locator("main :is(table, figure)").evaluate_all(
            "all => all.some(e => e.checkVisibility())"
        ), f"{path}: nothing is printed"
        assert page.evaluate(ink) == "rgb(25, 27, 29)", "paper is white whatever the screen wears"
    page.context.close()
