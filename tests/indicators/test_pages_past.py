"""The bureau looks at a past day: every page of figures, and every list behind them, is of that day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.deadlines import SHANGHAI
from audits.models import Audit, EvidencePhoto, Finding, PhotoFlag
from audits.services import corrections, extensions, findings, verdicts
from indicators import queries
from indicators.periods import Period
from tests import make
from tests.conftest import Cast

START = dt.datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
DAY = dt.timedelta(days=1)
FOUND, LATE, DONE = "2026-03-02", "2026-04-02", "2026-04-08"


def problem(code: str) -> Finding:
    return Finding.objects.get(item_code=code)


@pytest.fixture
def town(cast: Cast, client: Client) -> Iterator[Client]:
    """2 March: A01, A02 and B02 found. A02 gets until 20 April. 2 April: A01 and B02 are late.
    8 April: B02 closed, A02 corrected to 符合, A01 handed in. Looked at on 10 April."""
    with time_machine.travel(START, tick=False) as clock:
        make.version()
        task = make.assignment(cast.bureau, cast.inspector, cast.station)
        make.submitted(task, A01="fail", A02="fail", B02="partial")
        make.photo(cast.inspector, finding=problem("B02"), kind="site")
        clock.shift(DAY)
        extensions.ask(
            finding=problem("A02"), due_on=dt.date(2026, 4, 20), reason="等货", by=cast.head,
            now=timezone.now(),
        )  # fmt: skip
        extensions.grant(finding=problem("A02"), by=cast.bureau, now=timezone.now())
        clock.move_to(dt.datetime(2026, 4, 8, 9, tzinfo=SHANGHAI))
        make.rectified(problem("B02"), cast.head)
        findings.close(finding=problem("B02"), by=cast.bureau, now=timezone.now())
        make.rectified(problem("A01"), cast.head)
        corrections.correct(
            audit=Audit.objects.get(), corrections=[corrections.Correction("A02", "pass")],
            reason="看错", by=cast.bureau, now=timezone.now(),
        )  # fmt: skip
        make.figures()
        clock.move_to(dt.datetime(2026, 4, 10, 9, tzinfo=SHANGHAI))
        client.force_login(cast.bureau)
        yield client


def figure(name: str) -> str:
    return reverse("figure", args=[name])


def open_(client: Client, url: str, day: str, **asked: Any) -> Any:
    page = client.get(url, {"as_of": day, **asked})
    assert page.status_code == 200
    return page


def test_scores_overdue_and_work_are_of_that_day(town: Client) -> None:
    def told(day: str) -> tuple[Any, ...]:
        told = open_(town, reverse("overview"), day).context["told"]
        late, groups = (
            told.overdue,
            [(one.kind, one.code, one.findings) for one in told.work.groups],
        )
        return told.scores.mean, told.scores_today.mean, (late.findings, late.longest_days), groups

    assert told("2026-03-01") == (None, None, (0, 0), [])
    a01, a02, b02 = (("item", code, 1) for code in ("A01", "A02", "B02"))
    assert told(FOUND) == (50, 50, (0, 0), [a01, a02, b02])
    assert told(LATE)[2:] == ((2, 16), [a01, a02, b02])
    assert told(DONE) == (70, 80, (1, 22), [("submitted", "", 1)])


def test_heat_and_comparison_and_items_are_of_that_day(town: Client) -> None:
    def told(day: str) -> tuple[Any, ...]:
        told = open_(town, reverse("overview"), day).context["told"]
        [row] = [row for group in told.heat.groups for row in group.rows if row.audit_id]
        listed = open_(town, reverse("heat"), day).context["rows"]
        assert [one.row for one in listed] == [r for g in told.heat.groups for r in g.rows]
        rates = [one.reading.printed for one in told.comparison if one.reading.denominator]
        return [cell.value for cell in row.cells][0], rates, [one.code for one in told.failing]

    assert told(LATE) == (0, ["0.0"], ["A01", "A02", "B02"])
    assert told(DONE) == (50, ["50.0"], ["A01", "B02"])


@pytest.mark.parametrize(
    ("name", "day", "printed", "codes"),
    [
        ("overdue", FOUND, "0", []),
        ("overdue", LATE, "2", ["A01", "B02"]),
        ("overdue", DONE, "1", ["A01"]),
        ("on_time", DONE, "0.0%", []),
        ("first_pass", DONE, "100.0%", ["B02"]),
        ("first_pass", LATE, "—", []),
        ("repeat", DONE, "0.0%", []),
        ("rate", LATE, "0.0%", ["A01", "B02", "A02"]),
    ],
)
def test_parts_open_the_rows_of_that_day(
    name: str, day: str, printed: str, codes: list[str], town: Client
) -> None:
    page = open_(town, figure(name), day)

    formula = page.context["formula"]
    assert formula.printed + formula.unit == printed
    assert [one.item_code for one in page.context["page"]] == codes
    if name not in {"rate", "repeat"}:
        assert formula.numerator == str(len(codes))


def test_a_line_shows_what_was_known_of_it_then(town: Client) -> None:
    before = open_(town, figure("rate"), LATE, finding=problem("B02").pk)
    after = open_(town, figure("rate"), DONE, finding=problem("B02").pk)

    def told(page: Any) -> tuple[Any, ...]:
        finding = page.context["finding"]
        return finding.status, finding.closed_at, [one.kind for one in page.context["events"]]

    assert told(before) == ("open", None, ["raised"])
    assert told(after)[0] == "closed"
    assert told(after)[2] == ["closed", "submitted", "started", "raised"]
    assert len(before.context["photos"]) == 1 < len(after.context["photos"])
    assert "逾期" not in re.findall(r"<dt>期限</dt><dd>(.*?)</dd>", before.content.decode())[0]
    unknown = town.get(figure("rate"), {"as_of": "2026-03-01", "finding": problem("B02").pk})
    assert unknown.status_code == 404


def test_station_opens_the_revision_of_that_day(cast: Cast, town: Client) -> None:
    url = reverse("station-score", args=[cast.station.code])

    def told(day: str) -> tuple[Any, ...]:
        page = open_(town, url, day)
        lines = [line for part in page.context["tree"].parts for line in part.lines]
        states = {line.code: line.problem.status for line in lines if line.problem}
        [(past, mark)] = page.context["past"]
        number = page.context["revision"].number
        assert f"?revision={number}" in page.content.decode()
        assert past.number == number
        return number, page.context["summary"].total, mark.printed, states

    assert told(LATE) == (1, 50, "50.0", {"A01": "open", "A02": "open", "B02": "open"})
    assert told(DONE) == (2, 70, "70.0", {"A01": "submitted", "B02": "closed"})
    empty = open_(town, url, "2026-03-01")
    assert (empty.context["tree"], empty.context["past"]) == (None, [])


def test_work_list_is_what_was_left_then(town: Client) -> None:
    def told(day: str, **asked: str) -> tuple[Any, ...]:
        context = open_(town, reverse("worklist"), day, **asked).context
        sheet = context["sheet"]
        codes = [one.item_code for one in context["page"]]
        return sheet.needed, sheet.statuses, sheet.overdue, codes

    assert told(LATE) == (3, {"open": 3}, 2, ["A01", "A02", "B02"])
    assert told(LATE, part="overdue")[3] == ["A01", "B02"]
    assert told(LATE, item="A02")[3] == ["A02"]
    assert told(DONE) == (1, {"submitted": 1}, 1, ["A01"])
    assert told(DONE, part="submitted")[3] == ["A01"]


@pytest.mark.parametrize("route", ["overview", "heat", "worklist"])
def test_every_link_stays_on_that_day(route: str, town: Client) -> None:
    text = open_(town, reverse(route), LATE).content.decode()
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/bureau/[^"#]+)', text)}
    figures = {link for link in links if re.search("/(figure|scores|work|score)/", link)}

    assert "名称和隶属是今天的" in text
    assert len(figures) >= 3
    for link in links:
        assert town.get(link).status_code == 200, link
    back = {reverse(route)} & figures
    assert all(f"as_of={LATE}" in link for link in figures - back)


def test_photos_to_be_judged_are_those_of_that_day(cast: Cast, town: Client) -> None:
    photo = EvidencePhoto.objects.filter(kind="site").earliest("received_at")
    other = EvidencePhoto.objects.exclude(pk=photo.pk).latest("received_at")
    for one, twin in ((photo, other), (other, photo)):
        PhotoFlag.objects.create(
            photo=one, other=twin, kind="exact_reuse",
            raised_at=dt.datetime(2026, 4, 1, 9, tzinfo=SHANGHAI),
        )  # fmt: skip
    verdicts.judge(photo=photo, verdict="cleared", by=cast.bureau, now=timezone.now())

    def told(day: str) -> int:
        told: int = open_(town, reverse("overview"), day).context["told"].reused.photos
        return told

    assert [told(day) for day in ("2026-03-31", "2026-04-01", "2026-04-09", "2026-04-10")] == [
        0, 1, 1, 0
    ]  # fmt: skip


def test_a_problem_older_than_the_round_counts_in_the_reading_of_that_day(cast: Cast) -> None:
    """Seen again it enters no new cohort; closed, its points come back in the later round too."""
    with time_machine.travel(START, tick=False) as clock:
        make.version()
        make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station), A02="fail")
        clock.shift(5 * DAY)
        task = make.assignment(cast.bureau, cast.inspector, cast.station)
        make.submitted(task, A02="fail")
        clock.shift(3 * DAY)
        make.rectified(problem("A02"), cast.head)
        findings.close(finding=problem("A02"), by=cast.bureau, now=timezone.now())
        clock.shift(2 * DAY)

        def told(days: int) -> tuple[Any, ...]:
            told = queries.overview(
                region=cast.station.region, period=Period.of_round(task.round_id),
                today=timezone.localdate(), as_of=START.date() + days * DAY,
            )  # fmt: skip
            return told.reading.denominator, told.scores.mean, told.scores_today.mean

        assert [told(days) for days in (5, 7, 8)] == [(0, 80, 80), (0, 80, 80), (0, 80, 100)]


@pytest.mark.parametrize("asked", ["", "y2026"])
def test_a_day_of_last_year_is_looked_at_in_its_year(
    cast: Cast, client: Client, asked: str
) -> None:
    """2026 had not begun on that day."""
    with time_machine.travel(dt.datetime(2025, 12, 30, 9, tzinfo=SHANGHAI), tick=False) as clock:
        make.version()
        make.submitted(make.assignment(cast.bureau, cast.inspector, cast.station), A02="fail")
        make.figures()
        clock.move_to(dt.datetime(2026, 1, 10, 9, tzinfo=SHANGHAI))
        client.force_login(cast.bureau)
        page = client.get(reverse("overview"), {"as_of": "2025-12-31", "period": asked})

    assert "还没有检查结果" not in page.content.decode()
    assert "0 ÷ 1" in page.content.decode()


@pytest.mark.parametrize("year", ["y9999", "y0999", "y1234"])
def test_a_year_no_calendar_has_is_not_found(cast: Cast, client: Client, year: str) -> None:
    client.force_login(cast.bureau)
    for url in (reverse("overview"), reverse("worklist"), reverse("wall"), figure("rate")):
        assert client.get(url, {"period": year}).status_code == 404


PAGES = ["overview", "heat", "worklist", "overdue", "scores", "coverage"]


@pytest.mark.parametrize("name", PAGES)
def test_a_past_day_costs_the_same_for_one_and_three(name: str, cast: Cast, client: Client) -> None:
    with time_machine.travel(START, tick=False) as clock:
        make.version()
        client.force_login(cast.bureau)
        url = reverse(name) if name in {"overview", "heat", "worklist"} else figure(name)
        opened = make.round_(cast.bureau)
        counted = []
        for stations in (1, 2):
            for _number in range(stations):
                task = make.assignment(cast.bureau, cast.inspector, make.station(), opened)
                make.submitted(task, A02="fail")
            make.figures()
            clock.move_to(START + 40 * DAY)
            client.force_login(cast.bureau)
            with CaptureQueriesContext(
                connection,
            ) as told:
                page = client.get(url, {"as_of": "2026-04-05", "period": f"r{opened.pk}"})
            assert page.status_code == 200
            counted.append(len(told))
            clock.move_to(START)

    assert counted[0] == counted[1]


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2999-99-99", "9999-12-31"])
def test_a_day_before_everything_or_ahead_is_today(cast: Cast, client: Client, day: str) -> None:
    client.force_login(cast.bureau)
    for url in (reverse("overview"), reverse("worklist"), figure("rate"), figure("scores")):
        page = client.get(url, {"as_of": day})
        assert page.status_code == 200
        links = set(re.findall(r'href="([^"]*)"', page.content.decode()))
        assert not [link for link in links if f"as_of={day}" in link]
