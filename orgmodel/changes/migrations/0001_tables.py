import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import orgmodel.changes.fields
import orgmodel.changes.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeSet",
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
                ("version", models.PositiveIntegerField()),
                ("actor_name", models.CharField(max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("web", "dashboard"),
                            ("api", "API"),
                            ("admin", "admin"),
                            ("import", "import"),
                            ("scim", "SCIM"),
                            ("undo", "undo"),
                            ("draft", "draft"),
                        ],
                        max_length=10,
                    ),
                ),
                ("message", models.TextField(blank=True)),
                ("sentences", models.JSONField(default=list)),
                ("change_count", models.PositiveIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("effective_on", models.DateField()),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="changes.changeset",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("operation", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("record", orgmodel.changes.fields.IdField()),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                (
                    "change_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="changes.changeset",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
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
                ("key", models.SlugField(max_length=100)),
                ("name", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("published", "published"), ("discarded", "discarded")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                ("based_on", models.DateField()),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "change_set",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="changes.changeset",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftOperation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("body", models.JSONField()),
                ("added_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="operations",
                        to="changes.draft",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("change_set", orgmodel.changes.fields.IdField(null=True)),
                ("name", models.CharField(default="My organization", max_length=200)),
                ("is_demo", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="changes_head_one_row")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="changeset",
            index=models.Index(fields=["effective_on"], name="changes_changeset_effective"),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.UniqueConstraint(fields=("version",), name="changes_changeset_version"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["kind", "record"], name="changes_change_record"),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["state"], name="changes_draft_state"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("key",), name="changes_draft_key"),
        ),
        migrations.AddConstraint(
            model_name="draftoperation",
            constraint=models.UniqueConstraint(
                fields=("draft", "position"), name="changes_draftoperation_position"
            ),
        ),
    ]
