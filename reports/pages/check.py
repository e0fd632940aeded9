"""/r/<hash>/: whoever holds a station's report may ask whether it still holds. No sign-in; nothing
of the report is told but which one it is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.queries import own


@require_safe
def page(request: HttpRequest, sealed: str) -> HttpResponse:
    report = own.printed_as(sealed)
    if report is None:
        raise Http404
    context = {"report": report, "is_unchanged": own.is_unchanged(report)}
    response = render(request, "reports/check.html", context)
    response["Cache-Control"] = "no-store"
    return response
