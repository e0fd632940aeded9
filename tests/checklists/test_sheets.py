from decimal import Decimal
from pathlib import Path

import pytest

import checklists
from checklists import sheets
from checklists.sheets.checking import OFFICIAL_CLAUSE

DATA = Path(checklists.__file__).parent / "data"
SMALL = """
id: small
title_zh: 小检查表
applies_to: [subdistrict, community]
params: {sample_size: {subdistrict: 10, community: 5}, area_min_m2: null}
sections:
  - id: A
    title_zh: 甲
    weight: 60
    items:
      - {id: A01, item_zh: 一, pass: 抽查 sample_size 份, photo: required, weight: 60, basis: [B1]}
  - id: B
    title_zh: 乙
    weight: 40
    items:
      - {id: B01, item_zh: 二, weight: 39.5, critical: true, applies_to: [subdistrict]}
      - {id: B02, item_zh: 三, weight: 0.5, basis: [S9], partial_ratio: 0.25}
"""


def faults(text: str) -> list[tuple[int, str, str]]:
    sheet, found = sheets.parse(text, "small.yaml")
    assert (sheet is None) == bool(found)
    return [(fault.row, fault.column, fault.code) for fault in found]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("centre-wuhua", {"A": 18, "B": 8, "C": 11, "D": 14, "E": 9}),
        ("station-xinwuyou", {"P": 7, "Q": 16, "R": 6, "K": 7, "T": 8}),
    ],
)
def test_given_checklists_are_read_whole_and_sum_to_100(name, counts):
    sheet, found = sheets.parse((DATA / f"{name}.yaml").read_text(), f"{name}.yaml")

    assert found == []
    assert sheet is not None
    assert {section.code: len(section.items) for section in sheet.sections} == counts
    assert sum(section.points for section in sheet.sections) == 100


def test_community_sheet_has_43_items_worth_98():
    sheet, _found = sheets.parse((DATA / "station-xinwuyou.yaml").read_text(), "x")

    items = [item for section in sheet.sections for item in section.items]
    asked = [i for i in items if not i.applies_to or "community" in i.applies_to]

    assert (len(asked), sum(item.points for item in asked)) == (43, 98)


def test_item_is_read_whole():
    sheet, _found = sheets.parse(SMALL, "small.yaml")

    assert sheet.sections[0].items == (
        sheets.ItemSheet(
            code="A01", title_zh="一", title_en="", guidance="抽查 sample_size 份", evidence="",
            photo_rule="required", points=Decimal(60), is_critical=False, clause=OFFICIAL_CLAUSE,
            applies_to=(), partial_ratio=None,
        ),
    )  # fmt: skip
    assert [item.clause for item in sheet.sections[1].items] == ["", ""]
    assert sheet.sections[1].items[1].partial_ratio == Decimal("0.25")


def test_unquoted_comma_in_a_text_stays_in_the_text():
    text = SMALL.replace("item_zh: 二", "item_zh: 二, item_en: Phone, hours, and complaints")

    sheet, found = sheets.parse(text, "small.yaml")

    assert found == []
    assert sheet.sections[1].items[0].title_en == "Phone, hours, and complaints"


def test_export_is_read_back_unchanged():
    for text in (SMALL, *(path.read_text() for path in DATA.glob("*.yaml"))):
        sheet, _found = sheets.parse(text, "x")

        assert sheets.parse(sheets.write(sheet), "x") == (sheet, [])


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ("id: small", "id: Small list", [(2, "id", "bad_code")]),
        ("id: small", "id: small\nid: other", [(3, "id", "repeated_key")]),
        ("title_zh: 小检查表", "", [(2, "title_zh", "missing")]),
        ("title_zh: 小检查表", "title_zh: 2024", [(3, "title_zh", "not_text")]),
        ("applies_to: [subdistrict, community]", "applies_to: [shop]", [(4, "applies_to", "not_a_choice")]),
        ("applies_to: [subdistrict, community]", "applies_to: []", [(4, "applies_to", "not_a_list")]),
        ("area_min_m2: null", "area_min_m2: big", [(5, "area_min_m2", "not_a_number")]),
        ("{subdistrict: 10,", "{shop: 10,", [(5, "shop", "not_this_kind")]),
        ("params:", "parameters:", [(5, "parameters", "unknown_key"), (11, "pass", "unknown_parameter")]),
        ("sample_size 份", "sample_count 份", [(11, "pass", "unknown_parameter")]),
        ("weight: 60, basis", "weight: 61, basis", [(7, "sections", "total_sum"), (9, "weight", "section_sum")]),
        ("weight: 60, basis", "weight: 0, basis", [(11, "weight", "out_of_range")]),
        ("weight: 60, basis", "weight: 60.001, basis", [(11, "weight", "out_of_range")]),
        ("weight: 60, basis", "weight: .inf, basis", [(11, "weight", "bad_number"), (11, "weight", "not_a_number")]),
        ("weight: 60, basis", "weight: sixty, basis", [(11, "weight", "not_a_number")]),
        ("weight: 60, basis", "weight: true, basis", [(11, "weight", "not_a_number")]),
        ("photo: required", "photo: maybe", [(11, "photo", "not_a_choice")]),
        ("critical: true", "critical: 1", [(16, "critical", "not_yes_or_no")]),
        ("applies_to: [subdistrict]}", "applies_to: [centre]}", [(16, "applies_to", "not_this_kind")]),
        ("id: B02", "id: B01", [(17, "id", "repeated")]),
        ("id: B\n", "id: A\n", [(12, "id", "repeated")]),
        ("partial_ratio: 0.25", "partial_ratio: 1.5", [(17, "partial_ratio", "out_of_range")]),
        ("partial_ratio: 0.25", "colour: red", [(17, "colour", "unknown_key")]),
        ("id: small", "id: small\ngrades: [{code: good, name_zh: 好, floor: 60}]", [(3, "grades", "grade_floors")]),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_its_line(was, becomes, expected):
    assert was in SMALL

    assert faults(SMALL.replace(was, becomes, 1)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("a: [1", "not_yaml"),
        ("a: \x00", "not_yaml"),
        ("a: &x [1]\nb: *x", "alias"),
        ("a: " + "[" * 5000, "too_deep"),
        ("a" * 1_000_001, "too_large"),
        ("a: !!python/object/apply:os.system ['true']", "unknown_key"),
        ("just words", "not_a_mapping"),
    ],
)
def test_hostile_and_broken_text_is_refused(text, code):
    assert code in {fault[2] for fault in faults(text)}


def test_all_faults_are_told_at_once():
    broken = SMALL.replace("photo: required", "photo: x").replace("critical: true", "critical: 3")

    assert [fault[0] for fault in faults(broken)] == [11, 16]
