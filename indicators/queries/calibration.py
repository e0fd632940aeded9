"""检查员校准: the answers handed in, by item and inspector; what stands behind one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from audits.models import Answer, Audit
from indicators import calibration
from indicators.calibration import ItemSpread, Tally
from indicators.periods import Period, year_bounds
from indicators.queries import titles, work
from stations.models import Region, User

HANDED_IN = [Audit.State.SUBMITTED, Audit.State.COMPLETE]


@dataclass(frozen=True)
class ItemLine:
    code: str
    title: str
    told: ItemSpread


@dataclass(frozen=True)
class InspectorLine:
    """All items together; `audits` handed in, `stricter`, `milder` items with a clear gap."""

    inspector: User
    audits: int
    tally: Tally
    stricter: int
    milder: int


@dataclass(frozen=True)
class Calibration:
    """`items` the widest clear gap first; `uncompared` items with too few cases to say."""

    items: list[ItemLine]
    inspectors: list[InspectorLine]
    people: dict[int, User]
    uncompared: int


def calibrate(user: User, *, region: Region, period: Period) -> Calibration:
    """Four statements, whatever the number of items and inspectors."""
    by_item: dict[str, list[Tally]] = defaultdict(list)
    rows = _answers(user, region, period).values_list("item__code", "audit__started_by")
    counted = rows.annotate(asked=Count("pk"), failed=Count("pk", filter=FAILED))
    for code, inspector, asked, failed in counted.order_by("item__code", "audit__started_by"):
        by_item[code].append(Tally(inspector, asked, failed))
    told = [found for code, many in by_item.items() if (found := calibration.spread(code, many))]
    told.sort(key=lambda one: (not one.is_clear, -one.spread, one.code))
    known = titles.items(one.code for one in told)
    audits = _audits(user, region, period)  # also of who could judge nothing
    everyone = {one.inspector for many in by_item.values() for one in many}
    people = User.objects.in_bulk(everyone | audits.keys())
    return Calibration(
        items=[ItemLine(one.code, work.title_of(one.code, known), one) for one in told],
        inspectors=_inspectors(by_item, told, people, audits),
        people=people,
        uncompared=len(by_item) - len(told),
    )


FAILED = Q(result__in=Answer.RAISES_FINDING)


def _answers(user: User, region: Region, period: Period) -> QuerySet[Answer]:
    return Answer.objects.filter(
        audit__in=_handed_in(user, region, period).order_by().values("pk"),
        result__in=Answer.SCORED,
    )


def _handed_in(user: User, region: Region, period: Period) -> QuerySet[Audit]:
    rows = Audit.objects.visible_to(user).filter(
        state__in=HANDED_IN,
        assignment__station__is_practice=False,
        assignment__station__region__path__startswith=region.path,
    )
    if period.round_id:
        return rows.filter(assignment__round=period.round_id)
    start, end = year_bounds(period.year or 0)
    return rows.filter(submitted_at__gte=start, submitted_at__lt=end)


def _audits(user: User, region: Region, period: Period) -> dict[int, int]:
    rows = _handed_in(user, region, period).order_by().values_list("started_by")
    return dict(rows.annotate(count=Count("pk")))


def _inspectors(
    by_item: dict[str, list[Tally]], told: Iterable[ItemSpread], people: dict[int, User],
    audits: dict[int, int],
) -> list[InspectorLine]:  # fmt: skip
    given = [one for many in by_item.values() for one in many]
    clear = [one for item in told for one in item.compared if one.is_clear]
    lines = []
    for inspector, count in audits.items():
        own = [one for one in given if one.inspector == inspector]
        gaps = [one.gap for one in clear if one.tally.inspector == inspector]
        tally = Tally(inspector, sum(one.asked for one in own), sum(one.failed for one in own))
        stricter = sum(gap > 0 for gap in gaps)
        lines.append(InspectorLine(people[inspector], count, tally, stricter, len(gaps) - stricter))
    return sorted(lines, key=lambda line: (-line.audits, line.inspector.pk))


def answers_behind(
    user: User, *, region: Region, period: Period, item_code: str, inspector: int
) -> QuerySet[Answer]:
    """One inspector's results of one item, what is not compliant first."""
    rows = _answers(user, region, period).filter(item__code=item_code, audit__started_by=inspector)
    return rows.select_related(
        "audit__assignment__station__region", "audit__assignment__round"
    ).order_by("result", "audit__assignment__station__code", "audit_id")
