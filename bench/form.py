"""The inspector's form on a slow phone: how soon it can be used, how it scrolls, what it weighs."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import mean, median, quantiles
from typing import Any

from bench import drawn
from bench.place import Place
from bench.scale import Scale
from bench.servers import Serve, until_printed
from bench.table import Part, Row, ms
from bench.timing import interleaved, ratio, timed

PASSWORD = "bench-2026-pass"
PHOTOS = 60
USABLE_WITHIN, WHOLE_KB, OWN_KB = 2.0, 120, 60
SMOOTH, FRAME_MS = 1.5, 16.7
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
NOTES = (
    "Chromium, slow 4G (150 ms, 1.6 Mbit/s) and a processor four times slower, both through its own "
    "DevTools protocol; cold: nothing cached, no worker, signed in. Usable: an item of a sheet of 60 "
    f"answers a tap. Beside it an answer without a page. Scrolling: {PHOTOS} photos on the "
    "phone, the frame times of a scroll through the sheet beside those of a bare page of the same "
    "length; these two and the start grow with whatever else the machine does, processor time does not. "
    "Weight: what the browser is sent, gzip."
)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

SCROLL = """async () => {
  const end = document.documentElement.scrollHeight - innerHeight, frames = [];
  let before = await new Promise(requestAnimationFrame);
  for (let at = 0; at <= 1; at += 1 / 120) {
    scrollTo(0, at * end);
    const now = await new Promise(requestAnimationFrame);
    frames.push((now - before) / 1000);
    before = now;
  }
  scrollTo(0, 0);
  return frames;
}"""


def run(scale: Scale) -> Part:
    browser = os.environ.get("E2E_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), "")
    if not browser:
        return Part("The form on a slow phone", [Row("skipped: no Chromium here", "")])
    with Place("sqlite", REDIS_URL="") as place:
        task = place.ask("long_sheet")
        with Serve(place) as serve:
            serve.first_answer()
            until_printed(serve)
            with phones(browser, f"http://127.0.0.1:{serve.port}", task["username"]) as new_phone:
                address = f"/m/a/{task['assignment']}/"
                rows = [
                    *_loading(new_phone, address, scale.pairs),
                    *_scrolling(new_phone, address),
                    *_weight(new_phone, address),
                ]
    return Part("The form on a slow phone", rows, NOTES)


@contextmanager
def phones(browser: str, url: str, username: str) -> Iterator[Callable[[], Any]]:
    """Each call is a fresh phone, signed in, nothing cached: its page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        options: Any = {"base_url": url, "viewport": {"width": 390, "height": 844}}
        first = chromium.new_context(**options)
        page = first.new_page()
        page.goto("/accounts/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("form.signin [type=submit]")
        page.wait_for_url("**/m/**")
        cookies = [one for one in first.cookies() if "session" in one["name"]]
        first.close()

        def new_phone() -> Any:
            for context in chromium.contexts:
                context.close()
            context = chromium.new_context(**options)
            context.add_cookies(cookies)
            return context.new_page()

        yield new_phone
        chromium.close()


def slow(page: Any) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def _loading(new_phone: Callable[[], Any], address: str, pairs: int) -> list[Row]:
    def ours() -> float:
        page = new_phone()
        slow(page)
        return timed(lambda: _use(page, address))

    def empty() -> float:
        page = new_phone()
        slow(page)
        return timed(lambda: page.goto("/healthz", wait_until="load"))

    seconds = interleaved({"ours": ours, "empty": empty}, min(pairs, 9))
    took = median(seconds["ours"])
    return [
        Row("cold: from the address to the first tap", f"{took:.2f} s",
            ms(median(seconds["empty"])), took, USABLE_WITHIN, " s"),
        Row("    beside an answer without a page", "", "", ratio(seconds["ours"], seconds["empty"])),
    ]  # fmt: skip


def _use(page: Any, address: str) -> None:
    """Whichever item is open: an earlier phone's tap may have reached the server."""
    page.goto(address, wait_until="commit")
    page.click("article [data-result=pass]")
    page.wait_for_selector("article [data-result=pass][aria-pressed=true]")


def _scrolling(new_phone: Callable[[], Any], address: str) -> list[Row]:
    page = new_phone()
    page.goto(address)
    page.wait_for_selector("article h2")
    page.context.set_offline(True)
    with page.expect_file_chooser() as chooser:
        page.click("article [data-act=gallery]")
    chooser.value.set_files(_shots())
    page.locator("[data-slot=pending]", has_text=str(PHOTOS)).wait_for(timeout=180_000)
    height = page.evaluate("document.documentElement.scrollHeight")
    bare = page.context.new_page()
    bare.set_content(f'<div style="height:{height}px">')

    def scroll(one: Any) -> list[float]:
        one.bring_to_front()
        frames: list[float] = one.evaluate(SCROLL)
        return frames

    own, least = (_own_time(one, scroll) for one in (page, bare))
    for one in (page, bare):
        slow(one)
    ours, reference = [], []
    for _ in range(5):
        ours.append(scroll(page))
        reference.append(scroll(bare))
    return [
        Row(f"60 items, {PHOTOS} photos: a frame while scrolling", ms(median(map(mean, ours))),
            ms(median(map(mean, reference))),
            ratio([*map(mean, ours)], [*map(mean, reference)]), SMOOTH),
        Row("    the slowest twentieth of them", ms(median(map(_late, ours))),
            ms(median(map(_late, reference))),
            ratio([*map(_late, ours)], [*map(_late, reference)]), SMOOTH),
        Row("    the page's own processor time in one, × 4", ms(4 * own), ms(4 * least),
            4 * own * 1000, FRAME_MS, " ms"),
    ]  # fmt: skip


def _own_time(page: Any, scroll: Callable[[Any], list[float]]) -> float:
    """Seconds of the main thread per frame, whatever else the machine does."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        told = session.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in told if one["name"] == "TaskDuration")

    before = spent()
    frames = len(scroll(page))
    return (spent() - before) / frames


def _shots() -> list[Any]:
    [picture] = drawn.photos("300 KB", 1)
    return [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": drawn.unlike(picture, bytes([n]))}
        for n in range(PHOTOS)
    ]


def _late(frames: list[float]) -> float:
    return quantiles(frames, n=20)[-1]


def _weight(new_phone: Callable[[], Any], address: str) -> list[Row]:
    page, sizes = new_phone(), {}

    def weigh(answer: Any) -> None:
        kind = answer.headers.get("content-type", "")
        if found := re.search("html|css|javascript", kind):
            sizes[answer.url] = (found[0], len(gzip.compress(answer.body(), 6)))

    page.on("response", weigh)
    page.goto(address)
    page.wait_for_selector("article h2")
    whole = sum(size for _, size in sizes.values()) / 1024
    own = sum(size for kind, size in sizes.values() if kind == "javascript") / 1024
    return [
        Row("the whole form, compressed", f"{whole:.0f} KB", "", whole, WHOLE_KB, " KB"),
        Row("its own JavaScript, compressed", f"{own:.0f} KB", "", own, OWN_KB, " KB"),
    ]
