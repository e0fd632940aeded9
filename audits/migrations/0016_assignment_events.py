import django.db.models.deletion
from django.db import migrations, models

from stations.guards import Guard, append_only

MADE = """
INSERT INTO audits_assignmentevent (round_id, station_id, kind, at)
SELECT task.round_id, task.station_id, 'made', audits_round.created_at
FROM audits_assignment AS task JOIN audits_round ON audits_round.id = task.round_id
"""
WITHDRAWN = """
SELECT audits_round.id, entry.station_id, audits_round.created_at, max(entry.at)
FROM stations_historyentry AS entry
JOIN audits_round ON entry.subject = 'round:' || audits_round.id
WHERE entry.action = 'round.withdraw' AND entry.station_id IS NOT NULL
GROUP BY audits_round.id, entry.station_id, audits_round.created_at
"""
ADD = "INSERT INTO audits_assignmentevent (round_id, station_id, kind, at) VALUES (%s, %s, %s, %s)"


def remember(state, schema_editor):
    """Which day a task was made was not noted until now: it counts from the round's opening, as it
    did. What was withdrawn is known from the history."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(MADE)
        cursor.execute("SELECT round_id, station_id FROM audits_assignment")
        here = set(cursor.fetchall())
        cursor.execute(WITHDRAWN)
        for round_id, station_id, opened_at, at in cursor.fetchall():
            if (round_id, station_id) not in here:
                cursor.execute(ADD, [round_id, station_id, "made", opened_at])
                cursor.execute(ADD, [round_id, station_id, "withdrawn", at])


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0015_flags_of_both"),
        ("stations", "0003_former_passwords"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssignmentEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("made", "分配"), ("withdrawn", "撤回")], max_length=10
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="audits.round",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "任务记录",
                "verbose_name_plural": "任务记录",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["made", "withdrawn"])),
                        name="assignment_event_kind_known",
                    )
                ],
            },
        ),
        Guard(remember, migrations.RunPython.noop),
        *append_only("audits_assignmentevent"),
    ]
