import io
from itertools import combinations, pairwise
from pathlib import Path

import pytest
import yaml
from PIL import Image

from audits import images
from config.demo.pictures import LEDGERS, SCENES, draw

CHECKLISTS = Path(__file__).parents[2] / "checklists" / "data"
RESULTS = ("pass", "partial", "fail")


def items() -> list[dict[str, str]]:
    sheets = [yaml.safe_load(path.read_text("utf-8")) for path in CHECKLISTS.glob("*.yaml")]
    return [item for sheet in sheets for part in sheet["sections"] for item in part["items"]]


def fingerprint(picture: bytes) -> str:
    return images.fingerprint(Image.open(io.BytesIO(picture)))


def test_draw_has_a_scene_for_every_item_that_needs_a_photo() -> None:
    codes = {item["id"] for item in items()}

    assert {item["id"] for item in items() if item["photo"] == "required"} <= SCENES.keys()
    assert SCENES.keys() | LEDGERS.keys() == codes
    assert SCENES.keys().isdisjoint(LEDGERS)


@pytest.mark.parametrize("result", RESULTS)
def test_draw_makes_a_photo_the_intake_accepts(result: str) -> None:
    scenes = {scene: code for code, (scene, _) in SCENES.items()}

    for code in (*scenes.values(), "T02", "unknown"):
        picture = images.inspect(io.BytesIO(draw(code, result, seed=7, size=(640, 480))))

        assert (picture.format, picture.width, picture.height) == ("jpeg", 640, 480)


def test_draw_gives_the_same_bytes_for_the_same_arguments() -> None:
    for code in ("Q09", "Q04", "T02"):
        assert draw(code, "partial", 3) == draw(code, "partial", 3)


def test_draw_differs_by_every_argument() -> None:
    pictures = {
        draw("Q09", "partial", 3),
        draw("Q12", "partial", 3),
        draw("Q09", "fail", 3),
        draw("Q09", "partial", 4),
        draw("Q09", "partial", 3, stage="after"),
        draw("Q09", "partial", 3, visit=1),
        draw("Q09", "partial", 3, size=(640, 480)),
    }

    assert len(pictures) == 7


@pytest.mark.parametrize("code", ["Q01", "Q09", "Q12", "T02", "K06"])
def test_stations_are_seldom_taken_for_each_other(code: str) -> None:
    prints = [
        fingerprint(draw(code, RESULTS[seed % 3], seed, size=(320, 240))) for seed in range(20)
    ]

    close = [pair for pair in combinations(prints, 2) if images.hamming(*pair) <= 6]
    assert len(close) <= 1


def test_the_same_spot_after_a_repair_is_seen_alike() -> None:
    pictures = [
        draw("Q09", "fail", 5, size=(640, 480)),
        draw("Q09", "pass", 5, stage="after", size=(640, 480)),
    ]
    other = draw("Q09", "pass", 6, stage="after", size=(640, 480))

    before, after, elsewhere = (
        Image.open(io.BytesIO(picture)).convert("L").resize((40, 30))
        for picture in (*pictures, other)
    )
    differences = [
        sum(abs(a - b) for a, b in zip(one.tobytes(), two.tobytes(), strict=True))
        for one, two in pairwise((before, after, elsewhere))
    ]
    assert differences[0] < differences[1]
