"""Find the change sets that are about a record, however many there are."""

from django.db import migrations, models

import orgmodel.changes.fields


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0002_head"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("operation", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("record", orgmodel.changes.fields.IdField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "record", "version"], name="changes_mention_record")
                ],
            },
        ),
    ]
