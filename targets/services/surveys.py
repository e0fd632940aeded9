"""满意度调查 at the station: the poster's address mints a token, a token takes one answer."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from audits.deadlines import local_day
from stations.models import Station
from stations.refusals import Refusal, bad_field
from targets.models import SurveyAnswer, SurveyToken
from targets.queries.surveys import digest, open_survey, token_row

LIVES = dt.timedelta(minutes=30)
HOUR = dt.timedelta(hours=1)


def mint_token(*, station: Station, address: str, now: dt.datetime) -> str:
    """`address` is where the phone calls from; only a keyed hash of the day is kept of it."""
    survey = open_survey(station, local_day(now))
    if survey is None:
        raise Refusal("survey_closed", _("现在没有开放的满意度调查。"), status=404)
    caller = _caller(address, local_day(now))
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        Station.objects.select_for_update().get(pk=station.pk)  # count, then add: one at a time
        _refuse_flood(station, caller, now)
        SurveyToken.objects.create(
            digest=digest(token), survey=survey, station=station, caller=caller, minted_at=now,
            expires_at=now + LIVES,
        )  # fmt: skip
    return token


def answer_survey(*, token: str, step: int, words: str, now: dt.datetime) -> SurveyAnswer:
    """Compare-and-set: of two answers sent with one token at once, one counts."""
    if step not in SurveyAnswer.Step.values:
        raise bad_field("step", "unknown", _("请从五项里选一项。"))
    with transaction.atomic():
        held = SurveyToken.objects.filter(digest=digest(token))
        taken = held.filter(is_used=False, expires_at__gt=now).update(is_used=True)
        found = token_row(token)
        # Its own mark aside, the token must still be good: a closed survey takes the mark back.
        if problem := refusal_of(found, now, is_mine=bool(taken)):
            raise problem
        assert found is not None
        return SurveyAnswer.objects.create(
            survey=found.survey, station=found.station, step=step, words=words.strip()[:200],
            answered_on=local_day(now),
        )  # fmt: skip


def refusal_of(
    token: SurveyToken | None, now: dt.datetime, *, is_mine: bool = False
) -> Refusal | None:
    """What to tell the holder of a token that takes no answer; None for a good one."""
    if token is None:
        return Refusal("token_unknown", _("这个链接不对，请重新扫一次海报上的码。"), status=404)
    if not token.survey.is_open(local_day(now)):
        return Refusal("survey_closed", _("这次满意度调查已经结束。"), status=409)
    if token.is_used and not is_mine:
        return Refusal("token_used", _("这个链接已经答过了，一次扫码只能答一份。"), status=409)
    if token.expires_at <= now:
        return Refusal(
            "token_late", _("这个链接过了 30 分钟，请重新扫一次海报上的码。"), status=409
        )
    return None


def _refuse_flood(station: Station, caller: str, now: dt.datetime) -> None:
    recent = SurveyToken.objects.filter(minted_at__gt=now - HOUR)
    at_station = recent.filter(station=station).count()
    of_caller = recent.filter(caller=caller).count()
    if at_station >= settings.SURVEY_STATION_HOURLY or of_caller >= settings.SURVEY_CALLER_HOURLY:
        raise Refusal("too_many", _("扫码的人太多了，请过一会儿再扫。"), status=429)


def _caller(address: str, today: dt.date) -> str:
    key = f"{settings.SECRET_KEY}:{today}".encode()
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:16]
