from stations.models.history import HistoryEntry, HistorySeal
from stations.models.places import Region, Station, StationLink, StationName
from stations.models.users import FormerPassword, User

__all__ = [
    "FormerPassword",
    "HistoryEntry",
    "HistorySeal",
    "Region",
    "Station",
    "StationLink",
    "StationName",
    "User",
]
