"""Ten thousand problems: every list and the queue ask what they ask of ten."""

import datetime as dt

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.models import Finding
from tests import make

LISTS = {
    "bureau": (
        "/api/v1/findings/",
        "/api/v1/findings/?status=submitted&overdue=true&region=440309",
        "/api/v1/findings/?round={round}",
        "/bureau/findings/",
        "/bureau/findings/?status=open&overdue=1&page=2",
        "/bureau/findings/?round={round}&repeat=1&q=问题",
        "/bureau/review/",
        "/bureau/review/together/",
        "/bureau/causes/",
        "/bureau/work/",
        "/bureau/figure/rate/",
        "/visit/",
        "/visit/{station}/",
    ),
    "supervisor": ("/api/v1/findings/", "/bureau/findings/", "/bureau/review/"),
    "inspector": ("/api/v1/findings/", "/visit/", "/visit/{station}/"),
    "head": ("/api/v1/findings/", "/my/", "/my/waiting/", "/my/scores/", "/notices/"),
}
STATES = ("open", "submitted", "in_progress", "closed", "waived")


def fill(cast, first: Finding, number: int) -> None:
    """In every state, at both of the cast's stations, every seventh of them a repeat."""
    now, day = timezone.now(), dt.date(2026, 1, 5)
    Finding.objects.bulk_create(
        (
            Finding(
                station=(cast.station, cast.other_station)[one % 2], title=f"问题{one}",
                note="现场情况", severity=("normal", "serious")[one % 3 == 0], status=status,
                raised_at=now, raised_by=cast.inspector, due_on=day, original_due_on=day,
                submitted_at=now, submitted_by=cast.head, review_on=day,
                closed_by=cast.bureau if status == "closed" else None,
                closed_at=now if status == "closed" else None,
                repeat_of=first if one % 7 == 0 else None,
            )
            for one in range(number)
            for status in [STATES[one // 2 % 5]]
        ),
        batch_size=1000,
    )  # fmt: skip


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as told:
        assert client.get(path).status_code == 200, path
    return len(told)


def costs(cast, values: dict[str, object]) -> dict[tuple[str, str], int]:
    told = {}
    for who, paths in LISTS.items():
        client = Client()
        client.force_login(getattr(cast, who))
        for path in paths:
            client.get(path.format(**values))
            told[who, path] = asked(client, path.format(**values))
    return told


def test_ten_thousand_cost_what_ten_do(cast, task):
    make.submitted(task, A02="fail", B02="partial")
    first = make.rectified(Finding.objects.get(item_code="B02"), cast.head)
    values = {"station": cast.station.code, "round": task.round_id}
    fill(cast, first, 20)

    with_few = costs(cast, values)
    fill(cast, first, 9_978)

    assert Finding.objects.count() == 10_000
    assert costs(cast, values) == with_few
