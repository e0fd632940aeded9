"""Ten thousand problems: every list and the queue ask what they ask of ten."""

import datetime as dt
import re
import uuid
from itertools import count

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.models import CommonCause, EvidencePhoto, Finding, Notice, NoticeLine, PhotoFlag
from stations.models import Station
from tests import make
from tests.doors import routes

LISTS = {
    "bureau": (
        "/api/v1/findings/",
        "/api/v1/findings/?status=submitted&overdue=true&region=440309",
        "/api/v1/findings/?round={round}",
        "/api/v1/findings/?page=2&page_size=10",
        "/api/v1/notices/",
        "/bureau/findings/",
        "/bureau/findings/?status=open&overdue=1&page=2",
        "/bureau/findings/?round={round}&repeat=1&q=问题",
        "/bureau/review/",
        "/bureau/review/together/",
        "/bureau/causes/",
        "/bureau/causes/new/Z01/",
        "/bureau/photos/",
        "/bureau/photos/?judged=1",
        "/bureau/work/",
        "/bureau/work/?part=overdue&page=2",
        "/bureau/figure/rate/",
        "/bureau/figure/overdue/",
        "/bureau/stations/{station}/score/",
        "/notices/",
        "/visit/",
        "/visit/{station}/",
        "/visit/{station}/?page=2",
    ),
    "supervisor": (
        "/api/v1/findings/", "/bureau/findings/", "/bureau/review/", "/bureau/causes/",
        "/bureau/photos/", "/visit/",
    ),
    "inspector": ("/api/v1/findings/", "/bureau/photos/", "/visit/", "/visit/{station}/"),
    "head": (
        "/api/v1/findings/", "/api/v1/notices/", "/my/", "/my/?page=2", "/my/waiting/",
        "/my/waiting/?page=2", "/my/scores/", "/notices/", "/notices/?page=2",
    ),
}  # fmt: skip
TOLD = re.compile(r"\b(findings|review|causes|photos|visit|my|notices|work|figure)\b")
NO_LIST = {
    "api/v1/work/",  # tasks
    "api/v1/photos/import/",
    "api/v1/notices/read/",
    "notices/read/",
    "bureau/review/together/close/",
    "my/reports/",  # papers
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


numbers = count(1)


def fill_beside(cast, first: Finding, number: int) -> None:
    """As many of what stands beside: stations with one item open, causes, photos in doubt of either
    kind, notices."""
    now, day = timezone.now(), timezone.localdate()
    names = [next(numbers) for _ in range(number)]
    stations = Station.objects.bulk_create(
        Station(code=f"Z{n:05d}", name_zh=f"第{n}站", kind="community", region=cast.station.region)
        for n in names
    )
    Finding.objects.bulk_create(
        Finding(
            station=station, item_code="Z01", title="门牌", note="缺", severity="normal",
            raised_at=now, raised_by=cast.inspector, due_on=day, original_due_on=day,
        )
        for station in stations
    )  # fmt: skip
    causes = CommonCause.objects.bulk_create(
        CommonCause(
            item_code=f"Y{n}", title="门牌", owner="综合科", note="统一采购", due_on=day,
            created_at=now, created_by=cast.bureau,
        )
        for n in names
    )  # fmt: skip
    held = CommonCause.findings.through
    held.objects.bulk_create(held(commoncause=cause, finding=first) for cause in causes)
    photos = EvidencePhoto.objects.bulk_create(
        EvidencePhoto(
            id=uuid.uuid4(), station=cast.station, finding=first, kind="before", size=9,
            sha256=f"{n:064d}", mime="image/jpeg", width=640, height=480, path=f"{n}.jpg",
            received_at=now, uploaded_by=cast.inspector,
        )
        for n in names
    )  # fmt: skip
    judged = {"verdict": "cleared", "verdict_by": cast.bureau, "verdict_at": now}
    PhotoFlag.objects.bulk_create(
        PhotoFlag(photo=photo, kind=kind, other=first.photos.first(), raised_at=now, **said)
        for photo in photos
        for kind, said in (("near_reuse", {}), ("edited", judged))
    )
    notices = Notice.objects.bulk_create(
        Notice(user=who, day=day - dt.timedelta(days=n), created_at=now)
        for n in names
        for who in (cast.head, cast.bureau)
    )
    NoticeLine.objects.bulk_create(
        NoticeLine(notice=notice, user=notice.user, finding=first, step="soon", due_on=notice.day)
        for notice in notices
    )


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
    fill_beside(cast, first, 20)

    with_few = costs(cast, values)
    fill(cast, first, 9_658)
    fill_beside(cast, first, 300)

    assert Finding.objects.count() == 10_000
    assert costs(cast, values) == with_few


def test_no_list_of_problems_is_left_out() -> None:
    """A new page that tells problems, found by its address, stands above or is no list."""
    tried = {path.partition("?")[0].lstrip("/") for paths in LISTS.values() for path in paths}

    def is_tried(route: str) -> bool:
        pattern = re.compile(re.sub(r"<[^>]+>", "[^/]+", route))
        return any(pattern.fullmatch(path) for path in tried)

    told = {
        route for route, _ in routes() if TOLD.search(route) and not re.search("<(int|uuid)", route)
    }
    assert {route for route in told if not is_tried(route)} == NO_LIST
