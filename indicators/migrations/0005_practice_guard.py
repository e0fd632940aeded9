from django.db import migrations

from stations.guards import refuse

PRACTICE = "(SELECT is_practice FROM stations_station WHERE id = NEW.station_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0004_richer_rollups"),
        ("stations", "0002_guards"),
    ]

    operations = [
        refuse(
            table="indicators_stationrollup",
            event=event,
            condition=PRACTICE,
            message="the practice station is never in a figure",
        )
        for event in ("INSERT", "UPDATE")
    ]
