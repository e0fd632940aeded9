"""A nation of any size in blocks like the real one: a district of 57 stations, ten districts to
a city, ten cities to a province."""

from __future__ import annotations

from collections.abc import Iterator

from stations.models import Region, Station

BLOCK, SUBDISTRICTS, DISTRICTS, CITIES = 57, 6, 10, 10
NATION = "000000"


def build(number: int) -> list[Station]:
    subdistricts: list[Region] = []
    for _, region in zip(range(-(-number // BLOCK)), _districts(), strict=False):
        subdistricts += _below(region)
    return Station.objects.bulk_create(list(_stations(number, subdistricts)), batch_size=1000)


def _districts() -> Iterator[Region]:
    nation = _region(NATION, "中华人民共和国", "nation", None)
    for p in range(1, 35):
        province = _region(f"{p + 10}0000", f"第{p}省", "province", nation)
        for c in range(1, CITIES + 1):
            city = _region(f"{p + 10}{c:02d}00", f"第{p}-{c}市", "city", province)
            for d in range(1, DISTRICTS + 1):
                name = f"第{p}-{c}-{d}区"
                yield _region(f"{p + 10}{c:02d}{d:02d}", name, "district", city)


def _below(district: Region) -> list[Region]:
    return [
        _region(f"{district.code}{n:03d}", f"{district.name_zh}第{n}街道", "subdistrict", district)
        for n in range(1, SUBDISTRICTS + 1)
    ]


def _region(code: str, name: str, level: str, parent: Region | None) -> Region:
    path = f"{parent.path if parent else ''}{code}/"
    return Region.objects.create(code=code, name_zh=name, level=level, parent=parent, path=path)


def _stations(number: int, subdistricts: list[Region]) -> Iterator[Station]:
    """In each district a centre, a station for every subdistrict, and fifty in communities."""
    for n in range(number):
        block, place = divmod(n, BLOCK)
        region = subdistricts[block * SUBDISTRICTS + place % SUBDISTRICTS]
        kind = "centre" if place == 0 else "subdistrict" if place <= SUBDISTRICTS else "community"
        yield Station(
            code=f"{region.code}-W{place:02d}",
            name_zh=f"{region.name_zh}第{place}社区退役军人服务站",
            community_zh=f"第{place}社区",
            kind=kind,
            region=region.parent if kind == "centre" else region,
        )
