"""绩效自评表: computed, its reasons editable, signed once and for all."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from stations.refusals import Refusal
from targets.models import SelfEvaluation, TargetTable
from targets.queries import evaluation
from targets.services import evaluations, tables
from tests.conftest import Cast
from tests.targets import build
from tests.targets.conftest import NOW

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def year(cast: Cast, table: TargetTable) -> TargetTable:
    """The worked example of practice.md §4.3, but for the problems: none are found here."""
    build.spending(table, cast, "108.78")  # 98 %
    for _ in range(4):
        build.activity(table, cast)
    for number in range(25):
        build.activity(table, cast, kind="camp", held=number >= 3)  # 88 %
        build.task(table, cast, done_on=None if number < 2 else build.DAY)  # 92 %
    build.answers(build.survey(table, cast), cast, {4: 81, 3: 19})
    return table


def sign(table: TargetTable, cast: Cast, expected: str | None = None) -> SelfEvaluation:
    return evaluations.sign_off(table=table, expected=expected, by=cast.bureau, now=NOW)


def test_points_are_those_of_the_worked_example(year: TargetTable) -> None:
    paper = evaluation.body(year, TODAY)

    assert {row["key"]: (row["actual"], row["points"]) for row in paper["rows"]} == {
        "execution": ("98.0%", "9.80"),
        "quantity": ("4 场", "20.00"),
        "quality": ("88.0%", "14.67"),
        "timeliness": ("92.0%", "15.00"),
        "economic": ("不适用", None),
        "social": ("尚无记录", "0.00"),
        "ecological": ("不适用", None),
        "satisfaction": ("81.0%", "10.00"),
    }
    assert (paper["total"], paper["grade_name"]) == ("69.47", "中")
    assert paper["funds"]["spent"] == "108.78"
    assert paper["funds"]["rows"][1] == {
        "name": "其中：本年财政拨款", "budget": "111.00", "full_year": "111.00", "spent": ""
    }  # fmt: skip


def test_paper_is_chinese_whatever_the_viewer_reads(year: TargetTable) -> None:
    chinese = evaluation.body(year, TODAY)
    with translation.override("en"):
        english = evaluation.body(year, TODAY)

    assert english == chinese
    assert evaluation.content_hash(english) == evaluation.content_hash(chinese)


def test_signed_paper_is_frozen(cast: Cast, year: TargetTable) -> None:
    first = sign(year, cast)
    build.spending(year, cast, "1")
    second = sign(year, cast)

    first.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert first.body["funds"]["spent"] == "108.78"
    assert second.body["funds"]["spent"] == "109.78"
    assert evaluation.is_whole(first)
    assert evaluation.is_whole(second)
    assert first.sha256 != second.sha256


def test_signing_the_same_figures_again_gives_the_same_paper(cast: Cast, year: TargetTable) -> None:
    assert sign(year, cast) == sign(year, cast)
    assert SelfEvaluation.objects.count() == 1


def test_figures_that_moved_are_shown_before_they_are_signed(cast: Cast, year: TargetTable) -> None:
    shown = evaluation.content_hash(evaluation.body(year, TODAY))
    build.spending(year, cast, "1")

    with pytest.raises(Refusal) as refused:
        sign(year, cast, shown)

    assert (refused.value.code, refused.value.status) == ("figures_moved", 409)
    assert not SelfEvaluation.objects.exists()


def test_reason_in_own_words_goes_into_the_paper(cast: Cast, year: TargetTable) -> None:
    tables.write_reason(
        table=year, key="quality", words="讲师档期冲突，已改到明年一季度。", by=cast.bureau, now=NOW
    )

    fresh = TargetTable.objects.get(pk=year.pk)
    rows = {row["key"]: row for row in evaluation.body(fresh, TODAY)["rows"]}
    assert (rows["quality"]["reason"], rows["quality"]["is_drafted"]) == (
        "讲师档期冲突，已改到明年一季度。", False
    )  # fmt: skip
    assert rows["execution"]["is_drafted"] is True


def test_empty_reason_goes_back_to_the_draft(cast: Cast, year: TargetTable) -> None:
    for words in ("自己写的", ""):
        tables.write_reason(table=year, key="quality", words=words, by=cast.bureau, now=NOW)

    fresh = TargetTable.objects.get(pk=year.pk)
    rows = {row["key"]: row for row in evaluation.body(fresh, TODAY)["rows"]}
    assert rows["quality"]["reason"].startswith("计划 25 期，已办 22 期。")


def test_lower_reading_is_shown_beside_the_upper(year: TargetTable, settings: object) -> None:
    settings.EFFECT_TARGET_MODE = "lower"  # type: ignore[attr-defined]

    paper = evaluation.body(year, TODAY)

    assert (paper["mode"], paper["lower"], paper["upper"]) == ("lower", 70, 80)
    assert Decimal(paper["other_total"]) <= Decimal(paper["total"])
