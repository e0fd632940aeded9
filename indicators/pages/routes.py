"""Routes of the pages of figures."""

from django.urls import path

from indicators.pages import calibration, figure, heat, overview, station, wall, worklist

routes = [
    path("bureau/", overview.page, name="overview"),
    path("bureau/scores/", heat.page, name="heat"),
    path("bureau/work/", worklist.page, name="worklist"),
    path("bureau/calibration/", calibration.page, name="calibration"),
    path("bureau/figure/<slug:name>/", figure.page, name="figure"),
    path("bureau/stations/<code:code>/score/", station.page, name="station-score"),
    path("wall/", wall.page, name="wall"),
    path("wall/board/", wall.board, name="wall-board"),
]
