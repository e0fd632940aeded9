"""A desk left alone is signed out (等保 level 2). A phone is not: it may hold unsent evidence."""

from collections.abc import Callable
from time import time

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from config import problems
from config.middleware import sign_in_again
from stations.refusals import Refusal
from stations.services.accounts import DESK_ROLES

SEEN, LEFT = "seen_at", "idle"
GRAIN = 60  # seconds between two notes in the session: not a write a request


class DeskIdle:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "role", "") in DESK_ROLES:
            idle = time() - request.session.get(SEEN, time())
            if idle > settings.DESK_IDLE_SECONDS:
                return self._signed_out(request)
            if idle > GRAIN:
                watch(request)
        return self.get_response(request)

    def _signed_out(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        if request.path.startswith("/api/"):
            return problems.page(
                Refusal("not_authenticated", _("离开太久，请重新登录。"), status=401)
            )
        request.session[LEFT] = True
        return sign_in_again(request)


def watch(request: HttpRequest) -> None:
    """From a sign-in with a password on."""
    request.session[SEEN] = time()
