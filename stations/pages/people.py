"""用户: who has an account, with which role, reaching what."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stations import access, forms
from stations.models import User
from stations.models.users import AccountQuerySet
from stations.pages.doors import person_who
from stations.refusals import Refusal
from stations.services import accounts

PER_PAGE = 50
STATES = {
    "active": Q(is_active=True, must_change_password=False),
    "first": Q(is_active=True, must_change_password=True),
    "disabled": Q(is_active=False),
}


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = person_who(request, "users.read")
    people = User.objects.visible_to(user)
    shown, query = _filtered(people, request)
    counts = people.aggregate(
        total=Count("pk", distinct=True),
        disabled=Count("pk", distinct=True, filter=Q(is_active=False)),
    )
    page = Paginator(shown.order_by("role", "username"), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "stations/people.html",
        {
            "page": page,
            "people": page.object_list,
            "counts": counts,
            "chosen": query,
            "query": urlencode(query),
            "roles": User.Role.choices,
            "may_write": access.may(user, "users.write"),
        },
    )


def _filtered(
    people: AccountQuerySet, request: HttpRequest
) -> tuple[AccountQuerySet, dict[str, str]]:
    form = forms.PeopleFilter(request.GET)
    form.is_valid()
    query = {name: value for name, value in form.cleaned_data.items() if value}
    if "q" in query:
        people = people.matching(query["q"])
    if "role" in query:
        people = people.filter(role=query["role"])
    if "state" in query:
        people = people.filter(STATES[query["state"]])
    return people.prefetch_related("regions", "stations__region"), query


def _person(request: HttpRequest, username: str) -> User:
    reached = User.objects.visible_to(person_who(request, "users.read"))
    return get_object_or_404(reached, username=username)


@login_required
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    by = person_who(request, "users.write")
    form = forms.AccountForm(request.POST or None, by=by, initial={"role": User.Role.INSPECTOR})
    if request.method == "POST" and form.is_valid():
        try:
            made = accounts.create_account(**form.cleaned_data, by=by, now=timezone.now())
        except Refusal as refusal:
            forms.refused(form, refusal)
        else:
            return _password_once(request, made)
    return render(request, "stations/person_new.html", {"form": form} | _choices(form))


def _choices(form: forms.ScopeForm) -> dict[str, Any]:
    return {
        "region_groups": forms.picks(form["regions"]),
        "station_groups": forms.picks(form["stations"]),
    }


@login_required
def page(request: HttpRequest, username: str) -> HttpResponse:
    by = person_who(request, "users.read")
    person = _person(request, username)
    may_change = (
        access.may(by, "users.write") and access.may_grant(by, person.role) and person.pk != by.pk
    )
    form = forms.ScopeForm(request.POST or None, by=by, initial=_initial(person))
    if request.method == "POST":
        access.require(by, "users.write")
        if form.is_valid() and _changed(request, person, form, by):
            return redirect("person", username=username)
    given = {"person": person, "form": form, "may_change": may_change, "is_self": person == by}
    if may_change:
        given |= _choices(form)
    return render(request, "stations/person.html", given)


def _initial(person: User) -> dict[str, Any]:
    return {
        "display_name": person.display_name,
        "role": person.role,
        "regions": list(person.regions.values_list("code", flat=True)),
        "stations": list(person.stations.values_list("code", flat=True)),
    }


def _changed(request: HttpRequest, person: User, form: forms.ScopeForm, by: User) -> bool:
    try:
        accounts.change_scope(user=person, **form.cleaned_data, by=by, now=timezone.now())
    except Refusal as refusal:
        forms.refused(form, refusal)
        return False
    messages.success(request, _("已保存，对方下一次操作就生效。"))
    return True


@login_required
@require_POST
def disable(request: HttpRequest, username: str) -> HttpResponse:
    person = _person(request, username)
    by = person_who(request, "users.write")
    accounts.disable(user=person, by=by, now=timezone.now())
    messages.success(request, _("%(name)s 已停用，所有登录都已退出。") % {"name": person})
    return redirect("person", username=username)


@login_required
@require_POST
def enable(request: HttpRequest, username: str) -> HttpResponse:
    person = _person(request, username)
    by = person_who(request, "users.write")
    accounts.enable(user=person, by=by, now=timezone.now())
    messages.success(request, _("%(name)s 已启用。") % {"name": person})
    return redirect("person", username=username)


@login_required
@require_POST
@never_cache
def reset_password(request: HttpRequest, username: str) -> HttpResponse:
    person = _person(request, username)
    by = person_who(request, "users.write")
    made = accounts.reset_password(user=person, by=by, now=timezone.now())
    return _password_once(request, made)


def _password_once(request: HttpRequest, made: accounts.NewAccount) -> HttpResponse:
    """Shown in the answer itself: after this page it is nowhere to be read."""
    return render(
        request, "stations/person_password.html", {"person": made.user, "password": made.password}
    )
