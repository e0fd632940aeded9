import pytest
from django.core.management import call_command

from checklists.models import ChecklistVersion
from stations.models import User
from tests.checklists.test_sheets import SMALL
from tests.checklists.test_versions import draft, published

URL = "/api/v1/checklists/"


@pytest.fixture
def given(db):
    call_command("load_checklists", verbosity=0)


def test_list_tells_both_checklists(given, cast, api):
    body = api(cast.inspector).get(URL).json()

    assert (body["count"], body["next"], body["previous"]) == (2, None, None)
    assert [(row["slug"], row["latest"], row["applies_to"]) for row in body["results"]] == [
        ("centre-wuhua", 1, ["centre"]),
        ("station-xinwuyou", 1, ["subdistrict", "community"]),
    ]
    [version] = body["results"][0]["versions"]
    assert (version["number"], version["items"], version["points"]) == (1, 60, 100)


@pytest.mark.parametrize(
    ("slug", "query", "items", "points"),
    [
        ("centre-wuhua", {}, 60, 100),
        ("station-xinwuyou", {}, 44, 100),
        ("station-xinwuyou", {"kind": "community"}, 43, 98),
    ],
)
def test_version_tells_what_is_asked(given, cast, api, slug, query, items, points):
    body = api(cast.head).get(f"{URL}{slug}/versions/1/", query).json()

    asked = [item for section in body["sections"] for item in section["items"]]
    assert (len(asked), sum(item["points"] for item in asked)) == (items, points)
    assert sum(section["points"] for section in body["sections"]) == points
    assert set(asked[0]) >= {
        "code", "title", "guidance", "points", "needs_photo", "is_critical", "clause", "applies_to"
    }  # fmt: skip


def test_official_document_is_the_clause_and_research_notes_are_never_shown(given, cast, api):
    body = api(cast.head).get(f"{URL}centre-wuhua/versions/1/")

    sections = body.json()["sections"]
    clauses = {item["code"]: item["clause"] for s in sections for item in s["items"]}
    assert clauses["A01"] == "《项目支出绩效目标表》（2021年，龙华区退役军人事务局）"
    assert clauses["A03"] == ""
    assert "basis" not in body.content.decode()


def test_guidance_without_a_kind_tells_both(given, cast, api):
    body = api(cast.head).get(f"{URL}station-xinwuyou/versions/1/").json()

    items = {item["code"]: item for section in body["sections"] for item in section["items"]}
    assert items["T02"]["guidance"] == "抽查街道站10份、社区站5份，完整率不低于90%"


def test_titles_are_told_in_english_when_asked(given, cast, api):
    client = api(cast.head)

    body = client.get(f"{URL}centre-wuhua/versions/1/", headers={"Accept-Language": "en"}).json()

    assert body["sections"][0]["title"] == "Service platform forms a system"


def test_draft_is_the_bureaus_own(cast, api):
    draft(cast.bureau)

    assert api(cast.bureau).get(f"{URL}small/versions/1/").json()["status"] == "draft"
    assert api(cast.inspector).get(f"{URL}small/versions/1/").status_code == 404
    assert api(cast.inspector).get(URL).json()["count"] == 0


@pytest.mark.parametrize("role", ["sysadmin", "auditor"])
def test_administrators_read_no_checklists(given, cast, api, role):
    for url in (URL, f"{URL}centre-wuhua/versions/1/"):
        problem = api(getattr(cast, role)).get(url)

        assert (problem.status_code, problem.json()["code"]) == (403, "not_allowed")
        assert problem["Content-Type"] == "application/problem+json"


def test_nobody_is_let_in_without_signing_in(given, api):
    assert api().get(URL).status_code == 401


@pytest.mark.parametrize("path", ["nothing/versions/1/", "centre-wuhua/versions/2/"])
def test_unknown_version_is_404(given, cast, api, path):
    assert api(cast.head).get(URL + path).status_code == 404


def test_unknown_kind_is_400(given, cast, api):
    problem = api(cast.head).get(f"{URL}centre-wuhua/versions/1/", {"kind": "shop"})

    assert problem.status_code == 400
    assert problem.json()["errors"] == [
        {"field": "kind", "code": "unknown", "message": "没有这种站类。"}
    ]


@pytest.mark.parametrize("checklists", [1, 3])
def test_list_takes_the_same_queries_for_1_and_3(cast, api, checklists, django_assert_num_queries):
    for n in range(checklists):
        published(cast.bureau, SMALL.replace("small", f"small-{n}").replace("id: A", f"id: A{n}")
                  .replace("id: B", f"id: B{n}"))  # fmt: skip
    client = api(User.objects.get(username="inspector"))

    with django_assert_num_queries(3):
        body = client.get(URL).json()

    assert body["count"] == checklists == ChecklistVersion.objects.count()
