import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audits", "0004_phones")]

    operations = [
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
                ("coarse", models.CharField(max_length=16)),
                ("fine", models.CharField(max_length=64)),
                ("b0", models.PositiveIntegerField()),
                ("b1", models.PositiveIntegerField()),
                ("b2", models.PositiveIntegerField()),
                ("b3", models.PositiveIntegerField()),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prints",
                        to="audits.evidencephoto",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["b0"], name="photo_print_b0"),
                    models.Index(fields=["b1"], name="photo_print_b1"),
                    models.Index(fields=["b2"], name="photo_print_b2"),
                    models.Index(fields=["b3"], name="photo_print_b3"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("photo", "view"), name="photo_print_once_per_view"
                    )
                ],
            },
        ),
    ]
