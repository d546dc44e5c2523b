"""What is sought in the log moves from JSON to plain text. Older change sets can be sought in English only."""

from typing import Any

from django.db import migrations, models

BATCH = 500
LIMIT = 200_000  # characters kept of a change set


def tell(apps: Any, schema_editor: Any) -> None:
    change_sets = apps.get_model("changes", "ChangeSet").objects.using(schema_editor.connection.alias)
    batch: list[Any] = []
    for change_set in change_sets.only("sentences").iterator(chunk_size=BATCH):
        lines = (" ".join(sentence.casefold().split()) for sentence in change_set.sentences)
        change_set.told = "\n".join(lines)[:LIMIT]
        batch.append(change_set)
        if len(batch) == BATCH:
            change_sets.bulk_update(batch, ["told"])
            batch.clear()
    change_sets.bulk_update(batch, ["told"])


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0011_sentences"),
    ]

    operations = [
        migrations.AddField(
            model_name="changeset",
            name="told",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
