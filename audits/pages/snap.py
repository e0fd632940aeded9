"""随手拍: a problem seen outside any round, noted on the spot with its picture."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from audits.models import Finding
from audits.pages.people import person_who
from audits.pages.visit_words import snap_words
from audits.queries import visits
from stations.models import Station


@login_required
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Where it was seen; `?q=` narrows."""
    user = person_who(request, "findings.raise")
    words = request.GET.get("q", "").replace("\0", "")[:60]
    found = list(visits.places(user, words)[: visits.SHOWN + 1])
    context = {
        "stations": found[: visits.SHOWN],
        "is_cut": len(found) > visits.SHOWN,
        "words_asked": words,
        "tab": "visits",
    }
    return render(request, "audits/snap_places.html", context)


@login_required
@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest, code: str) -> HttpResponse:
    user = person_who(request, "findings.raise")
    station = get_object_or_404(Station.objects.visible_to(user), code=code)
    context = {
        "station": station,
        "sections": visits.items_of_kind(station),
        "item_asked": request.GET.get("item", ""),
        "severities": Finding.Severity.choices,
        "words": snap_words(),
    }
    return render(request, "audits/snap.html", context)
