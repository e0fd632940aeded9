"""导入评分表 by page and API: a proposal first, then a draft; whole or not at all."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from checklists.models import Checklist, ChecklistVersion, Item
from checklists.services import importing, publishing
from stations.refusals import Refusal
from tests.checklists import issued
from tests.conftest import Cast

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
PAGE = "/bureau/checklists/import/"
URL = "/api/v1/checklists/import/"
NEW = {"slug": "model-2026", "applies_to": ["subdistrict", "community"]}


def file(content: bytes, name: str = "评分表.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def imported(cast: Cast, content: bytes, **given: Any) -> ChecklistVersion:
    asked: dict[str, Any] = {"filename": "评分表.xlsx", **NEW, **given}
    return importing.import_table(content=content, by=cast.bureau, now=NOW, **asked)


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bureau)
    return client


@pytest.mark.parametrize("made", [issued.workbook, issued.document])
def test_table_is_shown_and_then_made_a_draft(made: Any, cast: Cast, desk: Client) -> None:
    form = {"file": file(made()), "new_slug": "model-2026", "applies_to": NEW["applies_to"]}

    shown = desk.post(PAGE, form)
    assert not Checklist.objects.exists()
    answer = desk.post(PAGE, {"yaml": shown.context["proposal"].yaml})

    assert answer["Location"] == "/bureau/checklists/model-2026/1/"
    draft = ChecklistVersion.objects.get()
    assert (draft.status, draft.checklist.title_zh) == ("draft", issued.TITLE)
    assert [
        (one.title_zh, one.guidance, f"{one.points.normalize():f}")
        for one in draft.items.order_by("order")
    ] == [one for items in issued.PLAN.values() for one in items]
    assert publishing.publish_version(version=draft, by=cast.bureau, now=NOW).content_hash


def test_broken_table_shows_each_fault_with_its_place(desk: Client) -> None:
    lines = issued.changed(3, points="两分")
    lines[8] = issued.changed(8, title="")[8]
    form = {"file": file(issued.workbook(lines)), "new_slug": "x", "applies_to": ["community"]}

    page = desk.post(PAGE, form)

    text = page.content.decode()
    assert "评分表有 2 处错误，没有导入任何内容。" in text
    assert [(e["sheet"], e["row"], e["column"], e["reason"]) for e in page.context["errors"]] == [
        ("验收评分表", 7, "F", "应为数字。"),
        ("验收评分表", 12, "C", "缺少内容。"),
    ]
    assert not Checklist.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "这不是 Excel（.xlsx）或 Word（.docx）文件。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "这是旧格式"),
        (b"", "这不是 Excel"),
    ],
)
def test_wrong_file_is_refused_in_kind_words(content: bytes, words: str, desk: Client) -> None:
    form = {"file": file(content), "new_slug": "x", "applies_to": ["community"]}

    page = desk.post(PAGE, form)

    assert page.status_code == 200
    assert words in page.content.decode()


def test_form_says_what_is_missing(desk: Client) -> None:
    no_name = desk.post(PAGE, {"file": file(issued.workbook())})
    no_kind = desk.post(PAGE, {"file": file(issued.workbook()), "new_slug": "x"})

    assert "请写代号" in no_name.content.decode()
    assert "请选适用的站类。" in no_kind.content.decode()


def test_next_version_goes_on_under_the_codes_of_equal_words(cast: Cast) -> None:
    first = imported(cast, issued.workbook())
    publishing.publish_version(version=first, by=cast.bureau, now=NOW)
    before = {one.title_zh: one.code for one in first.items.all()}
    lines = issued.changed(2, title="文化阵地建设新小项")

    proposal = importing.propose(content=issued.workbook(lines), filename="x", **NEW)
    second = imported(cast, issued.workbook(lines))

    codes = {one.title_zh: one.code for one in second.items.all()}
    fresh = codes.pop("文化阵地建设新小项")
    gone = before.pop("文化阵地建设第3小项")
    assert codes == before
    assert fresh not in Item.objects.filter(version=first).values_list("code", flat=True)
    assert proposal.dropped == ((gone, "文化阵地建设第3小项"),)
    assert len(proposal.continued) == 60


def test_codes_of_another_checklist_are_left_alone(cast: Cast) -> None:
    first = imported(cast, issued.workbook())
    publishing.publish_version(version=first, by=cast.bureau, now=NOW)

    other = imported(cast, issued.workbook(), slug="other")

    assert not {*first.items.values_list("code", flat=True)} & {
        *other.items.values_list("code", flat=True)
    }
    publishing.publish_version(version=other, by=cast.bureau, now=NOW)


def test_api_proposes_without_storing_and_then_makes_the_draft(cast: Cast, api: Any) -> None:
    client = api(cast.bureau)

    tried = client.post(
        f"{URL}?dry_run=1", NEW | {"file": file(issued.workbook())}, format="multipart"
    )
    assert not Checklist.objects.exists()
    made = client.post(URL, NEW | {"file": file(issued.workbook())}, format="multipart")

    assert (tried.status_code, made.status_code) == (200, 201)
    body = tried.json()
    assert (body["dry_run"], body["items"], body["points"], body["dropped"]) == (True, 61, 100, [])
    kept = made.json()
    assert (kept["slug"], kept["number"], kept["status"]) == ("model-2026", 1, "draft")
    assert [[item["code"] for item in s["items"]] for s in body["sections"]] == [
        [item["code"] for item in s["items"]] for s in kept["sections"]
    ]


def test_api_names_sheet_row_and_column(cast: Cast, api: Any) -> None:
    content = issued.workbook(issued.changed(6, points=11))

    refused = api(cast.bureau).post(
        f"{URL}?dry_run=1", NEW | {"file": file(content)}, format="multipart"
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "score_table_invalid")
    assert refused.json()["errors"] == [
        {
            "field": "F", "code": "section_sum", "sheet": "验收评分表", "row": 10, "column": "F",
            "message": "本大项各检查项分值之和为 10，不是 11。",
            "reason": "本大项各检查项分值之和为 10，不是 11。",
        }
    ]  # fmt: skip


def test_second_draft_is_refused(cast: Cast) -> None:
    imported(cast, issued.workbook())

    with pytest.raises(Refusal) as refused:
        imported(cast, issued.workbook())

    assert refused.value.code == "draft_exists"


@pytest.mark.parametrize("checklists", [1, 3])
def test_page_costs_the_same_for_one_and_three(
    checklists: int, cast: Cast, desk: Client, django_assert_num_queries: Any
) -> None:
    for number in range(checklists):
        made = imported(cast, issued.workbook(), slug=f"list-{number}")
        publishing.publish_version(version=made, by=cast.bureau, now=NOW)

    with django_assert_num_queries(4):
        desk.get(PAGE)


def test_second_draft_is_refused_before_the_table_is_looked_at(cast: Cast, desk: Client) -> None:
    imported(cast, issued.workbook())
    form = {"file": file(issued.workbook()), "new_slug": "model-2026", "applies_to": "community"}

    page = desk.post(PAGE, form)

    assert "proposal" not in page.context
    assert page.context["refusal"].message == "这份检查表已有草稿（版本 1），请先发布或删除。"


def test_sheet_there_is_not_is_named_beside_those_there_are(cast: Cast, desk: Client) -> None:
    form = {"file": file(issued.workbook()), "sheet": "附件2", **NEW, "new_slug": "model-2026"}

    page = desk.post(PAGE, form)

    words = "没有叫“附件2”的评分表；文件里有：验收评分表。"
    assert page.context["refusal"].message == words
