"""The bureau's pages at the door: who gets in, who is told no, for whom nothing is there."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Assignment, Audit, EvidencePhoto, Finding
from stations.models import User
from tests import make
from tests.conftest import Cast

PEOPLE = ("bureau", "supervisor", "inspector", "head", "stranger", "sysadmin")


@dataclass(frozen=True)
class Scene:
    audit: Audit
    finding: Finding
    photo: EvidencePhoto


@pytest.fixture
def scene(cast: Cast, task: Assignment) -> Scene:
    audit = make.submitted(task, A02="fail")
    finding = make.rectified(Finding.objects.get(), cast.head)
    return Scene(audit, finding, audit.photos.get())


def route(name: str, scene: Scene) -> str:
    round, station = scene.audit.assignment.round_id, scene.finding.station.code
    args = {
        "desk-round": [round], "desk-audit": [scene.audit.pk], "desk-photo": [scene.photo.pk],
        "desk-review-one": [scene.finding.pk], "desk-finding": [scene.finding.pk],
        "figure": ["rate"], "station-score": [station],
    }.get(name, [])  # fmt: skip
    return reverse(name, args=args)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("desk-rounds", (200, 200, 403, 403, 403, 403)),
        ("desk-round-new", (200, 403, 403, 403, 403, 403)),
        ("desk-round", (200, 200, 403, 403, 403, 403)),
        ("desk-audit", (200, 200, 200, 200, 404, 403)),
        ("desk-review", (200, 200, 200, 403, 403, 403)),
        ("desk-review-one", (200, 200, 200, 403, 403, 403)),
        ("ledger", (200, 200, 200, 200, 200, 403)),
        ("desk-finding", (200, 200, 200, 200, 404, 403)),
        ("desk-photos", (200, 200, 200, 403, 403, 403)),
        ("desk-photo", (200, 200, 200, 200, 404, 403)),
        ("overview", (200, 200, 403, 403, 403, 403)),
        ("figure", (200, 200, 403, 403, 403, 403)),
        ("station-score", (200, 200, 200, 200, 404, 403)),
        ("wall", (200, 200, 403, 403, 403, 403)),
        ("wall-board", (200, 200, 403, 403, 403, 403)),
    ],
)
def test_page_opens_for_whom_it_is(
    name: str, expected: tuple[int, ...], scene: Scene, cast: Cast, client: Client
) -> None:
    url = route(name, scene)
    seen = []

    anonymous = client.get(url)
    for person in PEOPLE:
        client.force_login(getattr(cast, person))
        seen.append(client.get(url).status_code)

    assert tuple(seen) == expected
    assert anonymous.status_code == 302
    assert anonymous.headers["Location"].startswith("/accounts/login/")


@pytest.fixture
def elsewhere(cast: Cast) -> User:
    """A supervisor of the other subdistrict, and so out of scope."""
    return make.user("supervisor", "elsewhere", regions=[cast.other_station.region])


@pytest.mark.parametrize(
    "name", ["desk-audit", "desk-review-one", "desk-finding", "desk-photo", "station-score"]
)
def test_another_subdistrict_finds_nothing(
    name: str, scene: Scene, elsewhere: User, client: Client
) -> None:
    client.force_login(elsewhere)

    assert client.get(route(name, scene)).status_code == 404


def test_another_subdistrict_counts_nothing(scene: Scene, elsewhere: User, client: Client) -> None:
    client.force_login(elsewhere)

    assert client.get(reverse("ledger")).context["tally"].total == 0
    assert list(client.get(reverse("desk-review")).context.get("queue") or []) == []
    assert client.get(route("desk-round", scene)).context["progress"].total == 0


Moves = Callable[[Scene], tuple[str, dict[str, str]]]


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("close", {}, (302, 302, 302, 403, 404, 404)),
        ("send-back", {"reason": "仍有缺项"}, (302, 302, 302, 403, 404, 404)),
        ("void", {"reason": "误判"}, (302, 403, 403, 403, 404, 404)),
        ("waive", {"reason": "产权", "review_on": "2030-01-01"}, (302, 403, 403, 403, 404, 404)),
    ],
)
def test_move_is_taken_from_whom_may(
    name: str, form: dict[str, str], expected: tuple[int, ...], scene: Scene, cast: Cast,
    client: Client, elsewhere: User,
) -> None:  # fmt: skip
    pk, seen = scene.finding.pk, []
    route = f"desk-review-{name}" if name in {"close", "send-back"} else "desk-finding-rule"
    url = reverse(route, args=[pk] if route != "desk-finding-rule" else [pk, name])

    for person in (cast.bureau, cast.supervisor, cast.inspector, cast.head, cast.stranger,
                   elsewhere):  # fmt: skip
        client.force_login(person)
        seen.append(client.post(url, form).status_code)

    assert tuple(seen) == expected


def test_get_changes_nothing(scene: Scene, cast: Cast, client: Client) -> None:
    client.force_login(cast.bureau)

    for name in ("desk-review-close", "desk-review-send-back"):
        assert client.get(reverse(name, args=[scene.finding.pk])).status_code == 405
    assert Finding.objects.get().status == "submitted"
