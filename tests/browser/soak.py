"""One long bad day of one phone; `make soak` runs it and prints the ledger."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audits.models import Answer, Assignment, EvidencePhoto
from tests import make
from tests.browser.conftest import Phone
from tests.browser.proxy import Fault, Proxy

FAULTS = int(os.environ.get("FAULTS", "200"))
PHOTOS = int(os.environ.get("PHOTOS", "500"))
SEED = int(os.environ.get("SEED", "1"))
CODES = ("A01", "A02", "B01", "B02")
LINE = ("down", "cut", "lost", "status500", "status503", "status413", "slow", "late", "twice")
PHONE = ("kill_tab", "restart", "second_tab", "session_ends", "offline", "reload")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(0)]

ADD = """async ({ code, count, first }) => {
  const store = window.soakStore;
  for (let n = first; n < first + count; n++) {
    const canvas = document.createElement("canvas");
    canvas.width = 400; canvas.height = 300;
    const pen = canvas.getContext("2d");
    for (let x = 0; x < 40; x++) { pen.fillStyle = `hsl(${(n * 37 + x * 29) % 360} 70% ${30 + (n * x) % 50}%)`; pen.fillRect((x % 8) * 50, Math.floor(x / 8) * 60, 50, 60); }
    pen.fillStyle = "#000"; pen.font = "bold 60px sans-serif"; pen.fillText(String(n), 40, 200);
    const blob = await new Promise((go) => canvas.toBlob(go, "image/jpeg", 0.8));
    const { shoot } = await import("/static/audits/js/form/shoot.js");
    await shoot(store, { itemCode: code, file: blob, isCamera: true });
  }
}"""


def one_fault(kind: str, chance: random.Random) -> Fault:
    if kind.startswith("status"):
        return Fault("status", int(kind[6:]))
    size = {"cut": chance.randrange(1, 20_000), "slow": chance.random(), "late": chance.random()}
    return Fault(kind, size.get(kind, 0))


def rule_of(chance: random.Random, ledger: dict[str, int]) -> Callable[[str, str], Fault | None]:
    """One call in four meets a fault, until so many were met."""

    def rule(method: str, path: str) -> Fault | None:
        if "/api/v1/" not in path or ledger["faults"] >= FAULTS or chance.random() > 0.25:
            return None
        ledger["faults"] += 1
        return one_fault(chance.choice(LINE), chance)

    return rule


def shake(phone: Phone, task: Assignment, chance: random.Random) -> None:
    """Something happens to the phone itself."""
    kind = chance.choice(PHONE)
    assert phone.context
    if kind == "kill_tab":
        phone.kill_tab()
    elif kind == "restart":
        phone.restart()
    elif kind == "second_tab":
        phone.context.new_page().goto("/m/")
    elif kind == "session_ends":
        phone.context.clear_cookies(name="sessionid")
    elif kind == "offline":
        phone.offline()
        time.sleep(chance.random())
        phone.offline(False)
    reopen(phone, task)


def reopen(phone: Phone, task: Assignment) -> None:
    phone.open(task)
    sign_in_again(phone)


def sign_in_again(phone: Phone) -> None:
    page = phone.page
    if page.locator("#d-signin[open]").count():
        page.fill("#d-signin-password", make.PASSWORD)
        page.click("#d-signin [type=submit]")
        time.sleep(0.5)


def test_soak(phone: Phone, line: Proxy, task: Assignment, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    ledger = {"faults": 0}
    line.rule = rule_of(chance, ledger)
    taken, began = 0, time.monotonic()
    while taken < PHOTOS or ledger["faults"] < FAULTS:
        if taken < PHOTOS:
            taken += add(phone, task, chance, taken)
        elif time.monotonic() - began > 3600:
            break
        else:
            phone.wake()
            time.sleep(0.5)
        if chance.random() < 0.3 and ledger["faults"] < FAULTS:
            ledger["faults"] += 1
            shake(phone, task, chance)
        sign_in_again(phone)
    line.rule = lambda method, path: None
    finish(phone, task)
    told = count(phone, task) | {"faults": ledger["faults"], "photos": taken}
    order = ("faults", "photos", "acknowledged", "lost", "duplicates", "differences")
    Path(os.environ["SOAK_LEDGER"]).write_text(json.dumps({name: told[name] for name in order}))


def add(phone: Phone, task: Assignment, chance: random.Random, taken: int) -> int:
    """A few photos and a tap; what a fault interrupts was not shown as saved and is taken again."""
    code, wanted = chance.choice(CODES), min(PHOTOS - taken, chance.randrange(4, 16))
    before = phone.held()
    sign_in_again(phone)
    phone.item(code)
    # Not by a finger: the dialog that asks for the password may open at any moment.
    phone.page.eval_on_selector(
        f"article[data-item={code}] [data-result=pass]", "one => one.click()"
    )
    phone.page.evaluate(HOOK, task.pk)
    phone.page.evaluate(ADD, {"code": code, "count": wanted, "first": taken})
    return phone.held() - before


HOOK = """async (assignment) => {
  const { openPhone } = await import("/static/audits/js/form/opening.js");
  const { Store } = await import("/static/audits/js/form/store.js");
  const { username } = JSON.parse(localStorage.getItem("phone.person"));
  window.soakPhone ||= await openPhone(username);
  window.soakStore = await Store.open(window.soakPhone, assignment);
}"""


def finish(phone: Phone, task: Assignment) -> None:
    deadline = time.monotonic() + 600
    reopen(phone, task)
    while phone.waiting() and time.monotonic() < deadline:
        sign_in_again(phone)
        phone.wake()
        time.sleep(0.5)


def count(phone: Phone, task: Assignment) -> dict[str, Any]:
    held = {
        str(photo.pk): (photo.sha256, photo.size)
        for photo in EvidencePhoto.objects.filter(audit__assignment=task)
    }
    rows = phone.rows()
    stored = {row["id"]: (row["sha256"], row["size"]) for row in rows if row["state"] == "stored"}
    hashes = [sha for sha, _ in held.values()]
    answers = Answer.objects.filter(audit__assignment=task).values_list("item__code", flat=True)
    differing = [id for id in stored if held.get(id) != stored[id]] + [
        row["id"] for row in rows if row["state"] != "stored"
    ]
    return {
        "acknowledged": len(stored),
        "lost": len(stored.keys() - held.keys()),
        "duplicates": len(hashes) - len(set(hashes)) + len(answers) - len(set(answers)),
        "differences": len(differing) + len(held.keys() - stored.keys()),
    }
