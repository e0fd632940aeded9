"""The cheapest path to a better grade, by hand-worked sheets."""

from decimal import Decimal
from fractions import Fraction

from audits.gains import cheapest
from audits.scoring import Part
from checklists.models.versions import default_grades

GRADES = default_grades()


def points(**losses: str) -> dict[str, Decimal]:
    return {code: Decimal(lost) for code, lost in losses.items()}


def test_path_takes_the_largest_losses_until_the_next_grade() -> None:
    path = cheapest(
        now=Part(Decimal("80"), Decimal("98")),
        losses=points(Q09="3", T02="4", Q04="3", K01="1.5", R02="0.5"),
        grades=GRADES,
    )

    assert path is not None
    assert path.codes == ["T02", "Q04", "Q09"]
    assert (path.before_grade, path.after_grade) == ("good", "excellent")
    assert path.after == Fraction(9000, 98)


def test_path_starts_with_what_caps_the_grade() -> None:
    path = cheapest(
        now=Part(Decimal("94"), Decimal("98")),
        losses=points(Q03="1", T02="3"),
        grades=GRADES,
        critical={"Q03"},
    )

    assert path is not None
    assert path.codes == ["Q03"]
    assert (path.before_grade, path.after_grade) == ("unqualified", "excellent")


def test_path_shows_all_where_no_grade_is_in_reach() -> None:
    path = cheapest(
        now=Part(Decimal("60"), Decimal("98")), losses=points(A="2", B="1"), grades=GRADES
    )

    assert path is not None
    assert path.codes == ["A", "B"]
    assert path.before_grade == path.after_grade == "unqualified"


def test_path_is_none_where_nothing_is_left() -> None:
    assert cheapest(now=Part(Decimal("98"), Decimal("98")), losses={}, grades=GRADES) is None
    assert cheapest(now=Part(Decimal(0), Decimal(0)), losses=points(A="1"), grades=GRADES) is None
