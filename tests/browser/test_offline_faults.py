"""What phones and lines do to a visit. After each: server = phone, nothing lost, nothing twice."""

import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from audits.models import Assignment
from stations.models import HistoryEntry
from tests import make
from tests.browser.conftest import Phone, agree, wait_until
from tests.browser.proxy import Fault, Proxy
from tests.conftest import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]


def photos_fail(fault: Fault, times: int) -> Callable[[str, str], Fault | None]:
    """The first `times` photo uploads meet this fault."""
    left = itertools.count(1)

    def rule(method: str, path: str) -> Fault | None:
        if method == "PUT" and "/photos/" in path and next(left) <= times:
            return fault
        return None

    return rule


@pytest.mark.parametrize(
    "fault",
    [
        Fault("down"), Fault("cut", 20_000), Fault("lost"), Fault("status", 500),
        Fault("status", 413), Fault("status", 401), Fault("slow", 1), Fault("late", 1),
        Fault("twice"),
    ],
    ids=lambda fault: f"{fault.kind}{fault.n or ''}",
)  # fmt: skip
def test_a_line_that_fails_loses_and_doubles_nothing(
    phone: Phone, line: Proxy, task: Assignment, shots, fault: Fault
) -> None:
    line.rule = photos_fail(fault, 4)
    puts_off_signing_in(phone)
    phone.tap("A01", "pass")
    for shot in shots(3):
        phone.shoot("A01", shot)
    phone.send()

    agree(phone, task, 3, {"A01": "pass"})
    phone.item("A01")
    expect(phone.page.locator("article[data-item=A01] .shot__state")).to_have_text(["服务器"] * 3)


def test_a_server_that_is_down_then_slow_then_ill_is_waited_for(
    phone: Phone, line: Proxy, task: Assignment, shots
) -> None:
    """Twenty seconds of nothing; then slow; then 500, 401 and 413 from whatever stands before it."""
    is_up = threading.Event()
    ill = [Fault("slow", 2), Fault("status", 500), Fault("status", 401), Fault("status", 413)]

    def rule(method: str, path: str) -> Fault | None:
        if "/api/v1/" not in path:
            return None
        if not is_up.is_set():
            return Fault("down")
        return ill.pop(0) if ill else None

    line.rule = rule
    phone.tap("A01", "pass")
    for shot in shots(3):
        phone.shoot("A01", shot)
    time.sleep(20)
    assert phone.unsent() == 3
    expect(phone.page.locator("[data-slot=pending]")).to_contain_text("3 张在手机")
    is_up.set()
    while ill:
        close_sign_in(phone)
        phone.wake()
    close_sign_in(phone)
    phone.send()

    agree(phone, task, 3, {"A01": "pass"})


def puts_off_signing_in(phone: Phone) -> None:
    """A 401 may open the dialog at any moment, also between a look and a tap."""
    dialog = phone.page.locator("#d-signin[open]")
    phone.page.add_locator_handler(dialog, lambda: dialog.locator("[data-close]").click())


def close_sign_in(phone: Phone) -> None:
    time.sleep(0.3)
    if phone.page.locator("#d-signin[open]").count():
        phone.page.click("#d-signin [data-close]")


def test_a_session_that_ends_is_taken_up_in_place(phone: Phone, task: Assignment, shots) -> None:
    assert phone.context
    phone.offline()
    phone.tap("A01", "pass")
    phone.shoot("A01", shots(1)[0])
    phone.context.clear_cookies(name="sessionid")

    phone.offline(False)
    page = phone.page
    page.wait_for_selector("#d-signin[open]")
    expect(page.locator("#d-signin-words")).to_contain_text("1 张照片")
    page.fill("#d-signin-password", make.PASSWORD)
    page.click("#d-signin [type=submit]")
    phone.send()

    agree(phone, task, 1, {"A01": "pass"})


def test_two_tabs_send_once(phone: Phone, line: Proxy, task: Assignment, shots) -> None:
    phone.offline()
    phone.tap("A01", "pass")
    for shot in shots(4):
        phone.shoot("A01", shot)
    phone.tab()
    phone.open(task)

    phone.offline(False)
    phone.send()

    agree(phone, task, 4, {"A01": "pass"})
    puts = [path for method, path, _ in line.seen if method == "PUT" and "/photos/" in path]
    copies = [path for path in puts if not path.endswith("original/")]
    assert len(copies) == len(set(copies)) == 4


def test_two_phones_on_one_audit_are_shown_side_by_side(
    make_phone: Callable[..., Phone], phone: Phone, task: Assignment
) -> None:
    other = make_phone()
    other.sign_in("inspector")
    other.ready(task)
    for one in (phone, other):
        one.offline()
    phone.tap("A02", "pass")
    other.tap("A02", "fail", "灯坏了")
    phone.offline(False)
    phone.send()
    other.offline(False)

    other.page.wait_for_selector("article[data-item=A02] [data-act=compare]:not([hidden])")
    agree(phone, task, 0, {"A02": "pass"})
    other.page.click("article[data-item=A02] [data-act=compare]")
    expect(other.page.locator("#d-mine-note")).to_have_text("灯坏了")
    other.page.click("#d-mine-take")
    other.send()

    agree(other, task, 0, {"A02": "fail"})


def test_a_phone_that_changes_hands_keeps_each_ones_work(
    phone: Phone, cast: Cast, task: Assignment, shots
) -> None:
    phone.offline()
    phone.tap("A01", "fail", "只有甲知道")
    phone.shoot("A01", shots(1)[0])
    assert phone.context
    phone.context.route("**/api/v1/photos/**", lambda route: route.abort())
    phone.context.route("**/api/v1/audits/**", lambda route: route.abort())
    phone.offline(False)
    page = phone.page
    page.goto("/accounts/mine/")
    page.click("form[action$='/logout/'] button")
    expect(page.locator("#d-leave-words")).to_contain_text("1 张照片")
    page.click("#d-leave-go")
    page.wait_for_url("**/accounts/login/**")
    phone.context.unroute_all()

    phone.sign_in("inspector2")
    page.wait_for_selector("[data-slot=none]:not([hidden])")
    assert "只有甲知道" not in phone.ask(DUMP)
    assert "key" not in phone.ask(META)
    page.goto(f"/m/a/{task.pk}/")
    page.wait_for_selector("[data-slot=closed_words]:not(:empty)")

    page.goto("/accounts/mine/")
    page.click("form[action$='/logout/'] button")
    page.wait_for_url("**/accounts/login/**")
    phone.sign_in("inspector")
    page.wait_for_selector(".station")
    phone.send()

    agree(phone, task, 1, {"A01": "fail"})


def test_signing_in_over_a_session_that_ended_opens_the_new_persons_tasks(
    phone: Phone, cast: Cast, task: Assignment, shots
) -> None:
    """Nobody pressed sign-out."""
    phone.offline()
    phone.tap("A01", "fail", "只有甲知道")
    assert phone.context
    phone.context.clear_cookies(name="sessionid")
    phone.offline(False)
    phone.page.goto("about:blank")

    phone.sign_in("inspector2")

    name = phone.page.locator("[data-slot=subheading]")
    expect(name).to_contain_text(str(cast.inspector2))
    expect(phone.page.locator("[data-slot=none]")).to_be_visible()
    assert "只有甲知道" not in phone.ask(DUMP)
    assert "key" not in phone.ask(META)


DUMP = """async () => {
  let text = "";
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((go) => { const r = indexedDB.open(name); r.onsuccess = () => go(r.result); });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((go) => { const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => go(r.result); });
      text += JSON.stringify(rows, (key, value) => value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value);
    }
    db.close();
  }
  return text;
}"""
META = """async () => {
  const db = await new Promise((go) => { const r = indexedDB.open("phone:inspector"); r.onsuccess = () => go(r.result); });
  const keys = await new Promise((go) => { const r = db.transaction("meta").objectStore("meta").getAllKeys(); r.onsuccess = () => go(r.result); });
  db.close();
  return keys;
}"""


def test_a_wiped_store_is_noticed_and_written_down(
    phone: Phone, line: Proxy, task: Assignment, shots
) -> None:
    assert phone.context
    line.rule = lambda method, path: Fault("status", 503) if "/photos/" in path else None
    phone.tap("A01", "pass")
    for shot in shots(2):
        phone.shoot("A01", shot)
    wait_until(lambda: all(row["isAnnounced"] for row in phone.rows()))
    session = phone.context.new_cdp_session(phone.page)
    session.send(
        "Storage.clearDataForOrigin",
        {
            "origin": phone.url,
            "storageTypes": "indexeddb,local_storage,service_workers,cache_storage",
        },
    )
    line.rule = lambda method, path: None

    phone.page.goto("/m/")

    expect(phone.page.locator("[data-slot=lost_words]")).to_contain_text("2 张还没传的照片")
    wait_until(lambda: HistoryEntry.objects.filter(action="client_storage_lost").exists())
    entry = HistoryEntry.objects.get(action="client_storage_lost")
    assert len(entry.detail["photos"]) == 2


def test_a_new_version_takes_over_with_a_full_queue(
    phone: Phone, line: Proxy, task: Assignment, shots, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audits.pages import shell

    phone.offline()
    phone.tap("A01", "pass")
    for shot in shots(5):
        phone.shoot("A01", shot)
    monkeypatch.setattr(shell, "version", lambda: "newversion01")
    line.rule = lambda method, path: Fault("down") if "/photos/" in path else None
    phone.offline(False)
    phone.page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update())")
    wait_until(
        lambda: (
            phone.page.evaluate("caches.keys().then((names) => names.join())")
            == "shell-newversion01"
        )
    )
    expect(phone.page.locator("article[data-item=A01] .shot__state")).to_have_count(5)
    line.rule = lambda method, path: None

    phone.restart()
    phone.open(task)
    expect(phone.page.locator("[data-version=newversion01]")).to_have_count(1)
    phone.send()

    agree(phone, task, 5, {"A01": "pass"})


@pytest.fixture
def odd_files(tmp_path: Path) -> dict[str, Path]:
    contents = {
        "empty.jpg": b"",
        "letter.jpg": b"%PDF-1.7\n" + b"x" * 5000,
        "film.mp4": b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 5000,
        "phone.heic": b"\x00\x00\x00\x18ftypheic" + b"\x00" * 5000,
        "large.jpg": make.picture(5, (8160, 6120)),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in contents}


def test_odd_files_get_a_plain_sentence_and_never_block(
    phone: Phone, task: Assignment, odd_files: dict[str, Path]
) -> None:
    phone.tap("A01", "pass")
    page = phone.page
    for name, words in {"empty.jpg": "空的", "letter.jpg": "不是照片", "film.mp4": "视频"}.items():
        phone.shoot("A01", odd_files[name])
        expect(page.locator("#d-unfit-words")).to_contain_text(words)
        page.click("#d-unfit [data-close]")
    for name, words in {"phone.heic": "HEIC", "large.jpg": "50 百万像素"}.items():
        phone.shoot("A01", odd_files[name])
        expect(page.locator("#d-photo-words")).to_contain_text(words, timeout=30_000)
        page.click("#d-photo [data-close]")
    phone.tap("A02", "pass")
    phone.send(90)

    states = sorted(row["state"] for row in phone.rows())
    assert states == ["refused", "stored"]  # a HEIC in name only: the server's reason is shown
    agree(phone, task, 1, {"A01": "pass", "A02": "pass"})
