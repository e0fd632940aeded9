"""Problems as papers tell them: one line each, read in chunks, so that 100,000 need no more memory
than 500."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.db.models import Count, TextChoices
from django.utils import translation

from audits import store
from audits.deadlines import local_day
from audits.models import EvidencePhoto, Finding, FindingEvent, Rectification
from reports.queries.subject import Subject
from stations.models import Station, User

CHUNK = 500
COMMON_FROM = 3  # 共性问题: found at that many stations or more
Kind = EvidencePhoto.Kind


class Attempt(NamedTuple):
    """The last 整改. Plain values: a hundred thousand rows would be slowed by watching over objects."""

    pk: int
    measure: str
    person: str
    submitted_at: dt.datetime
    outcome: str
    reviewed_by_id: int | None
    reviewed_at: dt.datetime | None
    reason: str


class Plan(NamedTuple):
    """What the station said when it began."""

    measure: str
    person: str


@dataclass(slots=True)
class Problem:
    """`before`, `after`: photos in the order received."""

    finding: Finding
    is_common: bool
    is_repeat: bool
    today: dt.date
    attempt: Attempt | None = None
    plan: Plan | None = None
    reviewer: str = ""
    before: Sequence[EvidencePhoto] = ()
    after: Sequence[EvidencePhoto] = ()

    @property
    def status(self) -> str:
        return label(Finding.Status, self.finding.status)

    @property
    def severity(self) -> str:
        return label(Finding.Severity, self.finding.severity)

    @property
    def kind(self) -> str:
        return label(Station.Kind, self.finding.station.kind)

    @property
    def station(self) -> str:
        return self.finding.station.name_zh

    @property
    def round_name(self) -> str:
        return self.finding.round.name if self.finding.round else "随手拍"

    @property
    def found_on(self) -> dt.date:
        return local_day(self.finding.raised_at)

    @property
    def nature(self) -> str:
        return "共性" if self.is_common else "个性"

    @property
    def measure(self) -> str:
        if self.attempt:
            return self.attempt.measure
        return self.plan.measure if self.plan else ""

    @property
    def person(self) -> str:
        if self.attempt and self.attempt.person:
            return self.attempt.person
        return self.plan.person if self.plan else ""

    @property
    def progress(self) -> str:
        finding, status = self.finding, Finding.Status
        if finding.status == status.WAIVED:
            day = f"，复核日期 {slashed(finding.review_on)}" if finding.review_on else ""
            return f"挂账{day}"
        if finding.status == status.IN_PROGRESS and self.attempt:
            return f"复查退回，重新整改：{self.attempt.reason}"
        return {
            status.OPEN: "尚未整改", status.IN_PROGRESS: "正在整改",
            status.SUBMITTED: "已提交整改，待复查", status.CLOSED: "已完成整改",
        }.get(status(finding.status), "")  # fmt: skip

    @property
    def done_on(self) -> dt.date | None:
        """When the station handed in the attempt that stands."""
        stands = self.attempt and self.finding.status in {"submitted", "closed"}
        return local_day(self.attempt.submitted_at) if stands and self.attempt else None

    @property
    def reviewed_on(self) -> dt.date | None:
        at = self.attempt.reviewed_at if self.attempt else None
        return local_day(at) if at else None

    @property
    def verdict(self) -> str:
        if self.attempt is None or self.attempt.outcome == Rectification.Outcome.WAITING:
            return ""
        return label(Rectification.Outcome, self.attempt.outcome)

    @property
    def closed_on(self) -> dt.date | None:
        return local_day(self.finding.closed_at) if self.finding.closed_at else None

    @property
    def lateness(self) -> str:
        """是: not closed and past its day, as 逾期 is counted everywhere."""
        if self.finding.is_overdue(self.today):
            return "是"
        late = self.closed_on is not None and self.closed_on > self.finding.due_on
        return "否（超期销号）" if late else "否"

    @property
    def remark(self) -> str:
        finding = self.finding
        told = [
            "反复出现" if self.is_repeat else "",
            "立行立改" if finding.has_fix_on_site else "",
            f"延期，原定 {slashed(finding.original_due_on)}"
            if finding.original_due_on < finding.due_on else "",
            f"整改前照片共 {len(self.before)} 张" if len(self.before) > 1 else "",
            f"整改后照片共 {len(self.after)} 张" if len(self.after) > 1 else "",
        ]  # fmt: skip
        return "；".join(filter(None, told))


@cache
def label(choices: type[TextChoices], value: str) -> str:
    """Its Chinese word, looked up once: a ledger asks 300,000 times."""
    with translation.override("zh-hans"):
        return str(choices(value).label)


def slashed(day: dt.date | None) -> str:
    """2021/7/5"""
    return f"{day.year}/{day.month}/{day.day}" if day else ""


def called(user: User | None) -> str:
    return str(user) if user else ""


def problems(subject: Subject, part: str = "all") -> Iterator[Problem]:
    """In the order of a ledger: by subdistrict, station, item. About fifteen queries a chunk."""
    rows = subject.findings(part).order_by(
        "station__region__path", "station__code", "item_code", "pk"
    )
    numbers = iter(list(rows.values_list("pk", flat=True)))
    common, repeats = _common(subject), set(subject.findings("repeat").values_list("pk", flat=True))
    while chunk := list(islice(numbers, CHUNK)):
        yield from _chunk(chunk, subject.today, common, repeats)


def count(subject: Subject, part: str = "all") -> int:
    return subject.findings(part).count()


def _common(subject: Subject) -> set[str]:
    rows = subject.findings().exclude(item_code="").order_by().values("item_code")
    told = rows.annotate(n=Count("station", distinct=True)).filter(n__gte=COMMON_FROM)
    return set(told.values_list("item_code", flat=True))


def _chunk(
    numbers: Sequence[int], today: dt.date, common: set[str], repeats: set[int]
) -> Iterator[Problem]:
    # What many problems share is read once a chunk, not once a problem.
    rows = Finding.objects.prefetch_related(
        "station__region", "round", "raised_by", "item__section"
    )
    held = rows.in_bulk(numbers)
    made = {
        pk: Problem(held[pk], held[pk].item_code in common, pk in repeats, today)
        for pk in numbers
        if pk in held
    }
    _add_attempts(made)
    _add_plans(made)
    _add_photos(made)
    yield from made.values()


def _add_attempts(made: dict[int, Problem]) -> None:
    rows = Rectification.objects.filter(finding__in=made).order_by("number")
    for pk, *values in rows.values_list("finding_id", *Attempt._fields):
        made[pk].attempt = Attempt(*values)
    told = [one for one in made.values() if one.attempt and one.attempt.reviewed_by_id]
    people = User.objects.in_bulk({one.attempt.reviewed_by_id for one in told if one.attempt})
    for one in told:
        if one.attempt and one.attempt.reviewed_by_id:
            one.reviewer = called(people[one.attempt.reviewed_by_id])


def _add_plans(made: dict[int, Problem]) -> None:
    """Asked only where no attempt says it: most have one."""
    silent = [pk for pk, one in made.items() if not (one.attempt and one.attempt.person)]
    rows = FindingEvent.objects.filter(finding__in=silent, kind=FindingEvent.Kind.STARTED)
    for pk, reason, detail in rows.order_by("number").values_list("finding_id", "reason", "detail"):
        made[pk].plan = Plan(reason, str(detail.get("person", "")))


def _add_photos(made: dict[int, Problem]) -> None:
    """Before: what the visit saw of the item. After: the last attempt's."""
    before, after = defaultdict(list), defaultdict(list)
    visits = defaultdict(list)
    for pk, problem in made.items():
        visits[problem.finding.audit_id, problem.finding.item_id].append(pk)
    audits = {audit_id for audit_id, item_id in visits if audit_id and item_id}
    found = EvidencePhoto.objects.filter(audit__in=audits, item__isnull=False)
    for photo in found.exclude(kind=Kind.SIGNATURE).order_by("received_at", "id"):
        for pk in visits.get((photo.audit_id, photo.item_id), ()):
            before[pk].append(photo)
    for photo in EvidencePhoto.objects.filter(finding__in=made).order_by("received_at", "id"):
        pk = photo.finding_id or 0
        attempt = made[pk].attempt
        if photo.kind == Kind.BEFORE:
            before[pk].append(photo)
        elif attempt and photo.rectification_id == attempt.pk:
            after[pk].append(photo)
    for pk, problem in made.items():
        problem.before, problem.after = before.get(pk, ()), after.get(pk, ())


def picture(photos: Sequence[EvidencePhoto]) -> Path | None:
    """The first small picture that is really there."""
    for photo in photos:
        path = store.absolute(photo.thumbnail_path) if photo.thumbnail_path else None
        if path and path.is_file():
            return path
    return None


def statuses(problems: Sequence[Problem]) -> Counter[str]:
    return Counter(problem.finding.status for problem in problems)
