"""Who is at the door: the signed-in account, and the role a page is for."""

from django.http import HttpRequest

from stations import access
from stations.models import User


def person(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    return user


def person_who(request: HttpRequest, action: str) -> User:
    user = person(request)
    access.require(user, action)
    return user
