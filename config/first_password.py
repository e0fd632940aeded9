"""A password somebody else made up is changed before anything else is done with it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from config import problems
from stations.refusals import Refusal

STILL_OPEN = {"password_change", "logout", "set_language", "set_size"}


class FirstPassword:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated or not user.must_change_password or user.is_demo:
            return None
        match = request.resolver_match
        if match is None or match.url_name in STILL_OPEN:
            return None
        if request.path.startswith("/api/"):
            return problems.page(
                Refusal("password_change_required", _("请先修改密码。"), status=403)
            )
        return redirect("password_change")
