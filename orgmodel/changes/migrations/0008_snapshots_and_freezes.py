"""Names for versions of the organization, and days on which no reorganization should take effect."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _id() -> tuple[str, models.BigAutoField]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0007_draft_sharing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "Snapshot",
            fields=[
                _id(),
                ("key", models.SlugField(max_length=100)),
                ("name", models.CharField(max_length=200)),
                ("version", models.PositiveIntegerField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.AddConstraint(
            "snapshot", models.UniqueConstraint(fields=["key"], name="changes_snapshot_key")
        ),
        migrations.CreateModel(
            "Freeze",
            fields=[
                _id(),
                ("name", models.CharField(max_length=200)),
                ("first_on", models.DateField("first day")),
                ("last_on", models.DateField("last day")),
            ],
        ),
        migrations.AddConstraint(
            "freeze",
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")), name="changes_freeze_days"
            ),
        ),
    ]
