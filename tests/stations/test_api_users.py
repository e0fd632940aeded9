import pytest

from stations.models import User
from tests import make

USERS = "/api/v1/users/"


def names(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["username"] for row in answer.json()["results"]]


ALL = [
    "auditor",
    "bureau",
    "inspector",
    "inspector2",
    "station",
    "stranger",
    "supervisor",
    "sysadmin",
]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("sysadmin", ALL),
        ("auditor", ALL),
        ("bureau", ["bureau", "inspector", "inspector2", "station", "stranger", "supervisor"]),
        ("supervisor", ["station", "supervisor"]),
    ],
)
def test_accounts_are_narrowed_to_the_scope(cast, api, who, expected):
    assert names(api(getattr(cast, who)).get(USERS)) == expected


@pytest.mark.parametrize("who", ["inspector", "head", "stranger"])
def test_others_read_no_accounts(cast, api, who):
    client = api(getattr(cast, who))

    assert client.get(USERS).status_code == 403
    assert client.get(f"{USERS}bureau/").status_code == 403
    assert client.post(USERS, {}).status_code == 403


def test_account_is_told_whole_and_never_its_password(cast, api):
    assert api(cast.bureau).get(f"{USERS}station/").json() == {
        "username": "station", "display_name": "", "role": "station_head", "role_name": "站长",
        "regions": [], "stations": [cast.station.code], "is_active": True,
        "must_change_password": False, "last_login": None,
    }  # fmt: skip


def test_list_is_filtered(cast, api):
    client = api(cast.bureau)

    assert names(client.get(USERS, {"role": "inspector"})) == ["inspector", "inspector2"]
    assert names(client.get(USERS, {"search": "strang"})) == ["stranger"]
    assert names(client.get(USERS, {"is_active": "false"})) == []
    assert client.get(USERS, {"role": "king"}).status_code == 400


def test_bureau_makes_an_account_and_reads_its_password_once(cast, api):
    sent = {"username": "head9", "role": "station_head", "stations": [cast.station.code]}

    answer = api(cast.bureau).post(USERS, sent)

    assert answer.status_code == 201
    body = answer.json()
    made = User.objects.get(username="head9")
    assert made.check_password(body.pop("password"))
    assert body["stations"] == [cast.station.code]
    assert "password" not in api(cast.bureau).get(f"{USERS}head9/").json()


def test_posted_extras_change_nothing(cast, api):
    sent = {
        "username": "x9", "role": "inspector", "is_staff": True, "is_superuser": True,
        "is_demo": True, "must_change_password": False, "is_active": False,
    }  # fmt: skip

    api(cast.bureau).post(USERS, sent)

    made = User.objects.get(username="x9")
    assert (made.is_staff, made.is_superuser, made.is_demo) == (False, False, False)
    assert (made.must_change_password, made.is_active) == (True, True)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"role": "inspector"}, "username"),
        ({"username": "a b", "role": "inspector"}, "username"),
        ({"username": "a"}, "role"),
        ({"username": "a", "role": "king"}, "role"),
        ({"username": "a", "role": "station_head", "stations": ["nothing"]}, "stations"),
        ({"username": "a", "role": "station_head", "stations": ["a\x00"]}, "stations"),
        ({"username": "a", "role": "station_head", "stations": [7]}, "stations"),
        ({"username": "a", "role": "station_head", "stations": "x"}, "stations"),
        ({"username": "a", "role": "supervisor", "regions": ["440000"]}, "regions"),
    ],
)
def test_wrong_fields_are_named_and_what_is_out_of_reach_is_unknown(cast, api, sent, field):
    answer = api(cast.bureau).post(USERS, sent)

    assert answer.status_code == 400
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert not User.objects.filter(username="a").exists()


def test_system_administrator_may_set_any_scope(cast, api):
    sent = {"username": "city", "role": "bureau", "regions": ["440000"]}

    assert api(cast.sysadmin).post(USERS, sent).json()["regions"] == ["440000"]


def test_patch_leaves_what_is_absent(cast, api):
    body = api(cast.bureau).patch(f"{USERS}station/", {"display_name": "站长甲"}).json()

    assert (body["display_name"], body["role"], body["stations"]) == (
        "站长甲", "station_head", [cast.station.code]
    )  # fmt: skip


def test_disable_enable_and_reset(cast, api):
    client = api(cast.bureau)

    assert client.post(f"{USERS}inspector/disable/").json()["is_active"] is False
    assert client.post(f"{USERS}inspector/disable/").status_code == 409
    assert client.post(f"{USERS}inspector/enable/").json()["is_active"] is True
    fresh = client.post(f"{USERS}inspector/reset-password/").json()
    assert User.objects.get(username="inspector").check_password(fresh["password"])
    assert fresh["must_change_password"] is True


@pytest.mark.parametrize("step", ["disable/", "enable/", "reset-password/", ""])
def test_accounts_out_of_reach_are_404_and_in_reach_not_allowed_403(cast, api, step):
    def send(who, username):
        client, url = api(getattr(cast, who)), f"{USERS}{username}/{step}"
        return (client.post(url) if step else client.patch(url, {})).status_code

    assert send("bureau", "sysadmin") == 404
    assert send("supervisor", "stranger") == 404
    assert send("supervisor", "station") == 403
    assert send("auditor", "station") == 403
    assert send("bureau", "bureau") == 403
    assert send("sysadmin", "sysadmin") == 403


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_1_and_3(cast, api, count, django_assert_num_queries):
    for _n in range(count):
        make.user("station_head", stations=[cast.station])
    client = api(User.objects.get(username="supervisor"))

    with django_assert_num_queries(5):
        assert len(names(client.get(USERS))) == 2 + count
