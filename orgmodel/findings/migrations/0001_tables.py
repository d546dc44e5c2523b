from django.db import migrations, models

import orgmodel.changes.fields
import orgmodel.changes.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RuleSetting",
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
                ("key", models.CharField(max_length=100, verbose_name="rule")),
                ("is_on", models.BooleanField(default=True, verbose_name="on")),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("low", "Low"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("critical", "Critical"),
                        ],
                        default="",
                        max_length=30,
                    ),
                ),
                ("thresholds", models.JSONField(blank=True, default=dict)),
                ("note", models.TextField(blank=True, default="")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key",), name="findings_rulesetting_key")],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
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
                ("key", models.CharField(max_length=100, verbose_name="finding")),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("acknowledged", "Acknowledged"), ("waived", "Waived")],
                        default="acknowledged",
                        max_length=30,
                    ),
                ),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "draft",
                    models.CharField(
                        blank=True, default="", max_length=100, verbose_name="draft that addresses it"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key",), name="findings_waiver_key")],
            },
        ),
    ]
