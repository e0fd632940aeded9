"""The station head's phone on the page of one problem."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from audits import pictures
from audits.models import Assignment, EvidencePhoto, Finding
from tests import make
from tests.browser.conftest import Phone, wait_until
from tests.browser.proxy import Fault
from tests.conftest import Cast

SENT = "已提交复查，等检查员或街道看过后销号。"
WORDS = "补挂两幅，全部扶正"
WAITS = "已提交，等送出"
OFFLINE = "没有信号：已存在手机，有信号时自动送出"


@pytest.fixture
def finding(cast: Cast, task: Assignment) -> Finding:
    """A01 failed, with the inspector's photo of it."""
    audit = make.submitted(task, A01="fail")
    for photo in audit.photos.all():
        pictures.process(str(photo.pk))
    return Finding.objects.get()


@pytest.fixture
def head(make_phone: Callable[..., Phone], cast: Cast, finding: Finding) -> Phone:
    """The station head's phone, on the page of the problem."""
    made = make_phone()
    made.sign_in("station", home="**/my/")
    visit(made, finding)
    return made


def visit(phone: Phone, finding: Finding) -> None:
    phone.page.goto(f"/my/findings/{finding.pk}/")
    wait_until(lambda: "key" in phone.ask(KEYS))
    phone.rest()


KEYS = """async () => {
  const { username } = JSON.parse(localStorage.getItem("phone.person") || "{}");
  if (!(await indexedDB.databases()).some((one) => one.name === "phone:" + username)) return [];
  const db = await new Promise((go) => { const r = indexedDB.open("phone:" + username); r.onsuccess = () => go(r.result); });
  const keys = db.objectStoreNames.contains("meta") ? await new Promise((go) => { const r = db.transaction("meta").objectStore("meta").getAllKeys(); r.onsuccess = () => go(r.result); }) : [];
  db.close();
  return keys;
}"""


def photograph(phone: Phone, shot: Path) -> None:
    """Until it is on the disk and in the strip."""
    strip = phone.page.locator("[data-slot=shots] .shot__state")
    before, shown = phone.held(), strip.count()
    phone.page.set_input_files("[data-slot=input]", str(shot))
    wait_until(lambda: phone.held() > before)
    expect(strip).to_have_count(shown + 1)
    phone.rest()


def write(phone: Phone, words: str = WORDS) -> None:
    phone.page.fill("[data-slot=measure]", words)
    phone.page.fill("[data-slot=person]", "李工")
    phone.page.locator("[data-slot=person]").blur()
    phone.rest()
    expect(phone.page.locator("[data-slot=saved]")).to_contain_text("已存本机")


def hand_in(phone: Phone, shot: Path) -> list[tuple[str, str]]:
    """What was photographed, as the phone told it before it could be taken from there."""
    photograph(phone, shot)
    write(phone)
    kept = told(phone)
    phone.page.click("[data-slot=send]")
    return kept


def keep_in(phone: Phone, shot: Path) -> list[tuple[str, str]]:
    """Handed in where nothing gets through: until the wish is on the disk."""
    kept = hand_in(phone, shot)
    expect(phone.page.locator("[data-slot=send]")).to_have_text(WAITS)
    return kept


def wait_for(finding: Finding, status: str, seconds: float = 40) -> None:
    def came() -> bool:
        finding.refresh_from_db()
        return finding.status == status

    wait_until(came, seconds)


def agree(finding: Finding, photos: list[tuple[str, str]], words: str = WORDS) -> None:
    """One submission with these photos and words, and nothing beside."""
    attempt = finding.rectifications.get()
    held = EvidencePhoto.objects.filter(kind="after").values_list("pk", "sha256", "rectification")
    assert sorted((str(pk), sha256) for pk, sha256, _ in held) == sorted(photos)
    assert {rectification for _, _, rectification in held} == {attempt.pk}
    assert (attempt.measure, attempt.person) == (words, "李工")
    kinds = list(finding.events.order_by("number").values_list("kind", flat=True))
    assert kinds == ["raised", "started", "submitted"]


def told(phone: Phone) -> list[tuple[str, str]]:
    return [(row["id"], row["sha256"]) for row in phone.rows()]


def writes(fault: Fault) -> Callable[[str, str], Fault | None]:
    return lambda method, path: None if method == "GET" else fault
