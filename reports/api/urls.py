"""Routes of the reports under /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from reports.api.reports import ReportDetail, ReportFile, Reports

routes: list[URLPattern | URLResolver] = [
    path("reports/", Reports.as_view(), name="reports"),
    path("reports/<uuid:id>/", ReportDetail.as_view(), name="report"),
    path("reports/<uuid:id>/file/", ReportFile.as_view(), name="report-file"),
]
