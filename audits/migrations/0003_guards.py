from django.db import migrations

from stations.guards import append_only, refuse

FACTS = "id kind sha256 size path station_id received_at uploaded_by_id"
MAYBE = "audit_id item_id finding_id taken_at latitude longitude accuracy"
ONCE = "original_sha256 original_path"
PHOTO_FACTS = " OR ".join(
    [
        *(f"NEW.{column} <> OLD.{column}" for column in FACTS.split()),
        *(
            f"COALESCE(CAST(NEW.{column} AS TEXT), '') <> COALESCE(CAST(OLD.{column} AS TEXT), '')"
            for column in MAYBE.split()
        ),
        *(f"(OLD.{column} <> '' AND NEW.{column} <> OLD.{column})" for column in ONCE.split()),
    ]
)


class Migration(migrations.Migration):
    dependencies = [("audits", "0002_initial")]

    operations = [
        *append_only("audits_auditevent"),
        *append_only("audits_auditrevision"),
        *append_only("audits_findingevent"),
        refuse(table="audits_finding", event="DELETE", message="a finding is never deleted"),
        refuse(table="audits_rectification", event="DELETE", message="evidence is never deleted"),
        refuse(table="audits_evidencephoto", event="DELETE", message="evidence is never deleted"),
        refuse(
            table="audits_evidencephoto",
            event="UPDATE",
            condition=f"({PHOTO_FACTS})",
            message="evidence as received never changes",
        ),
    ]
