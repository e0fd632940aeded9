"""The form for everyone: axe in light and dark, large type, keyboard."""

import pytest
from playwright.sync_api import expect

from audits.models import Assignment
from tests.browser.axe import violations
from tests.browser.conftest import Phone, box, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible(
    phone: Phone, task: Assignment, shots, scheme: str, request: pytest.FixtureRequest
) -> None:
    page = phone.page
    page.emulate_media(color_scheme=scheme)
    phone.offline()
    phone.tap("A01", "fail")
    phone.shoot("A01", shots(1)[0])
    faults = {"sheet": violations(page)}
    page.click("article[data-item=A01] .shot[data-photo]")
    page.wait_for_selector("#d-photo[open]")
    faults["photo"] = violations(page)
    page.click("#d-photo-mark")
    page.wait_for_selector("#d-marks[open]")
    faults["marks"] = violations(page)
    page.click("#d-marks [data-close]")
    phone.leave()
    faults["leave"] = violations(page)
    page.click("[data-slot=sign_open]")
    page.wait_for_selector("#d-sign[open]")
    faults["sign"] = violations(page)
    page.click("#d-sign [data-close]")
    for path in ("/m/", "/m/q/"):
        page.goto(path)
        page.wait_for_selector("[data-view-of]:not([hidden])")
        faults[path] = violations(page)

    assert faults == {view: [] for view in faults}


def test_a_result_can_be_given_by_keyboard_alone(phone: Phone, task: Assignment) -> None:
    phone.item("A02")
    phone.page.focus("article[data-item=A02] [data-result=pass]")
    phone.page.keyboard.press("Enter")

    expect(phone.page.locator("article[data-item=A02] [data-result=pass]")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_mark_is_kept_beside_the_photo_and_sent_with_it(
    phone: Phone, task: Assignment, shots
) -> None:
    from audits.models import EvidencePhoto

    page = phone.page
    phone.offline()
    phone.tap("A01", "pass")
    phone.shoot("A01", shots(1)[0])
    page.click("article[data-item=A01] .shot[data-photo]")
    page.click("#d-photo-mark")
    before = phone.rows()[0]["sha256"]
    canvas = box(page.locator("#d-marks-canvas"))
    page.mouse.move(canvas["x"] + canvas["width"] * 0.25, canvas["y"] + canvas["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(canvas["x"] + canvas["width"] * 0.75, canvas["y"] + canvas["height"] * 0.5)
    page.mouse.up()
    page.click("#d-marks-done")
    wait_until(lambda: phone.rows()[0]["rev"] > 2)
    phone.offline(False)
    phone.send()

    photo = EvidencePhoto.objects.get()
    [mark] = photo.marks
    assert (mark["kind"], photo.sha256) == ("arrow", before)
    assert mark["to"][0] == pytest.approx(0.75, abs=0.02)


def test_the_station_head_signs_and_it_is_evidence(phone: Phone, task: Assignment) -> None:
    from audits.models import EvidencePhoto

    page = phone.page
    phone.tap("A02", "pass")
    phone.leave()
    page.click("[data-slot=sign_open]")
    canvas = box(page.locator("#d-sign-canvas"))
    page.mouse.move(canvas["x"] + 40, canvas["y"] + 40)
    page.mouse.down()
    page.mouse.move(canvas["x"] + 200, canvas["y"] + 80, steps=8)
    page.mouse.up()
    page.click("#d-sign-done")
    wait_until(lambda: phone.held() == 1)
    phone.send()

    assert EvidencePhoto.objects.get().kind == "signature"
