"""Routes of the pages of reports."""

from django.urls import path

from reports.pages import check, desk, station

routes = [
    path("bureau/reports/", desk.page, name="desk-reports"),
    path("my/reports/", station.page, name="my-reports"),
    path("r/<str:sealed>/", check.page, name="report-check"),
]
