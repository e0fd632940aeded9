"""Pictures of an activity."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audits import store
from audits.pages.forms import cleaned
from audits.pages.people import person_who
from targets.models import ActivityPhoto
from targets.pages.forms import PhotoForm
from targets.pages.kinds import KINDS
from targets.pages.records import record_here
from targets.services import photos

COPIES = {"display": "display_path", "thumbnail": "thumbnail_path"}


@login_required
@require_POST
def add(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    user = person_who(request, "targets.write")
    activity = record_here(request, year, KINDS["activities"], pk)
    file = cleaned(PhotoForm(request.POST, request.FILES))["file"]
    photos.attach_photo(activity=activity, file=file, by=user, now=timezone.now())
    messages.success(request, _("照片已保存。"))
    return redirect("target-record", year=year, slug="activities", pk=pk)


@login_required
@require_safe
def copy(request: HttpRequest, id: UUID, which: str) -> HttpResponseBase:
    user = person_who(request, "targets.read")
    if which not in COPIES:
        raise Http404
    photo = get_object_or_404(ActivityPhoto.objects.visible_to(user), pk=id)
    path = store.absolute(getattr(photo, COPIES[which]) or "-")
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response
