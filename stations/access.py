"""May they? One table of roles and verbs, one place that turns a person into a set of stations.

Out of scope is 404: querysets are narrowed by `scope` before anything is looked up. In scope but
not allowed is 403: `require`. Default is no.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from stations.refusals import not_allowed
from stations.statements import Statement

if TYPE_CHECKING:
    from stations.models import Region, User

BUREAU, SUPERVISOR, INSPECTOR = "bureau", "supervisor", "inspector"
STATION_HEAD, SYSADMIN, AUDITOR = "station_head", "sysadmin", "auditor"

FIELD_ROLES = {BUREAU, SUPERVISOR, INSPECTOR, STATION_HEAD}

ALLOWED: dict[str, set[str]] = {
    "stations.read": FIELD_ROLES,
    "stations.write": {BUREAU},
    "stations.export": {BUREAU, SUPERVISOR},
    "stations.contact": {BUREAU, STATION_HEAD},
    "checklists.read": FIELD_ROLES,
    "checklists.write": {BUREAU},
    "rounds.read": FIELD_ROLES,
    "rounds.write": {BUREAU},
    "assignments.read": FIELD_ROLES,
    "assignments.write": {BUREAU, SUPERVISOR},
    "assignments.withdraw": {BUREAU},
    "audits.read": FIELD_ROLES,
    "audits.draft": {BUREAU, SUPERVISOR, INSPECTOR},  # answers not handed in yet
    "audits.fill": {INSPECTOR},
    "audits.reopen": {BUREAU},
    "phones.keep": {INSPECTOR, STATION_HEAD},  # evidence kept on a phone, sealed with a key of ours
    "selfchecks.read": FIELD_ROLES,
    "selfchecks.fill": {STATION_HEAD},
    "photos.read": FIELD_ROLES,
    "photos.add": {INSPECTOR, STATION_HEAD, BUREAU, SUPERVISOR},
    "photos.import": {BUREAU, SUPERVISOR},  # a parcel from a phone that cannot send
    "findings.read": FIELD_ROLES,
    "findings.raise": {BUREAU, INSPECTOR},
    "findings.rectify": {STATION_HEAD},
    "findings.review": {BUREAU, SUPERVISOR, INSPECTOR},
    "findings.rule": {BUREAU},
    "findings.extend": {BUREAU, SUPERVISOR},
    "indicators.read": FIELD_ROLES,
    "targets.read": {BUREAU},
    "targets.write": {BUREAU},
    "indicators.compare": {BUREAU, SUPERVISOR},  # a region's stations side by side
    "reports.create": {BUREAU, SUPERVISOR, STATION_HEAD},
    "users.read": {BUREAU, SUPERVISOR, SYSADMIN, AUDITOR},
    "users.write": {BUREAU, SYSADMIN},
    "history.read": FIELD_ROLES | {AUDITOR},
}

# Who may make or change an account of which role: nobody gives themselves a business role.
GRANTS: dict[str, set[str]] = {
    BUREAU: {BUREAU, SUPERVISOR, INSPECTOR, STATION_HEAD},
    SYSADMIN: {BUREAU, SUPERVISOR, INSPECTOR, STATION_HEAD, SYSADMIN, AUDITOR},
}


def may(user: User, action: str) -> bool:
    return bool(user.is_active and user.role in ALLOWED[action])


def require(user: User, action: str) -> None:
    if not may(user, action):
        raise not_allowed()


def may_grant(user: User, role: str) -> bool:
    return role in GRANTS.get(user.role, set())


def regions(user: User) -> list[Region]:
    """Those the account was given, read once per request."""
    if not hasattr(user, "_own_regions"):
        user._own_regions = list(user.regions.all())  # type: ignore[attr-defined]
    return user._own_regions  # type: ignore[attr-defined]


def regions_and_children(user: User) -> list[Region]:
    """The same and what lies directly below them, in one statement, in the tree's order."""
    found: list[Any] = _NEAR.made(_NEAR.read(user.pk))
    user._own_regions = [region for region in found if region.is_own]  # type: ignore[attr-defined]
    return found


def _own_and_children(user_id: int) -> QuerySet[Any]:
    regions = apps.get_model("stations", "Region")._default_manager
    own = regions.filter(users=user_id).order_by().values("pk")
    # A union: over an "or" of two places PostgreSQL walks through every region there is.
    near = own.union(regions.filter(parent__in=own).order_by().values("pk"))
    return (
        regions.filter(pk__in=near)
        .annotate(is_own=ExpressionWrapper(Q(pk__in=own), BooleanField()))
        .order_by("path")
    )


_NEAR: Statement[Any] = Statement(_own_and_children)


def region_paths(user: User) -> list[str]:
    return [region.path for region in regions(user)]


def _below(prefix: str, paths: list[str]) -> Q:
    reached = Q(pk__in=[])
    for path in paths:
        reached |= Q(**{f"{prefix}path__startswith": path})
    return reached


def station_ids(user: User) -> QuerySet[Any]:
    """Primary keys of the stations the account reaches, as a subquery."""
    stations = apps.get_model("stations", "Station")._default_manager
    if not user.is_active or user.role not in FIELD_ROLES:
        return stations.none().values("pk")
    if user.role in {BUREAU, SUPERVISOR}:
        return stations.filter(_below("region__", region_paths(user))).values("pk")
    if user.role == INSPECTOR:
        mine = Q(assignments__inspector=user) | Q(assignments__audit__started_by=user)
        return stations.filter(mine).values("pk")
    return user.stations.values("pk")


def scope(user: User, station: str) -> Q:
    """A filter for rows whose station is at lookup path `station` ("" for Station itself)."""
    return Q(**{f"{station or 'pk'}__in": station_ids(user)})


def region_scope(user: User) -> Q:
    """Regions that hold something the account reaches, or lie below its own."""
    if user.role in {BUREAU, SUPERVISOR}:
        return _below("", region_paths(user))
    return Q(stations__in=station_ids(user))


def account_scope(user: User) -> Q:
    """Whose account the account may see. Inspectors have no home: every bureau assigns them."""
    if not may(user, "users.read"):
        return Q(pk=user.pk)
    if user.role in {SYSADMIN, AUDITOR}:
        return Q()
    paths = region_paths(user)
    reached = _below("regions__", paths) | _below("stations__region__", paths) | Q(pk=user.pk)
    return reached | Q(role=INSPECTOR) if user.role == BUREAU else reached


def history_scope(user: User) -> Q:
    """The audit administrator reads all of it; others the business events of their scope."""
    if not may(user, "history.read"):
        return Q(pk__in=[])
    if user.role == AUDITOR:
        return Q()
    if user.role in {BUREAU, SUPERVISOR}:
        return scope(user, "station") | Q(actor=user)
    return Q(actor=user)
