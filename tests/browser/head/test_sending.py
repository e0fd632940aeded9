"""The station head's after-photo: through the same queue, whatever becomes of line and tab."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from audits.models import Assignment, Finding
from audits.services import findings
from tests import make
from tests.browser.conftest import DRAWN, Phone, ask, wait_until
from tests.browser.head.conftest import (
    OFFLINE,
    SENT,
    WAITS,
    WORDS,
    agree,
    hand_in,
    keep_in,
    photograph,
    told,
    visit,
    wait_for,
    write,
    writes,
)
from tests.browser.proxy import Fault, Proxy
from tests.browser.test_phone_modes import NO_DATABASE
from tests.conftest import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]


def test_taken_offline_and_killed_it_is_there_and_goes_by_itself(
    head: Phone, line: Proxy, finding: Finding, shots
) -> None:
    page = head.page
    head.offline()
    kept = keep_in(head, shots(1)[0])
    expect(page.locator("[data-slot=way_words]")).to_contain_text(OFFLINE)
    expect(page.locator(".shot__state")).to_have_text("在手机")

    head.kill_tab()
    line.rule = writes(Fault("down"))
    head.offline(False)
    visit(head, finding)
    page = head.page
    expect(page.locator("[data-slot=measure]")).to_have_value(WORDS)
    expect(page.locator("[data-slot=send]")).to_have_text(WAITS)
    expect(page.locator(".shot__state")).to_contain_text("在手机")
    assert told(head) == kept
    line.rule = lambda method, path: None
    head.wake()

    page.wait_for_url("**/my/?**", wait_until="commit")  # what it says goes after six seconds
    expect(page.locator(".toast")).to_contain_text(SENT)
    wait_for(finding, "submitted")
    agree(finding, kept)
    assert head.all("rectifications") == []
    assert head.all("bytes") == []


def test_the_list_sends_what_the_problems_page_left(
    head: Phone, line: Proxy, finding: Finding, shots
) -> None:
    line.rule = writes(Fault("down"))
    kept = keep_in(head, shots(1)[0])
    page = head.page
    page.goto("/my/scores/")
    pending = page.locator("[data-slot=pending]")
    expect(pending).to_contain_text("待传 1 张照片、1 项整改")
    expect(pending.locator("a")).to_have_attribute("href", f"/my/findings/{finding.pk}/")
    press_first(page, "[data-slot=send_now]", line)

    expect(page.locator(".toast")).to_contain_text(SENT)
    wait_for(finding, "submitted")
    agree(finding, kept)
    expect(page.locator("[data-slot=pending]")).to_be_hidden()


def press_first(page: Page, button: str, line: Proxy) -> None:
    """The line is back and the button pressed before the phone can have tried by itself."""
    page.click(button, trial=True)
    line.rule = lambda method, path: None
    page.dispatch_event(button, "click")


def test_taken_before_the_page_is_drawn_again_it_is_told_all_the_same(
    head: Phone, finding: Finding, shots
) -> None:
    """A tab in the back draws nothing: the wish is written and fulfilled between two frames."""
    page = head.page
    photograph(head, shots(1)[0])
    write(head)
    kept = told(head)
    page.evaluate("window.requestAnimationFrame = (draw) => setTimeout(draw, 3000)")

    page.click("[data-slot=send]")

    page.wait_for_url("**/my/?**", wait_until="commit")  # what it says goes after six seconds
    expect(page.locator(".toast")).to_contain_text(SENT)
    wait_for(finding, "submitted")
    agree(finding, kept)


def test_lost_answers_asked_again_make_one_photo_and_one_submission(
    head: Phone, line: Proxy, finding: Finding, shots
) -> None:
    """The server does each thing at the first call and its answer never comes."""
    seen: set[str] = set()

    def rule(method: str, path: str) -> Fault | None:
        if method == "GET" or path in seen:
            return None
        seen.add(path)
        return Fault("lost")

    line.rule = rule
    page = head.page
    kept = hand_in(head, shots(1)[0])
    page.wait_for_url("**/my/?**", timeout=40_000)

    wait_for(finding, "submitted")
    agree(finding, kept)
    assert {path.rsplit("/", 2)[1] for path in seen} >= {"start", "submit"}


def test_killed_after_the_server_took_it_the_phone_asks_and_is_done(
    head: Phone, line: Proxy, finding: Finding, shots
) -> None:
    taken: list[str] = []

    def rule(method: str, path: str) -> Fault | None:
        """Its answer is lost, and the phone cannot ask before it dies."""
        if path.endswith("/submit/"):
            taken.append(path)
            return Fault("lost")
        return Fault("down") if taken else None

    line.rule = rule
    kept = hand_in(head, shots(1)[0])
    wait_for(finding, "submitted")
    head.kill_tab()
    line.rule = lambda method, path: None
    head.page.goto("/my/", wait_until="commit")  # it may be drawn anew by itself

    expect(head.page.locator(".toast")).to_contain_text(SENT)
    agree(finding, kept)
    assert head.all("rectifications") == []


def test_a_photo_that_is_evidence_elsewhere_is_named_and_can_be_taken_again(
    head: Phone, cast: Cast, finding: Finding, task: Assignment, tmp_path: Path
) -> None:
    page = head.page
    used, new = tmp_path / "used.jpg", tmp_path / "new.jpg"
    used.write_bytes(make.picture(4001))
    new.write_bytes(make.picture(4002))
    elsewhere = make.submitted(
        make.assignment(cast.bureau, cast.inspector, cast.station), B02="fail"
    )
    other = elsewhere.findings.get()
    make.photo(cast.head, finding=other, content=used.read_bytes())

    hand_in(head, used)
    expect(page.locator("[data-slot=problem_text]")).to_have_text("这张照片已在别处用过。")
    expect(page.locator(".shot__state")).to_have_text("重拍")
    expect(page.locator("[data-slot=measure]")).to_have_value(WORDS)
    page.reload()
    expect(page.locator("[data-slot=send]")).to_have_text("有照片没收下，点开看原因")
    page.click("[data-photo]")
    expect(page.locator("#d-photo-words")).to_have_text("这张照片已在别处用过。")
    page.click("#d-photo-drop")
    page.click("#d-camera [data-close]")
    expect(page.locator(".shot__state")).to_have_count(0)
    photograph(head, new)
    page.click("[data-slot=send]")

    page.wait_for_url("**/my/?**")
    wait_for(finding, "submitted")
    [photo] = finding.rectifications.get().photos.all()
    assert Path(new).stat().st_size == photo.size


def test_a_problem_that_moved_on_says_so_and_nothing_is_lost(
    head: Phone, cast: Cast, finding: Finding, shots
) -> None:
    page = head.page
    head.offline()
    keep_in(head, shots(1)[0])
    findings.waive(
        finding=finding, reason="等改造", review_on=timezone.localdate(), by=cast.bureau,
        now=timezone.now(),
    )  # fmt: skip
    head.offline(False)
    head.wake()

    expect(page.locator("[data-slot=problem_text]")).to_have_text("这个问题现在不能加照片。")
    expect(page.locator("[data-slot=measure]")).to_have_value(WORDS)
    page.goto("/my/")
    expect(page.locator("[data-slot=pending]")).to_contain_text("要处理")
    page.click("[data-slot=pending_list] a")
    expect(page.locator("[data-slot=problem_more]")).to_have_text(f"您写的：{WORDS}")
    expect(page.locator(".shot__state")).to_have_text("重拍")
    assert len(head.all("bytes")) == 1
    page.click("[data-slot=problem] [data-slot=discard]")
    expect(page.locator("#d-discard-words")).to_have_text(
        f"删掉的找不回来：1 张照片、您写的：{WORDS}"
    )
    page.click("#d-discard [data-close]")
    assert len(head.all("bytes")) == 1
    page.click("[data-slot=problem] [data-slot=discard]")
    page.click("#d-discard-go")
    expect(page.locator("[data-slot=problem]")).to_be_hidden()
    wait_until(lambda: not head.rows())


def test_what_waits_for_a_problem_no_longer_theirs_can_be_let_go(
    head: Phone, cast: Cast, finding: Finding, shots
) -> None:
    page = head.page
    head.offline()
    keep_in(head, shots(1)[0])
    cast.head.stations.set([cast.other_station])
    head.offline(False)
    page.goto("/my/")

    page.click("[data-slot=pending_list] [data-slot=discard]")
    expect(page.locator("#d-discard-words")).to_contain_text(WORDS)
    page.click("#d-discard-go")

    expect(page.locator("[data-slot=pending]")).to_be_hidden()
    expect(page.locator(".toast")).to_have_count(0)
    assert (head.rows(), head.all("bytes"), head.all("rectifications")) == ([], [], [])


def test_without_a_database_the_page_waits_for_the_server_and_warns(
    make_phone: Callable[..., Phone], line: Proxy, cast: Cast, finding: Finding, shots
) -> None:
    phone = make_phone()
    assert phone.context
    phone.context.add_init_script(NO_DATABASE)
    phone.sign_in("station", home="**/my/")
    page = phone.page
    page.goto(f"/my/findings/{finding.pk}/")
    expect(page.locator("[data-slot=not_kept]")).to_be_visible()
    line.rule = lambda method, path: Fault("down") if "/photos/" in path else None
    page.set_input_files("[data-slot=input]", str(shots(1)[0]))
    expect(page.locator("#d-wait")).to_contain_text("传完再继续")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    wait_until(lambda: page.wait_for_timeout(100) or asked == ["beforeunload"])
    press_first(page, "#d-wait-again", line)
    expect(page.locator("#d-wait")).to_be_hidden(timeout=40_000)
    page.fill("[data-slot=measure]", WORDS)
    page.click("[data-slot=send]")

    page.wait_for_url("**/my/?**")
    wait_for(finding, "submitted")


def test_two_tabs_send_each_photo_once(head: Phone, line: Proxy, finding: Finding, shots) -> None:
    head.offline()
    for shot in shots(3):
        photograph(head, shot)
    write(head)
    first: Any = head.page
    line.rule = writes(Fault("down"))
    head.offline(False)
    head.tab()
    visit(head, finding)
    kept = told(head)
    head.page.click("[data-slot=send]")
    for page in (head.page, first):
        page.bring_to_front()  # a tab in the back draws nothing
        expect(page.locator("[data-slot=send]")).to_have_text(WAITS)
        ask(page, DRAWN)
    line.rule = lambda method, path: None
    for page in (first, head.page):
        ask(page, "() => { window.dispatchEvent(new Event('online')) }")

    for page in (first, head.page):
        page.bring_to_front()
        page.wait_for_url("**/my/?**", timeout=40_000)
    agree(finding, kept)
    puts = [path for method, path, _ in line.seen if method == "PUT" and path.endswith("/")]
    copies = [path for path in puts if not path.endswith("original/")]
    assert len(copies) == len(set(copies)) == 3
