"""users/: accounts, for those who may make and change them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from stations import access
from stations.api.account import person
from stations.models import User
from stations.services import accounts
from stations.sheets import CODE


class UserOutput(serializers.ModelSerializer[User]):
    role_name = serializers.CharField(source="get_role_display")
    regions: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    stations: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = User
        fields: tuple[str, ...] = (
            "username", "display_name", "role", "role_name", "regions", "stations", "is_active",
            "must_change_password", "last_login",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class NewUserOutput(UserOutput):
    password = serializers.CharField(help_text="shown this once")

    class Meta(UserOutput.Meta):
        fields = (*UserOutput.Meta.fields, "password")
        read_only_fields: tuple[str, ...] = fields


class CodeField(serializers.SlugRelatedField[Any]):
    """A region or station by its code; a NUL and the like never reaches the database."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="code", **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not CODE.fullmatch(data):
            self.fail("does_not_exist", slug_name="code", value=str(data)[:24])
        return super().to_internal_value(data)


class ScopeInput(serializers.Serializer[Any]):
    """Codes in `regions` and `stations` that the caller does not reach are refused as unknown."""

    display_name = serializers.CharField(max_length=40, allow_blank=True, default="")
    role = serializers.ChoiceField(choices=User.Role.choices)

    def get_fields(self) -> dict[str, Any]:
        by = self.context.get("by") or User(is_active=False)  # nobody: the schema is drawn
        return super().get_fields() | {
            "regions": CodeField(many=True, queryset=accounts.grantable_regions(by), default=list),
            "stations": CodeField(
                many=True, queryset=accounts.grantable_stations(by), default=list
            ),
        }


class UserInput(ScopeInput):
    username = serializers.CharField(max_length=150, validators=[UnicodeUsernameValidator()])
    password = serializers.CharField(
        max_length=256, trim_whitespace=False, required=False, help_text="random when absent"
    )


class UserFilter(django_filters.FilterSet):
    role = django_filters.ChoiceFilter(choices=User.Role.choices)
    is_active = django_filters.BooleanFilter()
    search = django_filters.CharFilter(method="matching")

    def matching(self, users: Any, name: str, word: str) -> Any:
        return users.matching(word)


class UserList(ListAPIView[User]):
    queryset = User.objects.none()
    serializer_class = UserOutput
    filterset_class = UserFilter

    def get_queryset(self) -> QuerySet[User]:
        return reached_users(person(self.request))

    @extend_schema(request=UserInput, responses={201: NewUserOutput})
    def post(self, request: Request) -> Response:
        access.require(person(request), "users.write")
        given = UserInput(data=request.data, context={"by": person(request)})
        given.is_valid(raise_exception=True)
        made = accounts.create_account(
            **given.validated_data, by=person(request), now=timezone.now()
        )
        body = UserOutput(made.user).data | {"password": made.password}
        return Response(body, status=status.HTTP_201_CREATED)


def reached_users(by: User) -> QuerySet[User]:
    access.require(by, "users.read")
    users = User.objects.visible_to(by).prefetch_related("regions", "stations")
    return users.order_by("username")


def _changeable(request: Request, username: str) -> User:
    user = get_object_or_404(reached_users(person(request)), username=username)
    access.require(person(request), "users.write")
    return user


class UserDetail(APIView):
    @extend_schema(responses=UserOutput)
    def get(self, request: Request, username: str) -> Response:
        user = get_object_or_404(reached_users(person(request)), username=username)
        return Response(UserOutput(user).data)

    @extend_schema(request=ScopeInput, responses=UserOutput)
    def patch(self, request: Request, username: str) -> Response:
        """What is absent stays as it is."""
        user = _changeable(request, username)
        given = ScopeInput(data=request.data, context={"by": person(request)}, partial=True)
        given.is_valid(raise_exception=True)
        present = {
            "role": user.role,
            "display_name": user.display_name,
            "regions": list(user.regions.all()),
            "stations": list(user.stations.all()),
        }
        accounts.change_scope(
            user=user,
            **(present | given.validated_data),
            by=person(request),
            now=timezone.now(),
        )
        fresh = get_object_or_404(reached_users(person(request)), pk=user.pk)
        return Response(UserOutput(fresh).data)


class UserDisable(APIView):
    @extend_schema(request=None, responses=UserOutput)
    def post(self, request: Request, username: str) -> Response:
        user = _changeable(request, username)
        accounts.disable(user=user, by=person(request), now=timezone.now())
        user.refresh_from_db()
        return Response(UserOutput(user).data)


class UserEnable(APIView):
    @extend_schema(request=None, responses=UserOutput)
    def post(self, request: Request, username: str) -> Response:
        user = _changeable(request, username)
        accounts.enable(user=user, by=person(request), now=timezone.now())
        user.refresh_from_db()
        return Response(UserOutput(user).data)


class UserResetPassword(APIView):
    @extend_schema(request=None, responses=NewUserOutput)
    def post(self, request: Request, username: str) -> Response:
        """A new random password, shown this once; every session and token ends."""
        user = _changeable(request, username)
        fresh = accounts.reset_password(user=user, by=person(request), now=timezone.now())
        user.refresh_from_db()
        return Response(UserOutput(user).data | {"password": fresh.password})
