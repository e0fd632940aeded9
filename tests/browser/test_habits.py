"""What a browser test must not do: it reads, or acts, before the page has got there."""

import re
from pathlib import Path

import pytest

HABITS = {
    r"\.bounding_box\(": "box() waits until it is in sight and stands still",
    r"location\.hash = ": "Phone.item() and Phone.leave() wait until the view is drawn",
    r"assert .*\.(is_visible|is_hidden|is_enabled|is_disabled|is_checked)\(": "expect() waits",
    r"assert .*\.(inner_text|text_content|input_value|get_attribute)\(": "expect() waits",
    r"assert .*activeElement": "expect(…).to_be_focused() waits",
}
PLACE = Path(__file__).parent.parent
HELPERS = PLACE / "browser" / "conftest.py"


def files() -> list[Path]:
    found = [path for path in PLACE.rglob("*.py") if "playwright" in path.read_text()]
    return [path for path in found if path not in {HELPERS, Path(__file__)}]


@pytest.mark.parametrize("habit", HABITS)
def test_a_browser_test_waits_for_what_it_needs(habit: str) -> None:
    lines = [
        f"{path.relative_to(PLACE)}:{number}: {HABITS[habit]}"
        for path in files()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(habit, line)
    ]
    assert lines == []
