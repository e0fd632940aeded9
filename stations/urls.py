from django.urls import URLPattern, URLResolver, path, register_converter

from stations.api import account, history, places, transfer, users
from stations.pages import history as page_history
from stations.pages import lineage, people
from stations.pages import places as page_places
from stations.pages import transfer as page_transfer


class Code:
    regex = "[0-9A-Za-z-]{1,24}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Username(Code):
    regex = r"[\w.@+-]{1,150}"


register_converter(Code, "code")
register_converter(Username, "username")

urlpatterns: list[URLPattern | URLResolver] = [
    path("bureau/people/", people.listing, name="people"),
    path("bureau/people/new/", people.new, name="person-new"),
    path("bureau/people/u/<username:username>/", people.page, name="person"),
    path("bureau/people/u/<username:username>/disable/", people.disable, name="person-disable"),
    path("bureau/people/u/<username:username>/enable/", people.enable, name="person-enable"),
    path(
        "bureau/people/u/<username:username>/reset-password/",
        people.reset_password,
        name="person-reset-password",
    ),
    path("bureau/history/", page_history.listing, name="desk-history"),
    path("bureau/stations/", page_places.listing, name="desk-stations"),
    path("bureau/stations/new/", page_places.new, name="station-new"),
    path("bureau/stations/import/", page_transfer.import_page, name="stations-import"),
    path("bureau/stations/export/", page_transfer.export, name="stations-export"),
    path("bureau/stations/<code:code>/", page_places.page, name="desk-station"),
    path("bureau/stations/<code:code>/contact/", page_places.contact, name="station-contact"),
    path("bureau/stations/<code:code>/rename/", page_places.rename, name="station-rename"),
    path("bureau/stations/<code:code>/close/", page_places.close, name="station-close"),
    path("bureau/stations/<code:code>/reopen/", lineage.reopen, name="station-reopen"),
    path("bureau/stations/<code:code>/split/", lineage.split, name="station-split"),
    path("bureau/stations/<code:code>/merge/", lineage.merge, name="station-merge"),
]

# Collected under /api/v1/ by config/urls.py.
api: list[URLPattern | URLResolver] = [
    path("auth/token/", account.Token.as_view()),
    path("auth/logout/", account.Logout.as_view()),
    path("me/", account.Me.as_view()),
    path("regions/", places.RegionList.as_view()),
    path("regions/<code:code>/", places.RegionDetail.as_view()),
    path("stations/", places.StationList.as_view()),
    path("stations/import/", transfer.StationImport.as_view()),
    path("stations/export/", transfer.StationExport.as_view()),
    path("stations/<code:code>/", places.StationDetail.as_view()),
    path("history/", history.HistoryList.as_view()),
    path("users/", users.UserList.as_view()),
    path("users/<username:username>/", users.UserDetail.as_view()),
    path("users/<username:username>/disable/", users.UserDisable.as_view()),
    path("users/<username:username>/enable/", users.UserEnable.as_view()),
    path("users/<username:username>/reset-password/", users.UserResetPassword.as_view()),
]
