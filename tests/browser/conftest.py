"""A phone: a real Chromium with a profile on disk, a line that can fail, and the real server."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    BrowserContext,
    Error,
    FloatRect,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from audits.models import Answer, Assignment, EvidencePhoto
from tests import make
from tests.browser.proxy import Proxy
from tests.conftest import Cast

STORE = "/static/audits/js/form/"
PAGE_MS = 30_000  # as long as a page may take on a busy machine
GONE = re.compile("context was destroyed|Cannot find context|frame was detached", re.IGNORECASE)
SAVING = re.compile("保存中|存入中")

# The page has drawn what was done up to now; a tab in the back gets no frames.
DRAWN = """() => new Promise((go) => {
  requestAnimationFrame(() => requestAnimationFrame(() => go()));
  setTimeout(go, 2000);
})"""
# The app draws on both events of a new fragment, and takes the focus: the second one is waited for.
HEAR = """() => {
  window.heard = new Promise((go) => addEventListener("hashchange", () => go(), { once: true }));
}"""
FRAGMENT = """(name) => new Promise((go) => {
  if (decodeURIComponent(location.hash.slice(1)) === name) return go();
  addEventListener("hashchange", () => go(), { once: true });
  location.hash = name;
})"""


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
        page.set_default_timeout(PAGE_MS)
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
        wait_until(lambda: self.ask("navigator.serviceWorker.controller !== null"))
        wait_until(lambda: self.all("sheets"))
        self.open(task)

    def open(self, task: Assignment) -> None:
        self.page.goto(f"/m/a/{task.pk}/")
        self.page.wait_for_selector("[data-slot=cards] > *, [data-slot=leave_view]:not([hidden])")

    @contextmanager
    def turned(self) -> Iterator[None]:
        """What is done inside leads to another fragment; afterwards its view is drawn, for good."""
        self.page.evaluate(HEAR)
        yield
        self.page.evaluate("window.heard")

    def item(self, code: str) -> None:
        self.page.evaluate(FRAGMENT, code)
        self.page.wait_for_selector(f"article[data-item={code}] h2")

    def leave(self) -> None:
        """The receipt, as far as it has come."""
        self.page.evaluate(FRAGMENT, "leave")
        self.page.wait_for_selector(".receipt__title:not(:empty)")

    def rest(self) -> None:
        """What was tapped, written and photographed is on the disk, and the page says so."""
        self.ask(DRAWN)
        said = self.page.locator("[data-slot=subheading], [data-slot=saved], .shot__state")
        expect(said.filter(has_text=SAVING)).to_have_count(0)

    def tap(self, code: str, result: str, note: str = "") -> None:
        """Until it is on the disk."""
        self.item(code)
        card = self.page.locator(f"article[data-item={code}]")
        if result == "unable":
            card.locator("[data-act=more]").click()
        card.locator(f"[data-result={result}]").click()
        expect(card.locator(f"[data-result={result}]")).to_have_attribute("aria-pressed", "true")
        if note or result != "pass":
            card.locator("textarea").fill(note or "现场情况")
            card.locator("textarea").blur()
        self.rest()

    def shoot(self, code: str, path: str | Path, wait: bool = True) -> None:
        """Until it is on the disk and in the strip, or the page has said why not."""
        self.item(code)
        strip = self.page.locator(f"article[data-item={code}] .shot[data-photo]")
        before, shown = self.held(), strip.count()
        self.page.set_input_files("#f-camera", [])
        with self.page.expect_file_chooser() as chooser:
            self.page.click(f"article[data-item={code}] [data-act=camera]")
        chooser.value.set_files(str(path))
        if not wait:
            return
        unfit = self.page.locator("#d-unfit[open]")
        wait_until(lambda: self.held() > before or unfit.count())
        if not unfit.count():
            expect(strip).to_have_count(shown + 1)
            self.rest()

    def ask(self, script: str, given: Any = None) -> Any:
        return ask(self.page, script, given)

    def held(self) -> int:
        """Photos this phone has saved, sent or not."""
        return sum(row["state"] != "writing" for row in self.rows())

    def rows(self) -> list[dict[str, Any]]:
        return self.all("photos")

    def all(self, store: str) -> list[dict[str, Any]]:
        """The rows of one store, without what is sealed in them."""
        found: list[dict[str, Any]] = self.ask(ALL, store)
        return found

    def unsent(self) -> int:
        return sum(row["state"] in {"queued", "writing"} for row in self.rows())

    def send(self, seconds: float = 60) -> None:
        """Wait until nothing is left to send, asking as a person would."""
        self.rest()
        deadline = time.monotonic() + seconds
        while self.waiting():
            assert time.monotonic() < deadline, (self.rows(), self.page.inner_text("body")[:500])
            self.wake()
            time.sleep(0.4)

    def wake(self) -> None:
        """What the browser says when the line is back."""
        self.ask("() => { window.dispatchEvent(new Event('online')) }")

    def waiting(self) -> int:
        found: int = self.ask(WAITING)
        return found

    def kill_tab(self) -> None:
        """kill -9 of the process that draws the page; until the browser has seen that it is gone."""
        old, pids = self.page, renderers(self.place)
        assert pids, "nothing draws this page"
        with old.expect_event("crash"):
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not set(pids) & set(renderers(self.place)))
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
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").split()
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


def wait_until(happened: Callable[[], Any], seconds: float = 40) -> None:
    """For what no `expect` can wait for. An event of the page is heard only while it is asked."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def ask(page: Page, script: str, given: Any = None, tries: int = 5) -> Any:
    """`page.evaluate`; once more of the page that follows, when it went away in between."""
    try:
        return page.evaluate(script, given)
    except Error as error:
        if tries <= 1 or not GONE.search(str(error)):
            raise
    page.wait_for_load_state("domcontentloaded")
    return ask(page, script, given, tries - 1)


def box(locator: Locator) -> FloatRect:
    """Where it is, once it is in sight, stands still and nothing lies over it."""
    locator.hover(trial=True)
    found = locator.bounding_box()
    assert found
    return found


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
