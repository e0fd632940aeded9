"""检查表: what is asked, in which version, and how a draft becomes one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from checklists import queries, sheets
from checklists.models import ChecklistVersion
from checklists.services import loading
from stations import access
from stations.models import Station
from stations.models.places import in_language
from stations.pages.doors import person_who
from stations.refusals import Refusal

LARGEST = 1024 * 1024


class LoadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("YAML 文件"), max_length=200, allow_empty_file=True)


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "checklists.read")
    given = {
        "checklists": queries.checklists_visible_to(user),
        "kinds": dict(Station.Kind.choices),
        "may_write": access.may(user, "checklists.write"),
    }
    return render(request, "checklists/checklists.html", given)


@login_required
@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    user = person_who(request, "checklists.read")
    shown = reached(request, slug, number)
    asked = request.GET.get("kind", "")
    kinds = [(k.value, k.label) for k in Station.Kind if k in shown.checklist.applies_to]
    kind = asked if asked in dict(kinds) and len(kinds) > 1 else ""
    sections = queries.sheet(shown, kind)
    return render(
        request,
        "checklists/version.html",
        {
            "version": shown,
            "sections": sections,
            "grades": [
                grade | {"name": in_language(grade["name_zh"], grade.get("name_en", ""))}
                for grade in shown.grades
            ],
            "item_count": sum(len(section["items"]) for section in sections),
            "points": sum(section["points"] for section in sections),
            "kinds": kinds if len(kinds) > 1 else [],
            "kind": kind,
            "may_write": access.may(user, "checklists.write"),
            "is_draft": shown.status == ChecklistVersion.Status.DRAFT,
        },
    )


def reached(request: HttpRequest, slug: str, number: int) -> ChecklistVersion:
    reached = queries.versions_visible_to(person_who(request, "checklists.read"))
    return get_object_or_404(reached, checklist__slug=slug, number=number)


@login_required
@require_safe
def download(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The version as a file that can be loaded again."""
    text = sheets.write(loading.as_sheet(reached(request, slug, number)))
    name = f"{slug}-v{number}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@login_required
def load(request: HttpRequest) -> HttpResponse:
    by = person_who(request, "checklists.write")
    form = LoadForm(request.POST or None, request.FILES or None)
    given = {"form": form, "errors": []}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read(LARGEST + 1)
        try:
            draft = loading.load_yaml(
                content=content, filename=file.name, by=by, now=timezone.now()
            )
        except Refusal as refusal:
            given |= {"refusal": refusal, "errors": refusal.errors}
        else:
            messages.success(request, _("草稿已载入，看过再发布。"))
            return redirect("desk-checklist", slug=draft.checklist.slug, number=draft.number)
    return render(request, "checklists/load.html", given)


@login_required
@require_POST
def discard(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    draft = reached(request, slug, number)
    by = person_who(request, "checklists.write")
    loading.discard_draft(version=draft, by=by, now=timezone.now())
    messages.success(request, _("草稿已删除。"))
    return redirect("desk-checklists")
