"""Publishing with a preview, and weights tried on a copy. Neither page changes an old score."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from audits.pages.people import person_who
from audits.queries import trials
from audits.services import versions
from checklists import queries as checklists
from checklists.models import ChecklistVersion
from checklists.services import publishing
from stations.models import User

MOST_POINTS = Decimal(1000)


def version_at(user: User, slug: str, number: int) -> ChecklistVersion:
    reached = checklists.versions_visible_to(user)
    return get_object_or_404(reached, checklist__slug=slug, number=number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    version = version_at(person_who(request, "checklists.read"), slug, number)
    user = person_who(request, "checklists.write")
    if request.method == "POST":
        return _publish(request, version, user)
    if version.status != ChecklistVersion.Status.DRAFT:
        return redirect("desk-checklist", slug=slug, number=number)
    context = {
        "version": version,
        "seen": publishing.content_hash(version),
        "faults": publishing.faults(version),
        "comparison": publishing.against_present(version),
        "movable": versions.movable(version, user),
        "trial": trials.trial(user, version),
    }
    return render(request, "audits/desk/version_publish.html", context)


def _publish(request: HttpRequest, version: ChecklistVersion, user: User) -> HttpResponse:
    move = "move" in request.POST
    seen = request.POST.get("seen", "")
    _published, moved = versions.publish(
        version=version, move=move, seen=seen, by=user, now=timezone.now()
    )
    words = _("已发布，从此不能再改。新派的任务用这个版本。")
    if moved:
        told = ngettext("%d 个未开始的任务已改用。", "%d 个未开始的任务已改用。", len(moved))
        words += told % len(moved)
    messages.success(request, words)
    return redirect("desk-checklist", slug=version.checklist.slug, number=version.number)


@login_required
@require_safe
def what_if(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """`?p.<code>=<points>`: the address is the trial, nothing else keeps it."""
    version = version_at(person_who(request, "checklists.read"), slug, number)
    user = person_who(request, "checklists.write")
    points, wrong = weights(version, request.GET)
    sections = _sections(version, request.GET, points)
    context = {
        "version": version,
        "sections": sections,
        "changed": points,
        "wrong": wrong,
        "total": sum((one["points"] for one in sections), Decimal(0)),
        "trial": trials.trial(user, version, points),
    }
    return render(request, "audits/desk/version_what_if.html", context)


def weights(
    version: ChecklistVersion, given: Mapping[str, Any]
) -> tuple[dict[str, Decimal], list[str]]:
    """The weights that differ from the version's, and the codes whose weight is no number."""
    points: dict[str, Decimal] = {}
    wrong = []
    for item in version.items.all():
        text = str(given.get(f"p.{item.code}", "")).strip()
        if not text:
            continue
        value = _weight(text)
        if value is None:
            wrong.append(item.code)
        elif value != item.points:
            points[item.code] = value
    return points, wrong


def _weight(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    fits = value.is_finite() and 0 < value <= MOST_POINTS
    return value if fits and value == round(value, 2) else None


def _sections(
    version: ChecklistVersion, given: Mapping[str, Any], points: Mapping[str, Decimal]
) -> list[dict[str, Any]]:
    told: dict[int, dict[str, Any]] = {}
    for item in version.items.select_related("section").order_by("order"):
        section = told.setdefault(
            item.section_id, {"section": item.section, "items": [], "points": Decimal(0)}
        )
        now = points.get(item.code, item.points)
        section["points"] += now
        section["items"].append(
            {
                "item": item,
                "now": now,
                "typed": given.get(f"p.{item.code}", ""),
                "is_changed": item.code in points,
            }
        )
    return list(told.values())
