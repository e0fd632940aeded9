"""Requests that arrive in another order than they were sent; the last tap and every photo stand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from audits.models import Answer, Assignment
from tests.browser.conftest import Phone, agree, wait_until
from tests.browser.proxy import Fault, Proxy

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]
CALLS = {
    "begin": lambda method, path: method == "PUT" and path.count("/") == 5 and "/audits/" in path,
    "expected": lambda method, path: path.endswith("/expected/"),
    "answers": lambda method, path: path.endswith("/answers/"),
    "photo": lambda method, path: method == "PUT" and "/photos/" in path and "orig" not in path,
    "submit": lambda method, path: path.endswith("/submit/"),
}


def held_back(line: Proxy, call: Callable[[str, str], bool]) -> None:
    """The first such call gets no answer and is on its way until `line.deliver()`."""
    parked: list[str] = []

    def rule(method: str, path: str) -> Fault | None:
        if parked or not call(method, path):
            return None
        parked.append(path)
        return Fault("after")

    line.rule = rule


@pytest.mark.parametrize("name", list(CALLS))
def test_a_call_that_arrives_after_all_others_changes_nothing(
    phone: Phone, line: Proxy, task: Assignment, shots, name: str
) -> None:
    held_back(line, CALLS[name])
    answers = {"A01": "pass", "A02": "fail", "B01": "pass", "B02": "na"}
    for code, result in answers.items():
        phone.tap(code, result)
    for shot in shots(2):
        phone.shoot("A01", shot)
    phone.leave()
    phone.page.click("[data-slot=submit]")
    phone.send()
    expect(phone.page.locator(".receipt__title")).to_have_text("全部交齐，可以离站")
    agree(phone, task, 2, answers)

    assert len(line.parked) == 1
    [status] = line.deliver()

    assert status < 500
    agree(phone, task, 2, answers)
    phone.page.reload()
    expect(phone.page.locator(".receipt__title")).to_have_text("全部交齐，可以离站")


def test_an_older_tap_that_arrives_late_does_not_undo_the_newer(
    phone: Phone, line: Proxy, task: Assignment
) -> None:
    held_back(line, CALLS["answers"])
    phone.tap("A02", "pass")
    wait_until(lambda: line.parked)
    phone.tap("A02", "fail", "灯坏了")
    phone.send()
    agree(phone, task, 0, {"A02": "fail"})

    line.deliver()

    agree(phone, task, 0, {"A02": "fail"})
    assert Answer.objects.get(audit__assignment=task).note == "灯坏了"
    expect(phone.page.locator("article[data-item=A02] [data-act=compare]")).to_be_hidden()


def test_a_photo_may_come_before_its_answer(phone: Phone, task: Assignment, shots) -> None:
    phone.shoot("A01", shots(1)[0])
    phone.send()
    agree(phone, task, 1, {})

    phone.tap("A01", "pass")
    phone.send()

    agree(phone, task, 1, {"A01": "pass"})
