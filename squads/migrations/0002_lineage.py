import django.db.models.deletion
from django.db import migrations, models

import orgmodel.changes.fields
import orgmodel.changes.models


class Migration(migrations.Migration):
    dependencies = [
        ("squads", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="SquadLineage",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="squads.squad"
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="squads.squad"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("predecessor", "successor", "on"), name="squads_squadlineage_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="squads_squadlineage_two_units",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TribeLineage",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="squads.tribe"
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="squads.tribe"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("predecessor", "successor", "on"), name="squads_tribelineage_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="squads_tribelineage_two_units",
                    ),
                ],
            },
        ),
    ]
