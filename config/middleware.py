"""What every page shares: a refusal said in people's words, and nothing of it left on the phone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from config import problems
from stations.refusals import FieldError, Refusal

SAFE = {"GET", "HEAD", "OPTIONS"}


class Refusals:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):  # no text of PostgreSQL holds a NUL
            return self._without_nul(request)
        response = self.get_response(request)
        if request.path.startswith("/api/"):
            return response
        if response.status_code == 405:
            words = _("这一步要用页面上的按钮来做。请回到原来的页面再试。")
            page = render(request, "400.html", {"words": words}, status=405)
            page["Allow"] = response.get("Allow", "")
            return page
        if request.method not in SAFE and is_sent_to_sign_in(response):
            return sign_in_again(request)
        return response

    def _without_nul(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return problems.bad_request(request, SuspiciousOperation("NUL"))
        message = _("不能含有空字符。")
        errors: list[FieldError] = [
            {"field": name, "code": "null_characters_not_allowed", "message": message}
            for name, values in request.GET.lists()
            if "\0" in name + "".join(values)
        ]
        return problems.page(Refusal("invalid", message, errors=errors))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        if error.status in {403, 404} or request.method in SAFE:
            status = error.status if error.status in {403, 404} else 400
            words = "" if error.code in {"not_allowed", "not_found"} else error.message
            return render(request, f"{status}.html", {"words": words}, status=status)
        messages.error(request, error.message)
        return redirect(where_from(request))


class NothingKept:
    """A phone goes from hand to hand: what was shown to one person is not kept for the next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response


def is_sent_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith(reverse("login") + "?")


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """And then back to the page one was on: a step that was sent too late is said not to be done."""
    if request.method in SAFE:
        return redirect_to_login(request.get_full_path())
    messages.warning(request, _("登录已过期，刚才这一步没有做。登录后请再做一次。"))
    return redirect_to_login(where_from(request))


def where_from(request: HttpRequest) -> str:
    """The page the form stood on. Referrers of our own pages are always sent (same-origin)."""
    referrer = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return "/"
    parts = urlsplit(referrer)
    return parts.path + (f"?{parts.query}" if parts.query else "")


class SamePerson:
    """A phone that still works as one person must not speak in the session of the next: what it
    holds unsent would be handed in under the wrong name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = unquote(request.headers.get("X-Person", ""))
        user = getattr(request, "user", None)
        if named and user is not None and user.is_authenticated and user.get_username() != named:
            return problems.page(Refusal("other_person", _("现在登录的是另一个人。"), status=401))
        return self.get_response(request)
