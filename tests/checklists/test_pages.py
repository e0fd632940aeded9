import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from checklists import sheets
from checklists.models import ChecklistVersion
from stations.models import User
from tests.checklists.test_sheets import SMALL
from tests.checklists.test_versions import draft, published

CHECKLISTS = "/bureau/checklists/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def yaml_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("small.yaml", text.encode())


def test_versions_are_listed_and_opened(cast):
    call_command("load_checklists", verbosity=0)
    client = signed_in(cast.inspector)

    assert "退役军人服务站“新五有”标准化检查表" in client.get(CHECKLISTS).content.decode()
    page = client.get(f"{CHECKLISTS}station-xinwuyou/1/?kind=community")
    assert (page.context["item_count"], page.context["points"]) == (43, 98)
    assert client.get(f"{CHECKLISTS}station-xinwuyou/1/?kind=shop").context["points"] == 100
    assert "载入新版本" not in client.get(CHECKLISTS).content.decode()


def test_draft_is_loaded_looked_at_and_published(cast):
    client = signed_in(cast.bureau)

    loaded = client.post(f"{CHECKLISTS}load/", {"file": yaml_file(SMALL)})
    assert loaded["Location"] == f"{CHECKLISTS}small/1/"
    assert "草稿" in client.get(f"{CHECKLISTS}small/1/").content.decode()
    client.post(f"{CHECKLISTS}small/1/publish/")

    version = ChecklistVersion.objects.get()
    assert (version.status, version.published_by) == ("published", cast.bureau)
    assert version.content_hash in client.get(f"{CHECKLISTS}small/1/").content.decode()


def test_broken_file_shows_its_table(cast):
    broken = SMALL.replace("photo: required", "photo: maybe")

    page = signed_in(cast.bureau).post(f"{CHECKLISTS}load/", {"file": yaml_file(broken)})

    text = page.content.decode()
    assert "检查表文件有 1 处错误，没有载入任何内容。" in text
    assert "应为其中之一：required, useful, none。" in text
    assert not ChecklistVersion.objects.exists()


def test_download_can_be_loaded_again(cast):
    published(cast.bureau)

    answer = signed_in(cast.head).get(f"{CHECKLISTS}small/1/download/")

    sheet, faults = sheets.parse(answer.content.decode(), "x")
    assert (faults, sheet.slug) == ([], "small")
    assert answer["Content-Disposition"] == 'attachment; filename="small-v1.yaml"'


def test_draft_is_discarded(cast):
    draft(cast.bureau)

    signed_in(cast.bureau).post(f"{CHECKLISTS}small/1/discard/")

    assert not ChecklistVersion.objects.exists()


@pytest.mark.parametrize("who", ["supervisor", "inspector", "head", "stranger"])
def test_drafts_are_unseen_and_nothing_is_written_by_others(cast, who):
    draft(cast.bureau)
    client = signed_in(getattr(cast, who))

    assert client.get(f"{CHECKLISTS}small/1/").status_code == 404
    for step in ("publish", "discard"):
        assert client.post(f"{CHECKLISTS}small/1/{step}/").status_code == 404
    assert client.get(f"{CHECKLISTS}load/").status_code == 403


@pytest.mark.parametrize("who", ["sysadmin", "auditor"])
def test_administrators_read_no_checklists(cast, who):
    published(cast.bureau)
    client = signed_in(getattr(cast, who))

    for path in ("", "small/1/", "small/1/download/", "load/"):
        assert client.get(CHECKLISTS + path).status_code == 403


def test_published_version_is_not_published_or_discarded_by_its_reader(cast):
    published(cast.bureau)
    client = signed_in(cast.head)

    for step in ("publish", "discard"):
        assert client.post(f"{CHECKLISTS}small/1/{step}/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_1_and_3(cast, count, django_assert_num_queries):
    for n in range(count):
        published(cast.bureau, SMALL.replace("id: small", f"id: small-{n}")
                  .replace("id: A", f"id: A{n}").replace("id: B", f"id: B{n}"))  # fmt: skip
    client = signed_in(cast.inspector)

    with django_assert_num_queries(5):
        assert len(client.get(CHECKLISTS).context["checklists"]) == count
