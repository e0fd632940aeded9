"""What is read of the figures: by the API, the pages and the reports alike."""

from indicators.queries.behind import (
    findings_behind,
    findings_on,
    items_behind,
    station_rows,
    stations_behind,
    stations_failing,
    stations_on,
)
from indicators.queries.calibration import answers_behind, calibrate
from indicators.queries.choices import PeriodChoice, all_rounds, period_choices
from indicators.queries.heat import table as heat_table
from indicators.queries.overview import Overview, overview
from indicators.queries.overview import rows_of as overview_rows
from indicators.queries.readings import lines, period_name, top_region
from indicators.queries.readings import of_own as own_reading
from indicators.queries.readings import of_region as region_reading
from indicators.queries.rows import Rows
from indicators.queries.summaries import region_summary, station_summary
from indicators.queries.worklist import cheapest_first, unsolved, work_sheet

__all__ = [
    "Overview",
    "PeriodChoice",
    "Rows",
    "all_rounds",
    "answers_behind",
    "calibrate",
    "cheapest_first",
    "findings_behind",
    "findings_on",
    "heat_table",
    "items_behind",
    "lines",
    "overview",
    "overview_rows",
    "own_reading",
    "period_choices",
    "period_name",
    "region_reading",
    "region_summary",
    "station_rows",
    "station_summary",
    "stations_behind",
    "stations_failing",
    "stations_on",
    "top_region",
    "unsolved",
    "work_sheet",
]
