from django.db import migrations

from stations.guards import refuse

# Station by station: as a join, SQLite reads the roll-ups of every station of the period.
OWN = (
    "(SELECT COALESCE(SUM((SELECT {column} FROM indicators_stationrollup r"
    " WHERE r.station_id = s.id AND r.period = NEW.period)), 0)"
    " FROM stations_station s WHERE s.region_id = NEW.region_id AND NOT s.is_practice)"
)
BELOW = (
    "(SELECT COALESCE(SUM({column}), 0) FROM indicators_regionrollup r"
    " JOIN stations_region c ON c.id = r.region_id"
    " WHERE c.parent_id = NEW.region_id AND r.period = NEW.period)"
)
EXPECTED = "CASE WHEN r.is_expected THEN 1 ELSE 0 END"
AUDITED = "CASE WHEN r.is_expected AND r.is_audited THEN 1 ELSE 0 END"


def more_than_its_parts(column, own):
    return (
        f"{column} > {OWN.format(column=own)} + {BELOW.format(column=column.replace('NEW', 'r'))}"
    )


# The practice station has no row, so that no region's row, summed up from below, can hold it.
GROWN = " OR ".join(
    [
        more_than_its_parts("NEW.cohort + NEW.voided", "r.cohort + r.voided"),
        more_than_its_parts("NEW.stations", EXPECTED),
        more_than_its_parts("NEW.audited", AUDITED),
    ]
)
ROLLED_UP = (
    "(SELECT COALESCE(SUM(r.cohort + r.voided), 0) FROM indicators_regionrollup r"
    " WHERE r.region_id = NEW.region_id AND r.period = NEW.period)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0005_practice_guard"),
        ("stations", "0002_guards"),
    ]

    operations = [
        *(
            refuse(
                table="indicators_regionrollup",
                event=event,
                condition=f"({GROWN})",
                message="a region never counts more than its stations do",
            )
            for event in ("INSERT", "UPDATE")
        ),
        refuse(
            table="indicators_snapshot",
            event="INSERT",
            condition=f"(NEW.denominator > {ROLLED_UP})",
            message="a snapshot never counts more than its region does",
        ),
    ]
