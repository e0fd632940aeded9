"""A kind of flag more; and of two alike the earlier one is flagged as well."""

from django.db import migrations, models

KINDS = [
    ("exact_reuse", "与另一张完全相同"),
    ("near_reuse", "与另一张极相似"),
    ("taken_early", "拍摄时间早于到站"),
    ("far_away", "拍摄位置离站过远"),
    ("places_apart", "相机位置与手机定位不符"),
    ("clock_skew", "手机时间不准"),
    ("edited", "经软件编辑"),
]


def flag_both(apps, schema_editor):
    flags = apps.get_model("audits", "PhotoFlag").objects
    found = flags.filter(kind__in=["exact_reuse", "near_reuse"], other__isnull=False)
    flags.bulk_create(
        [
            flags.model(
                photo_id=one.other_id, other_id=one.photo_id, kind=one.kind, raised_at=one.raised_at
            )
            for one in found
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("audits", "0014_prints_of_waves")]

    operations = [
        migrations.AlterField(
            model_name="photoflag",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12),
        ),
        migrations.RunPython(flag_both, migrations.RunPython.noop),
    ]
