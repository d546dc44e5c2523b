"""Undo and redo in a draft become a stack of edits, so that parking and removing are on it too."""

from itertools import groupby
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

STATES = [(state, state) for state in ("standing", "parked", "removed", "published")]


def stack_up(apps: Any, schema_editor: Any) -> None:
    """Make one edit of each batch; what was taken back becomes an undone edit at the top of the stack."""
    operations, edits = apps.get_model("changes", "DraftOperation"), apps.get_model("changes", "DraftEdit")
    operations.objects.exclude(undone=None).update(state="removed")
    rows = operations.objects.order_by("draft", "undone", "batch", "position")
    rows = rows.values_list("draft", "undone", "batch", "position")
    standing = [row for row in rows if row[1] is None]
    taken_back = sorted(
        (row for row in rows if row[1] is not None), key=lambda row: (row[0], -row[1], row[2])
    )
    numbers: dict[Any, int] = {}
    for key, group in groupby([*standing, *taken_back], key=lambda row: row[:3]):
        draft, undone, _ = key
        numbers[draft] = numbers.get(draft, 0) + 1
        states = {str(row[3]): ["removed", "standing"] for row in group}
        edits.objects.create(
            draft_id=draft, number=numbers[draft], states=states, is_undone=undone is not None
        )


def take_down(apps: Any, schema_editor: Any) -> None:
    operations = apps.get_model("changes", "DraftOperation").objects
    operations.exclude(state="standing").delete()
    operations.update(batch=models.F("position"))


class Migration(migrations.Migration):
    dependencies = [("changes", "0005_draft_header_and_day")]

    operations = [
        migrations.CreateModel(
            "DraftEdit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edits",
                        to="changes.draft",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("states", models.JSONField()),
                ("bodies", models.JSONField(default=dict)),
                ("is_undone", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddConstraint(
            "draftedit",
            models.UniqueConstraint(fields=["draft", "number"], name="changes_draftedit_number"),
        ),
        migrations.AddField(
            "draftoperation", "state", models.CharField(max_length=10, choices=STATES, default="standing")
        ),
        migrations.AddField("draftoperation", "note", models.TextField(blank=True)),
        migrations.AddField(
            "draftoperation",
            "change_set",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="changes.changeset",
            ),
        ),
        migrations.AlterField("draftoperation", "batch", models.PositiveIntegerField(default=0)),
        migrations.RunPython(stack_up, take_down),
        migrations.RemoveField("draftoperation", "batch"),
        migrations.RemoveField("draftoperation", "undone"),
    ]
