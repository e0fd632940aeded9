"""The rest, to look at. Nothing is changed here: every change has a page whose service knows the
rules. Being a superuser opens nothing: `access` decides, by role."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from knox.models import AuthToken

from stations import access
from stations.models import (
    HistoryEntry,
    HistorySeal,
    Region,
    Station,
    StationLink,
    StationName,
    User,
)

# Their own admins would hand out tokens and permissions past the roles.
for module in ("axes.admin", "django.contrib.auth.admin", "knox.admin"):
    import_module(module)
for model in (Group, AuthToken, AccessAttempt, AccessFailureLog, AccessLog):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class ReadOnlyAdmin(admin.ModelAdmin):
    """`action` of `access.ALLOWED` that opens it; the rows are those the account reaches."""

    action = ""
    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return isinstance(request.user, User) and access.may(request.user, self.action)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = self.model._default_manager
        if hasattr(rows, "visible_to"):
            return self.ordered(rows.visible_to(request.user))
        return self.ordered(rows.filter(self.reached(request)))

    def ordered(self, rows: Any) -> QuerySet[Any]:
        return rows.order_by(*(self.ordering or self.model._meta.ordering or ["pk"]))

    def reached(self, request: HttpRequest) -> Any:
        """For models without `visible_to`: a filter by scope."""
        raise NotImplementedError


class Inside(admin.TabularInline):
    """Rows shown with their parent, to look at."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever may open the parent

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Region)
class RegionAdmin(ReadOnlyAdmin):
    action = "stations.read"
    list_display = ("code", "name_zh", "level", "parent")
    list_filter = ("level",)
    search_fields = ("code", "name_zh", "name_en")
    list_select_related = ("parent",)


class FormerNames(Inside):
    model = StationName


class LinksOnward(Inside):
    model = StationLink
    fk_name = "predecessor"


@admin.register(Station)
class StationAdmin(ReadOnlyAdmin):
    action = "stations.read"
    list_display = ("code", "name_zh", "kind", "region", "opened_on", "closed_on")
    list_filter = ("kind",)
    search_fields = ("code", "name_zh", "name_en", "community_zh")
    list_select_related = ("region",)
    inlines = (FormerNames, LinksOnward)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    action = "users.read"
    list_display = ("username", "display_name", "role", "is_active", "must_change_password")
    list_filter = ("role", "is_active")
    search_fields = ("username", "display_name")
    fields = (
        "username", "display_name", "role", "regions", "stations", "is_active",
        "must_change_password", "last_login", "date_joined",
    )  # fmt: skip


@admin.register(HistoryEntry)
class HistoryEntryAdmin(ReadOnlyAdmin):
    action = "history.read"
    list_display = ("at", "actor_name", "role", "action", "subject", "station", "succeeded")
    list_filter = ("succeeded", "role")
    search_fields = ("actor_name", "action", "subject")
    list_select_related = ("station",)
    date_hierarchy = None


@admin.register(HistorySeal)
class HistorySealAdmin(ReadOnlyAdmin):
    """The audit administrator's: the chain spans everybody's entries."""

    action = "history.read"
    list_display = ("number", "hash", "entry_count", "sealed_at")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return getattr(request.user, "role", "") == access.AUDITOR

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.ordered(HistorySeal.objects.all())
