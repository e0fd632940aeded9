"""复查 on the spot: the station's open problems on a phone, judged where they hang."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from audits import deadlines, queries
from audits.models import EvidencePhoto, Finding
from audits.pages.people import person_who
from audits.pages.review import PHRASES
from audits.pages.visit_words import visit_words
from audits.queries import cases, reviews, sightings, visits
from stations import access
from stations.models import Station, User

PAGE = 50


@login_required
@require_safe
def stops(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "findings.review")
    context = {
        "page": Paginator(visits.stops(user), PAGE).get_page(request.GET.get("page")),
        "may_raise": access.may(user, "findings.raise"),
        "tab": "visits",
    }
    return render(request, "audits/visits.html", context)


@login_required
@require_safe
def stop(request: HttpRequest, code: str) -> HttpResponse:
    user = person_who(request, "findings.review")
    station = get_object_or_404(Station.objects.visible_to(user), code=code)
    today = deadlines.local_day(timezone.now())
    rows = visits.stop(user, station, today)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = visits.drawn(page.object_list)
    context = {
        "station": station,
        "page": page,
        "tally": visits.tally(rows),
        "task": visits.recheck_task(user, station, today),
    }
    return render(request, "audits/visit.html", context)


@login_required
@require_safe
@ensure_csrf_cookie
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_who(request, "findings.review")
    found = get_object_or_404(cases.findings_for_case(user), pk=pk)
    case = cases.case(found)
    today = deadlines.local_day(timezone.now())
    mode, may_raise = _mode(found, user, today), access.may(user, "findings.raise")
    checks = reviews.checks(case, user) if mode == "recheck" else []
    context = {
        "finding": found,
        "station": found.station,
        "case": case,
        "mode": mode,
        "is_critical": found.severity == Finding.Severity.CRITICAL,
        "lacks_before": mode == "fix" and not sightings.shown_before(found, user, today),
        "is_own": any(check.code == "own_work" for check in checks),
        "checks": checks,
        "before": _links(case.found),
        "after": _links(case.last.photos if case.last else []),
        "fresh": _links(_fresh(case, user, mode)),
        "phrases": PHRASES,
        "may_raise": may_raise,
        "may_see_again": may_raise and mode == "read" and _may_be_seen_again(found),
        "words": visit_words(),
    }
    return render(request, "audits/visit_finding.html", context)


def _mode(found: Finding, user: User, today: dt.date) -> str:
    """recheck: to be judged · fix: 立行立改 · closed · read."""
    if found.status == Finding.Status.SUBMITTED:
        return "recheck"
    if found.status == Finding.Status.CLOSED:
        return "closed"
    return "fix" if sightings.may_be_fixed(found, user, today) else "read"


def _may_be_seen_again(found: Finding) -> bool:
    return bool(found.item_code) and found.status in {
        Finding.Status.OPEN, Finding.Status.IN_PROGRESS
    }  # fmt: skip


def _fresh(case: cases.Case, user: User, mode: str) -> list[EvidencePhoto]:
    """Taken here by the person and not yet part of a decision."""
    if mode == "recheck":
        since = case.finding.submitted_at
        return [
            photo
            for photo in case.on_site
            if photo.uploaded_by_id == user.pk and since and photo.received_at >= since
        ]
    after = case.finding.photos.filter(kind=EvidencePhoto.Kind.AFTER, rectification__isnull=True)
    return list(after.filter(uploaded_by=user)) if mode == "fix" else []


def _links(photos: list[EvidencePhoto]) -> list[dict[str, Any]]:
    return [queries.photo_link(photo) for photo in photos]
