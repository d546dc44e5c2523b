"""A draft says what it is for, may have a day to come, and may take a change set back; discarded is called archived."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [
    ("open", "open"),
    ("scheduled", "scheduled"),
    ("failed", "scheduled, failed"),
    ("published", "published"),
    ("archived", "archived"),
]


def _rename_state(apps: Any, old: str, new: str) -> None:
    apps.get_model("changes", "Draft").objects.filter(state=old).update(state=new)


def archive(apps: Any, schema_editor: Any) -> None:
    _rename_state(apps, "discarded", "archived")


def unarchive(apps: Any, schema_editor: Any) -> None:
    _rename_state(apps, "archived", "discarded")


def reference(to: str, **options: Any) -> Any:
    return models.ForeignKey(blank=True, null=True, to=to, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0004_undone_operations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("changeset", "learning", models.TextField(blank=True)),
        migrations.AddField("draft", "problem", models.TextField("problem and evidence", blank=True)),
        migrations.AddField(
            "draft", "intent", models.CharField("intent in one sentence", max_length=500, blank=True)
        ),
        migrations.AddField("draft", "trade_offs", models.TextField("what is traded off", blank=True)),
        migrations.AddField("draft", "success", models.TextField("success measures", blank=True)),
        migrations.AddField("draft", "rollback_plan", models.TextField("way back", blank=True)),
        migrations.AddField(
            "draft", "effective_on", models.DateField("effective date", null=True, blank=True)
        ),
        migrations.AddField(
            "draft", "announce_on", models.DateField("announcement date", null=True, blank=True)
        ),
        migrations.AddField("draft", "review_on", models.DateField("review date", null=True, blank=True)),
        migrations.AddField("draft", "keep_together", models.JSONField(default=list, blank=True)),
        migrations.AddField(
            "draft", "despite", models.TextField("published with open questions because", blank=True)
        ),
        migrations.AddField(
            "draft",
            "visibility",
            models.CharField(
                max_length=10,
                choices=[
                    ("private", "private: you and whoever you invite"),
                    ("everyone", "everyone who may log in"),
                ],
                default="private",
            ),
        ),
        migrations.AddField(
            "draft",
            "reverses",
            reference(
                "changes.changeset", on_delete=django.db.models.deletion.PROTECT, related_name="reversed_by"
            ),
        ),
        migrations.AddField("draft", "scheduled_on", models.DateField(null=True, blank=True)),
        migrations.AddField(
            "draft",
            "scheduled_by",
            reference(
                settings.AUTH_USER_MODEL, on_delete=django.db.models.deletion.SET_NULL, related_name="+"
            ),
        ),
        migrations.AddField("draft", "schedule_message", models.TextField(blank=True)),
        migrations.AddField("draft", "failure", models.TextField(blank=True)),
        migrations.AlterField(
            "draft", "state", models.CharField(max_length=10, choices=STATES, default="open")
        ),
        migrations.AddConstraint(
            "draft",
            models.CheckConstraint(
                condition=~models.Q(state="scheduled") | models.Q(scheduled_on__isnull=False),
                name="changes_draft_has_its_day",
            ),
        ),
        migrations.RunPython(archive, unarchive),
    ]
