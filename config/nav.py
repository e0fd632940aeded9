"""The desk's bar: one entry per page of work, shown to those who may do it."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.access import may


class Entry(NamedTuple):
    route: str
    word: str | Promise
    action: str


class Shown(NamedTuple):
    url: str
    word: str | Promise
    is_here: bool
    waiting: int


ENTRIES = [
    Entry("overview", _("总览"), "indicators.compare"),
    Entry("desk-rounds", _("轮次与任务"), "assignments.write"),
    Entry("desk-review", _("复查"), "findings.review"),
    Entry("parcels", _("待传包"), "photos.import"),
    Entry("ledger", _("问题台账"), "findings.read"),
    Entry("targets", _("绩效目标表"), "targets.read"),
    Entry("desk-checklists", _("检查表"), "checklists.read"),
    Entry("desk-reports", _("报告"), "reports.create"),
    Entry("desk-stations", pgettext_lazy("list", "服务站"), "stations.export"),
    Entry("people", _("用户"), "users.read"),
    Entry("desk-history", _("操作记录"), "history.read"),
]


def entries(request: HttpRequest) -> list[Shown]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    urls = [(entry, _url(entry.route)) for entry in ENTRIES if may(user, entry.action)]
    here = _here(request, urls)
    counts = getattr(request, "nav_counts", {})  # set by a page that has counted anyway
    return [
        Shown(url, entry.word, url == here, counts.get(entry.route, 0))
        for entry, url in urls
        if url
    ]


def _here(request: HttpRequest, urls: list[tuple[Entry, str]]) -> str:
    """The entry a page names itself, else the one whose address its own begins with."""
    named = getattr(request, "nav_here", "")
    paths = [url for entry, url in urls if entry.route == named]
    paths = paths or [url for _entry, url in urls if url and request.path.startswith(url)]
    return max(paths, key=len, default="")


def _url(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:  # a page of a later release
        return ""
