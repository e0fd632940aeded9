"""What every page needs to dress itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from audits import notices
from config import nav
from config.pages import SIZE_COOKIE
from stations.access import may


def _unread(request: HttpRequest) -> int | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not may(user, "findings.read"):
        return None
    return notices.unread(user)


def look(request: HttpRequest) -> dict[str, Any]:
    return {
        "size": "large" if request.COOKIES.get(SIZE_COOKIE) == "large" else "",
        "demo": settings.DEMO,
        "nav": nav.entries(request),
        "unread_notices": lambda: _unread(request),  # asked only by pages that show it
    }
