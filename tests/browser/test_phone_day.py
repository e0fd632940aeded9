"""An inspector's day: what is late, where to go next, and the receipt handed on."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audits.models import Assignment
from tests import make
from tests.browser.conftest import Phone, wait_until
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def day(cast: Cast, task: Assignment) -> dict[str, Assignment]:
    """One task of every kind; `task` is the one begun and late."""
    tasks = {"late": task}
    for name in ("today", "later"):
        station = make.station(region=cast.station.region, community_zh=f"社区{name}")
        tasks[name] = make.assignment(cast.bureau, cast.inspector, station, task.round)
    for name, days in {"late": -3, "today": 0, "later": 5}.items():
        tasks[name].due_on = timezone.localdate() + dt.timedelta(days=days)
        tasks[name].save()
    make.audit(task)
    return tasks


def card(phone: Phone, task: Assignment):
    return phone.page.locator(f".station[href='/m/a/{task.pk}/']")


def test_the_day_tells_what_is_late_and_of_which_round(
    make_phone: Callable[..., Phone], day: dict[str, Assignment]
) -> None:
    phone = make_phone()
    phone.sign_in("inspector")
    page = phone.page

    expect(card(phone, day["late"])).to_contain_text("逾期 3 天·剩 4 项")
    expect(card(phone, day["today"])).to_contain_text(day["today"].round.name)
    groups = page.locator("[data-slot=groups] .group")
    expect(groups).to_have_text(
        [f"逾期 1{day['late'].round.name}", "今天到期 1", f"接下来 1{day['later'].round.name}"]
    )
    expect(groups.first.locator("svg")).to_be_visible()
    expect(groups.nth(1).locator("svg")).to_be_hidden()
    expect(page.locator("[data-slot=subheading]")).to_contain_text("星期")


def recheck_after(task: Assignment, cast: Cast) -> Assignment:
    """A 回头看 of the station of `task`, which has a task of another round before it: a late one."""
    make.submitted(task, A02="fail")
    other = make.assignment(cast.bureau, cast.inspector, cast.station, make.round_(cast.bureau))
    other.due_on = timezone.localdate() - dt.timedelta(days=3)
    other.save()
    again = make.round_(cast.bureau, kind="recheck")
    return make.assignment(cast.bureau, cast.inspector, cast.station, again)


def test_a_recheck_leads_to_the_open_problems_and_keeps_its_sheet(
    make_phone: Callable[..., Phone], cast: Cast, task: Assignment
) -> None:
    """Without signal the station's page cannot come: its sheet does, and it is said why."""
    due = recheck_after(task, cast)
    phone = make_phone()
    phone.sign_in("inspector")
    page = phone.page
    visit = f"/visit/{cast.station.code}/"
    main, sheet = page.locator(f".recheck a[href='{visit}']"), page.locator(".recheck__sheet")

    expect(main).to_contain_text("回头看")
    expect(main).to_contain_text("未销号 1 项")
    expect(sheet).to_have_text(f"整张检查表剩 {due.item_count} 项")
    main.click()
    page.wait_for_url(f"**{visit}")
    expect(page.locator(".banner")).to_contain_text("这次回头看才算完成")
    page.get_by_role("link", name="整张检查表").click()
    page.wait_for_url(f"**/m/a/{due.pk}/")
    expect(page.locator("[data-slot=recheck]")).to_be_visible()
    wait_until(lambda: phone.ask("navigator.serviceWorker.controller !== null"))
    wait_until(lambda: phone.all("sheets"))
    phone.offline()
    page.goto(visit, wait_until="commit")  # what it says goes after six seconds
    page.wait_for_url(f"**/m/a/{due.pk}/", wait_until="commit")
    expect(page.locator(".toast")).to_contain_text("复查要联网")


def test_with_neither_signal_nor_worker_a_recheck_opens_its_sheet_in_the_app(
    make_phone: Callable[..., Phone], cast: Cast, task: Assignment
) -> None:
    """Nothing would answer for the station's page, and the app would be gone with the tap."""
    due = recheck_after(task, cast)
    phone = make_phone()
    assert phone.context
    phone.context.add_init_script("delete Navigator.prototype.serviceWorker")
    phone.sign_in("inspector")
    page = phone.page
    wait_until(lambda: len(phone.all("sheets")) == 3)
    phone.offline()

    page.click(f".recheck a[href='/visit/{cast.station.code}/']")

    expect(page).to_have_url(f"{phone.url}/m/a/{due.pk}/")
    expect(page.locator("[data-slot=recheck]")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("复查要联网")

    page.click("[data-slot=back_link]")
    page.click("a[href$='#scan']")
    page.fill("#d-scan-code", cast.station.code)
    page.press("#d-scan-code", "Enter")
    expect(page).to_have_url(f"{phone.url}/m/a/{due.pk}/")


def test_a_problem_without_an_item_is_shown_before_and_after_on_one_page(
    make_phone: Callable[..., Phone], cast: Cast, task: Assignment, shots
) -> None:
    """The picture of before never came; 随手拍 has no item to note it on again."""
    finding = make.noted(cast.inspector, cast.station)
    phone = make_phone()
    phone.sign_in("inspector")
    page = phone.page
    page.goto(f"/visit/findings/{finding.pk}/")
    before, after = shots(2)
    expect(page.locator("[data-slot=send]")).to_have_text("先拍整改前照片")

    page.set_input_files("[data-slot=before]", str(before))
    expect(page.locator("[data-slot=send]")).to_have_text("先拍整改后照片")
    expect(page.locator("[data-slot=lacks_before]")).to_be_hidden()
    page.set_input_files("[data-slot=input]", str(after))
    page.fill("[data-slot=measure]", "当场清走")
    page.click("[data-slot=send]:not([disabled])")

    page.wait_for_url(f"**/visit/{cast.station.code}/")
    finding.refresh_from_db()
    assert finding.is_fixed_on_site
    assert set(finding.photos.values_list("kind", flat=True)) == {"before", "after"}


def test_a_day_passes_without_the_server(
    make_phone: Callable[..., Phone], day: dict[str, Assignment]
) -> None:
    """The phone's own clock moves what it holds: due today is late tomorrow."""
    phone = make_phone()
    phone.sign_in("inspector")
    wait_until(lambda: len(phone.all("sheets")) == 3)
    phone.offline()
    phone.page.clock.set_system_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=1))

    phone.page.click(".tabbar a[href='/m/q/']")
    phone.page.click("[data-slot=back_link]")

    expect(card(phone, day["today"])).to_contain_text("逾期 1 天")
    expect(card(phone, day["late"])).to_contain_text("逾期 4 天")


def test_leaving_is_in_sight_before_the_last_item(phone: Phone, task: Assignment) -> None:
    page = phone.page
    with phone.turned():
        page.get_by_role("link", name="离站回执：还差 4 项").click()
    expect(page.locator(".receipt__title")).to_have_text("还有 4 项没有做完")

    with phone.turned():
        page.click("[data-slot=back]")
    page.click("a.bottombar__info")

    expect(page.locator(".receipt__title")).to_be_visible()


SHARE = "Navigator.prototype.share = async function (data) { window.shared = data.text }"
NO_SHARE = "Navigator.prototype.share = undefined"


@pytest.mark.parametrize("way", ["share", "copy", "show"])
def test_the_receipt_is_handed_on_and_the_next_station_is_named(
    make_phone: Callable[..., Phone], day: dict[str, Assignment], way: str
) -> None:
    phone, task = make_phone(), day["late"]
    assert phone.context
    phone.context.add_init_script(SHARE if way == "share" else NO_SHARE)
    if way == "copy":
        phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if way == "show":
        phone.context.add_init_script(
            "navigator.clipboard.writeText = async () => { throw new DOMException('no') }"
        )
    phone.sign_in("inspector")
    phone.open(task)
    page = phone.page
    for code, result in {"A01": "na", "A02": "fail", "B01": "pass", "B02": "pass"}.items():
        phone.tap(code, result)
    phone.leave()
    page.click("[data-slot=submit]")
    expect(page.locator(".receipt__title")).to_have_text("全部交齐，可以离站")

    page.get_by_role("button", name="发回执给站长").click()

    got = {
        "share": "window.shared",
        "copy": "navigator.clipboard.readText()",
        "show": "document.getElementById('d-share-text').value",
    }[way]
    wait_until(lambda: task.station.name in (page.evaluate(got) or ""))
    words = page.evaluate(got)
    assert "4 项·0 张照片" in words
    assert "生成问题 1 项" in words
    assert words.endswith(f"/s/{task.station.code}/")
    if way == "show":
        page.click("#d-share [data-close]")
    page.get_by_role("link", name=f"下一站：{day['today'].station.short_name}").click()
    expect(page).to_have_url(f"{phone.url}/m/a/{day['today'].pk}/")


def test_shell_and_items_speak_the_language_that_was_chosen(
    make_phone: Callable[..., Phone], task: Assignment
) -> None:
    """Kept in Chinese, then English is chosen on another page: nothing stays half of each."""
    phone = make_phone()
    phone.sign_in("inspector")
    phone.ready(task)
    page, heading = phone.page, phone.page.locator("article[data-item=A01] h2")
    expect(heading).to_have_text("检查项A01")
    before = phone.all("sheets")[0]["version"]

    page.goto("/accounts/login/")
    page.evaluate("document.cookie = 'django_language=en; path=/'")
    page.goto("/m/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    wait_until(lambda: phone.all("sheets")[0]["version"] != before)
    phone.restart()
    phone.offline()
    phone.open(task)

    page = phone.page
    expect(page.locator("article[data-item=A01] h2")).to_have_text("Item A01")
    expect(page.locator("[data-slot=sections_bar]")).to_contain_text("Section A")
    expect(page.locator("article[data-item=A01] [data-result=pass]")).to_have_text("Compliant")
