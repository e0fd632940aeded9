"""Prints that tell more pictures apart. The old ones cannot be turned into them: every photo is
printed again from its copy, by the worker, as follow-up work."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone

BANDS = ["b0", "b1", "b2"]


def ask_for_prints(apps, schema_editor):
    photos = apps.get_model("audits", "EvidencePhoto").objects.filter(state="processed")
    rows = apps.get_model("audits", "OutboxRow")
    now = timezone.now()
    rows.objects.bulk_create(
        (
            rows(topic="photo.prints", key=str(pk), created_at=now)
            for pk in photos.exclude(kind="signature").values_list("pk", flat=True).iterator()
        ),
        batch_size=1000,
    )


def indexes():
    for number in range(3):
        fields = [*BANDS[number:], *BANDS[:number], "id"]
        yield models.Index(fields=fields, name=f"photo_view_b{number}")
        yield models.Index(fields=fields, name=f"photo_whole_b{number}", condition=Q(view=0))


class Migration(migrations.Migration):
    dependencies = [("audits", "0013_robots")]

    operations = [
        migrations.DeleteModel("PhotoPrint"),
        migrations.CreateModel(
            name="PhotoPrint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("view", models.PositiveSmallIntegerField()),
                ("b0", models.PositiveIntegerField()),
                ("b1", models.PositiveIntegerField()),
                ("b2", models.PositiveIntegerField()),
                ("fine", models.BinaryField(max_length=32)),
                (
                    "photo",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prints",
                        to="audits.evidencephoto",
                    ),
                ),
            ],
            options={
                "indexes": list(indexes()),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("photo", "view"), name="photo_print_once_per_view"
                    )
                ],
            },
        ),
        migrations.RunPython(ask_for_prints, migrations.RunPython.noop),
    ]
