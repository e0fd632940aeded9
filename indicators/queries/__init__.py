"""What is read of the figures: by the API, the pages and the reports alike."""

from indicators.queries.behind import (
    findings_behind,
    items_behind,
    items_of,
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
from indicators.queries.past import heat_table as heat_table_on
from indicators.queries.readings import lines, period_name, top_region
from indicators.queries.readings import of_own as own_reading
from indicators.queries.readings import of_region as region_reading
from indicators.queries.rows import Rows
from indicators.queries.stood import (
    Stood,
    by_item,
    findings_on,
    narrowed,
    revision_on,
    revisions_of,
    stand_all_back,
)
from indicators.queries.summaries import region_summary, station_summary
from indicators.queries.worklist import (
    cheapest_first,
    cheapest_first_on,
    unsolved,
    unsolved_on,
    work_sheet,
    work_sheet_on,
)

__all__ = [
    "Overview",
    "PeriodChoice",
    "Rows",
    "Stood",
    "all_rounds",
    "answers_behind",
    "by_item",
    "calibrate",
    "cheapest_first",
    "cheapest_first_on",
    "findings_behind",
    "findings_on",
    "heat_table",
    "heat_table_on",
    "items_behind",
    "items_of",
    "lines",
    "narrowed",
    "overview",
    "overview_rows",
    "own_reading",
    "period_choices",
    "period_name",
    "region_reading",
    "region_summary",
    "revision_on",
    "revisions_of",
    "stand_all_back",
    "station_rows",
    "station_summary",
    "stations_behind",
    "stations_failing",
    "stations_on",
    "top_region",
    "unsolved",
    "unsolved_on",
    "work_sheet",
    "work_sheet_on",
]
