"""Stations in from a CSV file, tried first; and out again."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stations import forms, sheets
from stations.api.transfer import csv_file
from stations.pages.doors import person_who
from stations.refusals import Refusal
from stations.services import transfer

CARRIED = 2 * 1024 * 1024  # what the page keeps for the second step; a larger file is chosen again

SHOWN = 500  # errors in the table; the count tells how many there are


@login_required
def import_page(request: HttpRequest) -> HttpResponse:
    """First a dry run with its table; then the same bytes for real."""
    by = person_who(request, "stations.write")
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    given: dict[str, Any] = {"form": form, "columns": sheets.HEADINGS.items()}
    if request.method == "POST":
        content, name = _file(request, form)
        if content is not None:
            is_trial = "confirm" not in request.POST
            try:
                outcome = transfer.import_stations(
                    content=content, filename=name, dry_run=is_trial, by=by, now=timezone.now()
                )
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                return render(request, "stations/import.html", given)
            if not is_trial and not outcome.errors:
                words = _("导入完成：新增 %(created)s 个，修改 %(changed)s 个。")
                counts = {"created": len(outcome.created), "changed": len(outcome.changed)}
                messages.success(request, words % counts)
                return redirect("desk-stations")
            given |= {"outcome": outcome, "name": name, "carried": _carried(content, outcome)}
            given["errors"] = [
                {**error, "word": sheets.HEADINGS.get(error["column"], "")}
                for error in outcome.errors[:SHOWN]
            ]
    return render(request, "stations/import.html", given)


def _file(request: HttpRequest, form: forms.ImportForm) -> tuple[bytes | None, str]:
    """The bytes: of the chosen file, or those the page carried over from the trial."""
    if "carried" in request.POST and not request.FILES:
        try:
            content = base64.b64decode(request.POST["carried"], validate=True)
        except (binascii.Error, ValueError):
            return None, ""
        return content, request.POST.get("name", "")[:200]
    if not form.is_valid():
        return None, ""
    file = form.cleaned_data["file"]
    if file.size > transfer.MAX_BYTES:
        form.add_error("file", _("文件超过 20 MB。"))
        return None, ""
    return file.read(), file.name


def _carried(content: bytes, outcome: transfer.Outcome) -> str:
    if outcome.errors or len(content) > CARRIED:
        return ""
    return base64.b64encode(content).decode()


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    by = person_who(request, "stations.export")
    chinese = translation.get_language() != "en"
    return csv_file(transfer.export_stations(by=by, now=timezone.now(), chinese=chinese))
