"""Offline from the first tap: the sheet opens, fills, photographs and hands over by itself."""

import pytest
from playwright.sync_api import expect

from audits.models import Assignment, Audit
from tests.browser.conftest import Phone, agree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_cold_start_without_signal_fills_the_sheet_and_hands_it_over(
    phone: Phone, task: Assignment, shots
) -> None:
    phone.restart()
    phone.offline()
    phone.page.goto("/m/")
    expect(phone.page.locator(".station")).to_have_count(1)
    phone.page.click(".station")
    phone.page.wait_for_selector("article[data-item=A01] h2")
    answers = {"A01": "pass", "A02": "fail", "B01": "pass", "B02": "na"}
    for code, result in answers.items():
        phone.tap(code, result)
    for shot in shots(2):
        phone.shoot("A01", shot)
    expect(phone.page.locator("[data-slot=chip]")).to_contain_text("离线")
    phone.leave()
    phone.page.click("[data-slot=submit]")
    expect(phone.page.locator(".receipt__title")).to_contain_text("已提交，等信号传出")

    phone.offline(False)
    phone.send()

    agree(phone, task, 2, answers)
    expect(phone.page.locator(".receipt__title")).to_contain_text("全部交齐")
    assert Audit.objects.get(assignment=task).state == "complete"
