from django.db import migrations

from stations.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_initial")]

    operations = [*append_only("indicators_snapshot")]
