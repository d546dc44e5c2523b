"""Find what a change set edited or removed without reading the creations that a large import is made of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0008_snapshots_and_freezes"),
    ]

    operations = [
        migrations.AddIndex(
            "change",
            models.Index(
                condition=models.Q(("before__isnull", False)),
                fields=["change_set", "kind"],
                name="changes_change_not_new",
            ),
        ),
    ]
