"""Takes the README's pictures from a running `make run`.

PASSWORD=… .venv/bin/python docs/take_pictures.py http://127.0.0.1:8000
"""

import os
import shutil
import sys
import tempfile
from importlib import resources
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
DESK, PHONE = (1440, 900), (390, 844)
# file, account, address or how to get there, size
SHOTS = [
    ("overview", "bureau", "/bureau/", DESK),
    ("figure", "bureau", "/bureau/figure/rate/", DESK),
    ("review", "bureau", "/bureau/review/", DESK),
    ("today", "inspector", "/m/", PHONE),
    ("sheet", "inspector", "/m/ .card.station", PHONE),
    ("gaps", "station", "/my/", PHONE),
]


def fonts() -> str:
    """A font configuration with the Chinese faces of the font package."""
    folder = resources.files("pylopdf_fonts_zh_cn")
    path = Path(tempfile.mkdtemp()) / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<include>/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>"
    )
    return str(path)


def signed_in(browser: Browser, base: str, account: str, size: tuple[int, int]) -> Page:
    width, height = size
    page = browser.new_page(
        base_url=base, viewport={"width": width, "height": height}, locale="zh-CN"
    )
    page.goto("/accounts/login/")
    page.fill("[name=username]", account)
    page.fill("[name=password]", os.environ["PASSWORD"])
    page.click("form.signin [type=submit]")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    return page


def main(base: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("E2E_CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox"],
            env=os.environ | {"FONTCONFIG_FILE": fonts()},
        )
        for name, account, way, size in SHOTS:
            page = signed_in(browser, base, account, size)
            address, *link = way.split(" ", 1)
            page.goto(address)
            if link:
                page.locator(link[0]).first.click()
            page.wait_for_timeout(1500)
            page.screenshot(path=PICTURES / f"{name}.png")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
