from django.db import migrations

from stations.guards import append_only, refuse

UNCHANGED = " OR ".join(
    f"NEW.{column} <> OLD.{column}"
    for column in (
        "id", "at", "actor_name", "role", "action", "subject", "succeeded", "detail"
    )
) + "".join(
    f" OR COALESCE(NEW.{column}, 0) <> COALESCE(OLD.{column}, 0)"
    for column in ("actor_id", "station_id")
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("stations", "0001_initial")]

    operations = [
        refuse(
            table="stations_historyentry",
            event="UPDATE",
            condition=f"(OLD.seal_id IS NOT NULL OR NEW.seal_id IS NULL OR {UNCHANGED})",
            message="history is append-only",
        ),
        refuse(
            table="stations_historyentry", event="DELETE", message="history is append-only"
        ),
        *append_only("stations_historyseal"),
    ]  # fmt: skip
