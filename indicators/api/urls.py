"""Routes of the figures under /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from indicators.api.calibration import Calibration
from indicators.api.effect import Effect
from indicators.api.summaries import RegionSummary, StationSummary

routes: list[URLPattern | URLResolver] = [
    path("indicators/calibration/", Calibration.as_view(), name="calibration"),
    path("indicators/effect/", Effect.as_view(), name="effect"),
    path("regions/<code:code>/summary/", RegionSummary.as_view(), name="region-summary"),
    path("stations/<code:code>/summary/", StationSummary.as_view(), name="station-summary"),
]
