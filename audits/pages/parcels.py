"""待传包: the desk hands in what a phone could not send."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits.pages.people import person_who
from audits.services import parcels
from stations.refusals import bad_field


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "photos.import")
    if request.method != "POST":
        return render(request, "audits/desk/parcel.html")
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise bad_field("file", "required", _("请选一个待传包。"))
    outcome = parcels.import_parcel(file=file, by=user, now=timezone.now())
    counts = {name: outcome.count(name) for name in ("new", "held", "refused")}
    return render(request, "audits/desk/parcel.html", {"outcome": outcome, "counts": counts})
