"""复查: the queue in order, what the machine says, closing, sending back, and what comes next."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audits.models import Assignment, Finding, PhotoFlag
from audits.queries import reviews
from audits.services import findings
from tests import make
from tests.conftest import Cast


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bureau)
    return client


def waiting(cast: Cast, task: Assignment, *codes: str) -> list[Finding]:
    make.submitted(task, **dict.fromkeys(codes, "fail"))
    return [
        make.rectified(finding, cast.head) for finding in Finding.objects.order_by("item_code")
    ]  # fmt: skip


def words(answer: object) -> list[str]:
    return [str(message) for message in answer.context["messages"]]  # type: ignore[attr-defined]


def test_first_handed_in_is_first_looked_at(cast: Cast, task: Assignment, desk: Client) -> None:
    first, second = waiting(cast, task, "A02", "B02")

    page = desk.get(reverse("desk-review"))

    assert page.context["queue"] == [first, second]
    assert (page.context["finding"], page.context["place"], page.context["next"]) == (
        first, 1, second
    )  # fmt: skip
    assert [entry.waiting for entry in page.context["nav"] if entry.url.endswith("/review/")] == [2]


def test_empty_queue_says_so(cast: Cast, desk: Client) -> None:
    page = desk.get(reverse("desk-review"))

    assert page.status_code == 200
    assert "没有等待复查的问题" in page.content.decode()


def test_closing_goes_on_to_the_next(cast: Cast, task: Assignment, desk: Client) -> None:
    first, second = waiting(cast, task, "A02", "B02")

    answer = desk.post(reverse("desk-review-close", args=[first.pk]), follow=True)
    done = desk.post(reverse("desk-review-close", args=[second.pk]), follow=True)

    first.refresh_from_db()
    assert (first.status, first.closed_by) == ("closed", cast.bureau)
    assert answer.redirect_chain == [(reverse("desk-review-one", args=[second.pk]), 302)]
    assert words(answer) == ["已销号：A02 检查项A02"]
    assert done.redirect_chain == [(reverse("desk-review"), 302)]


def test_sending_back_needs_a_reason(cast: Cast, task: Assignment, desk: Client) -> None:
    [finding] = waiting(cast, task, "A02")
    url = reverse("desk-review-send-back", args=[finding.pk])

    refused = desk.post(url, {"reason": " "}, follow=True)
    desk.post(url, {"reason": "仍有缺项"})

    finding.refresh_from_db()
    assert words(refused) == ["原因：该字段是必填项。"]
    assert finding.status == "in_progress"
    assert finding.events.order_by("-number")[0].reason == "仍有缺项"


def test_critical_item_waits_for_the_reviewers_own_picture(
    cast: Cast, task: Assignment, desk: Client
) -> None:
    [finding] = waiting(cast, task, "B01")
    url = reverse("desk-review-one", args=[finding.pk])
    before = desk.get(url)
    refused = desk.post(reverse("desk-review-close", args=[finding.pk]), follow=True)

    make.photo(cast.bureau, finding=finding, kind="site")

    after = desk.get(url)
    assert (before.context["needs_visit"], before.context["may_judge"]) == (True, False)
    assert words(refused) == ["否决项须由复查人到场拍照后销号。"]
    assert after.context["may_judge"] is True
    desk.post(reverse("desk-review-close", args=[finding.pk]))
    assert Finding.objects.get().status == "closed"


def test_machine_says_what_it_found(cast: Cast, task: Assignment, desk: Client) -> None:
    cast.station.latitude, cast.station.longitude = Decimal("22.65"), Decimal("114.03")
    cast.station.save()
    make.submitted(task, A02="fail")
    finding, now = Finding.objects.get(), timezone.now()
    findings.start(finding=finding, measure="", person="", by=cast.head, now=now)
    after = make.photo(
        cast.head, finding=finding, latitude=Decimal("22.65"), longitude=Decimal("114.04")
    )
    findings.submit(finding=finding, measure="", photos=[after.pk], by=cast.head, now=now)
    PhotoFlag.objects.create(photo=after, kind="exact_reuse", raised_at=now)

    checks = desk.get(reverse("desk-review-one", args=[finding.pk])).context["checks"]

    assert [(check.tone, check.words) for check in checks] == [
        ("warn", "整改后照片与另一张完全相同"),
        ("warn", "拍摄位置距服务站 1026 米"),
        ("ok", "提交前 0 分钟拍摄"),
        ("ok", "您不是提交人，可以复查"),
    ]


def test_page_tells_what_closing_would_bring(cast: Cast, task: Assignment, desk: Client) -> None:
    [finding] = waiting(cast, task, "A02")

    gain = desk.get(reverse("desk-review-one", args=[finding.pk])).context["gain"]

    assert (gain.now, gain.after) == ("80.0", "100.0")


def test_what_is_judged_already_opens_as_a_problem(
    cast: Cast, task: Assignment, desk: Client
) -> None:
    [finding] = waiting(cast, task, "A02")
    findings.close(finding=finding, by=cast.inspector, now=timezone.now())

    again = desk.post(reverse("desk-review-close", args=[finding.pk]), follow=True)
    page = desk.get(reverse("desk-review-one", args=[finding.pk]))

    assert words(again) == ["问题现在是“已销号”，不能做这一步。"]
    assert page.headers["Location"] == reverse("desk-finding", args=[finding.pk])


def test_station_head_who_reviews_elsewhere_is_never_judge_at_home(
    cast: Cast, task: Assignment, client: Client
) -> None:
    [finding] = waiting(cast, task, "A02")
    cast.inspector.stations.add(cast.station)
    client.force_login(cast.inspector)

    page = client.get(reverse("desk-review-one", args=[finding.pk]))
    answer = client.post(reverse("desk-review-close", args=[finding.pk]))

    assert page.context["may_judge"] is False
    assert answer.status_code == 403
    assert "本站账号不能复查本站的问题。" in answer.content.decode()


@pytest.mark.parametrize("codes", [("A02",), ("A02", "B02", "A01")])
def test_review_costs_the_same_for_one_and_three(
    codes: tuple[str, ...], cast: Cast, task: Assignment, desk: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    first = waiting(cast, task, *codes)[0]

    with django_assert_num_queries(14):
        desk.get(reverse("desk-review-one", args=[first.pk]))


def _many_waiting(cast: Cast, count: int) -> list[Finding]:
    now = timezone.now()
    Finding.objects.bulk_create(
        Finding(
            station=cast.station, title=f"杂项{n}", note="堆物", severity="normal", raised_at=now,
            raised_by=cast.inspector, due_on=now.date(), original_due_on=now.date(),
            status="submitted", submitted_by=cast.head, submitted_at=now,
        )
        for n in range(count)
    )  # fmt: skip
    return list(Finding.objects.order_by("pk"))


def test_long_queue_is_shown_in_parts_and_counted_whole(
    cast: Cast, task: Assignment, desk: Client
) -> None:
    every = _many_waiting(cast, reviews.SHOWN + 3)

    first = desk.get(reverse("desk-review"))
    further = desk.get(reverse("desk-review-one", args=[every[-2].pk]))
    last = desk.get(reverse("desk-review-one", args=[every[-1].pk]))

    total = reviews.SHOWN + 3
    assert [len(page.context["queue"]) for page in (first, further)] == [reviews.SHOWN, 3]
    assert [page.context["place"] for page in (first, further)] == [1, total - 1]
    assert first.content.decode().count(f"待复查 {total}<") == 1
    assert "后面还有 3 项" in first.content.decode()
    assert f'href="{reverse("desk-review-one", args=[every[reviews.SHOWN].pk])}"' in str(
        first.content
    )
    assert "回到最前面" in further.content.decode()
    assert "后面还有" not in further.content.decode()
    assert [page.context["next"] for page in (further, last)] == [every[-1], every[0]]


def test_last_of_a_full_part_that_just_left_leads_to_the_front(cast: Cast) -> None:
    *others, asked = _many_waiting(cast, reviews.SHOWN + 1)
    Finding.objects.filter(pk=asked.pk).update(status="in_progress")

    part = reviews.part(cast.bureau, asked)

    assert part is not None
    assert (part.shown, part.start, part.place, part.total) == (others, 0, 1, reviews.SHOWN)
    assert (part.next, part.further) == (others[1], None)


def test_what_was_never_in_the_queue_is_refused_in_words(
    cast: Cast, task: Assignment, desk: Client
) -> None:
    make.submitted(task, A02="fail")
    finding = Finding.objects.get()

    answer = desk.post(reverse("desk-review-close", args=[finding.pk]), follow=True)

    assert words(answer) == ["问题现在是“待整改”，不能做这一步。"]
