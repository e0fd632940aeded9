"""A phone: a real Chromium with a profile on disk, a line that can fail, and the real server."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from audits.models import Answer, Assignment, EvidencePhoto
from tests import make
from tests.browser.proxy import Proxy
from tests.conftest import Cast

STORE = "/static/audits/js/form/"


@pytest.fixture(scope="module")
def playwright(chromium: str) -> Iterator[Playwright]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as made:
        yield made
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def line(live_server: Any) -> Iterator[Proxy]:
    proxy = Proxy(live_server.url)
    yield proxy
    proxy.close()


class Phone:
    """One browser profile. `page` is the tab that is open."""

    def __init__(self, playwright: Playwright, chromium: str, url: str, place: Path) -> None:
        self.playwright, self.chromium, self.url, self.place = playwright, chromium, url, place
        self.faults: list[str] = []
        self.context: BrowserContext | None = None
        self.start()

    def start(self) -> None:
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.place), executable_path=self.chromium, base_url=self.url, locale="zh-CN",
            args=["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
            viewport={"width": 390, "height": 844}, has_touch=True,
        )  # fmt: skip
        self.page = self.context.pages[0]
        self.mind(self.page)

    def mind(self, page: Page) -> Page:
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def tab(self) -> Page:
        assert self.context
        self.page = self.mind(self.context.new_page())
        return self.page

    def stop(self) -> None:
        if self.context:
            self.context.close()
        self.context = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def offline(self, is_off: bool = True) -> None:
        assert self.context
        self.context.set_offline(is_off)

    def sign_in(self, username: str, password: str = make.PASSWORD, home: str = "**/m/**") -> None:
        page = self.page
        page.goto("/accounts/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        page.click("form.signin [type=submit]")
        page.wait_for_url(home)

    def ready(self, task: Assignment) -> None:
        """One visit with signal: worker active, sheet on the phone."""
        page = self.page
        page.goto("/m/")
        page.wait_for_selector(".station")
        wait_until(lambda: page.evaluate("navigator.serviceWorker.controller !== null"))
        wait_until(lambda: self.all("sheets"))
        self.open(task)

    def open(self, task: Assignment) -> None:
        self.page.goto(f"/m/a/{task.pk}/")
        self.page.wait_for_selector("[data-slot=cards] > *, [data-slot=leave_view]:not([hidden])")

    def item(self, code: str) -> None:
        self.page.evaluate("code => { location.hash = code }", code)
        self.page.wait_for_selector(f"article[data-item={code}] h2")

    def tap(self, code: str, result: str, note: str = "") -> None:
        self.item(code)
        card = self.page.locator(f"article[data-item={code}]")
        if result == "unable":
            card.locator("[data-act=more]").click()
        card.locator(f"[data-result={result}]").click()
        if note or result != "pass":
            card.locator("textarea").fill(note or "现场情况")
            card.locator("textarea").blur()

    def shoot(self, code: str, path: str | Path, wait: bool = True) -> None:
        self.item(code)
        before = self.held()
        self.page.set_input_files("#f-camera", [])
        with self.page.expect_file_chooser() as chooser:
            self.page.click(f"article[data-item={code}] [data-act=camera]")
        chooser.value.set_files(str(path))
        if wait:
            wait_until(lambda: self.held() > before or self.page.locator("#d-unfit[open]").count())

    def held(self) -> int:
        """Photos this phone has saved, sent or not."""
        return sum(row["state"] != "writing" for row in self.rows())

    def rows(self) -> list[dict[str, Any]]:
        return self.all("photos")

    def all(self, store: str) -> list[dict[str, Any]]:
        """The rows of one store, without what is sealed in them."""
        found: list[dict[str, Any]] = self.page.evaluate(ALL, store)
        return found

    def unsent(self) -> int:
        return sum(row["state"] in {"queued", "writing"} for row in self.rows())

    def send(self, seconds: float = 40) -> None:
        """Wait until nothing is left to send, asking as a person would."""
        deadline = time.monotonic() + seconds
        while self.waiting():
            assert time.monotonic() < deadline, (self.rows(), self.page.inner_text("body")[:500])
            self.page.evaluate("window.dispatchEvent(new Event('online'))")
            time.sleep(0.4)

    def waiting(self) -> int:
        found: int = self.page.evaluate(WAITING)
        return found

    def kill_tab(self) -> None:
        """kill -9 of the process that draws the page."""
        for pid in renderers(self.place):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.3)
        old = self.page
        self.tab()
        old.close()


ALL = """async (store) => {
  const { username } = JSON.parse(localStorage.getItem("phone.person") || "{}");
  if (!(await indexedDB.databases()).some((one) => one.name === "phone:" + username)) return [];
  const db = await new Promise((go) => { const r = indexedDB.open("phone:" + username); r.onsuccess = () => go(r.result); });
  if (!db.objectStoreNames.contains(store)) { db.close(); return []; }
  const rows = await new Promise((go) => { const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => go(r.result); });
  db.close();
  return rows.map((row) => ({ ...row, box: undefined }));
}"""
WAITING = f"""async () => {{
  const all = {ALL};
  const photos = (await all("photos")).filter((row) => ["queued", "writing"].includes(row.state)).length;
  const text = [...(await all("answers")), ...(await all("audits")), ...(await all("rectifications"))].filter((row) => row.waits).length;
  return photos + text;
}}"""


def renderers(place: Path) -> list[int]:
    """Processes of this profile's browser that draw pages (Linux)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError):
            continue
        if b"--type=renderer" in words:
            found.append((int(process.name), parent))
    return [pid for pid, parent in found if is_of(parent, place)]


def is_of(pid: int, place: Path) -> bool:
    for _ in range(6):
        try:
            if f"--user-data-dir={place}".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                return True
            pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError):
            return False
    return False


def wait_until(happened: Callable[[], Any], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.fixture
def make_phone(
    playwright: Playwright, chromium: str, line: Proxy, tmp_path: Path
) -> Iterator[Callable[..., Phone]]:
    phones: list[Phone] = []

    def made(url: str = "") -> Phone:
        place = tmp_path / f"phone{len(phones)}"
        phones.append(Phone(playwright, chromium, url or line.url, place))
        return phones[-1]

    yield made
    for phone in phones:
        phone.stop()
    assert [fault for phone in phones for fault in phone.faults] == []


@pytest.fixture
def phone(make_phone: Callable[..., Phone], cast: Cast, task: Assignment) -> Phone:
    """The inspector's phone after one visit with signal."""
    made = make_phone()
    made.sign_in("inspector")
    made.ready(task)
    return made


@pytest.fixture
def shots(tmp_path: Path) -> Callable[[int], list[Path]]:
    """Drawn pictures, each different, larger than what is sent."""

    def made(count: int) -> list[Path]:
        paths = []
        for n in range(count):
            path = tmp_path / f"shot{n}.jpg"
            path.write_bytes(make.picture(1000 + n, (1600, 1200)))
            paths.append(path)
        return paths

    return made


def agree(
    phone: Phone, task: Assignment, photos: int, answers: dict[str, str] | None = None
) -> None:
    """Server = phone: nothing acknowledged is missing, nothing is there twice."""
    held = {
        str(photo.pk): (photo.sha256, photo.size)
        for photo in EvidencePhoto.objects.filter(audit__assignment=task)
    }
    told = {
        row["id"]: (row["sha256"], row["size"]) for row in phone.rows() if row["state"] == "stored"
    }
    assert told == held
    assert len(held) == photos
    assert len({sha for sha, _ in held.values()}) == photos
    if answers is not None:
        found = dict(
            Answer.objects.filter(audit__assignment=task).values_list("item__code", "result")
        )
        assert found == answers
