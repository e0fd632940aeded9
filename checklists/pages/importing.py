"""导入评分表: an issued table is read, looked at as a proposal, and made a draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from checklists import queries, sheets
from checklists.services import importing, loading
from stations.models import Station, User
from stations.pages.doors import person_who
from stations.refusals import Refusal

SHOWN = 300  # faults in the table; the heading tells how many there are


class ImportForm(forms.Form):
    """`slug` names a checklist in use; empty means that the table becomes a new one."""

    file = forms.FileField(label=gettext_lazy("评分表文件"), max_length=200, allow_empty_file=True)
    slug = forms.SlugField(label=gettext_lazy("作为"), max_length=40, required=False)
    new_slug = forms.SlugField(
        label=gettext_lazy("代号"),
        max_length=40,
        required=False,
        error_messages={"invalid": gettext_lazy("请写代号：小写字母、数字和连字符。")},
    )
    title_zh = forms.CharField(label=gettext_lazy("名称"), max_length=80, required=False)
    applies_to = forms.MultipleChoiceField(
        label=gettext_lazy("适用站类"), choices=Station.Kind.choices, required=False
    )
    sheet = forms.CharField(label=gettext_lazy("工作表"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not given.get("slug") and not given.get("new_slug") and "new_slug" not in self.errors:
            self.add_error("new_slug", _("请写代号：小写字母、数字和连字符。"))
        return given


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    by = person_who(request, "checklists.write")
    if request.method == "POST" and "yaml" in request.POST:
        return _confirm(request, by)
    form = ImportForm(request.POST or None, request.FILES or None)
    given: dict[str, Any] = {
        "form": form,
        "checklists": queries.in_use(),
        "kinds": Station.Kind.choices,
        "largest": sheets.MAX_BYTES // 1024 // 1024,
    }
    if form.is_bound and form.is_valid():
        try:
            given["proposal"] = _proposed(form.cleaned_data)
        except Refusal as refusal:
            given |= {"refusal": refusal, "errors": refusal.errors[:SHOWN]}
    return render(request, "checklists/import.html", given)


def _proposed(given: dict[str, Any]) -> importing.Proposal:
    file = given["file"]
    return importing.propose(
        content=file.read(sheets.MAX_BYTES + 1),
        filename=file.name,
        slug=given["slug"] or given["new_slug"],
        title_zh=given["title_zh"],
        applies_to=given["applies_to"],
        sheet=given["sheet"],
    )


def _confirm(request: HttpRequest, by: User) -> HttpResponse:
    """The proposal as it was shown, judged again as any checklist file is."""
    content = request.POST["yaml"].encode("utf-8", "replace")
    draft = loading.load_yaml(content=content, filename="yaml", by=by, now=timezone.now())
    messages.success(request, _("草稿已生成。请核对拍照、否决项和标准，再预览发布。"))
    return redirect("desk-checklist", slug=draft.checklist.slug, number=draft.number)
