"""随手拍: noted outside any round, said twice on a bad line, counted once."""

import threading
import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from audits.api.findings import RaiseInput
from audits.models import Finding, FindingEvent
from audits.queries import finding_photos
from audits.services import findings
from stations.refusals import Refusal
from tests import make


def note(client, station, **fields):
    body = {"station": station.code, "note": "门口有电线", **fields}
    return client.post("/api/v1/findings/", body)


@pytest.mark.parametrize("who", ["inspector", "bureau"])
def test_said_again_is_the_same_finding(cast, task, api, who):
    client, said = api(getattr(cast, who)), {"client_id": str(uuid.uuid4())}

    answers = [note(client, cast.station, **said) for _ in range(3)]

    assert [one.status_code for one in answers] == [201, 200, 200]
    assert len({one.json()["id"] for one in answers}) == 1
    assert Finding.objects.get().events.count() == 1


@pytest.mark.parametrize("who", ["inspector", "bureau"])
def test_on_an_active_problem_it_is_an_observation_of_it_said_once(cast, task, api, who):
    make.submitted(task, A02="fail")
    finding = Finding.objects.get()
    client, said = api(getattr(cast, who)), {"client_id": str(uuid.uuid4()), "item": "A02"}

    answers = [note(client, cast.station, **said) for _ in range(3)]
    again = note(client, cast.station, item="A02", client_id=str(uuid.uuid4()))

    told = [(one.status_code, one.json()["id"], one.json()["noted"]) for one in [*answers, again]]
    assert told == [(200, finding.pk, "observed")] * 4
    kinds = finding.events.order_by("number").values_list("kind", "reason")
    assert list(kinds)[1:] == [("observed", "门口有电线")] * 2
    assert answers[-1].json()["status"] == "open"


def test_answer_says_what_came_of_it_also_the_second_time(cast, task, api):
    make.submitted(task, A02="fail")
    close(cast, Finding.objects.get())
    client = api(cast.inspector)
    new, old = {"client_id": str(uuid.uuid4())}, {"client_id": str(uuid.uuid4()), "item": "A02"}

    answers = [note(client, cast.station, **said) for said in (new, new, old, old)]

    assert [(one.status_code, one.json()["noted"]) for one in answers] == [
        (201, "raised"), (200, "raised"), (200, "reopened"), (200, "reopened")
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["open", "in_progress", "submitted", "waived", "closed"])
def test_picture_of_what_was_seen_follows_however_late(cast, task, api, status):
    make.submitted(task, A02="fail")
    finding = Finding.objects.get()
    noted = note(api(cast.bureau), cast.station, item="A02").json()
    make.brought_to(finding, status, cast)

    photo = make.photo(cast.bureau, finding=finding, kind="before")

    assert noted["id"] == photo.finding_id
    assert photo in finding_photos(finding)


@pytest.mark.parametrize("status", ["closed", "void"])
def test_who_has_not_seen_it_adds_no_picture_to_what_is_settled(cast, task, status):
    make.submitted(task, A02="fail")
    finding = make.brought_to(Finding.objects.get(), status, cast)

    with pytest.raises(Refusal) as refused:
        make.photo(cast.bureau, finding=finding, kind="before")

    assert (refused.value.code, refused.value.status) == ("illegal_move", 409)
    assert refused.value.extra == {"present_status": status}


def test_same_words_under_another_id_are_another_problem(cast, task, api):
    client = api(cast.inspector)

    for _ in range(2):
        note(client, cast.station, client_id=str(uuid.uuid4()))

    assert Finding.objects.count() == 2


def test_id_of_somebody_else_or_of_another_station_is_refused(cast, task, api):
    said = {"client_id": str(uuid.uuid4())}
    note(api(cast.bureau), cast.station, **said)

    other_station = note(api(cast.bureau), cast.other_station, **said)
    other_person = note(api(cast.inspector), cast.station, **said)

    assert [(one.status_code, one.json()["code"]) for one in (other_station, other_person)] == [
        (409, "id_taken")
    ] * 2
    assert Finding.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"note": "两处有电线"}, {"item": "A02"}, {"severity": "serious"}, {"title": "电线"}]
)
def test_other_words_under_the_same_id_are_not_taken_for_the_first(cast, task, api, change):
    said, client = {"client_id": str(uuid.uuid4())}, api(cast.inspector)
    first = note(client, cast.station, **said)

    other = note(client, cast.station, **said | change)

    assert (other.status_code, other.json()["code"]) == (409, "said_otherwise")
    assert other.json()["finding"] == first.json()["id"]
    assert FindingEvent.objects.get().reason == "门口有电线"


@pytest.mark.parametrize("change", [{"note": "两处"}, {"severity": "serious"}, {"title": "电线"}])
@pytest.mark.parametrize("status", ["open", "closed"])
def test_neither_are_they_on_a_problem_that_was_there_before(cast, task, api, status, change):
    make.submitted(task, A02="fail")
    make.brought_to(Finding.objects.get(), status, cast)
    said = {"client_id": str(uuid.uuid4()), "item": "A02"}
    first = note(api(cast.inspector), cast.station, **said)
    number = FindingEvent.objects.count()

    again = note(api(cast.inspector), cast.station, **said)
    other = note(api(cast.inspector), cast.station, **said | change)

    assert (first.status_code, again.status_code) == (200, 200)
    assert (other.status_code, other.json()["code"]) == (409, "said_otherwise")
    assert FindingEvent.objects.count() == number


def test_call_has_no_field_that_could_change_unheard() -> None:
    """One more field of 随手拍 is one more that a repeat must be held against."""
    assert set(RaiseInput().fields) == {"client_id", "station", "note", "severity", "title", "item"}


def test_what_reopened_one_is_told_again_after_it_closed_once_more(cast, task, api):
    make.submitted(task, A02="fail")
    finding = Finding.objects.get()
    close(cast, finding)
    said = {"client_id": str(uuid.uuid4()), "item": "A02"}

    first = note(api(cast.inspector), cast.station, **said)
    close(cast, finding)
    late = note(api(cast.inspector), cast.station, **said)

    assert [(one.status_code, one.json()["id"]) for one in (first, late)] == [(200, finding.pk)] * 2
    assert late.json()["status"] == "closed"


def close(cast, finding):
    handed_in = make.rectified(finding, cast.head)
    findings.close(finding=handed_in, by=cast.inspector, now=timezone.now())


def test_database_takes_an_id_once(cast, task):
    make.submitted(task, A02="fail", B02="fail")
    first, second = FindingEvent.objects.order_by("pk")
    said = uuid.uuid4()

    for number in (1, 2):
        with connection.cursor() as cursor:
            sql = (
                "INSERT INTO audits_findingevent (finding_id, number, kind, from_status, to_status,"
                " at, role, reason, photos, detail, previous_hash, hash, client_id)"
                " SELECT finding_id, number + %s, kind, '', to_status, at, '', '', photos, detail,"
                " '', '', %s FROM audits_findingevent WHERE id = %s"
            )
            value = said if connection.vendor == "postgresql" else said.hex
            if number == 1:
                cursor.execute(sql, [9, value, first.pk])
                continue
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(sql, [9, value, second.pk])


@pytest.mark.django_db(transaction=True)
def test_eight_copies_at_once_make_one(cast, task):
    said, made = uuid.uuid4(), []

    def say() -> None:
        try:
            made.append(make.noted(cast.inspector, cast.station, client_id=said).pk)
        except Refusal as refusal:
            made.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=say) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [Finding.objects.get().pk] * 8


def test_its_picture_is_a_before_photo_of_whoever_saw_it(cast, task, api):
    finding = Finding.objects.get(pk=note(api(cast.bureau), cast.station).json()["id"])

    photo = make.photo(cast.bureau, finding=finding, kind="before")

    assert photo.finding == finding


# ---- pages ----


def test_its_picture_stands_in_the_station_s_list(cast, task, client):
    seen = make.noted(cast.inspector, cast.station)
    first, _ = [make.photo(cast.inspector, finding=seen, kind="before") for _ in range(2)]
    client.force_login(cast.head)

    page = client.get(reverse("gaps")).content.decode()

    assert f"/photos/{first.pk}/thumbnail/" in page


def test_page_lists_the_stations_in_reach(cast, task, client):
    client.force_login(cast.inspector)
    mine = client.get(reverse("snap")).content.decode()
    client.force_login(cast.bureau)
    all_ = client.get(reverse("snap"), {"q": cast.other_station.code}).content.decode()

    assert cast.station.code in mine
    assert cast.other_station.code not in mine
    assert (cast.other_station.code in all_, f"/{cast.station.code}/" in all_) == (True, False)


def test_page_offers_the_items_of_the_station_s_kind(cast, task, client):
    client.force_login(cast.inspector)

    page = client.get(reverse("snap-at", args=[cast.station.code])).content.decode()

    assert '<option value="B01">B01 检查项B01</option>' in page
    assert client.get(reverse("snap-at", args=[cast.other_station.code])).status_code == 404


@pytest.mark.parametrize("more", [0, 2])
def test_list_of_stations_costs_the_same(cast, task, client, more, django_assert_num_queries):
    for _ in range(more):
        make.station(region=cast.station.region)
    client.force_login(cast.bureau)
    client.get(reverse("snap"))

    with django_assert_num_queries(4):  # session, account, its regions, stations
        client.get(reverse("snap"))


def test_closed_station_has_no_new_problems_but_what_was_said_was_said(cast, task, api):
    client, said = api(cast.inspector), {"client_id": str(uuid.uuid4())}
    before = note(client, cast.station, **said).json()["id"]
    cast.station.closed_on = timezone.localdate()
    cast.station.save()

    again, late = note(client, cast.station, **said), note(client, cast.station)

    assert (again.status_code, again.json()["id"]) == (200, before)
    assert (late.status_code, late.json()["code"]) == (409, "station_closed")
    assert late.json()["detail"] == "这个站已撤销。"
    assert Finding.objects.count() == 1
