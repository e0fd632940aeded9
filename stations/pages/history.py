"""操作记录: who did what, when; the audit administrator reads all of it, others their own scope."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from stations import access, actions, forms
from stations.models import HistoryEntry, User
from stations.models.history import HistoryQuerySet
from stations.pages.doors import person_who

PER_PAGE, UUID_LENGTH = 50, 36


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "history.read")
    shown, chosen = _filtered(HistoryEntry.objects.visible_to(user), request)
    page = Paginator(shown.select_related("station", "actor"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "stations/history.html",
        {
            "page": page,
            "entries": [
                (entry, actions.word(entry.action), _subject(entry, user))
                for entry in page.object_list
            ],
            "areas": actions.AREAS.items(),
            "chosen": chosen,
            "query": urlencode(chosen),
        },
    )


def _subject(entry: HistoryEntry, user: User) -> dict[str, str]:
    """Its word, what tells it from others, and its page where this account may open that."""
    word, key, thing = actions.subject(entry.subject)
    url = ""
    if thing and thing.route and key and access.may(user, thing.action):
        try:
            url = reverse(thing.route, args=[key])
        except NoReverseMatch:  # a key of earlier times
            url = ""
    return {"word": word, "key": key[:8] if len(key) == UUID_LENGTH else key, "url": url}


def _filtered(
    entries: HistoryQuerySet, request: HttpRequest
) -> tuple[HistoryQuerySet, dict[str, str]]:
    form = forms.HistoryFilter(request.GET)
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    entries = entries.matching(
        actor=chosen.get("q"), area=chosen.get("area"), day=chosen.get("day")
    )
    if chosen.get("failed"):
        entries = entries.filter(succeeded=False)
    return entries, {name: str(value) for name, value in chosen.items()}
