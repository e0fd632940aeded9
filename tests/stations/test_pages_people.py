import re

import pytest
from django.test import Client

from stations.models import User
from tests import make

PEOPLE = "/bureau/people/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_people_are_listed_with_role_and_scope(cast):
    page = signed_in(cast.bureau).get(PEOPLE)

    text = page.content.decode()
    assert "6 个账号" in text
    assert cast.station.community_zh in text
    assert "sysadmin" not in {person.username for person in page.context["people"]}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?role=inspector", {"inspector", "inspector2"}),
        ("?q=strang", {"stranger"}),
        ("?state=disabled", set()),
        ("?role=king&state=odd&page=x", {"bureau", "inspector", "inspector2", "station", "stranger", "supervisor"}),
    ],
)  # fmt: skip
def test_people_are_filtered_and_odd_filters_do_nothing(cast, query, shown):
    page = signed_in(cast.bureau).get(PEOPLE + query)

    assert {person.username for person in page.context["people"]} == shown


@pytest.mark.parametrize("who", ["inspector", "head", "stranger"])
def test_others_do_not_see_people(cast, who):
    client = signed_in(getattr(cast, who))

    for path in (PEOPLE, f"{PEOPLE}new/", f"{PEOPLE}u/bureau/"):
        assert client.get(path).status_code == 403
    assert client.post(f"{PEOPLE}u/bureau/disable/").status_code == 403


@pytest.mark.parametrize(
    "path", [PEOPLE, f"{PEOPLE}new/", "/bureau/stations/", "/bureau/checklists/"]
)
def test_nobody_sees_anything_without_signing_in(db, path):
    answer = Client().get(path)

    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")


def test_password_of_a_new_account_is_shown_once(cast):
    client = signed_in(cast.bureau)
    sent = {
        "username": "head9", "display_name": "站长己", "role": "station_head",
        "stations": [cast.station.code], "regions": ["440309"],
    }  # fmt: skip

    page = client.post(f"{PEOPLE}new/", sent)

    made = User.objects.get(username="head9")
    shown = re.search(r'id="password">([^<]+)<', page.content.decode())
    assert made.check_password(shown.group(1))
    assert (list(made.stations.all()), list(made.regions.all())) == ([cast.station], [])
    assert "no-store" in page["Cache-Control"]
    assert shown.group(1) not in client.get(f"{PEOPLE}u/head9/").content.decode()


def test_wrong_form_stays_with_its_words(cast):
    sent = {"username": "station", "display_name": "甲", "role": "inspector"}

    page = signed_in(cast.bureau).post(f"{PEOPLE}new/", sent)

    assert page.status_code == 200
    assert page.context["form"].errors == {"username": ["账号已被使用。"]}


@pytest.mark.parametrize("code", ["440309001-NOTHING9", "a\x00", "x y"])
def test_station_out_of_reach_is_unknown(cast, code):
    sent = {"username": "a9", "display_name": "甲", "role": "station_head", "stations": [code]}

    page = signed_in(cast.bureau).post(f"{PEOPLE}new/", sent)

    assert list(page.context["form"].errors) == ["stations"]
    assert not User.objects.filter(username="a9").exists()


def test_stations_may_be_written_as_codes(cast):
    codes = f"{cast.station.code}\r\n{cast.other_station.code}"
    sent = {"username": "a9", "display_name": "甲", "role": "station_head", "stations": [codes]}

    signed_in(cast.bureau).post(f"{PEOPLE}new/", sent)

    assert User.objects.get(username="a9").stations.count() == 2


def test_role_the_bureau_may_not_grant_is_no_choice(cast):
    sent = {"username": "a9", "display_name": "甲", "role": "sysadmin"}

    page = signed_in(cast.bureau).post(f"{PEOPLE}new/", sent)

    assert list(page.context["form"].errors) == ["role"]


def test_scope_is_changed(cast):
    sent = {"display_name": "站长甲", "role": "station_head", "stations": [cast.other_station.code]}

    answer = signed_in(cast.bureau).post(f"{PEOPLE}u/station/", sent)

    assert answer.status_code == 302
    assert list(cast.head.stations.all()) == [cast.other_station]


def test_disable_enable_and_reset(cast):
    client = signed_in(cast.bureau)

    client.post(f"{PEOPLE}u/inspector/disable/")
    assert User.objects.get(username="inspector").is_active is False
    client.post(f"{PEOPLE}u/inspector/enable/")
    assert User.objects.get(username="inspector").is_active is True
    page = client.post(f"{PEOPLE}u/inspector/reset-password/")
    shown = re.search(r'id="password">([^<]+)<', page.content.decode())
    assert User.objects.get(username="inspector").check_password(shown.group(1))


def test_a_sign_in_from_before_does_not_come_back_with_the_account(cast):
    phone, other = signed_in(cast.inspector), signed_in(cast.inspector2)
    client = signed_in(cast.bureau)

    client.post(f"{PEOPLE}u/inspector/disable/")
    client.post(f"{PEOPLE}u/inspector/enable/")

    assert phone.get("/accounts/mine/").status_code == 302
    assert other.get("/accounts/mine/").status_code == 200
    assert client.get(PEOPLE).status_code == 200


@pytest.mark.parametrize(
    ("who", "username", "status"),
    [
        ("bureau", "sysadmin", 404),
        ("bureau", "bureau", 403),
        ("supervisor", "stranger", 404),
        ("supervisor", "station", 403),
        ("auditor", "station", 403),
        ("sysadmin", "sysadmin", 403),
    ],
)
def test_accounts_out_of_reach_and_not_to_be_changed(cast, who, username, status):
    client = signed_in(getattr(cast, who))

    for step in ("disable", "enable", "reset-password"):
        assert client.post(f"{PEOPLE}u/{username}/{step}/").status_code == status


def offered(page) -> list[str]:
    return [pick["row"].code for group in page.context["region_groups"] for pick in group["rows"]]


def test_sysadmin_sees_all_accounts_and_the_regions_with_stations_to_grant(cast):
    make.station(kind="centre", region=make.region("440309"))
    client = signed_in(cast.sysadmin)

    assert client.get(PEOPLE).context["page"].paginator.count == 8
    assert offered(client.get(f"{PEOPLE}new/")) == ["440309", "440309001", "440309002"]


def test_wide_scope_given_before_stays_in_sight(cast):
    cast.bureau.regions.set([make.region("440000")])
    client = signed_in(cast.sysadmin)

    assert "440000" in offered(client.get(f"{PEOPLE}u/{cast.bureau.username}/"))


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_1_and_3(cast, count, django_assert_num_queries):
    for _n in range(count):
        make.user("station_head", stations=[cast.station])
    client = signed_in(cast.supervisor)

    with django_assert_num_queries(10):
        assert len(client.get(PEOPLE).context["people"]) == 2 + count
