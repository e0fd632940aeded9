"""The form as `manage.py serve` gives it out: joined, hashed, packed; not as it lies in the tree."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from bench import place as places
from bench.form import PASSWORD
from bench.place import Place
from bench.servers import Serve, until_printed
from tests.browser.conftest import Phone, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.service, pytest.mark.timeout(240)]
STATE = "article[data-item=X01] .shot__state"


def test_the_joined_form_keeps_and_sends_a_photo(
    playwright: Playwright, chromium: str, tmp_path: Path, shots
) -> None:
    with Place("sqlite", REDIS_URL="") as place:
        task = place.ask("long_sheet")
        with Serve(place) as serve:
            serve.first_answer()
            until_printed(serve)
            phone = Phone(playwright, chromium, f"http://127.0.0.1:{serve.port}", tmp_path / "p")
            try:
                visit(phone, task, shots(1)[0])
            finally:
                phone.stop()
            assert phone.faults == []
    places.clear()


def visit(phone: Phone, task: dict[str, str], shot: Path) -> None:
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.sign_in(task["username"], PASSWORD)
    phone.page.wait_for_selector(".station")
    wait_until(lambda: phone.ask("navigator.serviceWorker.controller !== null"))
    wait_until(lambda: phone.all("sheets"))
    assert len({url for url in asked if "/js/form/" in url}) == 1

    phone.restart()
    phone.offline()
    phone.page.goto(f"/m/a/{task['assignment']}/")
    phone.tap("X01", "pass")
    phone.shoot("X01", shot)
    phone.offline(False)

    phone.send()
    expect(phone.page.locator(STATE)).to_have_text("服务器")
