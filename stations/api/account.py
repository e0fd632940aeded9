"""auth/: a token for a password and back; me/: who am I, and what do I reach."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from stations import access
from stations.models import Station, User
from stations.refusals import Refusal
from stations.services import accounts


def person(request: Request) -> User:
    """The signed-in account: the default permission lets nobody else in."""
    user: Any = request.user
    assert isinstance(user, User)
    return user


class TokenInput(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=256, trim_whitespace=False)


class TokenOutput(serializers.Serializer[Any]):
    token = serializers.CharField()


class Token(APIView):
    """A token for username and password; an account may hold several."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=TokenInput, responses=TokenOutput, auth=[])
    def post(self, request: Request) -> Response:
        given = TokenInput(data=request.data)
        given.is_valid(raise_exception=True)
        user = proved(request, given.validated_data)
        return Response({"token": accounts.issue_token(user=user, now=timezone.now())})


def proved(request: Request, credentials: dict[str, str]) -> User:
    """Whose password it is. Unknown, wrong and disabled answer alike; Django hashes for the
    unknown too, so they take as long."""
    page_request = request._request
    user = authenticate(page_request, **credentials)
    if isinstance(user, User):
        return user
    accounts.record_refused_sign_in(username=credentials["username"], now=timezone.now())
    if getattr(page_request, "axes_locked_out", False):
        page_request.axes_locked_out = False  # type: ignore[attr-defined]  # or axes answers in HTML
        seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
        raise Refusal(
            "locked",
            _("密码连续错了太多次，账号暂时锁定，请 %(minutes)s 分钟后再试。")
            % {"minutes": seconds // 60},
            status=429,
            retry_after=seconds,
        )
    raise Refusal("bad_credentials", _("账号或密码不对。"), status=401)


class Logout(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Ends the token this was called with, or the session."""
        if request.auth is not None:
            request.auth.delete()
        else:
            logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeOutput(serializers.Serializer[Any]):
    username = serializers.CharField()
    display_name = serializers.CharField(source="__str__")
    role = serializers.ChoiceField(choices=User.Role.choices)
    role_name = serializers.CharField(source="get_role_display")
    regions = serializers.SerializerMethodField()
    stations = serializers.SerializerMethodField()
    must_change_password = serializers.BooleanField()
    actions = serializers.SerializerMethodField()

    def get_regions(self, user: User) -> list[str]:
        """Codes of the regions that are mine, with everything below them."""
        return list(user.regions.order_by("code").values_list("code", flat=True))

    def get_stations(self, user: User) -> list[str]:
        """Codes: a head's own, an inspector's assigned; empty where regions say it."""
        if user.role in {User.Role.BUREAU, User.Role.SUPERVISOR}:
            return []
        reached = Station.objects.filter(pk__in=access.station_ids(user))
        return list(reached.order_by("code").values_list("code", flat=True))

    def get_actions(self, user: User) -> list[str]:
        return sorted(action for action in access.ALLOWED if access.may(user, action))


class Me(APIView):
    @extend_schema(responses=MeOutput)
    def get(self, request: Request) -> Response:
        return Response(MeOutput(person(request)).data)
