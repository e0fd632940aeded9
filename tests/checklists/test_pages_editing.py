"""修改草稿 at the desk: sections made, moved, taken out; nothing is lost on the way."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from checklists.models import ChecklistVersion
from tests.checklists.test_versions import draft
from tests.conftest import Cast


@pytest.fixture
def version(cast: Cast, client: Client) -> ChecklistVersion:
    client.force_login(cast.bureau)
    return draft(cast.bureau)


def send(client: Client, version: ChecklistVersion, **given: Any) -> int:
    url = reverse("desk-checklist-edit", args=[version.checklist.slug, version.number])
    return client.post(
        url, {name.replace("_", ".", 1): one for name, one in given.items()}
    ).status_code


def shape(version: ChecklistVersion) -> list[tuple[str, str, list[str]]]:
    rows = version.sections.order_by("order")
    return [
        (one.code, one.title_zh, list(one.items.values_list("code", flat=True))) for one in rows
    ]


def test_section_is_made_filled_and_moved(client: Client, version: ChecklistVersion) -> None:
    assert send(client, version, section="", title="丙") == 302
    assert send(client, version, section="B", title="乙", section_B01="C") == 302
    assert send(client, version, section="C", title="丙", place="1") == 302

    assert shape(version) == [("C", "丙", ["B01"]), ("A", "甲", ["A01"]), ("B", "乙", ["B02"])]


@pytest.mark.parametrize("place", ["-5", "9e99999", "NaN", "x", ""])
def test_place_there_is_not_is_the_nearest(
    place: str, client: Client, version: ChecklistVersion
) -> None:
    assert send(client, version, section="B", title="乙", place=place) == 302

    last = [("A", "甲", ["A01"]), ("B", "乙", ["B01", "B02"])]
    assert shape(version) == (last[::-1] if place == "-5" else last)


def test_emptied_section_is_taken_out(client: Client, version: ChecklistVersion) -> None:
    """It kept the draft from being published, and nothing on the page took it away."""
    send(client, version, section="A", title="甲", section_A01="B")

    assert send(client, version, section="A", title="甲", drop="on") == 302

    assert shape(version) == [("B", "乙", ["B01", "B02", "A01"])]


def test_item_sent_to_no_section_is_not_lost(client: Client, version: ChecklistVersion) -> None:
    before = shape(version)

    assert send(client, version, section="A", title="甲", section_A01="ZZ") == 400

    assert shape(version) == before
