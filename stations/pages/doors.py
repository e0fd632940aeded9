"""Who is at the door of a page."""

from __future__ import annotations

from django.http import HttpRequest

from stations import access
from stations.models import User


def person_who(request: HttpRequest, action: str) -> User:
    """The signed-in account, whose role may do it."""
    user = request.user
    assert isinstance(user, User)
    access.require(user, action)
    return user
