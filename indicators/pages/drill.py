"""The columns behind a figure: the list, what one line of it is, and its photos."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audits.deadlines import end_of_day, local_day
from audits.models import Answer, AuditRevision, EvidencePhoto, Finding
from audits.queries import cases, trees
from audits.queries.reviews import distance
from indicators import queries
from indicators.pages.lens import Lens
from indicators.queries.behind import ItemLine, StationLine
from stations.models import Station

PAGE = 50
MOST_STATIONS = 300
MOST_PHOTOS = 12

PART_WORDS: dict[str, str | Promise] = {
    "all": _("全部状态"),
    "closed": _("已销号"),
    "submitted": _("待复查"),
    "open": _("未整改"),
    "waived": _("挂账"),
    "overdue": _("逾期"),
    "on_time": _("按期销号"),
    "late": _("超期销号"),
    "first_pass": _("一次通过"),
    "repeat": _("反复"),
    "voided": _("作废（不计入）"),
}


class DrillForm(forms.Form):
    part = forms.ChoiceField(required=False, choices=list(PART_WORDS.items()))
    station = forms.CharField(required=False, max_length=24)
    item = forms.CharField(required=False, max_length=12)
    finding = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    photo = forms.UUIDField(required=False)


@dataclass(frozen=True)
class StationChoice:
    station: Station
    count: int


def findings(request: HttpRequest, lens: Lens, part: str) -> dict[str, Any]:
    form = DrillForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    part = asked.get("part") or part
    if lens.as_of:
        rows, choices = _on_past_day(lens, part, asked)
    else:
        rows, choices = _now(lens, part, asked)
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    kept = {name: asked.get(name) or "" for name in ("station", "item")}
    return {
        "page": shown,
        "part": part,
        "parts": PART_WORDS.items(),
        "choices": choices,
        "asked": kept,
        "query": lens.query(part=part, **kept),
        **_chosen(lens, asked, shown),
    }


Rows = Any  # a queryset of findings, or those of a past day


def _now(lens: Lens, part: str, asked: dict[str, Any]) -> tuple[Rows, list[StationChoice]]:
    everywhere = queries.findings_behind(
        lens.user, region=lens.region, period=lens.period, part=part, today=lens.today,
        item_code=asked.get("item") or "",
    )  # fmt: skip
    counted = everywhere.order_by().values("station_id").annotate(count=Count("pk", distinct=True))
    counts = {row["station_id"]: row["count"] for row in counted[:MOST_STATIONS]}
    rows = everywhere.select_related("item", "station__region")
    if asked.get("station"):
        rows = rows.filter(station__code=asked["station"])
    return rows.order_by("due_on", "station__code", "item_code", "pk"), _choices(counts)


def _on_past_day(lens: Lens, part: str, asked: dict[str, Any]) -> tuple[Rows, list[StationChoice]]:
    everywhere = queries.findings_on(
        lens.user, region=lens.region, period=lens.period, part=part, day=lens.day,
        item_code=asked.get("item") or "",
    )  # fmt: skip
    counts = Counter(fact.station_id for fact in everywhere)
    choices = _choices(dict(counts.most_common(MOST_STATIONS)))
    if code := asked.get("station"):
        only = set(Station.objects.filter(code=code).values_list("pk", flat=True))
        everywhere = [fact for fact in everywhere if fact.station_id in only]
    return queries.Stood(everywhere), choices


def _choices(counts: dict[int, int]) -> list[StationChoice]:
    stations = Station.objects.filter(pk__in=counts).order_by("region__path", "code")
    return [StationChoice(station, counts[station.pk]) for station in stations]


def _chosen(lens: Lens, asked: dict[str, Any], shown: Page[Finding]) -> dict[str, Any]:
    """The line asked for, else the first: the columns beside the list are never empty."""
    pk = asked.get("finding") or (shown.object_list[0].pk if shown.object_list else None)
    if pk is None:
        return {"case": None}
    finding = cases.findings_for_case(lens.user).filter(pk=pk).first()
    if finding is None:
        raise Http404
    case = cases.case(finding)
    photos, events = case.photos, case.events
    if lens.as_of:
        if not queries.stand_all_back([finding], lens.as_of):
            raise Http404
        photos = [one for one in photos if local_day(one.received_at) <= lens.as_of]
        events = [one for one in events if local_day(one.at) <= lens.as_of]
    wanted = asked.get("photo")
    photo = next((one for one in photos if one.pk == wanted), photos[0] if photos else None)
    return {
        "case": case,
        "events": events,
        "finding": finding,
        "is_chosen": bool(asked.get("finding")),
        "photos": photos,
        "photo": photo,
        "distance": distance(photo) if photo else None,
    }


@dataclass(frozen=True)
class ChosenStation:
    """`tree` of the audit the figures read, None where nothing was handed in."""

    line: StationLine
    tree: trees.Tree | None
    failing: list[trees.Line]
    photos: list[EvidencePhoto]


def station(lens: Lens, line: StationLine, item: ItemLine | None) -> ChosenStation:
    tree = tree_of(revision_of(line.audit_id, lens.as_of), lens.as_of)
    lines = [one for part in tree.parts for one in part.lines] if tree else []
    failing = [one for one in lines if one.result in Answer.RAISES_FINDING]
    if item:
        failing = [one for one in failing if one.code == item.code]
    return ChosenStation(
        line=line,
        tree=tree,
        failing=failing,
        photos=[photo for one in failing for photo in one.photos][:MOST_PHOTOS],
    )


def tree_of(revision: AuditRevision | None, as_of: dt.date | None) -> trees.Tree | None:
    """With its problems as they stood on that day, where one is asked for."""
    if revision is None:
        return None
    if as_of is None:
        return trees.frozen_tree(revision)
    return trees.frozen_tree(revision, queries.by_item(revision, as_of), end_of_day(as_of))


def revision_of(audit_id: Any, as_of: dt.date | None = None) -> AuditRevision | None:
    """The revision in force, now or at the end of a past day, of the audit a roll-up names."""
    if audit_id is None:
        return None
    if as_of:
        return queries.revision_on(audit_id, as_of)
    return (
        AuditRevision.objects.filter(audit=audit_id)
        .select_related("audit__assignment__version__checklist", "audit__assignment__round")
        .order_by("-number")
        .first()
    )
