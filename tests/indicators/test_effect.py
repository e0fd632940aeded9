"""The one formula, in integers (semantics §4)."""

from fractions import Fraction

import pytest

from indicators import shares
from indicators.effect import Counts, Lines, Rate, band, missing, read
from indicators.periods import Period

LINES = Lines()


def test_rates_are_pooled_never_averaged() -> None:
    stations = [(1, 1), (1, 2), (30, 60), (3, 3)]

    pooled = sum((Counts(cohort=n, closed=d) for d, n in stations), Counts())

    assert read(pooled, LINES).printed == "53.0"


@pytest.mark.parametrize(
    ("done", "cohort", "word"),
    [
        (80, 100, "met"), (799, 1000, "within"), (70, 100, "within"), (699, 1000, "below"),
        (0, 1, "below"), (1, 1, "met"), (4, 5, "met"), (7, 10, "within"), (559, 799, "below"),
        (438, 547, "met"), (437, 547, "within"),
    ],
)  # fmt: skip
def test_band_is_decided_on_the_exact_fraction(done: int, cohort: int, word: str) -> None:
    assert band(done, cohort, LINES, audited=1) == word


def test_without_findings_something_audited_is_no_problems_and_nothing_is_no_audits() -> None:
    assert read(Counts(audited=1, total=57), LINES).band == "no_problems"
    nothing = read(Counts(total=57), LINES)
    assert (nothing.band, nothing.rate, nothing.printed) == ("no_audits", None, None)
    assert (nothing.to_lower, nothing.to_upper, nothing.is_reached) == (0, 0, False)


@pytest.mark.parametrize(
    ("done", "cohort", "text"),
    [
        (559, 799, "69.96"), (412, 547, "75.3"), (4, 5, "80.0"), (0, 3, "0.0"),
        (79999, 100000, "79.999"), (1, 8, "12.5"), (1, 16, "6.3"),
    ],
)  # fmt: skip
def test_the_print_stands_on_the_values_side_of_every_line(
    done: int, cohort: int, text: str
) -> None:
    assert read(Counts(cohort=cohort, closed=done), LINES).printed == text


def test_distance_is_counted_in_closures_for_both_readings() -> None:
    told = read(Counts(cohort=547, closed=412, submitted=9, open=126), LINES)

    assert (told.to_lower, told.to_upper, told.to_target) == (0, 26, 26)
    assert (told.target, told.is_reached) == (80, False)
    assert (told.other.mode, told.other.target, told.other.is_reached) == ("lower", 70, True)
    assert (told.other.short, told.other.over) == (0, 29)


def test_the_lower_reading_may_be_the_target() -> None:
    told = read(Counts(cohort=547, closed=412), Lines(mode="lower"))

    assert (told.target, told.is_reached, told.to_target, told.band) == (70, True, 0, "within")
    assert (told.other.target, told.other.short, told.other.over) == (80, 26, 0)


@pytest.mark.parametrize("cohort", range(1, 60))
def test_missing_closures_are_just_enough(cohort: int) -> None:
    for done in range(cohort + 1):
        more = missing(done, cohort, 80)
        assert 100 * (done + more) >= 80 * cohort
        assert more == 0 or 100 * (done + more - 1) < 80 * cohort


def test_quality_rates_name_their_denominators() -> None:
    told = read(
        Counts(cohort=547, closed=412, closed_on_time=363, closed_first_pass=349, repeats=21,
               stations_with_findings=57, stations_all_closed=14),
        LINES,
    )  # fmt: skip

    assert (told.on_time, told.on_time.printed) == (Rate(363, 412), "88.1")
    assert (told.first_pass.printed, told.repeat.printed) == ("84.7", "3.8")
    assert told.stations_closed == Rate(14, 57)
    assert Rate(0, 0).printed is None


@pytest.mark.parametrize("key", ["r1", "r99999", "y2026"])
def test_period_keys_go_both_ways(key: str) -> None:
    assert Period.parse(key).key == key


@pytest.mark.parametrize("key", ["", "r0", "r", "y26", "2026", "r1x", "y02026", "r-1"])
def test_other_words_are_no_period(key: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(key)


def test_shares_add_and_order_exactly() -> None:
    histogram = {"1/3": 2, "1/2": 1, "2/3": 1}

    told = shares.spread(histogram)

    assert shares.total(histogram.items()) == "11/6"
    assert told == {"n": 4, "mean": "11/24", "median": "5/12", "minimum": "1/3"}
    assert shares.percent("5/12") == Fraction(125, 3)
    assert shares.spread({}) == {}
