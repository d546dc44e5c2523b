"""Create the one row that holds the version."""

from typing import Any

from django.db import migrations


def create_head(apps: Any, schema_editor: Any) -> None:
    apps.get_model("changes", "Head").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("changes", "0001_tables")]
    operations = [migrations.RunPython(create_head, migrations.RunPython.noop)]
