from django.db import migrations, models

import orgmodel.changes.fields
import orgmodel.changes.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Chapter",
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
                ("key", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=200)),
                ("competency", models.CharField(blank=True, default="", max_length=200)),
                ("closed_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ChapterMember",
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
            ],
        ),
        migrations.CreateModel(
            name="Guild",
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
                ("key", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=200)),
                ("purpose", models.TextField(blank=True, default="")),
                (
                    "kind",
                    models.CharField(
                        choices=[("interest", "Interest"), ("capability", "Capability")],
                        default="interest",
                        max_length=30,
                    ),
                ),
                ("last_session_on", models.DateField(blank=True, null=True, verbose_name="last session on")),
                ("closed_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="GuildMember",
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
                ("role", models.CharField(blank=True, default="", max_length=100)),
            ],
        ),
    ]
