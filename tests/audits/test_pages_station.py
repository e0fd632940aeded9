"""整改清单: order, score, one problem, and what strangers see of it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audits.models import Assignment, Finding
from audits.services import findings
from tests import make
from tests.conftest import Cast

# Session, account, stations, tally, submissions, what scores ask, the page and its count, first
# photos, visits ahead.
GAPS_QUERIES = 10


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


@pytest.fixture
def problems(task: Assignment) -> dict[str, Finding]:
    make.submitted(task, A01="fail", A02="partial", B02="fail")
    return {finding.item_code: finding for finding in Finding.objects.all()}


def send_back(cast: Cast, finding: Finding, reason: str = "第 4 幅仍歪斜") -> None:
    make.rectified(finding, cast.head)
    findings.send_back(finding=finding, reason=reason, by=cast.inspector, now=timezone.now())


def test_gaps_put_the_returned_first_then_the_points(
    client: Client, cast: Cast, problems: dict[str, Finding]
) -> None:
    send_back(cast, problems["A02"])
    client.force_login(cast.head)

    text = page(client, "/my/")

    shown = [text.index(problems[code].title + "</h3>") for code in ("A02", "A01", "B02")]
    assert shown == sorted(shown)
    assert "退回原因：第 4 幅仍歪斜" in text


def test_gaps_show_the_cheapest_path_to_the_next_grade(
    client: Client, cast: Cast, problems: dict[str, Finding]
) -> None:
    client.force_login(cast.head)

    text = page(client, "/my/")

    # 25 of 50 points, 不合格 below 70: A01 alone brings the ten that reach it.
    assert "<b>1 项</b>" in text
    assert "50.0" in text
    assert "70.0" in text
    assert text.count("★</span>") == 1


def test_gaps_of_a_station_never_audited_say_so(client: Client, cast: Cast) -> None:
    client.force_login(cast.head)

    assert "本站还没有检查过" in page(client, "/my/")
    assert "本站还没有检查过" in page(client, "/my/scores/")


def test_gaps_without_a_station_say_who_helps(client: Client, cast: Cast) -> None:
    client.force_login(make.user("station_head"))

    assert "账号还没有连到服务站" in page(client, "/my/")


def test_closed_problem_counts_in_the_score_of_today(
    client: Client, cast: Cast, problems: dict[str, Finding]
) -> None:
    make.rectified(problems["A01"], cast.head)
    findings.close(finding=problems["A01"], by=cast.inspector, now=timezone.now())
    client.force_login(cast.head)

    scores = page(client, "/my/scores/")

    assert "50.0" in scores
    assert "70.0" in scores
    assert "已销号 1" in page(client, "/my/waiting/")


@pytest.mark.parametrize("failing", [("A01",), ("A01", "A02", "B02")])
def test_gaps_ask_the_same_of_the_database_for_any_number_of_problems(
    client: Client,
    cast: Cast,
    task: Assignment,
    failing: tuple[str, ...],
    django_assert_num_queries: object,
) -> None:
    make.submitted(task, **dict.fromkeys(failing, "fail"))
    client.force_login(cast.head)
    client.get("/my/")

    with django_assert_num_queries(GAPS_QUERIES):
        client.get("/my/")


def many(cast: Cast, number: int, **fields: Any) -> None:
    """Problems outside any sheet, due before those of a visit."""
    day = timezone.localdate()
    Finding.objects.bulk_create(
        Finding(
            station=cast.station, title=f"杂项{n:03d}", note="堆物", severity="normal",
            raised_at=timezone.now(), raised_by=cast.inspector, due_on=day, original_due_on=day,
            **fields,
        )
        for n in range(number)
    )  # fmt: skip


def test_list_is_paged_and_the_next_step_is_counted_over_all(
    client: Client, cast: Cast, problems: dict[str, Finding]
) -> None:
    send_back(cast, problems["A02"])
    many(cast, 60)
    client.force_login(cast.head)

    first, second = (page(client, f"/my/?page={n}") for n in (1, 2))

    cards = 'class="card gap"'
    assert (first.count(cards), second.count(cards)) == (50, 13)
    assert "退回 1，请先处理" in first
    assert "退回 1，请先处理" not in second
    for text in (first, second):
        assert "<b>待整改 62</b>" in text
        assert "<b>1 项</b>" in text, "A01 alone, though it stands on the second page"
    assert ("★</span>" in first, "★</span>" in second) == (False, True)
    assert f"?station={cast.station.code}&amp;page=2" in first


def test_waiting_list_is_paged_group_by_group(
    client: Client, cast: Cast, problems: dict[str, Finding]
) -> None:
    now = timezone.now()
    many(cast, 48, status="submitted", submitted_by=cast.head, submitted_at=now)
    many(cast, 1, status="waived", review_on=timezone.localdate())
    many(
        cast, 52, status="closed", submitted_by=cast.head, submitted_at=now, closed_by=cast.bureau,
        closed_at=now,
    )  # fmt: skip
    client.force_login(cast.head)

    pages = [page(client, f"/my/waiting/?page={n}") for n in (1, 2, 3)]

    assert [text.count('class="card gap"') for text in pages] == [50, 50, 1]
    assert ["<b>待复查 48</b>" in text for text in pages] == [True, False, False]
    assert ["<b>挂账 1</b>" in text for text in pages] == [True, False, False]
    assert ["<b>已销号 52</b>" in text for text in pages] == [True, True, True]
    assert ['<details class="folding" open>' in text for text in pages] == [False, True, True]


@pytest.mark.parametrize("number", [1, 120])
@pytest.mark.parametrize(("path", "queries"), [("/my/", 10), ("/my/waiting/", 9)])
def test_paged_lists_cost_the_same_for_any_number_of_problems(
    client: Client, cast: Cast, problems: dict[str, Finding], number: int, path: str, queries: int,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    make.rectified(problems["A02"], cast.head)
    many(cast, number)
    many(cast, number, status="submitted", submitted_by=cast.head, submitted_at=timezone.now())
    client.force_login(cast.head)
    client.get(path)

    with django_assert_num_queries(queries):
        client.get(path)


def test_problem_tells_its_whole_story(
    client: Client, cast: Cast, problems: dict[str, Finding]
) -> None:
    send_back(cast, problems["A01"])
    client.force_login(cast.head)

    text = page(client, f"/my/findings/{problems['A01'].pk}/")

    assert "第 4 幅仍歪斜" in text
    assert "先拍整改后照片" in text
    words = ["退回", "提交复查", "开始整改", "检查发现"]
    shown = [text.index(f"<b>{word}</b>") for word in words]
    assert shown == sorted(shown)


def test_a_photo_left_out_of_an_attempt_is_no_evidence_of_the_next(
    client: Client, cast: Cast, problems: dict[str, Finding]
) -> None:
    left_out = make.photo(cast.head, finding=problems["A01"])
    client.force_login(cast.head)
    path = f"/my/findings/{problems['A01'].pk}/"
    before = fresh(client, path)

    send_back(cast, problems["A01"])
    taken = make.photo(cast.head, finding=problems["A01"])

    assert (before, fresh(client, path)) == ([str(left_out.pk)], [str(taken.pk)])


def fresh(client: Client, path: str) -> list[str]:
    """The after-photos the page counts as evidence still to be handed in."""
    return [str(one["id"]) for one in client.get(path).context["fresh"]]


def test_problem_in_review_offers_nothing_to_send(
    client: Client, cast: Cast, problems: dict[str, Finding]
) -> None:
    make.rectified(problems["A01"], cast.head)
    client.force_login(cast.head)

    text = page(client, f"/my/findings/{problems['A01'].pk}/")

    assert "待复查" in text
    assert 'type="file"' not in text


def test_extension_is_asked_for_and_shown(
    client: Client, cast: Cast, problems: dict[str, Finding]
) -> None:
    finding = problems["A01"]
    until = finding.due_on + dt.timedelta(days=10)
    client.force_login(cast.head)

    response = client.post(
        f"/my/findings/{finding.pk}/extension/", {"due_on": until, "reason": "等制作"}, follow=True
    )

    finding.refresh_from_db()
    assert finding.extension_until == until
    assert "已申请延期" in response.content.decode()


def test_extension_refused_says_why(
    client: Client, cast: Cast, problems: dict[str, Finding]
) -> None:
    finding = problems["A01"]
    client.force_login(cast.head)

    response = client.post(
        f"/my/findings/{finding.pk}/extension/",
        {"due_on": finding.due_on, "reason": "等制作"},
        follow=True,
    )

    finding.refresh_from_db()
    assert finding.extension_until is None
    assert "新的期限须晚于" in response.content.decode()


def test_stranger_finds_nothing(client: Client, cast: Cast, problems: dict[str, Finding]) -> None:
    client.force_login(cast.stranger)
    finding = problems["A01"]

    assert client.get(f"/my/findings/{finding.pk}/").status_code == 404
    assert client.post(f"/my/findings/{finding.pk}/extension/", {}).status_code == 404
    assert client.get(f"/my/?station={cast.station.code}").status_code == 404
    assert finding.title not in page(client, "/my/")


@pytest.mark.parametrize("who", ["inspector", "bureau", "supervisor", "sysadmin", "auditor"])
@pytest.mark.parametrize("path", ["/my/", "/my/waiting/", "/my/scores/"])
def test_station_pages_are_for_station_heads(
    client: Client, cast: Cast, who: str, path: str
) -> None:
    client.force_login(getattr(cast, who))

    assert client.get(path).status_code == 403
