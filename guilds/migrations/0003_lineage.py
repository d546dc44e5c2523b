import django.db.models.deletion
from django.db import migrations, models

import orgmodel.changes.fields
import orgmodel.changes.models


class Migration(migrations.Migration):
    dependencies = [
        ("guilds", "0002_references"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChapterLineage",
            fields=[
                (
                    "id",
                    orgmodel.changes.fields.IdField(
                        default=orgmodel.changes.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("on", models.DateField()),
                (
                    "how",
                    models.CharField(
                        choices=[("split", "Split"), ("merge", "Merge")], default="split", max_length=30
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="guilds.chapter"
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="guilds.chapter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("predecessor", "successor", "on"), name="guilds_chapterlineage_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="guilds_chapterlineage_two_units",
                    ),
                ],
            },
        ),
    ]
