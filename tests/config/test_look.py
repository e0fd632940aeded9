"""The figures are drawn from exact numbers, and no word is without its shape."""

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from audits.models import Answer, Assignment, Finding, FindingEvent
from config.status import TABLE
from config.templatetags import dates, look
from tests.conftest import Cast

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = [
    path
    for app in ("config", "stations", "checklists", "audits", "indicators")
    for path in sorted((ROOT / app / "templates").rglob("*.html"))
]


def drawn(source: str, **context: object) -> str:
    return Template("{% load look dates %}" + source).render(Context(context))


def sprite() -> set[str]:
    text = (ROOT / "config/templates/look/sprite.html").read_text()
    return set(re.findall(r'<symbol id="i-([a-z]+)"', text))


def test_icons_used_in_templates_are_all_drawn() -> None:
    used = {
        name for path in TEMPLATES for name in re.findall(r'{% icon "([a-z]+)"', path.read_text())
    }

    assert used - sprite() == set()


def test_status_icons_are_all_drawn() -> None:
    used = {status.icon for kind in TABLE.values() for status in kind.values()}

    assert used - sprite() == set()


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        ("result", Answer.Result),
        ("finding", Finding.Status),
        ("severity", Finding.Severity),
        ("assignment", Assignment.Status),
        ("event", FindingEvent.Kind),
    ],
)
def test_status_table_says_the_models_own_words(kind: str, choices: type) -> None:
    told = {value: str(TABLE[kind][value].word) for value in choices.values}

    assert told == dict(choices.choices)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_needs_no_looser_policy(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r'\sstyle="|<style|\son[a-z]+="|javascript:', text)
    assert not re.search(r"<script(?![^>]*(src=|nonce=))[^>]*>", text)


def test_meter_draws_the_three_parts_and_prints_the_value() -> None:
    effect = {"numerator": 412, "denominator": 547, "submitted": 9, "lower": 70, "upper": 80}

    text = drawn("{% meter effect %}", effect=effect)

    assert 'aria-label="问题完成率 75.3%，目标区间 70–80%"' in text
    assert '<rect class="g-ok" width="75.320%"' in text
    assert 'fill="url(#hatch)" x="75.320%" width="1.645%"' in text


def test_meter_stays_on_its_side_of_the_line() -> None:
    effect = {"numerator": 559, "denominator": 799, "submitted": 0, "lower": 70, "upper": 80}

    assert ">69.96</text>" in drawn("{% meter effect %}", effect=effect)


def test_meter_without_a_cohort_says_so() -> None:
    effect = {"numerator": 0, "denominator": 0, "submitted": 0, "lower": 70, "upper": 80}

    text = drawn("{% meter effect %}", effect=effect)

    assert 'aria-label="尚无检查"' in text
    assert "g-ok" not in text


@pytest.mark.parametrize(
    ("score", "step", "printed"),
    [
        (Fraction(90), "lv-1", "90"),
        (Fraction(899, 10), "lv-2", "89"),
        (Decimal("79.99"), "lv-3", "79"),
        (Fraction(6999, 100), "lv-4", "69"),
        (None, "lv-0", "—"),
    ],
)
def test_heat_cell_never_crosses_a_line(score: look.Number, step: str, printed: str) -> None:
    cell = drawn("{% heatcell score %}", score=score)

    assert f'class="{step}"' in cell
    assert f">{printed}<" in cell


def test_ring_counts_and_ticks_only_when_full() -> None:
    assert ">43%</text>" in drawn("{% ring 19 44 %}")
    assert "ring__ok" in drawn("{% ring 44 44 %}")
    assert "ring__ok" not in drawn("{% ring 44 44 False %}")
    assert ">0%</text>" in drawn("{% ring 0 0 %}")


def test_chip_escapes_a_word_from_the_data() -> None:
    assert "&lt;b&gt;" in drawn('{% chip "grade" "good" "" word %}', word="<b>")


def test_days_left_are_counted_in_shanghai() -> None:
    today = timezone.localdate()

    assert dates.days_left(today) == "今天到期"
    assert dates.days_left(today + dt.timedelta(days=3)) == "剩 3 天"
    assert dates.days_left(today - dt.timedelta(days=2)) == "逾期 2 天"


def test_broken_page_stands_without_request_or_database() -> None:
    text = render_to_string("500.html")

    assert "服务器出了点问题" in text
    assert "已存的检查结果和照片不受影响" in text


@pytest.mark.django_db
def test_nobody_is_offered_a_page_that_refuses_them(cast: Cast, client: Client) -> None:
    for user in (cast.bureau, cast.supervisor, cast.sysadmin, cast.auditor):
        client.force_login(user)
        home = client.get("/", follow=True).content.decode()
        links = re.findall(r'href="(/[^"?#]*/)"', home[home.index("<header") :])
        for link in sorted({link for link in links if not link.startswith("/api/")}):
            assert client.get(link, follow=True).status_code == 200, (user.username, link)
