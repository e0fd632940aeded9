from django.db import migrations

from stations.guards import refuse

MESSAGE = "a published checklist version never changes"


def published(row: str) -> str:
    return (
        f"(SELECT status FROM checklists_checklistversion WHERE id = {row}.version_id)"
        " = 'published'"
    )


def guard(table: str) -> list[migrations.RunPython]:
    return [
        refuse(table=table, event="INSERT", message=MESSAGE, condition=published("NEW")),
        refuse(
            table=table,
            event="UPDATE",
            message=MESSAGE,
            condition=f"({published('OLD')} OR {published('NEW')})",
        ),
        refuse(table=table, event="DELETE", message=MESSAGE, condition=published("OLD")),
    ]


class Migration(migrations.Migration):
    dependencies = [("checklists", "0002_initial")]

    operations = [
        *guard("checklists_item"),
        *guard("checklists_section"),
        *(
            refuse(
                table="checklists_checklistversion",
                event=event,
                message=MESSAGE,
                condition="OLD.status = 'published'",
            )
            for event in ("UPDATE", "DELETE")
        ),
    ]
