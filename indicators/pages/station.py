"""One station's score opened: sections → items → photos, from the frozen tree of the period."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from audits.pages.people import person_who
from audits.queries import standing
from indicators import queries
from indicators.pages.drill import revision_of, tree_of
from indicators.pages.lens import lens_of
from stations.access import may
from stations.models import Station


@login_required
@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    user = person_who(request, "indicators.read")
    rows = Station.objects.visible_to(user).select_related("region")
    station = get_object_or_404(rows, code=code)
    lens = lens_of(request, user, home=station.region)
    summary = queries.station_summary(station=station, period=lens.period, as_of=lens.as_of)
    revision = revision_of(summary.audit_id, lens.as_of)
    visits = (
        queries.revisions_of(station, lens.as_of) if lens.as_of else standing.revisions_of(station)
    )
    context = {
        "station": station,
        "lens": lens,
        "summary": summary,
        "revision": revision,
        "tree": tree_of(revision, lens.as_of),
        "section": request.GET.get("section", ""),
        "past": [(one, standing.inspected(one)) for one in visits],
        "may_compare": may(user, "indicators.compare"),
    }
    return render(request, "indicators/station.html", context)
