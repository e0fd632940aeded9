"""自查 on the station head's phone: filled before the visit, read against it afterwards."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from audits import queries
from audits.models import Assignment
from audits.models.selfchecks import SelfAnswer
from audits.pages.head_words import head_words, self_check_words
from audits.pages.people import person_who
from audits.queries import selfchecks
from stations.models import User

ICONS = {"pass": "check", "partial": "half", "fail": "cross", "na": "dash"}


@login_required
@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest, pk: int) -> HttpResponse:
    user = person_who(request, "selfchecks.fill")
    rows = Assignment.objects.visible_to(user).select_related(
        "version__checklist", "station", "round", "audit", "inspector"
    )
    task = get_object_or_404(rows, pk=pk)
    return (
        _form(request, user, task) if selfchecks.is_open(task) else _compared(request, user, task)
    )


def _form(request: HttpRequest, user: User, task: Assignment) -> HttpResponse:
    check = selfchecks.of_assignment(user, task)
    sections = selfchecks.sheet(task, check)
    context = {
        "task": task,
        "station": task.station,
        "check": check,
        "sections": sections,
        "answered": sum(section["answered"] for section in sections),
        "results": [(value, word, ICONS[value]) for value, word in SelfAnswer.Result.choices],
        "words": {**head_words(), **self_check_words()},
    }
    return render(request, "audits/selfcheck.html", context)


def _compared(request: HttpRequest, user: User, task: Assignment) -> HttpResponse:
    check, revision = selfchecks.of_assignment(user, task), queries.revision_in_force(task.audit)
    if check is None or revision is None:
        raise Http404
    context = {
        "task": task,
        "station": task.station,
        "words": head_words(),
        "deviation": selfchecks.deviation(check, revision, task),
    }
    return render(request, "audits/selfcheck_compared.html", context)
