"""Points of the self-evaluation, as tables (practice §4.2, §4.3)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from targets import money, scoring

UPPER, LOWER = Fraction(80), Fraction(70)


@pytest.mark.parametrize(
    ("weight", "target", "actual", "points"),
    [
        ("10", 100, Fraction(98), "9.80"),
        ("20", 3, Fraction(4), "20.00"),
        ("20", 3, Fraction(3), "20.00"),
        ("20", 3, Fraction(2), "13.33"),
        ("20", 3, Fraction(0), "0.00"),
        ("15", 90, Fraction(88), "14.67"),
        ("15", 90, Fraction(92), "15.00"),
        ("10", 75, Fraction(81), "10.00"),
        ("30", 80, Fraction(76), "28.50"),
        ("30", 70, Fraction(76), "30.00"),
        ("30", 80, Fraction(60), "22.50"),
        ("30", 70, Fraction(60), "25.71"),
        ("10", 100, Fraction(150), "10.00"),
        ("10", 100, Fraction(1, 200), "0.00"),
        ("10", 100, Fraction(5, 100), "0.01"),
        ("30", 80, None, "0.00"),
    ],
)
def test_points_of_a_positive_indicator(weight, target, actual, points):
    assert scoring.points(Decimal(weight), Fraction(target), actual) == Decimal(points)


def test_worked_example_of_the_form():
    scored = [
        scoring.points(Decimal(weight), Fraction(target), Fraction(actual))
        for weight, target, actual in (
            (10, 100, 98), (20, 3, 4), (15, 90, 88), (15, 90, 92), (10, 75, 81)
        )
    ]  # fmt: skip
    upper = scoring.total([*scored, scoring.points(Decimal(30), UPPER, Fraction(76))])
    lower = scoring.total([*scored, scoring.points(Decimal(30), LOWER, Fraction(76))])

    assert (str(upper), str(lower)) == ("97.97", "99.47")
    assert scoring.grade(upper) == scoring.grade(lower) == "excellent"


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("100.00", "excellent"), ("90.00", "excellent"), ("89.99", "good"), ("80.00", "good"),
        ("79.99", "fair"), ("60.00", "fair"), ("59.99", "poor"), ("0.00", "poor"),
    ],
)  # fmt: skip
def test_grades_begin_on_their_line(total, grade):
    assert scoring.grade(Decimal(total)) == grade


@pytest.mark.parametrize(
    ("wan", "fen"), [("111.00", 111_000_000), ("0.000001", 1), ("7.38", 7_380_000)]
)
def test_money_is_whole_fen(wan, fen):
    assert money.to_fen(wan) == fen
    assert money.to_wan(fen) == Decimal(wan)


def test_money_below_a_fen_is_refused():
    with pytest.raises(ValueError, match=r"0\.0000001"):
        money.to_fen("0.0000001")


@pytest.mark.parametrize(
    ("wan", "shown"), [("111", "111.00"), ("7.38", "7.38"), ("0.125", "0.125"), ("0", "0.00")]
)
def test_money_shows_two_decimals_and_more_where_there_are_more(wan, shown):
    assert money.plain(Decimal(wan)) == shown
