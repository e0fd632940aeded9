"""复查 on the spot: the open problems of one station, the earlier photo beside, two verdicts."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.models import Finding
from audits.services import findings
from tests import make


@pytest.fixture
def problems(task):
    make.submitted(task, A02="fail", B01="fail", B02="partial")
    return {finding.item_code: finding for finding in Finding.objects.all()}


def page(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def test_stop_lists_open_problems_of_this_station_only(cast, problems, client):
    for code in ("A02", "B01"):
        make.rectified(problems[code], cast.head)
    elsewhere = make.assignment(cast.bureau, cast.inspector, cast.other_station)
    make.submitted(elsewhere, A02="fail")
    client.force_login(cast.inspector)

    text = page(client, "visit", cast.station.code)

    order = [text.index(f"/visit/findings/{problems[code].pk}/") for code in ("B01", "A02", "B02")]
    assert order == sorted(order), "critical first, then what waits, then the station's own"
    assert text.count("/visit/findings/") == 3
    assert "您今天看到的 1" in text


def test_closed_and_waived_ones_are_not_on_it(cast, problems, client):
    Finding.objects.exclude(item_code="B02").update(status="void")
    client.force_login(cast.bureau)

    assert page(client, "visit", cast.station.code).count("/visit/findings/") == 1


def test_stops_name_what_waits(cast, problems, client):
    make.rectified(problems["A02"], cast.head)
    client.force_login(cast.supervisor)

    text = page(client, "visits")

    assert "待复查 1" in text
    assert "未销号 3 项" in text


def test_re_check_shows_the_earlier_photo_beside_and_both_verdicts(cast, problems, client):
    finding = make.rectified(problems["A02"], cast.head)
    before = make.photo(cast.inspector, finding=finding, kind="before")
    after = finding.photos.get(kind="after")
    client.force_login(cast.inspector)

    text = page(client, "visit-finding", finding.pk)

    assert f"/photos/{before.pk}/" in text
    assert f"/photos/{after.pk}/" in text
    assert 'data-mode="recheck" data-critical=""' in text
    assert 'id="d-back"' in text


def test_critical_item_asks_for_the_photo_first(cast, problems, client):
    finding = make.rectified(problems["B01"], cast.head)
    client.force_login(cast.inspector)

    text = page(client, "visit-finding", finding.pk)

    assert 'data-critical="1"' in text
    assert "否决项须由您在现场拍照" in text


def test_finder_may_record_it_fixed_that_day_and_nobody_else(cast, problems, client):
    finding = problems["A02"]
    modes = {}
    for who in ("inspector", "bureau"):
        client.force_login(getattr(cast, who))
        modes[who] = 'data-mode="fix"' in page(client, "visit-finding", finding.pk)
    visit = make.assignment(cast.bureau, cast.inspector, cast.station)
    make.submitted(visit, timezone.now() - dt.timedelta(days=1), A01="fail")
    client.force_login(cast.inspector)
    old = Finding.objects.get(item_code="A01")
    modes["the day after"] = 'data-mode="fix"' in page(client, "visit-finding", old.pk)

    assert modes == {"inspector": True, "bureau": False, "the day after": False}


def test_a_picture_of_before_that_is_lacking_can_be_had(cast, task, client):
    """On an item by 随手拍; without one that would raise another problem, so here."""
    client.force_login(cast.inspector)

    text = page(client, "visit-finding", make.noted(cast.inspector, cast.station).pk)

    assert 'data-slot="lacks_before"' in text
    assert 'data-slot="before"' in text
    assert "?item=" not in text


def test_who_recorded_it_fixed_is_told_that_another_closes_it(cast, problems, client):
    finding = problems["A02"]
    make.photo(cast.inspector, finding=finding, kind="before")
    make.fixed_on_site(finding, cast.inspector)
    client.force_login(cast.inspector)

    text = page(client, "visit-finding", finding.pk)

    assert "您提交了这项整改，不能复查" in text
    assert 'data-slot="send"' not in text


def test_sending_back_keeps_the_reviewer_s_photo_in_the_event(cast, problems, api):
    finding = make.rectified(problems["A02"], cast.head)
    seen = make.photo(cast.inspector, finding=finding, kind="site")

    api(cast.inspector).post(f"/api/v1/findings/{finding.pk}/send-back/", {"reason": "仍歪斜"})

    event = finding.events.last()
    assert (event.kind, event.photos) == (
        "sent_back", [{"id": str(seen.pk), "sha256": seen.sha256}]
    )  # fmt: skip


@pytest.mark.parametrize("failing", [("A02",), ("A02", "B01", "B02")])
def test_stop_costs_the_same_for_any_number_of_problems(
    cast, task, client, failing, django_assert_num_queries
):
    make.submitted(task, **dict.fromkeys(failing, "fail"))
    client.force_login(cast.inspector)
    client.get(reverse("visit", args=[cast.station.code]))

    # Session, account, station, the page and its count, photos, tally, own task.
    with django_assert_num_queries(8):
        client.get(reverse("visit", args=[cast.station.code]))


@pytest.mark.parametrize("more", [0, 2])
def test_stops_cost_the_same_for_any_number_of_stations(
    cast, task, client, more, django_assert_num_queries
):
    make.submitted(task, A02="fail")
    for _ in range(more):
        there = make.assignment(cast.bureau, cast.inspector, make.station())
        make.submitted(there, A02="fail", B02="fail")
    client.force_login(cast.inspector)
    client.get(reverse("visits"))

    with django_assert_num_queries(4):
        client.get(reverse("visits"))


def test_stop_is_paged_and_tells_how_many_there_are(cast, problems, client):
    now = timezone.now()
    Finding.objects.bulk_create(
        Finding(
            station=cast.station, title=f"杂项{n}", note="堆物", severity="normal", raised_at=now,
            raised_by=cast.bureau, due_on=now.date(), original_due_on=now.date(),
        )
        for n in range(60)
    )  # fmt: skip
    client.force_login(cast.inspector)
    path = reverse("visit", args=[cast.station.code])

    pages = [client.get(path, {"page": n}).content.decode() for n in (1, 2)]

    assert [text.count("/visit/findings/") for text in pages] == [50, 13]
    assert ["您今天看到的 3" in text for text in pages] == [True, False]
    assert ["等站里整改 60" in text for text in pages] == [True, True]


def test_stops_are_paged(cast, problems, client):
    stations = [make.station(region=cast.station.region) for _ in range(52)]
    now = timezone.now()
    Finding.objects.bulk_create(
        Finding(
            station=one, title="杂项", note="堆物", severity="normal", raised_at=now,
            raised_by=cast.bureau, due_on=now.date(), original_due_on=now.date(),
        )
        for one in stations
    )  # fmt: skip
    client.force_login(cast.bureau)

    pages = [client.get(reverse("visits"), {"page": n}).content.decode() for n in (1, 2)]

    assert [text.count("未销号") for text in pages] == [50, 3]
    assert "共 53 条" in pages[0]


def test_lately_closed_ones_are_looked_at_once_more(cast, problems, client):
    found = problems["A02"]
    findings.close(finding=make.rectified(found, cast.head), by=cast.bureau, now=timezone.now())
    client.force_login(cast.inspector)
    stop, own = page(client, "visit", cast.station.code), page(client, "visit-finding", found.pk)

    assert "刚销号 1" in stop
    assert f"/visit/findings/{found.pk}/" in stop
    assert "又出现了，随手拍" in own
    assert 'data-slot="send"' not in own
    Finding.objects.filter(pk=found.pk).update(closed_at=timezone.now() - dt.timedelta(days=32))
    assert f"/visit/findings/{found.pk}/" not in page(client, "visit", cast.station.code)


def test_recheck_round_leads_from_sheet_to_open_problems_and_back(cast, problems, client, api):
    again = make.round_(cast.bureau, kind="recheck")
    task = make.assignment(cast.bureau, cast.inspector, cast.station, again)
    told = {
        one["assignment"]: one for one in api(cast.inspector).get("/api/v1/work/").data["tasks"]
    }
    others = [one["unsolved"] for pk, one in told.items() if pk != task.pk]
    sheet = api(cast.inspector).get(f"/api/v1/assignments/{task.pk}/sheet/").data
    client.force_login(cast.inspector)
    visit = page(client, "visit", cast.station.code)
    door = client.get(reverse("door", args=[cast.station.code]))

    assert (told[task.pk]["is_recheck"], told[task.pk]["unsolved"]) == (True, 3)
    assert set(others) == {None}
    assert sheet["round"]["kind"] == "recheck"
    assert "未销号 3 项" in visit
    assert f"/m/a/{task.pk}/" in visit
    assert door["Location"] == reverse("visit", args=[cast.station.code])
    make.submitted(task)
    assert f"/m/a/{task.pk}/" not in page(client, "visit", cast.station.code)
    assert client.get(reverse("door", args=[cast.station.code]))["Location"].startswith("/m/a/")
    assert Finding.objects.active().count() == 3, "a pass closes nothing"
