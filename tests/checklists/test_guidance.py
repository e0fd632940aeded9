import pytest

from checklists.sheets import fill

PARAMS = {
    "hall_area_min_m2": None,
    "dossier_sample_size": {"subdistrict": 10, "community": 5},
    "dossier_complete_min_pct": 90,
    "noticeboard_max_age_days": 90,
    "office_area_min_m2": {"subdistrict": None, "community": None},
    "staff_required_min": 3,
}


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("面积达到设定值（hall_area_min_m2）", "", "面积达到设定值（未设定，按实际判断）"),
        ("日期不超过 noticeboard_max_age_days", "", "日期不超过90天"),
        (
            "抽查 dossier_sample_size 份，完整率不低于 dossier_complete_min_pct",
            "community",
            "抽查5份，完整率不低于90%",
        ),
        ("抽查 dossier_sample_size 份", "subdistrict", "抽查10份"),
        ("抽查 dossier_sample_size 份", "", "抽查街道站10份、社区站5份"),
        ("抽查 dossier_sample_size 份", "centre", "抽查未设定，按实际判断"),
        ("面积 office_area_min_m2", "", "面积未设定，按实际判断"),
        ("核定数（或 staff_required_min）", "", "核定数（或3人）"),
        ("没有参数", "", "没有参数"),
    ],
)
def test_parameters_are_put_in_with_their_unit(text, kind, expected):
    assert fill(text, PARAMS, kind=kind) == expected


def test_area_has_its_unit():
    assert fill("面积 hall_area_min_m2", {"hall_area_min_m2": 80}) == "面积80㎡"


def test_without_a_kind_only_the_items_own_kinds_are_told():
    text = fill("抽查 dossier_sample_size 份", PARAMS, kinds=["subdistrict"])

    assert text == "抽查10份"


def test_longer_name_is_not_cut_by_a_shorter_one():
    params = {"a_size": 1, "big_a_size": 2}

    assert fill("big_a_size a_size", params) == "2份1份"
