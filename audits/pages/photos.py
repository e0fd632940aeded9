"""One photo as evidence: when, where, by whom, the bytes' own hash, and what looks odd."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits.models import EvidencePhoto, PhotoFlag
from audits.pages.forms import cleaned
from audits.pages.people import person_who
from audits.queries import flags, ledger, reviews
from audits.services import verdicts
from stations import access

PAGE = 60


@login_required
@require_safe
def suspicious(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "findings.review")
    region = request.GET.get("region", "")
    is_judged = request.GET.get("judged") == "1"
    request.nav_here = "ledger"  # type: ignore[attr-defined]
    context = {
        "page": _paged(request, flags.suspicious(user, region, is_judged=is_judged), is_judged),
        "region": region,
        "regions": ledger.regions(user),
        "is_judged": is_judged,
        "query": f"region={region}&judged={int(is_judged)}"
        if region.isalnum()
        else f"judged={int(is_judged)}",
    }
    return render(request, "audits/desk/photos.html", context)


def _paged(request: HttpRequest, rows: Any, is_judged: bool) -> Any:
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for photo in page.object_list:
        photo.pairs, photo.may_judge = flags.pairs(photo), flags.may_judge(photo)
    return page


@login_required
@require_safe
def page(request: HttpRequest, id: UUID) -> HttpResponse:
    user = person_who(request, "photos.read")
    rows = EvidencePhoto.objects.visible_to(user).select_related(
        "station__region", "item", "audit__assignment__round", "finding__item", "uploaded_by",
        "rectification",
    )  # fmt: skip
    photo = get_object_or_404(rows, pk=id)
    request.nav_here = "ledger"  # type: ignore[attr-defined]
    context = {
        "photo": photo,
        "flags": flags.grouped(user, photo),
        "distance": reviews.distance(photo),
        "may_judge": access.may(user, "findings.review"),
    }
    return render(request, "audits/desk/photo.html", context)


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(choices=PhotoFlag.Verdict.choices)
    kind = forms.ChoiceField(choices=PhotoFlag.Kind.choices, required=False)


@login_required
@require_POST
def judge(request: HttpRequest, id: UUID) -> HttpResponse:
    user = person_who(request, "photos.read")
    photo = get_object_or_404(EvidencePhoto.objects.visible_to(user), pk=id)
    access.require(user, "findings.review")
    given = cleaned(VerdictForm(request.POST))
    verdicts.judge(photo=photo, **given, by=user, now=timezone.now())
    messages.success(request, _("已记下判断。"))
    return redirect("desk-photo", id=id)
