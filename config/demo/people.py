"""The accounts of the demonstration. Roles only; the heads of other stations cannot sign in."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from stations.models import Region, Station, User

Role = User.Role
STAFF = {Role.BUREAU, Role.SYSADMIN, Role.AUDITOR}

# username, role, shown as, regions, stations
ACCOUNTS = [
    ("bureau", Role.BUREAU, "管理员甲", ["440309"], []),
    ("supervisor", Role.SUPERVISOR, "督导甲", ["440309001"], []),
    ("inspector", Role.INSPECTOR, "检查员甲", [], []),
    ("inspector2", Role.INSPECTOR, "检查员乙", [], []),
    ("station", Role.STATION_HEAD, "站长甲", [], ["440309001-W01", "440309001-W06"]),
    ("stranger", Role.STATION_HEAD, "站长乙", [], ["440309002-W01"]),
    ("sysadmin", Role.SYSADMIN, "系统管理员", [], []),
    ("auditor", Role.AUDITOR, "审计管理员", [], []),
]


def create(password: str) -> dict[str, User]:
    """The demonstration accounts by username, and a head for every station left without one."""
    hashed = make_password(password)
    made = {}
    for username, role, shown, regions, stations in ACCOUNTS:
        user = User.objects.create(
            username=username, role=role, display_name=shown, password=hashed, is_demo=True,
            is_staff=role in STAFF,
        )  # fmt: skip
        user.regions.set(Region.objects.filter(code__in=regions))
        user.stations.set(Station.objects.filter(code__in=stations))
        made[username] = user
    return made


def keep_password(password: str) -> None:
    """Another DEMO_PASSWORD at a later start is the one in force."""
    for user in User.objects.filter(is_demo=True, username__in=[row[0] for row in ACCOUNTS]):
        if not user.check_password(password):
            user.password = make_password(password)
            user.save(update_fields=["password"])


def heads() -> dict[int, User]:
    """One head per station, by station id."""
    taken = {
        station_id: user
        for user in User.objects.filter(role=Role.STATION_HEAD).prefetch_related("stations")
        for station_id in user.stations.values_list("pk", flat=True)
    }
    for station in Station.objects.real().exclude(pk__in=taken):
        user = User.objects.create(
            username=f"head-{station.code.lower()}",
            role=Role.STATION_HEAD,
            display_name=f"{station.short_name}站长",
            password=make_password(None),
            is_demo=True,
        )
        user.stations.add(station)
        taken[station.pk] = user
    return taken
