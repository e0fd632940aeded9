"""One problem, read and put right by its station."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from audits import deadlines, queries
from audits.models import EvidencePhoto, Finding, Rectification
from audits.pages.forms import Lines, cleaned
from audits.pages.head_words import head_words
from audits.pages.people import person_who
from audits.queries.carriage import carriers_named
from audits.services import extensions
from stations.models import User


class ExtensionForm(forms.Form):
    due_on = forms.DateField(
        label=gettext_lazy("延期到"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}),
    )
    reason = Lines(
        label=gettext_lazy("原因"),
        max_length=500,
        widget=forms.Textarea(attrs={"class": "input input--area", "rows": 3}),
    )


def _found(user: User, pk: int) -> Finding:
    rows = Finding.objects.visible_to(user).select_related(
        "station", "round", "item__version__checklist", "raised_by", "repeat_of"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
@ensure_csrf_cookie
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_who(request, "findings.rectify")
    found = _found(user, pk)
    attempts = list(found.rectifications.select_related("submitted_by", "reviewed_by"))
    last = attempts[-1] if attempts else None
    is_mine = found.status in {Finding.Status.OPEN, Finding.Status.IN_PROGRESS}
    context = {
        "finding": found,
        "guidance": queries.finding_guidance(found),
        "last": last,
        "returned": last if is_mine and last and last.outcome == last.Outcome.RETURNED else None,
        "events": carriers_named(found.events.select_related("by", "round").order_by("-number")),
        "is_mine": is_mine,
        "today": deadlines.local_day(timezone.now()),
        "words": head_words(),
        "extension": ExtensionForm(),
        **_photos(found, user, last),
    }
    return render(request, "audits/finding.html", context)


def _photos(found: Finding, user: User, last: Rectification | None) -> dict[str, object]:
    """Before, as sent with the last attempt, and taken here since: what was left out of an attempt
    stays out."""
    photos = list(queries.finding_photos(found))
    after = [photo for photo in photos if photo.kind == EvidencePhoto.Kind.AFTER]
    return {
        "before": [queries.photo_link(p) for p in photos if p.kind != EvidencePhoto.Kind.AFTER],
        "sent": [queries.photo_link(p) for p in after if last and p.rectification_id == last.pk],
        "fresh": [
            queries.photo_link(p)
            for p in after
            if p.rectification_id is None
            and p.uploaded_by_id == user.pk
            and not (last and p.received_at <= last.submitted_at)
        ],
    }


@login_required
@require_POST
def ask_extension(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_who(request, "findings.rectify")
    found = _found(user, pk)
    given = cleaned(ExtensionForm(request.POST))
    extensions.ask(finding=found, by=user, now=timezone.now(), **given)
    messages.success(request, _("已申请延期，等区局或街道答复。"))
    return redirect("my-finding", pk=pk)
