"""复查: the queue, before and after side by side, and the two ways to judge."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from audits.models import Finding
from audits.pages.forms import ReasonForm, about, cleaned, ticked
from audits.pages.people import person_who
from audits.queries import bulk, cases, gaps, reviews
from audits.services import findings
from stations import access
from stations.models import User
from stations.refusals import bad_field

PAGE = 50  # to be closed together
PHRASES = [
    gettext_lazy("仍有缺项"),
    gettext_lazy("仍歪斜或破损"),
    gettext_lazy("看不清"),
    gettext_lazy("角度与整改前不同"),
    gettext_lazy("不是同一处"),
]


@login_required
@require_safe
@ensure_csrf_cookie
def queue(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    user = person_who(request, "findings.review")
    known = cases.findings_for_case(user)
    asked = None if pk is None else get_object_or_404(known, pk=pk)
    if asked and asked.status != Finding.Status.SUBMITTED:
        return redirect("desk-finding", pk=asked.pk)
    part = reviews.part(user, asked)
    if part is None:
        return render(request, "audits/desk/review_empty.html")
    finding = asked or known.get(pk=part.shown[0].pk)
    request.nav_counts = {"desk-review": part.total}  # type: ignore[attr-defined]
    case = cases.case(finding)
    checks = reviews.checks(case, user)
    context = {
        "queue": part.shown,
        "part": part,
        "place": part.place,
        "next": part.next,
        "case": case,
        "finding": finding,
        "checks": checks,
        "may_judge": all(check.tone != "bad" for check in checks),
        "needs_visit": finding.severity == Finding.Severity.CRITICAL,
        "gain": reviews.gain(finding),
        "phrases": PHRASES,
    }
    return render(request, "audits/desk/review.html", context)


@login_required
@require_safe
def together(request: HttpRequest) -> HttpResponse:
    """What may be closed in one go, each with its first and its newest picture."""
    user = person_who(request, "findings.review")
    page = Paginator(bulk.uncontested(user), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "before": gaps.first_photos(page.object_list),
        "after": gaps.newest_after(page.object_list),
    }
    request.nav_here = "desk-review"  # type: ignore[attr-defined]
    return render(request, "audits/desk/together.html", context)


@login_required
@require_POST
def close_together(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "findings.review")
    chosen = list(Finding.objects.visible_to(user).filter(pk__in=ticked(request, "chosen")))
    if not chosen:
        raise bad_field("chosen", "required", _("请先勾选问题。"))
    outcome = findings.close_together(chosen=chosen, by=user, now=timezone.now())
    if outcome.done:
        words = ngettext("已销号 %d 项", "已销号 %d 项", len(outcome.done))
        messages.success(request, words % len(outcome.done))
    for finding, refusal in outcome.refused:
        messages.error(request, about(finding, refusal.message))
    return redirect("desk-review-together")


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    user, finding = _judged(request, pk)
    onward = reviews.following(user, finding)
    findings.close(finding=finding, by=user, now=timezone.now())
    messages.success(request, _("已销号：%(what)s") % {"what": finding})
    return _onward(onward)


@login_required
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    user, finding = _judged(request, pk)
    onward = reviews.following(user, finding)
    given = cleaned(ReasonForm(request.POST))
    findings.send_back(finding=finding, **given, by=user, now=timezone.now())
    messages.success(request, _("已退回：%(what)s") % {"what": finding})
    return _onward(onward)


def _judged(request: HttpRequest, pk: int) -> tuple[User, Finding]:
    user = person_who(request, "findings.read")
    finding = get_object_or_404(Finding.objects.visible_to(user), pk=pk)
    access.require(user, "findings.review")
    return user, finding


def _onward(finding: Finding | None) -> HttpResponse:
    if finding is None:
        return redirect("desk-review")
    return redirect("desk-review-one", pk=finding.pk)
