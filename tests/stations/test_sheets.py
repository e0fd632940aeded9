import datetime as dt
from decimal import Decimal

import pytest

from stations import sheets
from stations.sheets import Fault

HEAD = "code,name_zh,kind,region_code,opened_on,closed_on,latitude,longitude\n"
GOOD = "440309001-W01,观城社区退役军人服务站,community,440309001,2019-03-01,,22.7,114.06\n"


def faults(text: str) -> list[tuple[int, str, str]]:
    _rows, found = sheets.parse(text.encode(), "stations.csv")
    return [(fault.row, fault.column, fault.code) for fault in found]


def test_good_row_is_read_whole():
    rows, found = sheets.parse((HEAD + GOOD).encode(), "stations.csv")

    assert found == []
    assert [(row.number, dict(row.cells)) for row in rows] == [
        (
            2,
            {
                "code": "440309001-W01",
                "name_zh": "观城社区退役军人服务站",
                "kind": "community",
                "region_code": "440309001",
                "opened_on": dt.date(2019, 3, 1),
                "closed_on": None,
                "latitude": Decimal("22.70000"),
                "longitude": Decimal("114.06000"),
            },
        )
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_every_encoding_an_office_saves_in_is_read(encoding):
    rows, found = sheets.parse((HEAD + GOOD).encode(encoding), "stations.csv")

    assert found == []
    assert rows[0].cells["name_zh"] == "观城社区退役军人服务站"


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_other_delimiters_are_read(delimiter):
    text = (HEAD + GOOD).replace(",", delimiter)

    assert faults(text) == []


def test_chinese_headings_and_kinds_are_read():
    text = "编码,名称,类别,区划代码\nA01,甲站,社区站,440309001\n"

    rows, found = sheets.parse(text.encode(), "x.csv")

    assert found == []
    assert dict(rows[0].cells) == {
        "code": "A01", "name_zh": "甲站", "kind": "community", "region_code": "440309001"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "", "empty")]),
        (HEAD, [(2, "", "no_rows")]),
        ("code,name_zh\n", [(1, "kind", "missing_column"), (1, "region_code", "missing_column")]),
        (HEAD.replace("kind", "sort"), [(1, "sort", "unknown_column"), (1, "kind", "missing_column")]),
        (HEAD.strip() + ",code\n" + GOOD, [(1, "code", "repeated_column")]),
        (HEAD + "A01,甲\n", [(2, "", "cell_count")]),
        (HEAD + ",,,,,,,\n" + GOOD + GOOD, [(4, "code", "repeated")]),
        (HEAD + ',"甲,,,,,,', [(1, "", "unreadable")]),
        (
            HEAD + "-,,town,,soon,2019-02-30,900,\n",
            [
                (2, "code", "bad_code"),
                (2, "name_zh", "required"),
                (2, "kind", "bad_kind"),
                (2, "region_code", "required"),
                (2, "opened_on", "bad_date"),
                (2, "closed_on", "bad_date"),
                (2, "latitude", "bad_position"),
            ],
        ),
        (HEAD + f"A01,{'甲' * 81},centre,440309,,,1,2\n", [(2, "name_zh", "too_long")]),
        (HEAD + "A01,甲\x00,centre,440309,,,1,2\n", [(2, "name_zh", "control_character")]),
        (HEAD + "A01,甲,centre,440309,2020-01-01,2020-01-01,1,2\n",
         [(2, "closed_on", "closes_before_opening")]),
        (HEAD + "A01,甲,centre,440309,,,1,\n", [(2, "latitude", "half_a_position")]),
        (HEAD + "A01,甲,centre,440309,,,NaN,1e99\n",
         [(2, "latitude", "bad_position"), (2, "longitude", "bad_position")]),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_its_place(text, expected):
    assert faults(text) == expected


def test_bytes_that_are_no_text_are_refused():
    assert sheets.parse(b"\x00\xff\xfe\x81\x00", "x.csv")[1] == [Fault("x.csv", 1, "", "encoding")]


@pytest.mark.parametrize("written", ["2024-03-01", "2024/3/1", "2024.03.1", "2024年3月1日"])
def test_dates_as_spreadsheets_and_people_write_them(written):
    text = HEAD + f"A01,甲,centre,440309,{written},,,\n"

    rows, found = sheets.parse(text.encode(), "x.csv")

    assert (found, rows[0].cells["opened_on"]) == ([], dt.date(2024, 3, 1))


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+86 755", "-3", "@SUM(A1)", "\tx", "\rx", "＝1", "＠x", "'=1", "''=1", "plain", "'x"],
)
def test_no_exported_cell_is_a_formula_and_every_one_comes_back(value):
    cell = sheets.guarded(value)

    assert cell[0] not in "=+-@\t\r＝＋－＠"
    assert sheets.unguarded(cell) == value


def test_export_is_read_back_unchanged():
    row = {
        "code": "A01", "name_zh": "=甲站", "name_en": "", "kind": "centre",
        "region_code": "440309", "region_zh": "龙华区", "community_zh": "",
        "opened_on": dt.date(2019, 3, 1), "closed_on": None, "address": "甲路 1 号, 二楼",
        "phone": "+86 755", "opening_hours": "9:00–18:00",
        "latitude": Decimal("-22.70000"), "longitude": Decimal("114.00001"),
    }  # fmt: skip

    for chinese in (False, True):
        rows, found = sheets.parse(sheets.write([row], chinese=chinese), "x.csv")

        assert found == []
        assert dict(rows[0].cells) == row
