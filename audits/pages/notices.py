"""我的通知, on the phone and at the desk."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audits import notices
from audits.models import NoticeLine
from audits.pages.people import person_who
from audits.services import notices as reading
from stations.models import User

PAGE = 20
ON_PHONE = {User.Role.STATION_HEAD, User.Role.INSPECTOR}


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "findings.read")
    lines = NoticeLine.objects.select_related("finding__station", "finding__item")
    rows = notices.of(user).prefetch_related(Prefetch("lines", lines.order_by("due_on", "pk")))
    is_phone = user.role in ON_PHONE
    context = {
        "layout": "phone.html" if is_phone else "desk.html",
        "is_phone": is_phone,
        "finding_route": "my-finding" if user.role == User.Role.STATION_HEAD else "desk-finding",
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "unread": notices.unread(user),
    }
    return render(request, "audits/notices.html", context)


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    reading.mark_read(by=person_who(request, "findings.read"), now=timezone.now())
    return redirect("my-notices")
