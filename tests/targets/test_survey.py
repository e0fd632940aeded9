"""The survey at the station: one answer per token, and a kind page for every other case."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from stations.models import HistoryEntry
from stations.refusals import Refusal
from targets.models import SatisfactionSurvey, SurveyAnswer, SurveyToken, TargetTable
from targets.services import records, surveys
from targets.tasks import purge_tokens
from tests.conftest import Cast
from tests.targets import build
from tests.targets.conftest import NOW

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def survey(cast: Cast, table: TargetTable) -> SatisfactionSurvey:
    return build.survey(table, cast)


def minted(cast: Cast, address: str = "10.0.0.1", now: dt.datetime = NOW) -> str:
    return surveys.mint_token(station=cast.station, address=address, now=now)


def code(cast: Cast, token: str, *, now: dt.datetime = NOW, step: int = 5) -> str:
    with pytest.raises(Refusal) as refused:
        surveys.answer_survey(token=token, step=step, words="", now=now)
    return refused.value.code


def test_passer_by_answers_without_signing_in(
    client: Client, cast: Cast, survey: SatisfactionSurvey
) -> None:
    at = client.get(reverse("survey-at", args=[cast.station.code]))
    page = client.get(at["Location"])
    sent = client.post(at["Location"], {"step": "4", "words": "很热情"}, follow=True)

    answer = SurveyAnswer.objects.get()
    assert (page.status_code, cast.station.name in page.content.decode()) == (200, True)
    assert "谢谢您" in sent.content.decode()
    assert (answer.survey, answer.station, answer.step, answer.words, answer.answered_on) == (
        survey, cast.station, 4, "很热情", dt.date(2026, 11, 23)
    )  # fmt: skip


def test_answer_names_nobody(client: Client, cast: Cast, survey: SatisfactionSurvey) -> None:
    before = HistoryEntry.objects.count()
    surveys.answer_survey(token=minted(cast, "203.0.113.7"), step=5, words="", now=NOW)

    kept = SurveyToken.objects.values().get()
    assert {field.name for field in SurveyAnswer._meta.fields} == {
        "id", "survey", "station", "step", "words", "answered_on"
    }  # fmt: skip
    assert "203.0.113.7" not in str(kept)
    assert HistoryEntry.objects.count() == before


def test_token_takes_one_answer(client: Client, cast: Cast, survey: SatisfactionSurvey) -> None:
    token = minted(cast)
    surveys.answer_survey(token=token, step=5, words="", now=NOW)

    second = client.post(reverse("survey", args=[token]), {"step": "1"})

    assert code(cast, token) == "token_used"
    assert (second.status_code, SurveyAnswer.objects.count()) == (409, 1)
    assert "已经答过了，谢谢您" in second.content.decode()


def test_forged_token_gets_a_kind_page(client: Client, db: None) -> None:
    got = client.get(reverse("survey", args=["forged-token"]))
    sent = client.post(reverse("survey", args=["forged-token"]), {"step": "5"})

    assert (got.status_code, sent.status_code) == (404, 404)
    assert "请再扫一次码" in got.content.decode()
    assert not SurveyAnswer.objects.exists()


def test_late_token_gets_a_kind_page(
    client: Client, cast: Cast, survey: SatisfactionSurvey
) -> None:
    token = minted(cast)

    with time_machine.travel(NOW + 30 * MINUTE):
        got = client.post(reverse("survey", args=[token]), {"step": "5"})

    assert (got.status_code, code(cast, token, now=NOW + 30 * MINUTE)) == (409, "token_late")
    assert "过了 30 分钟" in got.content.decode()
    surveys.answer_survey(token=token, step=5, words="", now=NOW + 29 * MINUTE)


def test_new_line_is_one_character_as_the_page_counts_it(
    client: Client, cast: Cast, survey: SatisfactionSurvey
) -> None:
    """A browser lets 200 through and sends each new line as two."""
    url, typed = reverse("survey", args=[minted(cast)]), "\n".join(["好"] * 100) + "。"

    client.post(url, {"step": "5", "words": typed.replace("\n", "\r\n")})

    assert SurveyAnswer.objects.get().words == typed


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"words": "地方好找"}, "请从五项里选一项。"),
        ({"step": "4", "words": "地方好找" * 51}, "确保该变量包含不超过 200 字符"),
    ],
)
def test_refused_answer_keeps_what_was_chosen_and_written(
    given: dict[str, str], why: str, client: Client, cast: Cast, survey: SatisfactionSurvey
) -> None:
    page = client.post(reverse("survey", args=[minted(cast)]), given).content.decode()

    assert why in page
    assert f">{given['words']}</textarea>" in page
    assert ('value="4" required checked' in page) == ("step" in given)
    assert page.count('role="alert"') == 1


def test_answer_without_a_step_is_asked_again_and_keeps_the_token(
    client: Client, cast: Cast, survey: SatisfactionSurvey
) -> None:
    token = minted(cast)

    got = client.post(reverse("survey", args=[token]), {"words": "好"})

    assert (got.status_code, "请从五项里选一项。" in got.content.decode()) == (400, True)
    surveys.answer_survey(token=token, step=3, words="", now=NOW)


@pytest.mark.parametrize("step", [0, 6, -1])
def test_sixth_step_is_refused(cast: Cast, survey: SatisfactionSurvey, step: int) -> None:
    with pytest.raises(Refusal) as refused:
        surveys.answer_survey(token=minted(cast), step=step, words="", now=NOW)

    assert refused.value.errors[0]["field"] == "step"


def test_nothing_open_says_so(client: Client, cast: Cast, table: TargetTable) -> None:
    build.survey(table, cast, opens_on=dt.date(2026, 12, 1))

    got = client.get(reverse("survey-at", args=[cast.station.code]))

    assert (got.status_code, "调查没有开放" in got.content.decode()) == (404, True)
    assert not SurveyToken.objects.exists()


def test_closed_station_asks_nobody(client: Client, cast: Cast, survey: SatisfactionSurvey) -> None:
    """Its poster may hang on."""
    cast.station.closed_on = NOW.date()
    cast.station.save()

    got = client.get(reverse("survey-at", args=[cast.station.code]))

    assert (got.status_code, "调查没有开放" in got.content.decode()) == (404, True)
    assert not SurveyToken.objects.exists()


def test_survey_closed_meanwhile_takes_no_answer_and_no_token(
    cast: Cast, survey: SatisfactionSurvey
) -> None:
    token = minted(cast)
    records.withdraw(record=survey, reason="提前结束", by=cast.bureau, now=NOW)

    assert code(cast, token) == "survey_closed"
    assert SurveyToken.objects.get().is_used is False


def test_unknown_and_practice_station_are_not_found(client: Client, cast: Cast) -> None:
    cast.station.is_practice = True
    cast.station.save()

    assert client.get(reverse("survey-at", args=[cast.station.code])).status_code == 404
    assert client.get(reverse("survey-at", args=["nowhere"])).status_code == 404


def test_one_caller_is_slowed_before_the_station_is(
    client: Client, cast: Cast, survey: SatisfactionSurvey, settings: object
) -> None:
    settings.SURVEY_CALLER_HOURLY, settings.SURVEY_STATION_HOURLY = 2, 3  # type: ignore[attr-defined]
    for _ in range(2):
        minted(cast)

    with pytest.raises(Refusal) as caller:
        minted(cast)
    minted(cast, "10.0.0.2")
    with pytest.raises(Refusal) as station:
        minted(cast, "10.0.0.3")

    assert (caller.value.code, station.value.code) == ("too_many", "too_many")
    assert (caller.value.status, SurveyToken.objects.count()) == (429, 3)
    minted(cast, now=NOW + 61 * MINUTE)  # the hour is over


def test_flood_gets_a_kind_page(
    client: Client, cast: Cast, survey: SatisfactionSurvey, settings: object
) -> None:
    settings.SURVEY_STATION_HOURLY = 0  # type: ignore[attr-defined]

    got = client.get(reverse("survey-at", args=[cast.station.code]))

    assert (got.status_code, "请稍等一会儿" in got.content.decode()) == (429, True)


def test_old_tokens_are_purged_and_answers_stay(cast: Cast, survey: SatisfactionSurvey) -> None:
    surveys.answer_survey(token=minted(cast), step=5, words="", now=NOW)

    with time_machine.travel(NOW + dt.timedelta(days=2)):
        purge_tokens()

    assert (SurveyToken.objects.count(), SurveyAnswer.objects.count()) == (0, 1)


def test_poster_leads_to_its_station(client: Client, cast: Cast) -> None:
    client.force_login(cast.bureau)

    got = client.get(reverse("survey-poster", args=[cast.station.code]))
    every = client.get(reverse("survey-posters"))

    assert f"/survey/at/{cast.station.code}/" in got.content.decode()
    assert every.content.decode().count('class="poster"') == 2


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one(cast: Cast, table: TargetTable) -> None:
    import threading

    from django.db import connection

    build.survey(table, cast)
    token = minted(cast)
    codes: list[str] = []

    def answer() -> None:
        try:
            surveys.answer_survey(token=token, step=5, words="", now=NOW)
            codes.append("taken")
        except Refusal as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == ["taken", "token_used", "token_used", "token_used"]
    assert SurveyAnswer.objects.count() == 1
