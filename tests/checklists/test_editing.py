"""A draft is begun from a version and changed: whole, by its rules, never over another's change."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from checklists.models import ChecklistVersion
from checklists.services import editing, publishing
from stations.refusals import Refusal
from tests.checklists.test_versions import draft, published
from tests.conftest import Cast

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


def edited(
    cast: Cast, version: ChecklistVersion, sections: Any, seen: str = ""
) -> ChecklistVersion:
    return editing.edit_draft(
        version=version, sections=sections, seen=seen, by=cast.bureau, now=NOW
    )


def refused(cast: Cast, version: ChecklistVersion, sections: Any, seen: str = "") -> Refusal:
    with pytest.raises(Refusal) as caught:
        edited(cast, version, sections, seen)
    return caught.value


def told(version: ChecklistVersion) -> list[tuple[str, str, str, Decimal]]:
    return list(version.items.values_list("section__code", "code", "title_zh", "points"))


def test_next_draft_begins_as_the_version_was(cast: Cast) -> None:
    version = published(cast.bureau)

    begun = editing.begin_draft(version=version, by=cast.bureau, now=NOW)

    assert (begun.number, begun.status) == (2, "draft")
    assert publishing.content_hash(begun) == version.content_hash


def test_titles_points_photos_order_and_sections_are_changed(cast: Cast) -> None:
    version = draft(cast.bureau)

    edited(
        cast,
        version,
        [
            {"code": "B", "title_zh": "乙改", "items": [{"code": "B02", "points": Decimal("1.5")}]},
            {
                "code": "A",
                "items": [
                    {"code": "B01", "title_zh": "二改", "photo_rule": "required"},
                    {"code": "A01", "is_critical": True, "points": 50},
                    {"title_zh": "新的", "points": Decimal(9)},
                ],
            },
        ],
    )

    assert told(version) == [
        ("B", "B02", "三", Decimal("1.50")),
        ("A", "B01", "二改", Decimal("39.50")),
        ("A", "A01", "一", Decimal("50.00")),
        ("A", "A02", "新的", Decimal("9.00")),
    ]
    changed = {one.code: one for one in version.items.all()}
    assert (changed["B01"].photo_rule, changed["A01"].is_critical) == ("required", True)
    assert changed["A01"].guidance == "抽查 sample_size 份"
    assert changed["B01"].applies_to == ["subdistrict"]
    assert version.sections.get(code="B").title_zh == "乙改"


def test_item_left_out_is_gone_and_a_new_one_takes_no_old_code(cast: Cast) -> None:
    version = draft(cast.bureau)

    edited(cast, version, [{"code": "A"}, {"code": "B", "items": [{"code": "B02"}, {"title_zh": "新", "points": 1}]}])  # fmt: skip

    assert [code for _s, code, _t, _p in told(version)] == ["A01", "B02", "B03"]


def test_new_section_takes_letters_nothing_has_begun_with(cast: Cast) -> None:
    version = draft(cast.bureau)
    new = {"title_zh": "丙", "items": [{"title_zh": "新", "points": 1}]}

    edited(cast, version, [{"code": "B"}, new, {"title_zh": "丁", "items": []}])

    assert list(version.sections.values_list("code", "title_zh")) == [
        ("B", "乙"), ("C", "丙"), ("D", "丁")
    ]  # fmt: skip
    assert [code for _s, code, _t, _p in told(version)] == ["B01", "B02", "C01"]
    assert [(e["field"], e["code"]) for e in refused(cast, version, [{"items": []}]).errors] == [
        ("A.title_zh", "missing")
    ]


@pytest.mark.parametrize(
    ("item", "field", "code"),
    [
        ({"code": "A01", "points": Decimal("0")}, "A01.points", "out_of_range"),
        ({"code": "A01", "points": Decimal("1.234")}, "A01.points", "out_of_range"),
        ({"code": "A01", "points": "x"}, "A01.points", "not_a_number"),
        ({"code": "A01", "title_zh": " "}, "A01.title_zh", "missing"),
        ({"code": "A01", "title_zh": "长" * 121}, "A01.title_zh", "too_long"),
        ({"code": "A01", "photo_rule": "maybe"}, "A01.photo_rule", "not_a_choice"),
        ({"code": "A01", "is_critical": "yes"}, "A01.is_critical", "not_yes_or_no"),
        ({"code": "A01", "guidance": "至少 area_max_m2"}, "A01.guidance", "unknown_parameter"),
        ({"code": "A01", "applies_to": ["centre"]}, "A01.applies_to", "not_this_kind"),
        ({"code": "Z99"}, "Z99.code", "no_such_item"),
        ({"code": "B02"}, "B02.code", "twice"),
        ({"title_zh": "新"}, "A02.points", "not_a_number"),
    ],
)
def test_each_fault_names_its_item_and_nothing_changes(
    cast: Cast, item: dict[str, Any], field: str, code: str
) -> None:
    version = draft(cast.bureau)
    before = told(version)

    found = refused(cast, version, [{"code": "A", "items": [item]}, {"code": "B"}])

    assert [(error["field"], error["code"]) for error in found.errors] == [(field, code)]
    assert told(version) == before


def test_change_over_another_s_change_is_refused(cast: Cast) -> None:
    version = draft(cast.bureau)
    seen = publishing.content_hash(version)
    edited(cast, version, [{"code": "A", "title_zh": "甲改"}, {"code": "B"}], seen)

    found = refused(cast, version, [{"code": "A", "title_zh": "甲又改"}, {"code": "B"}], seen)

    assert (found.code, found.status) == ("draft_changed", 409)
    assert version.sections.get(code="A").title_zh == "甲改"


def test_published_version_is_not_edited(cast: Cast) -> None:
    found = refused(cast, published(cast.bureau), [{"code": "A"}, {"code": "B"}])

    assert (found.code, found.status) == ("already_published", 409)
