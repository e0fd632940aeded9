"""The station head's after-photo: through the same queue, whatever becomes of line, tab and person."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audits import pictures
from audits.models import Assignment, EvidencePhoto, Finding
from audits.services import findings
from tests import make
from tests.browser.conftest import Phone, wait_until
from tests.browser.proxy import Fault, Proxy
from tests.browser.test_offline_faults import DUMP
from tests.browser.test_phone_modes import NO_DATABASE
from tests.conftest import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]
SENT = "已提交复查，等检查员或街道看过后销号。"
WORDS = "补挂两幅，全部扶正"
OFFLINE = "没有信号：已存在手机，有信号时自动送出"


@pytest.fixture
def finding(cast: Cast, task: Assignment) -> Finding:
    """A01 failed, with the inspector's photo of it."""
    audit = make.submitted(task, A01="fail")
    for photo in audit.photos.all():
        pictures.process(str(photo.pk))
    return Finding.objects.get()


@pytest.fixture
def head(make_phone: Callable[..., Phone], cast: Cast, finding: Finding) -> Phone:
    """The station head's phone, on the page of the problem."""
    made = make_phone()
    made.sign_in("station", home="**/my/")
    visit(made, finding)
    return made


def visit(phone: Phone, finding: Finding) -> None:
    phone.page.goto(f"/my/findings/{finding.pk}/")
    wait_until(lambda: "key" in phone.page.evaluate(KEYS))
    phone.page.wait_for_function("document.querySelector('[data-slot=way]')")


KEYS = """async () => {
  const { username } = JSON.parse(localStorage.getItem("phone.person") || "{}");
  if (!(await indexedDB.databases()).some((one) => one.name === "phone:" + username)) return [];
  const db = await new Promise((go) => { const r = indexedDB.open("phone:" + username); r.onsuccess = () => go(r.result); });
  const keys = db.objectStoreNames.contains("meta") ? await new Promise((go) => { const r = db.transaction("meta").objectStore("meta").getAllKeys(); r.onsuccess = () => go(r.result); }) : [];
  db.close();
  return keys;
}"""


def photograph(phone: Phone, shot: Path) -> None:
    before = phone.held()
    phone.page.set_input_files("[data-slot=input]", str(shot))
    wait_until(lambda: phone.held() > before)


def write(phone: Phone, words: str = WORDS) -> None:
    phone.page.fill("[data-slot=measure]", words)
    phone.page.fill("[data-slot=person]", "李工")
    phone.page.locator("[data-slot=person]").blur()
    expect(phone.page.locator("[data-slot=saved]")).to_contain_text("已存本机")


def hand_in(phone: Phone, shot: Path) -> None:
    photograph(phone, shot)
    write(phone)
    phone.page.click("[data-slot=send]")


def wait_for(finding: Finding, status: str, seconds: float = 40) -> None:
    def came() -> bool:
        finding.refresh_from_db()
        return finding.status == status

    wait_until(came, seconds)


def agree(finding: Finding, photos: list[tuple[str, str]], words: str = WORDS) -> None:
    """One submission with these photos and words, and nothing beside."""
    attempt = finding.rectifications.get()
    held = EvidencePhoto.objects.filter(kind="after").values_list("pk", "sha256", "rectification")
    assert sorted((str(pk), sha256) for pk, sha256, _ in held) == sorted(photos)
    assert {rectification for _, _, rectification in held} == {attempt.pk}
    assert (attempt.measure, attempt.person) == (words, "李工")
    kinds = list(finding.events.order_by("number").values_list("kind", flat=True))
    assert kinds == ["raised", "started", "submitted"]


def told(phone: Phone) -> list[tuple[str, str]]:
    return [(row["id"], row["sha256"]) for row in phone.rows()]


def writes(fault: Fault) -> Callable[[str, str], Fault | None]:
    return lambda method, path: None if method == "GET" else fault


def test_taken_offline_and_killed_it_is_there_and_goes_by_itself(
    head: Phone, line: Proxy, finding: Finding, shots
) -> None:
    page = head.page
    head.offline()
    hand_in(head, shots(1)[0])
    expect(page.locator("[data-slot=way_words]")).to_contain_text(OFFLINE)
    expect(page.locator(".shot__state")).to_have_text("在手机")
    kept = told(head)

    head.kill_tab()
    line.rule = writes(Fault("down"))
    head.offline(False)
    visit(head, finding)
    page = head.page
    expect(page.locator("[data-slot=measure]")).to_have_value(WORDS)
    expect(page.locator("[data-slot=send]")).to_have_text("已提交，等送出")
    expect(page.locator(".shot__state")).to_contain_text("在手机")
    assert told(head) == kept
    line.rule = lambda method, path: None
    page.evaluate("window.dispatchEvent(new Event('online'))")

    page.wait_for_url("**/my/?**")
    expect(page.locator(".toast")).to_contain_text(SENT)
    wait_for(finding, "submitted")
    agree(finding, kept)
    assert head.all("rectifications") == []
    assert head.all("bytes") == []


LISTEN = """() => {
  const saved = document.querySelector("[data-slot=saved]");
  window.said = [];
  new MutationObserver(() => said.push(saved.textContent)).observe(saved, { childList: true, characterData: true, subtree: true });
}"""


def test_words_are_called_saved_when_they_are(head: Phone, finding: Finding) -> None:
    page = head.page
    page.evaluate(LISTEN)
    page.locator("[data-slot=measure]").press_sequentially("补挂")
    expect(page.locator("[data-slot=saved]")).to_contain_text("已存本机")
    assert page.evaluate("window.said[0]") == "保存中…"

    head.kill_tab()
    visit(head, finding)

    expect(head.page.locator("[data-slot=measure]")).to_have_value("补挂")
    expect(head.page.locator("[data-slot=send]")).to_have_text("先拍整改后照片")


def test_the_list_sends_what_the_problems_page_left(
    head: Phone, line: Proxy, finding: Finding, shots
) -> None:
    line.rule = writes(Fault("down"))
    hand_in(head, shots(1)[0])
    kept = told(head)
    page = head.page
    page.goto("/my/scores/")
    pending = page.locator("[data-slot=pending]")
    expect(pending).to_contain_text("待传 1 张照片、1 项整改")
    expect(pending.locator("a")).to_have_attribute("href", f"/my/findings/{finding.pk}/")
    line.rule = lambda method, path: None
    page.click("[data-slot=send_now]")

    expect(page.locator(".toast")).to_contain_text(SENT)
    wait_for(finding, "submitted")
    agree(finding, kept)
    expect(page.locator("[data-slot=pending]")).to_be_hidden()


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
    hand_in(head, shots(1)[0])
    kept = told(head)
    page.wait_for_url("**/my/?**", timeout=40_000)

    wait_for(finding, "submitted")
    agree(finding, kept)
    assert {path.rsplit("/", 2)[1] for path in seen} >= {"start", "submit"}


def test_killed_after_the_server_took_it_the_phone_asks_and_is_done(
    head: Phone, line: Proxy, finding: Finding, shots
) -> None:
    line.rule = lambda method, path: Fault("lost") if path.endswith("/submit/") else None
    hand_in(head, shots(1)[0])
    kept = told(head)
    wait_for(finding, "submitted")
    head.kill_tab()
    head.page.goto("/my/")

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
    hand_in(head, shots(1)[0])
    findings.waive(
        finding=finding, reason="等改造", review_on=timezone.localdate(), by=cast.bureau,
        now=timezone.now(),
    )  # fmt: skip
    head.offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")

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
    hand_in(head, shots(1)[0])
    cast.head.stations.set([cast.other_station])
    head.offline(False)
    page.goto("/my/")

    page.click("[data-slot=pending_list] [data-slot=discard]")
    expect(page.locator("#d-discard-words")).to_contain_text(WORDS)
    page.click("#d-discard-go")

    expect(page.locator("[data-slot=pending]")).to_be_hidden()
    expect(page.locator(".toast")).to_have_count(0)
    assert (head.rows(), head.all("bytes"), head.all("rectifications")) == ([], [], [])


def test_a_phone_that_changes_hands_keeps_the_heads_work(
    head: Phone, line: Proxy, cast: Cast, finding: Finding, shots
) -> None:
    make.submitted(
        make.assignment(cast.bureau, cast.inspector, cast.stranger.stations.get()), A01="fail"
    )
    line.rule = lambda method, path: Fault("down") if "/photos/" in path else None
    hand_in(head, shots(1)[0])
    kept = told(head)
    page = head.page
    page.goto("/accounts/mine/")
    page.click("form[action$='/logout/'] button")
    expect(page.locator("#d-leave-words")).to_contain_text("1 张照片、1 项整改没有送出")
    page.click("#d-leave-go")
    page.wait_for_url("**/accounts/login/**")
    line.rule = lambda method, path: None

    head.sign_in("stranger", home="**/my/")
    wait_until(lambda: "key" in page.evaluate(KEYS))
    expect(page.locator("[data-slot=pending]")).to_be_hidden()
    assert WORDS not in page.evaluate(DUMP)
    assert finding.title not in page.evaluate(DUMP)
    assert not EvidencePhoto.objects.filter(kind="after").exists()
    page.goto("/accounts/mine/")
    page.click("form[action$='/logout/'] button")
    page.wait_for_url("**/accounts/login/**")
    head.sign_in("station", home="**/my/**")

    wait_for(finding, "submitted")
    agree(finding, kept)


def test_the_shell_an_inspector_left_sends_a_head_to_their_own_page(
    phone: Phone, task: Assignment
) -> None:
    phone.ready(task)
    page = phone.page
    page.goto("/accounts/mine/")
    page.click("form[action$='/logout/'] button")
    page.wait_for_url("**/accounts/login/**")
    phone.sign_in("station", home="**/my/")

    page.goto("/m/")

    page.wait_for_url("**/my/")


def test_signing_in_over_a_session_that_ended_closes_the_others_store(
    head: Phone, line: Proxy, cast: Cast, finding: Finding, shots
) -> None:
    """Nobody pressed sign-out: the inspector's app must not go on as the station head."""
    line.rule = lambda method, path: Fault("down") if "/photos/" in path else None
    hand_in(head, shots(1)[0])
    assert head.context
    head.context.clear_cookies(name="sessionid")
    line.rule = lambda method, path: None

    head.sign_in("inspector")

    head.page.wait_for_selector(".station, [data-slot=none]:not([hidden])")
    wait_until(lambda: '"inspector"' in head.page.evaluate("localStorage['phone.person'] || ''"))
    expect(head.page.locator("[data-slot=subheading]")).to_contain_text(str(cast.inspector))
    expect(head.page.locator("#d-signin")).to_be_hidden()
    assert WORDS not in head.page.evaluate(DUMP)
    assert not EvidencePhoto.objects.filter(kind="after").exists()


def test_a_session_that_ends_is_taken_up_in_place(head: Phone, finding: Finding, shots) -> None:
    page = head.page
    head.offline()
    hand_in(head, shots(1)[0])
    kept = told(head)
    assert head.context
    head.context.clear_cookies(name="sessionid")
    head.offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector("#d-signin[open]")
    expect(page.locator("#d-signin-words")).to_contain_text("1 张照片和 1 项整改")
    page.fill("#d-signin-password", make.PASSWORD)
    page.click("#d-signin [type=submit]")

    page.wait_for_url("**/my/?**")
    wait_for(finding, "submitted")
    agree(finding, kept)


def test_who_puts_off_signing_in_is_let_on_when_the_session_is_back(
    make_phone: Callable[..., Phone], line: Proxy, finding: Finding
) -> None:
    line.rule = lambda method, path: Fault("down") if path.endswith("v1/work/") else None
    phone = make_phone()
    phone.sign_in("station", home="**/my/")
    expect(phone.page.locator("[data-slot=not_open]")).to_be_visible()
    assert phone.context
    cookies: Any = phone.context.cookies()
    phone.context.clear_cookies(name="sessionid")
    line.rule = lambda method, path: None

    phone.page.click("#d-signin [data-close]")
    expect(phone.page.locator("[data-slot=signin_again]")).to_be_visible()
    phone.context.add_cookies(cookies)

    expect(phone.page.locator("[data-slot=not_open]")).to_be_hidden(timeout=15_000)
    expect(phone.page.locator("[data-slot=signin_again]")).to_be_hidden()


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
    wait_until(lambda: asked == ["beforeunload"] or not page.wait_for_timeout(100))
    line.rule = lambda method, path: None
    page.click("#d-wait-again")
    expect(page.locator("#d-wait")).to_be_hidden(timeout=20_000)
    page.fill("[data-slot=measure]", WORDS)
    page.click("[data-slot=send]")

    page.wait_for_url("**/my/?**")
    wait_for(finding, "submitted")


def test_the_before_photo_lies_over_the_cameras_picture(head: Phone, finding: Finding) -> None:
    page = head.page
    wait_until(lambda: len(head.all("pictures")) == 1)
    head.offline()
    page.click("[data-slot=take]")
    ghost = page.locator("#d-camera-ghost")
    expect(ghost).to_have_class(re.compile("ghost-4"))
    expect(ghost).to_have_attribute("src", re.compile("^blob:"))
    wait_until(lambda: ghost.evaluate("one => one.naturalWidth > 0"))
    page.click("#d-camera-shoot")
    wait_until(lambda: head.held() == 1)
    if page.locator("#d-photo[open]").count():  # the fake camera's picture may look blurred
        page.click("#d-photo [data-close]")
    write(head)
    kept = told(head)
    page.click("[data-slot=send]")
    head.offline(False)

    page.wait_for_url("**/my/?**", timeout=40_000)
    wait_for(finding, "submitted")
    agree(finding, kept)


@pytest.mark.parametrize(("code", "is_offered"), [("A01", True), ("B01", False)])
def test_a_critical_problem_takes_no_gallery_pictures(
    make_phone: Callable[..., Phone], cast: Cast, task: Assignment, code: str, is_offered: bool
) -> None:
    make.submitted(task, **{code: "fail"})
    phone = make_phone()
    phone.sign_in("station", home="**/my/")

    visit(phone, Finding.objects.get())

    assert bool(phone.page.locator("[data-slot=gallery]").count()) is is_offered


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
    head.page.click("[data-slot=send]")
    kept = told(head)
    line.rule = lambda method, path: None
    for page in (first, head.page):
        page.evaluate("window.dispatchEvent(new Event('online'))")

    for page in (first, head.page):
        page.bring_to_front()  # a tab in the back draws nothing
        page.wait_for_url("**/my/?**", timeout=40_000)
    agree(finding, kept)
    puts = [path for method, path, _ in line.seen if method == "PUT" and path.endswith("/")]
    copies = [path for path in puts if not path.endswith("original/")]
    assert len(copies) == len(set(copies)) == 3


def test_two_tabs_show_the_newer_words_and_the_older_tab_writes_nothing_over_them(
    head: Phone, finding: Finding, shots
) -> None:
    first: Any = head.page
    write(head)
    head.tab()
    visit(head, finding)
    expect(head.page.locator("[data-slot=measure]")).to_have_value(WORDS)
    newer = f"{WORDS}，另加固一幅"
    write(head, newer)

    first.bring_to_front()
    expect(first.locator("[data-slot=measure]")).to_have_value(newer)
    first.set_input_files("[data-slot=input]", str(shots(1)[0]))
    wait_until(lambda: head.held() > 0)
    first.reload()
    expect(first.locator("[data-slot=measure]")).to_have_value(newer)
