import pytest

from tests import make

HALF_AN_HOUR = 30 * 60


def signed_in(client, username):
    client.post("/accounts/login/", {"username": username, "password": make.PASSWORD})
    return client


def leave_alone(client, seconds):
    session = client.session
    session["seen_at"] -= seconds
    session.save()


def test_a_desk_left_alone_is_signed_out_and_comes_back_to_its_page(client, cast):
    signed_in(client, "bureau")
    leave_alone(client, HALF_AN_HOUR + 5)

    sent = client.get("/bureau/rounds/?state=open")
    page = client.get(sent.url).content.decode()

    assert sent.url == "/accounts/login/?next=/bureau/rounds/%3Fstate%3Dopen"
    assert "离开太久，已自动退出" in page
    again = client.post(sent.url, {"username": "bureau", "password": make.PASSWORD})
    assert again.url == "/bureau/rounds/?state=open"
    client.logout()
    assert "离开太久" not in client.get("/accounts/login/").content.decode()


def test_a_step_of_a_desk_left_alone_is_said_not_to_be_done(client, cast):
    signed_in(client, "bureau")
    leave_alone(client, HALF_AN_HOUR + 5)

    sent = client.post(
        "/bureau/calendar/set/", {"day": "2026-12-01", "is_working": "0"},
        headers={"referer": "http://testserver/bureau/calendar/"},
    )  # fmt: skip
    page = client.get(sent.url).content.decode()

    assert sent.url == "/accounts/login/?next=/bureau/calendar/"
    assert "离开太久，已自动退出" in page
    assert "刚才这一步没有做" in page


def test_an_api_call_of_a_desk_left_alone_is_told_so(client, cast):
    signed_in(client, "bureau")
    leave_alone(client, HALF_AN_HOUR + 5)

    answer = client.get("/api/v1/me/")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert client.get("/api/v1/me/").status_code == 401


def test_work_keeps_a_desk_signed_in(client, cast):
    signed_in(client, "bureau")
    for _n in range(3):
        leave_alone(client, HALF_AN_HOUR - 60)
        assert client.get("/api/v1/me/").status_code == 200


@pytest.mark.parametrize("who", ["inspector", "station"])
def test_a_phone_stays_signed_in(client, cast, who):
    signed_in(client, who)
    leave_alone(client, 4 * 3600)

    assert client.get("/api/v1/me/").status_code == 200
