"""Builders: the smallest real thing that a test needs, through the same services as the product."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid
from decimal import Decimal
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from audits import outbox, queries
from audits.models import Assignment, Audit, EvidencePhoto, Finding, OutboxRow, Round
from audits.models.selfchecks import SelfCheck
from audits.services import audits, evidence, findings, noting, rounds, selfchecks
from checklists.models import Checklist, ChecklistVersion, Item, Section
from stations.models import Region, Station, User

if TYPE_CHECKING:
    from tests.conftest import Cast

PASSWORD = "hong-xing-2026"
_numbers = count(1)

DISTRICT = [
    ("000000", "中华人民共和国", "nation"),
    ("440000", "广东省", "province"),
    ("440300", "深圳市", "city"),
    ("440309", "龙华区", "district"),
]


def region(code: str = "440309001", name: str = "观湖街道", parent: Region | None = None) -> Region:
    """A region and, where it has none given, its ancestors up to the nation."""
    if held := Region.objects.filter(code=code).first():
        return held
    if parent is None:
        for above, name_zh, level in DISTRICT:
            parent = Region.objects.filter(code=above).first() or _region(
                above, name_zh, level, parent
            )
            if above == code:
                return parent
    return _region(code, name, "subdistrict", parent)


def _region(code: str, name: str, level: str, parent: Region | None) -> Region:
    path = f"{parent.path if parent else ''}{code}/"
    return Region.objects.create(code=code, name_zh=name, level=level, parent=parent, path=path)


def station(
    code: str = "", kind: str = "community", region: Region | None = None, **fields: Any
) -> Station:
    number = next(_numbers)
    place = region or globals()["region"]()
    return Station.objects.create(
        code=code or f"{place.code}-T{number:03d}",
        name_zh=fields.pop("name_zh", f"深圳市龙华区{place.name_zh}第{number}社区退役军人服务站"),
        community_zh=fields.pop("community_zh", f"第{number}社区"),
        kind=kind,
        region=place,
        **fields,
    )


def user(
    role: str,
    username: str = "",
    *,
    regions: list[Region] | None = None,
    stations: list[Station] | None = None,
    **fields: Any,
) -> User:
    username = username or f"{role}{next(_numbers)}"
    made = User.objects.create_user(username, password=PASSWORD, role=role, **fields)
    if regions:
        made.regions.set(regions)
    if stations:
        made.stations.set(stations)
    return made


ITEMS = [
    # section, code, points, photo, critical
    ("A", "A01", "10", "required", False),
    ("A", "A02", "10", "none", False),
    ("B", "B01", "20", "none", True),
    ("B", "B02", "10", "useful", False),
]


def version(
    kinds: list[str] | None = None, items: list[tuple[str, str, str, str, bool]] | None = None
) -> ChecklistVersion:
    """A published version with a handful of items; points need not sum to 100 here."""
    number = next(_numbers)
    checklist = Checklist.objects.create(
        slug=f"list-{number}",
        title_zh=f"检查表{number}",
        applies_to=kinds or ["community", "subdistrict", "centre"],
    )
    made = ChecklistVersion.objects.create(checklist=checklist, number=1)
    for order, (section, code, points, photo, critical) in enumerate(items or ITEMS):
        part, _ = Section.objects.get_or_create(
            version=made, code=section,
            defaults={"title_zh": f"大项{section}", "title_en": f"Section {section}", "order": order},
        )  # fmt: skip
        Item.objects.create(
            version=made, section=part, code=code, title_zh=f"检查项{code}",
            title_en=f"Item {code}", points=Decimal(points), photo_rule=photo,
            is_critical=critical, order=order,
        )  # fmt: skip
    made.status, made.published_at = ChecklistVersion.Status.PUBLISHED, timezone.now()
    made.content_hash = hashlib.sha256(str(number).encode()).hexdigest()
    made.save()
    return made


def round_(by: User, name: str = "", starts_on: dt.date | None = None, kind: str = "full") -> Round:
    start = starts_on or timezone.localdate()
    return rounds.open_round(
        name=name or f"第{next(_numbers)}轮",
        starts_on=start,
        ends_on=start + dt.timedelta(days=30),
        kind=kind,
        by=by,
        now=timezone.now(),
    )


def assignment(
    bureau: User, inspector: User, station: Station, round: Round | None = None
) -> Assignment:
    round = round or round_(bureau)
    [made] = rounds.assign(
        round=round, stations=[station], inspector=inspector, due_on=round.ends_on, by=bureau,
        now=timezone.now(),
    )  # fmt: skip
    return made


def audit(assignment: Assignment, now: dt.datetime | None = None) -> Audit:
    now = now or timezone.now()
    made, _ = audits.start_audit(
        id=uuid.uuid4(), assignment=assignment, started_at=now, by=assignment.inspector, now=now
    )
    return made


def answers(audit: Audit, now: dt.datetime | None = None, **results: str) -> list[dict[str, Any]]:
    """`answers(audit, A01="pass", B01="fail")`; the rest of the sheet is not touched."""
    now = now or timezone.now()
    given = [
        audits.AnswerInput(code, result, "" if result == "pass" else "现场情况", now)
        for code, result in results.items()
    ]
    return audits.record_answers(audit=audit, answers=given, by=audit.started_by, now=now)


@cache
def picture(seed: int = 1, size: tuple[int, int] = (640, 480)) -> bytes:
    """A drawn JPEG, another seed gives other bytes. Larger ones weigh as a phone's do."""
    grain = 8 if size[0] <= 640 else 1
    grains = Image.effect_noise((size[0] // grain, size[1] // grain), 30 + seed % 50)
    image = grains.resize(size, Image.Resampling.NEAREST).convert("RGB")
    image.putpixel((0, 0), (seed % 256, seed // 256 % 256, 7))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def photo(
    by: User, *, audit: Audit | None = None, item_code: str = "", finding: Finding | None = None,
    kind: str = "", content: bytes = b"", id: uuid.UUID | None = None,
    now: dt.datetime | None = None, **place: Decimal,
) -> EvidencePhoto:  # fmt: skip
    now = now or timezone.now()
    content = content or picture(next(_numbers))
    item = None
    if audit and item_code:
        item = next(item for item in queries.items_of(audit) if item.code == item_code)
    made, _ = evidence.attach_photo(
        id=id or uuid.uuid4(),
        subject=evidence.Subject(audit=audit, item=item, finding=finding),
        kind=kind or ("after" if finding else "site"),
        sha256=hashlib.sha256(content).hexdigest(),
        file=ContentFile(content, name="photo.jpg"),
        capture=evidence.Capture(taken_at=now, **place),
        by=by,
        now=now,
    )
    return made


def submitted(assignment: Assignment, now: dt.datetime | None = None, **results: str) -> Audit:
    """An audit handed in: every item passes unless `results` says otherwise, photos included."""
    now = now or timezone.now()
    made = audit(assignment, now)
    sheet = queries.items_of(made)
    answers(made, now, **{item.code: results.get(item.code, "pass") for item in sheet})
    for item in sheet:
        if item.needs_photo:
            photo(made.started_by, audit=made, item_code=item.code)
    return audits.submit_audit(audit=made, photos=[], by=made.started_by, now=now)


def self_checked(assignment: Assignment, head: User, **results: str) -> SelfCheck:
    """A self-check with the results given; the rest of the sheet is not touched."""
    now = timezone.now()
    check, _ = selfchecks.start(
        id=uuid.uuid4(), assignment=assignment, started_at=now, by=head, now=now
    )
    for code, result in results.items():
        given = audits.AnswerInput(code, result, "", now)
        selfchecks.record(check=check, given=given, by=head, now=now)
    return check


def noted(
    by: User,
    station: Station,
    note: str = "门口堆物",
    now: dt.datetime | None = None,
    **fields: Any,
) -> Finding:
    """随手拍, without its picture; on the finding it has come to."""
    event, _ = noting.note_problem(
        station=station, note=note, by=by, now=now or timezone.now(),
        **{"severity": "normal"} | fields,
    )  # fmt: skip
    return event.finding


def rectified(
    finding: Finding, head: User, now: dt.datetime | None = None, carried_by: str = ""
) -> Finding:
    """A finding its station has handed in for re-check."""
    now = now or timezone.now()
    findings.start(finding=finding, measure="", person="", by=head, now=now)
    after = photo(head, finding=finding)
    return findings.submit(
        finding=finding, measure="已整改", photos=[after.pk], by=head, now=now,
        carried_by=carried_by,
    )  # fmt: skip


def brought_to(finding: Finding, status: str, cast: Cast) -> Finding:
    """The finding, open until now, moved there by the people whose part it is."""
    now = timezone.now()
    if status == "in_progress":
        findings.start(finding=finding, measure="", person="", by=cast.head, now=now)
    if status in {"submitted", "closed"}:
        rectified(finding, cast.head)
    if status == "closed":
        findings.close(finding=finding, by=cast.inspector, now=now)
    if status == "void":
        findings.void(finding=finding, reason="误判", by=cast.bureau, now=now)
    if status == "waived":
        day = timezone.localdate()
        findings.waive(finding=finding, reason="待迁址", review_on=day, by=cast.bureau, now=now)
    finding.refresh_from_db()
    return finding


def fixed_on_site(finding: Finding, by: User) -> Finding:
    """立行立改: its before-photo is there already."""
    after = photo(by, finding=finding, kind="after")
    return findings.fix_on_site(
        finding=finding, measure="当场改好", photos=[after.pk], by=by, now=timezone.now()
    )


def figures() -> None:
    """Do what waits for the roll-ups, and leave the pictures alone."""
    for row in OutboxRow.objects.waiting().filter(topic="station.changed"):
        outbox.run(row.pk)
