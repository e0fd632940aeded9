"""What each person does on a phone with problems: seen, put right, judged on the spot; 自查."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from audits.models import Assignment, EvidencePhoto, Finding
from audits.models.selfchecks import SelfAnswer
from tests import make
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Phone = Callable[[str], Page]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def phone(cast: Cast, browser: Browser, live_server: Any) -> Iterator[Phone]:
    """`phone("inspector")`: that person's own; no script may fail, nothing may break the CSP."""
    contexts, faults = [], []

    def pick_up(username: str) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 390, "height": 844}, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: "Content Sec" in said.text and faults.append(said.text))
        page.goto("/accounts/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", make.PASSWORD)
        page.click("form.signin [type=submit]")
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    yield pick_up
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def shot(tmp_path: Path) -> Callable[[int], str]:
    def taken(seed: int) -> str:
        path = tmp_path / f"{seed}.jpg"
        path.write_bytes(make.picture(seed))
        return os.fspath(path)

    return taken


def test_seen_put_right_judged_by_three_people(
    cast: Cast, task: Assignment, phone: Phone, shot: Callable[[int], str]
) -> None:
    """随手拍 by the inspector, put right by the head, sent back and then closed by the supervisor."""
    inspector, head, supervisor = phone("inspector"), phone("station"), phone("supervisor")

    see(inspector, cast, shot(501))
    finding = Finding.objects.get()
    put_right(head, finding, shot(502), "收好了电线")
    send_back(supervisor, cast, finding, shot(503))
    expect_returned_first(head)
    put_right(head, finding, shot(504), "重新走线")
    close(supervisor, cast, finding)

    kinds = list(finding.events.order_by("number").values_list("kind", flat=True))
    assert kinds == ["raised", "started", "submitted", "sent_back", "submitted", "closed"]
    assert [len(event.photos) for event in finding.events.filter(kind="sent_back")] == [1]


def see(page: Page, cast: Cast, photo: str) -> None:
    page.goto("/visit/")
    page.get_by_text("随手拍").click()
    page.locator(f"a[href='/snap/{cast.station.code}/']").click()
    expect(page.locator("[data-slot=send]")).to_be_disabled()
    page.set_input_files("[data-slot=input]", photo)
    page.fill("[data-slot=note]", "门口地上有电线")
    page.click("[data-slot=send]")
    page.wait_for_url("**/visit/findings/*/", wait_until="commit")
    expect(page.locator(".toast")).to_contain_text("服务器收到 1 张照片")
    expect(page.get_by_text("门口地上有电线").first).to_be_visible()


def put_right(page: Page, finding: Finding, photo: str, words: str) -> None:
    page.goto(f"/my/findings/{finding.pk}/")
    page.set_input_files("[data-slot=input]", photo)
    page.fill("[data-slot=measure]", words)
    page.click("[data-slot=send]")
    page.wait_for_url(lambda url: "/my/?" in url)


def send_back(page: Page, cast: Cast, finding: Finding, photo: str) -> None:
    page.goto(f"/visit/{cast.station.code}/")
    page.locator(f"a[href='/visit/findings/{finding.pk}/']").click()
    page.set_input_files("[data-slot=input]", photo)
    expect(page.locator(".shot__state")).to_contain_text("服务器")
    page.click("[data-slot=back]")
    page.click("#d-back [data-phrase=看不清]")
    page.click("#d-back [type=submit]")
    page.wait_for_url(f"**/visit/{cast.station.code}/")


def expect_returned_first(page: Page) -> None:
    page.goto("/my/")
    expect(page.locator(".gap").first).to_contain_text("退回原因：看不清")


def close(page: Page, cast: Cast, finding: Finding) -> None:
    page.goto(f"/visit/findings/{finding.pk}/")
    page.click("[data-slot=send]")
    page.wait_for_url(f"**/visit/{cast.station.code}/")
    expect(page.locator("main")).to_contain_text("这个站没有未销号的问题")


def test_picture_that_does_not_arrive_is_never_called_saved(
    cast: Cast, task: Assignment, phone: Phone, shot: Callable[[int], str]
) -> None:
    """The line breaks after the words and before the picture; back again, all of it is there once."""
    page = phone("inspector")
    page.goto(f"/snap/{cast.station.code}/")
    page.set_input_files("[data-slot=input]", shot(511))
    page.fill("[data-slot=note]", "墙面渗水")

    broken = "**/api/v1/photos/**"
    page.route(broken, lambda route: route.abort())
    page.click("[data-slot=send]")
    expect(page.locator("[data-slot=send]")).to_have_text("照片传送中…")
    page.wait_for_timeout(1500)
    assert "/snap/" in page.url
    assert EvidencePhoto.objects.count() == 0
    page.unroute(broken)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_url("**/visit/findings/*/")

    assert (Finding.objects.count(), EvidencePhoto.objects.get().kind) == (1, "before")


@pytest.mark.parametrize("who", ["inspector", "bureau"])
def test_seen_again_it_is_noted_on_the_open_problem_and_leads_there(
    cast: Cast, task: Assignment, phone: Phone, shot: Callable[[int], str], who: str
) -> None:
    """The first answer is lost on the way: said again, it is still one observation."""
    make.submitted(task, A02="fail")
    finding = make.brought_to(Finding.objects.get(), "waived", cast)
    page = phone(who)
    page.goto(f"/snap/{cast.station.code}/")
    lose_once(page, "**/api/v1/findings/")

    page.set_input_files("[data-slot=input]", shot(515))
    page.fill("[data-slot=note]", "门牌又掉了一角")
    page.select_option("[data-slot=item]", "A02")
    page.click("[data-slot=send]")
    expect(page.locator("[data-slot=problem]")).to_contain_text("连不上服务器")
    page.click("[data-slot=send]")
    page.wait_for_url(f"**/visit/findings/{finding.pk}/", wait_until="commit")

    expect(page.locator(".toast")).to_contain_text("已记到在办问题，服务器收到 1 张照片")
    expect(page.get_by_text("门牌又掉了一角").first).to_be_visible()
    assert EvidencePhoto.objects.get(kind="before").finding == finding
    assert [event.kind for event in finding.events.order_by("number")][1:] == ["waived", "observed"]


def lose_once(page: Page, address: str) -> None:
    """The server does what is asked; its first answer does not arrive."""
    lost: list[int] = []

    def swallow(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route(address, swallow)


def test_lost_answer_to_the_words_makes_no_second_problem(
    cast: Cast, task: Assignment, phone: Phone, shot: Callable[[int], str]
) -> None:
    page = phone("inspector")
    page.goto(f"/snap/{cast.station.code}/")
    page.set_input_files("[data-slot=input]", shot(521))
    page.fill("[data-slot=note]", "墙面渗水")
    lose_once(page, "**/api/v1/findings/")
    page.click("[data-slot=send]")
    expect(page.locator("[data-slot=problem]")).to_be_visible()
    page.click("[data-slot=send]")
    page.wait_for_url("**/visit/findings/*/")

    assert Finding.objects.count() == 1


def test_picture_used_elsewhere_is_marked_and_the_others_go(
    cast: Cast, task: Assignment, phone: Phone, shot: Callable[[int], str]
) -> None:
    finding = make.noted(cast.inspector, cast.station)
    make.photo(cast.inspector, finding=finding, kind="before", content=make.picture(525))
    page = phone("station")
    page.goto(f"/my/findings/{finding.pk}/")
    for number, seed in enumerate([525, 526], 1):
        page.set_input_files("[data-slot=input]", shot(seed))
        expect(page.locator(".shot__state")).to_have_count(number)
    page.fill("[data-slot=measure]", "收好了")

    page.click("[data-slot=send]")
    expect(page.locator("[data-slot=problem_text]")).to_have_text("这张照片已在别处用过。")
    expect(page.locator(".shot__state")).to_have_text(["重拍", "服务器"])
    page.click("[data-slot=send]")
    page.wait_for_url(lambda url: "/my/?" in url)

    sent = EvidencePhoto.objects.get(rectification__isnull=False)
    assert sent.sha256 == hashlib.sha256(make.picture(526)).hexdigest()


def test_put_right_before_the_finder_s_eyes(
    cast: Cast, task: Assignment, phone: Phone, shot: Callable[[int], str]
) -> None:
    make.submitted(task, A02="fail")
    finding = Finding.objects.get()
    make.photo(cast.inspector, finding=finding, kind="before")
    page = phone("inspector")
    page.goto(f"/visit/{cast.station.code}/")

    page.get_by_text(finding.title).click()
    page.set_input_files("[data-slot=input]", shot(531))
    page.fill("[data-slot=measure]", "当场扶正")
    page.click("[data-slot=send]")
    page.wait_for_url(f"**/visit/{cast.station.code}/")

    finding.refresh_from_db()
    assert (finding.status, finding.is_fixed_on_site) == ("submitted", True)


def test_critical_item_stays_shut_until_its_photo_is_there(
    cast: Cast, task: Assignment, phone: Phone, shot: Callable[[int], str]
) -> None:
    make.submitted(task, B01="fail")
    finding = make.rectified(Finding.objects.get(), cast.head)
    page = phone("inspector")
    page.goto(f"/visit/findings/{finding.pk}/")

    expect(page.locator("[data-slot=send]")).to_have_text("否决项：先拍到场照片")
    page.set_input_files("[data-slot=input]", shot(541))
    expect(page.locator("[data-slot=send]")).to_have_text("销号")
    page.click("[data-slot=send]")
    page.wait_for_url(f"**/visit/{cast.station.code}/")

    finding.refresh_from_db()
    assert finding.status == "closed"


def test_head_checks_the_own_station_tap_by_tap(cast: Cast, task: Assignment, phone: Phone) -> None:
    page = phone("station")
    page.goto("/my/")
    page.get_by_text("先自己对照检查表看一遍").click()

    page.click("[data-item=A01] [data-result=pass]")
    page.click("[data-item=A02] [data-result=fail]")
    page.fill("[data-item=A02] textarea", "缺两幅")
    page.locator("[data-item=A02] textarea").blur()
    expect(page.locator("[data-slot=state]")).to_contain_text("服务器已存")
    page.reload()

    expect(page.locator("[data-slot=count]")).to_have_text("2/4")
    expect(page.locator("[data-item=A02] textarea")).to_have_value("缺两幅")
    told = SelfAnswer.objects.order_by("item__order").values_list("result", "note")
    assert list(told) == [("pass", ""), ("fail", "缺两幅")]


def test_tap_on_a_broken_line_says_so_and_goes_on(
    cast: Cast, task: Assignment, phone: Phone
) -> None:
    page = phone("station")
    page.goto(f"/my/self-checks/{task.pk}/")
    page.route("**/api/v1/selfchecks/**", lambda route: route.abort())

    page.click("[data-item=A01] [data-result=pass]")
    expect(page.locator("[data-slot=state]")).to_contain_text("1 项没有存上")
    page.unroute("**/api/v1/selfchecks/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-slot=state]")).to_contain_text("服务器已存")

    assert SelfAnswer.objects.get().result == "pass"


def test_tap_before_the_script_has_come_waits_for_it(
    cast: Cast, task: Assignment, phone: Phone
) -> None:
    page = phone("station")
    held: list[Route] = []
    page.route("**/selfcheck*.js", lambda route: held.append(route))
    with page.expect_request("**/selfcheck*.js"):
        page.goto(f"/my/self-checks/{task.pk}/", wait_until="commit")
    expect(page.locator("#self-check")).to_have_attribute("inert", "")
    held[0].continue_()

    page.click("[data-item=A01] [data-result=pass]")
    expect(page.locator("[data-slot=state]")).to_contain_text("服务器已存")

    assert SelfAnswer.objects.get().result == "pass"


def test_recheck_is_pressed_when_the_script_has_come(
    cast: Cast, task: Assignment, phone: Phone
) -> None:
    make.submitted(task, A02="fail")
    finding = make.rectified(Finding.objects.get(), cast.head)
    page = phone("inspector")
    held: list[Route] = []
    page.route("**/visit*.js", lambda route: held.append(route))
    with page.expect_request("**/visit*.js"):
        page.goto(f"/visit/findings/{finding.pk}/", wait_until="commit")
    for button in ("send", "back"):
        expect(page.locator(f"[data-slot={button}]")).to_be_disabled()
    held[0].continue_()

    page.click("[data-slot=send]")
    page.wait_for_url(f"**/visit/{cast.station.code}/")

    finding.refresh_from_db()
    assert finding.status == "closed"


def test_refusal_of_the_former_text_does_not_take_the_newer_along(
    cast: Cast, task: Assignment, phone: Phone
) -> None:
    page = phone("station")
    page.goto(f"/my/self-checks/{task.pk}/")
    held: list[Route] = []
    page.route("**/answers/A02/", lambda route: held.append(route), times=1)
    with page.expect_request("**/answers/A02/"):
        page.click("[data-item=A02] [data-result=fail]")
    page.fill("[data-item=A02] textarea", "缺两幅")
    page.locator("[data-item=A02] textarea").blur()
    expect(page.locator("[data-slot=state]")).to_contain_text("存入服务器")
    held[0].fulfill(status=400, json={"title": "不行", "status": 400, "code": "invalid"})
    expect(page.locator("[data-slot=state]")).to_contain_text("服务器已存")

    answer = SelfAnswer.objects.get()
    assert (answer.result, answer.note) == ("fail", "缺两幅")
