"""One audit opened up, revision by revision; and sent back to its inspector when it is wrong."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from audits import queries
from audits.models import Answer, Audit, AuditRevision
from audits.pages.forms import Lines, ReasonForm, cleaned
from audits.pages.people import person_who
from audits.queries import selfchecks, trees
from audits.services import audits, corrections
from stations import access
from stations.models import User


def _visible(user: User) -> QuerySet[Audit]:
    return Audit.objects.visible_to(user).select_related(
        "assignment__station__region", "assignment__round", "assignment__inspector",
        "assignment__version__checklist", "started_by",
    )  # fmt: skip


@login_required
@require_safe
def page(request: HttpRequest, id: UUID) -> HttpResponse:
    user = person_who(request, "audits.read")
    audit = get_object_or_404(_visible(user), pk=id)
    revisions = list(trees.revisions(audit))
    shown = next((one for one in revisions if str(one.number) == request.GET.get("revision")), None)
    shown = shown or (revisions[0] if revisions else None)
    if shown:
        shown.audit = audit
    request.nav_here = "desk-rounds"  # type: ignore[attr-defined]
    context = {
        "audit": audit,
        "assignment": audit.assignment,
        "station": audit.assignment.station,
        "receipt": queries.receipt(audit, timezone.now()),
        "revisions": revisions,
        "shown": shown,
        "tree": trees.frozen_tree(shown) if shown else None,
        "parts": None if shown else trees.live_parts(audit),
        "deviation": _deviation(user, audit, shown),
        "events": trees.history(audit),
        "may_reopen": access.may(user, "audits.reopen") and not audit.is_open,
        "results": [one for one in Answer.Result.choices if one[0] != Answer.Result.UNABLE],
    }
    return render(request, "audits/desk/audit.html", context)


def _deviation(
    user: User, audit: Audit, revision: AuditRevision | None
) -> selfchecks.Deviation | None:
    """自评偏差 against the revision shown."""
    check = selfchecks.of_assignment(user, audit.assignment) if revision else None
    return selfchecks.deviation(check, revision, audit.assignment) if check and revision else None


class CorrectForm(ReasonForm):
    item_code = forms.CharField(label=_lazy("检查项"), max_length=12)
    result = forms.ChoiceField(label=_lazy("结果"), choices=Answer.Result.choices)
    note = Lines(label=_lazy("说明"), max_length=2000, required=False)


@login_required
@require_POST
def correct(request: HttpRequest, id: UUID) -> HttpResponse:
    user = person_who(request, "audits.read")
    audit = get_object_or_404(_visible(user), pk=id)
    access.require(user, "audits.reopen")
    given = cleaned(CorrectForm(request.POST))
    reason = given.pop("reason")
    corrections.correct(
        audit=audit, corrections=[corrections.Correction(**given)], reason=reason, by=user,
        now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("已更正，得分以新的一版为准，原来的仍可查。"))
    return redirect("desk-audit", id=id)


@login_required
@require_POST
def reopen(request: HttpRequest, id: UUID) -> HttpResponse:
    user = person_who(request, "audits.read")
    audit = get_object_or_404(_visible(user), pk=id)
    access.require(user, "audits.reopen")
    given = cleaned(ReasonForm(request.POST))
    audits.reopen_audit(audit=audit, **given, by=user, now=timezone.now())
    messages.success(request, _("已重新打开，检查员会在今日任务里看到原因。"))
    return redirect("desk-audit", id=id)
