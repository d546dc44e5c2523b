"""Who is invited to a draft, what they say about it, and whom it is explained to before it is announced."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import orgmodel.changes.fields

CASCADE = django.db.models.deletion.CASCADE


def _id() -> tuple[str, models.BigAutoField]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0006_draft_edits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "DraftShare",
            fields=[
                _id(),
                (
                    "draft",
                    models.ForeignKey(on_delete=CASCADE, related_name="shares", to="changes.draft"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=CASCADE, related_name="draft_shares", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "can",
                    models.CharField(
                        max_length=10,
                        choices=[("view", "view"), ("comment", "comment"), ("edit", "edit")],
                        default="view",
                    ),
                ),
                ("tribe", orgmodel.changes.fields.IdField(null=True, blank=True)),
                ("is_reviewer", models.BooleanField(default=False)),
                ("approved_revision", models.PositiveIntegerField(null=True, blank=True)),
            ],
        ),
        migrations.AddConstraint(
            "draftshare",
            models.UniqueConstraint(fields=["draft", "user"], name="changes_draftshare_user"),
        ),
        migrations.CreateModel(
            "DraftComment",
            fields=[
                _id(),
                (
                    "draft",
                    models.ForeignKey(on_delete=CASCADE, related_name="comments", to="changes.draft"),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=CASCADE,
                        related_name="comments",
                        to="changes.draftoperation",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("body", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "mentions",
                    models.ManyToManyField(
                        blank=True, related_name="draft_mentions", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "draftcomment",
            models.Index(fields=["draft", "written_at"], name="changes_draftcomment_time"),
        ),
        migrations.CreateModel(
            "DraftBriefing",
            fields=[
                _id(),
                (
                    "draft",
                    models.ForeignKey(on_delete=CASCADE, related_name="briefings", to="changes.draft"),
                ),
                ("person", orgmodel.changes.fields.IdField()),
                ("by", orgmodel.changes.fields.IdField(null=True, blank=True)),
                ("on", models.DateField(null=True, blank=True)),
            ],
        ),
        migrations.AddConstraint(
            "draftbriefing",
            models.UniqueConstraint(fields=["draft", "person"], name="changes_draftbriefing_person"),
        ),
    ]
