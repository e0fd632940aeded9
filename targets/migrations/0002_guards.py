from django.db import migrations

from stations.guards import append_only, refuse

SPENT = (
    "(SELECT COALESCE(SUM(entry.amount), 0) FROM targets_budgetentry AS entry "
    "WHERE entry.table_id = {table} AND entry.withdrawn_at IS NULL AND entry.id <> {entry})"
)
OVER_BUDGET = (
    f"(NEW.withdrawn_at IS NULL AND {SPENT.format(table='NEW.table_id', entry='NEW.id')} "
    "+ NEW.amount > (SELECT held.year_amount FROM targets_targettable AS held "
    "WHERE held.id = NEW.table_id))"
)
BELOW_SPENT = f"({SPENT.format(table='NEW.id', entry='0')} > NEW.year_amount)"
LAST = (
    "(SELECT line.{column} FROM targets_pointsentry AS line "
    "WHERE line.volunteer_id = NEW.volunteer_id ORDER BY line.number DESC LIMIT 1)"
)
OUT_OF_LINE = (
    f"(NEW.number <> COALESCE({LAST.format(column='number')}, 0) + 1 OR "
    f"NEW.balance <> COALESCE({LAST.format(column='balance')}, 0) + NEW.change)"
)
RECORDS = ("activity", "plantask", "budgetentry", "commendation", "satisfactionsurvey")


def over(event: str) -> object:
    return refuse(
        table="targets_budgetentry", event=event, condition=OVER_BUDGET,
        message="spending never exceeds the budget of its year",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("targets", "0001_initial")]

    operations = [
        *append_only("targets_selfevaluation"),
        *append_only("targets_surveyanswer"),
        *append_only("targets_pointsentry"),
        refuse(
            table="targets_pointsentry",
            event="INSERT",
            condition=OUT_OF_LINE,
            message="a line of points follows the one before it",
        ),
        over("INSERT"),
        over("UPDATE"),
        refuse(
            table="targets_targettable",
            event="UPDATE",
            condition=BELOW_SPENT,
            message="a budget never falls below what is spent",
        ),
        *(
            refuse(table=f"targets_{name}", event="DELETE", message="a record is never deleted")
            for name in RECORDS
        ),
    ]
