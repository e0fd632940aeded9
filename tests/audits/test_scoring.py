"""得分, printing and grades against semantics §2; hypothesis holds it against plain fractions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits import scoring
from audits.scoring import Line, grade, mean, median, printed, rounded, score
from checklists.models.versions import default_grades

GRADES = default_grades()
LINES = [90, 80, 70]
RATIO = {"pass": Decimal(1), "partial": Decimal("0.5"), "fail": Decimal(0), "na": None}


def line(code: str, points: str, result: str, is_critical: bool = False) -> Line:
    return Line(code[0], code, Decimal(points), RATIO[result], is_critical, result == "pass")


CHECK_VALUES = [
    line("A1", "10", "pass"),
    line("A2", "10", "partial"),
    line("A3", "5", "na"),
    line("B1", "20", "pass"),
    line("B2", "10", "fail"),
    line("B3", "10", "pass"),
    line("C1", "15", "pass"),
    line("C2", "10", "partial"),
    line("C3", "10", "na"),
]


def test_score_gives_the_check_values():
    result = score(CHECK_VALUES)

    assert (result.total.earned, result.total.applicable) == (65, 85)
    assert result.total.value == Fraction(6500, 85)
    assert rounded(result.total.value, 2) == "76.47"
    assert {code: part.value for code, part in result.sections.items()} == {
        "A": 75, "B": 75, "C": 80
    }  # fmt: skip
    assert result.losses == {"A2": 5, "B2": 10, "C2": 5}
    assert not result.critical_failed


def test_nothing_applicable_has_no_value_and_no_grade():
    result = score([line("A1", "10", "na"), line("A2", "10", "na")])

    assert result.total.value is None
    assert result.sections["A"].value is None
    assert printed(result.total.value, LINES) is None
    assert grade(result.total.value, GRADES, critical=False) == ""


def test_empty_sheet_has_no_value():
    assert score([]) == scoring.Score(scoring.Part(Decimal(0), Decimal(0)), {}, {}, False)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(55900, 799), "69.96"),
        (Fraction(70), "70.0"),
        (Fraction(100 * 560, 799), "70.1"),
        (Fraction(6500, 85), "76.5"),
        (Fraction("76.45"), "76.5"),
        (Fraction("76.449999"), "76.4"),
        (Fraction("79.95"), "79.95"),
        (Fraction("79.949"), "79.9"),
        (Fraction("79.99996"), "79.99996"),
        (Fraction("89.9999999"), "89.9999999"),
        (Fraction("90.0000001"), "90.0"),
        (Fraction(80), "80.0"),
        (Fraction(0), "0.0"),
        (Fraction(100), "100.0"),
    ],
)
def test_print_stands_on_the_exact_side_of_every_line(value, shown):
    assert printed(value, LINES) == shown


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("0.05", 1, "0.1"),
        ("0.15", 1, "0.2"),
        ("0.25", 1, "0.3"),  # half to even would give 0.2
        ("2.5", 0, "3"),
        ("-0.25", 1, "-0.3"),
        ("1.005", 2, "1.01"),  # a binary float is below 1.005 and would print 1.00
    ],
)
def test_round_half_up(value, decimals, shown):
    assert rounded(Fraction(value), decimals) == shown


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Fraction(100), "excellent"),
        (Fraction(90), "excellent"),
        (Fraction(90) - Fraction(1, 10**9), "good"),
        (Fraction(80), "good"),
        (Fraction(80) - Fraction(1, 10**9), "qualified"),
        (Fraction(70), "qualified"),
        (Fraction(55900, 799), "unqualified"),
        (Fraction(0), "unqualified"),
    ],
)
def test_grade_is_decided_on_the_exact_fraction(value, code):
    assert grade(value, GRADES, critical=False) == code


@pytest.mark.parametrize("result", ["partial", "fail", "na"])
def test_critical_item_not_passed_caps_the_grade_and_leaves_the_score(result):
    lines = [line("A1", "98", "pass"), line("A2", "2", result, is_critical=True)]

    outcome = score(lines)

    assert outcome.critical_failed
    assert outcome.total.value == score([lines[0], line("A2", "2", result)]).total.value
    assert grade(outcome.total.value, GRADES, critical=outcome.critical_failed) == "unqualified"


def test_critical_item_passed_caps_nothing():
    outcome = score([line("A1", "10", "pass", is_critical=True)])

    assert (outcome.critical_failed, grade(outcome.total.value, GRADES, critical=False)) == (
        False, "excellent"
    )  # fmt: skip


def test_mean_and_median_of_stations():
    totals = [Fraction(50), Fraction(80), Fraction(95), Fraction(100)]

    assert (mean(totals), median(totals), median(totals[:3])) == (
        Fraction(325, 4), Fraction(175, 2), Fraction(80)
    )  # fmt: skip
    assert (mean([]), median([])) == (None, None)


points = st.decimals(min_value="0.01", max_value=100, places=2)
ratios = st.none() | st.decimals(min_value=0, max_value=1, places=3)
sheets = st.lists(st.tuples(st.sampled_from("ABC"), points, ratios), max_size=60)


@given(sheets)
def test_score_equals_plain_fractions(sheet):
    lines = [Line(section, f"{section}{n}", p, r) for n, (section, p, r) in enumerate(sheet)]

    def exact(kept):
        counted = [(Fraction(p), Fraction(r)) for _, p, r in kept if r is not None]
        whole = sum(p for p, _ in counted)
        return 100 * sum(p * r for p, r in counted) / whole if whole else None

    result = score(lines)

    assert result.total.value == exact(sheet)
    assert {code: part.value for code, part in result.sections.items()} == {
        code: exact([one for one in sheet if one[0] == code]) for code in {s for s, *_ in sheet}
    }


@given(
    st.integers(0, 9_999_999), st.integers(1, 9_999_999), st.lists(st.integers(0, 100), max_size=4)
)
def test_print_is_near_and_on_the_right_side(numerator, denominator, marks):
    value = Fraction(100 * min(numerator, denominator), denominator)

    shown = Fraction(printed(value, marks))

    assert abs(shown - value) <= Fraction(1, 20)
    assert [shown >= mark for mark in marks] == [value >= mark for mark in marks]
