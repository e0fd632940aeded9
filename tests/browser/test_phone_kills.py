"""kill -9 of the tab at every step of a photo's way: what was shown as saved is there, and once."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from audits.models import Assignment, EvidencePhoto
from tests.browser.conftest import Phone, agree, wait_until
from tests.browser.proxy import Fault, Proxy

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]

# The write of row and bytes never ends: the transaction stays open until the tab is gone.
NEVER_WRITTEN = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (row) {
    const asked = put.call(this, row);
    if (this.name !== "bytes") return asked;
    const again = () => { this.get("nothing").onsuccess = again; };
    window.isHalf = true;
    again();
    return asked;
  };
}"""
# Written, and the tab dies before the bytes are read back.
NEVER_READ_BACK = "() => { crypto.subtle.decrypt = () => new Promise(() => {}) }"
A01 = "article[data-item=A01]"
Step = Callable[[Phone, Proxy, Path], None]


def photos(fault: Fault) -> Callable[[str, str], Fault | None]:
    """The first upload of a photo meets this; what follows finds no line."""
    left = itertools.count()

    def rule(method: str, path: str) -> Fault | None:
        if method != "PUT" or "/photos/" not in path:
            return None
        return Fault("down") if next(left) else fault

    return rule


def tapped(phone: Phone, line: Proxy, shot: Path) -> None:
    pass


def camera_open(phone: Phone, line: Proxy, shot: Path) -> None:
    with phone.page.expect_file_chooser():
        phone.page.click(f"{A01} [data-act=camera]")


def chosen(phone: Phone, line: Proxy, shot: Path) -> None:
    phone.shoot("A01", shot, wait=False)


def half_written(phone: Phone, line: Proxy, shot: Path) -> None:
    phone.page.evaluate(NEVER_WRITTEN)
    phone.shoot("A01", shot, wait=False)
    wait_until(lambda: phone.ask("window.isHalf"))


def half_stored(phone: Phone, line: Proxy, shot: Path) -> None:
    phone.page.evaluate(NEVER_READ_BACK)
    phone.shoot("A01", shot, wait=False)
    wait_until(lambda: [row["state"] for row in phone.rows()] == ["writing"])


def stored(phone: Phone, line: Proxy, shot: Path) -> None:
    line.rule = photos(Fault("down"))
    phone.shoot("A01", shot)


def half_uploaded(phone: Phone, line: Proxy, shot: Path) -> None:
    line.rule = photos(Fault("half", 20_000))
    phone.shoot("A01", shot)
    assert line.is_half.wait(20)


def receipt_lost(phone: Phone, line: Proxy, shot: Path) -> None:
    line.rule = photos(Fault("lost"))
    phone.shoot("A01", shot)
    wait_until(lambda: EvidencePhoto.objects.exists())


KEPT = {half_stored: 1, stored: 1, half_uploaded: 1, receipt_lost: 1, half_written: 0, tapped: 0,
        camera_open: 0}  # fmt: skip


@pytest.mark.parametrize("step", [*KEPT, chosen], ids=lambda step: step.__name__)
def test_a_tab_killed_at_any_step_goes_on_where_it_was(
    phone: Phone, line: Proxy, task: Assignment, shots, step: Step
) -> None:
    [shot] = shots(1)
    phone.tap("A01", "pass")

    step(phone, line, shot)
    phone.kill_tab()
    line.let_go.set()
    line.rule = lambda method, path: None if method == "GET" else Fault("down")
    phone.open(task)
    phone.item("A01")

    expect(phone.page.locator(f"{A01} [data-result=pass][aria-pressed=true]")).to_be_visible()
    held = phone.held()
    expect(phone.page.locator(f"{A01} .shot__state")).to_have_count(held)
    assert held == KEPT.get(step, held)
    line.rule = lambda method, path: None
    if not held:
        phone.shoot("A01", shot)  # it was never shown as saved
    phone.send()
    agree(phone, task, 1, {"A01": "pass"})


# What is read of the photos waits until `letGo`.
PHOTOS_HELD = """() => new Promise((ready) => {
  const asked = indexedDB.open("phone:inspector");
  asked.onsuccess = () => {
    const held = asked.result.transaction("photos", "readwrite").objectStore("photos");
    let isHeld = true;
    const again = () => { if (isHeld) held.get("nothing").onsuccess = again; ready(); };
    window.letGo = () => { isHeld = false; };
    held.get("nothing").onsuccess = again;
    asked.result.close();
  };
})"""


def test_the_camera_opens_when_the_first_tap_is_on_the_disk(phone: Phone, task: Assignment) -> None:
    """The first tap of a sheet asks for old photos before it counts: the camera waits for it too."""
    page = phone.page
    opened: list[str] = []
    page.on("filechooser", lambda chooser: opened.append(chooser.page.url))
    page.evaluate(PHOTOS_HELD)
    page.click(f"{A01} [data-result=pass]")
    page.click(f"{A01} [data-act=camera]")
    page.wait_for_timeout(500)
    assert not opened

    page.evaluate("window.letGo()")
    wait_until(lambda: page.wait_for_timeout(50) or opened)
    phone.kill_tab()
    phone.open(task)
    phone.item("A01")

    expect(phone.page.locator(f"{A01} [data-result=pass][aria-pressed=true]")).to_be_visible()


def test_a_page_ended_for_the_camera_comes_back_to_the_same_item(
    phone: Phone, task: Assignment
) -> None:
    """The browser opens the address again that the tab had; A02 would be the next to do."""
    page = phone.page
    page.click(f"{A01} [data-result=pass]")
    with page.expect_file_chooser():
        page.click(f"{A01} [data-act=camera]")
    address = page.url

    phone.kill_tab()
    phone.page.goto(address)

    expect(phone.page.locator(f"{A01} h2")).to_be_visible()
    expect(phone.page.locator(f"{A01} [data-result=pass][aria-pressed=true]")).to_be_visible()
