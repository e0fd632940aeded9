import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

import checklists
from checklists import queries
from checklists.models import Checklist, ChecklistVersion, Item
from checklists.services import loading, publishing
from stations.models import HistoryEntry
from stations.refusals import Refusal
from tests.checklists.test_sheets import SMALL

DATA = Path(checklists.__file__).parent / "data"
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


def draft(by, text: str = SMALL) -> ChecklistVersion:
    return loading.load_yaml(content=text.encode(), filename="small.yaml", by=by, now=NOW)


def published(by, text: str = SMALL) -> ChecklistVersion:
    return publishing.publish_version(version=draft(by, text), by=by, now=NOW)


def refusal(call, **arguments) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(**arguments)
    return caught.value


def test_given_checklists_load_once_and_are_published(db):
    call_command("load_checklists", verbosity=0)
    call_command("load_checklists", verbosity=0)

    told = [
        (
            v.checklist.slug,
            v.number,
            v.status,
            v.items.count(),
            sum(i.points for i in v.items.all()),
        )
        for v in ChecklistVersion.objects.order_by("checklist__slug")
    ]
    assert told == [
        ("centre-wuhua", 1, "published", 60, Decimal(100)),
        ("station-xinwuyou", 1, "published", 44, Decimal(100)),
    ]


def test_community_is_asked_43_items_worth_98(db):
    call_command("load_checklists", verbosity=0)
    version = ChecklistVersion.objects.get(checklist__slug="station-xinwuyou")

    asked = queries.items_for(version, "community")

    assert (len(asked), sum(item.points for item in asked)) == (43, 98)
    assert len(queries.items_for(version, "subdistrict")) == 44


def test_sheet_fills_guidance_for_the_kind_in_a_constant_number_of_queries(
    db, django_assert_num_queries
):
    call_command("load_checklists", verbosity=0)
    version = ChecklistVersion.objects.get(checklist__slug="station-xinwuyou")

    with django_assert_num_queries(1):
        sections = queries.sheet(version, "community")

    assert [(s["code"], s["points"], len(s["items"])) for s in sections] == [
        ("P", 16, 6), ("Q", 34, 16), ("R", 14, 6), ("K", 17, 7), ("T", 17, 8)
    ]  # fmt: skip
    dossier = next(item for item in sections[4]["items"] if item["code"] == "T02")
    assert dossier == {
        "code": "T02",
        "title": "一人一档",
        "title_zh": "一人一档",
        "title_en": "One dossier per person",
        "guidance": "抽查5份，完整率不低于90%",
        "points": 4,
        "partial_ratio": 0.5,
        "needs_photo": False,
        "photo_rule": "useful",
        "evidence": "document",
        "is_critical": False,
        "clause": "",
        "applies_to": ["subdistrict", "community"],
    }


def test_draft_is_loaded_whole(cast):
    version = draft(cast.bureau)

    assert (version.number, version.status, version.content_hash) == (1, "draft", "")
    assert list(version.items.values_list("code", "points", "applies_to")) == [
        ("A01", Decimal(60), ["subdistrict", "community"]),
        ("B01", Decimal("39.5"), ["subdistrict"]),
        ("B02", Decimal("0.5"), ["subdistrict", "community"]),
    ]
    assert HistoryEntry.objects.get(action="checklist.load").detail == {
        "slug": "small", "number": 1
    }  # fmt: skip


def test_broken_file_leaves_nothing(cast):
    refused = refusal(draft, by=cast.bureau, text=SMALL.replace("weight: 60, b", "weight: x, b"))

    assert (refused.code, refused.status) == ("checklist_file_invalid", 400)
    assert refused.errors == [
        {
            "field": "weight", "code": "not_a_number", "message": "应为数字。",
            "sheet": "small.yaml", "row": 11, "column": "weight", "reason": "应为数字。",
        }
    ]  # fmt: skip
    assert not Checklist.objects.exists()


def test_file_that_is_not_utf8_is_refused(cast):
    refused = refusal(
        loading.load_yaml, content=SMALL.encode("gbk"), filename="x", by=cast.bureau, now=NOW
    )

    assert [error["code"] for error in refused.errors] == ["encoding"]


def test_second_draft_is_refused(cast):
    draft(cast.bureau)

    refused = refusal(draft, by=cast.bureau)

    assert (refused.code, refused.status, refused.extra) == ("draft_exists", 409, {"number": 1})


def test_kinds_cannot_change_after_publishing(cast):
    published(cast.bureau)

    refused = refusal(
        draft,
        by=cast.bureau,
        text=SMALL.replace("[subdistrict, community]", "[subdistrict, community, centre]"),
    )

    assert refused.errors[0]["code"] == "changed"


def test_publishing_freezes_hashes_and_is_recorded(cast):
    version = published(cast.bureau)

    assert (version.status, version.published_at, version.published_by) == (
        "published", NOW, cast.bureau
    )  # fmt: skip
    assert version.content_hash == publishing.content_hash(version)
    assert HistoryEntry.objects.get(action="checklist.publish").detail == {
        "slug": "small", "number": 1, "content_hash": version.content_hash
    }  # fmt: skip


def test_same_content_has_the_same_hash_and_other_content_another(cast):
    first = published(cast.bureau)
    same = published(cast.bureau)
    other = published(cast.bureau, SMALL.replace("item_zh: 三", "item_zh: 叁"))

    assert same.content_hash == first.content_hash != other.content_hash
    assert [first.number, same.number, other.number] == [1, 2, 3]


def test_published_version_is_not_published_again(cast):
    version = published(cast.bureau)

    refused = refusal(publishing.publish_version, version=version, by=cast.bureau, now=NOW)

    assert (refused.code, refused.status) == ("already_published", 409)


def test_points_that_do_not_sum_to_100_are_not_published(cast):
    version = draft(cast.bureau)
    version.items.filter(code="B02").update(points=1)

    refused = refusal(publishing.publish_version, version=version, by=cast.bureau, now=NOW)

    assert (refused.code, refused.errors[0]["code"]) == ("checklist_not_ready", "total_sum")
    assert refused.message == "全部分值之和为 100.5，须为 100。"


def test_empty_version_and_empty_section_are_not_published(cast):
    version = draft(cast.bureau)
    version.items.all().delete()

    refused = refusal(publishing.publish_version, version=version, by=cast.bureau, now=NOW)

    assert [error["code"] for error in refused.errors] == [
        "empty", "empty_section", "empty_section"
    ]  # fmt: skip


def test_code_once_given_up_is_not_used_again(cast):
    published(cast.bureau)
    published(cast.bureau, SMALL.replace("id: B02", "id: B03"))
    again = draft(cast.bureau)

    refused = refusal(publishing.publish_version, version=again, by=cast.bureau, now=NOW)

    assert [(e["field"], e["code"]) for e in refused.errors] == [("B02", "code_retired")]


def test_code_of_another_checklist_is_not_used(cast):
    published(cast.bureau)
    other = draft(cast.bureau, SMALL.replace("id: small", "id: other"))

    refused = refusal(publishing.publish_version, version=other, by=cast.bureau, now=NOW)

    assert {e["code"] for e in refused.errors} == {"code_of_another"}


def test_draft_can_be_discarded_and_a_published_version_not(cast):
    version = draft(cast.bureau)
    loading.discard_draft(version=version, by=cast.bureau, now=NOW)
    kept = published(cast.bureau)

    refused = refusal(loading.discard_draft, version=kept, by=cast.bureau, now=NOW)

    assert (refused.code, refused.status) == ("already_published", 409)
    assert list(ChecklistVersion.objects.values_list("number", "status")) == [(1, "published")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checklists_item SET points = 1 WHERE version_id = {id}",
        "UPDATE checklists_item SET title_zh = 'x' WHERE version_id = {id}",
        "DELETE FROM checklists_item WHERE version_id = {id}",
        "UPDATE checklists_section SET title_zh = 'x' WHERE version_id = {id}",
        "DELETE FROM checklists_section WHERE version_id = {id}",
        "UPDATE checklists_checklistversion SET params = '{{}}' WHERE id = {id}",
        "UPDATE checklists_checklistversion SET status = 'draft' WHERE id = {id}",
        "DELETE FROM checklists_checklistversion WHERE id = {id}",
    ],
)
def test_database_refuses_to_touch_what_is_published(cast, statement):
    version = published(cast.bureau)

    with (
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(id=version.pk))


def test_database_refuses_a_new_item_in_what_is_published(cast):
    version = published(cast.bureau)
    section = version.sections.first()

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Item.objects.create(
            version=version, section=section, code="Z9", title_zh="z", points=1, order=99
        )
