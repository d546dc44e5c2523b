import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import orgmodel.changes.fields
import orgmodel.changes.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("guilds", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mission",
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
                ("statement", models.TextField()),
                ("user_problem", models.TextField(blank=True, default="")),
                (
                    "metric",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="North Star metric"
                    ),
                ),
                ("unit", models.CharField(blank=True, default="", max_length=50)),
                ("baseline", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("target", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("current", models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True)),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="retired on")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="squads.mission",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Person",
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
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("external_ids", models.JSONField(blank=True, default=dict)),
                ("title", models.CharField(blank=True, default="", max_length=200)),
                ("craft", models.CharField(blank=True, default="", max_length=100)),
                ("level", models.CharField(blank=True, default="", max_length=50)),
                ("city", models.CharField(blank=True, default="", max_length=100)),
                ("time_zone", models.CharField(blank=True, default="", max_length=64)),
                ("working_hours", models.CharField(blank=True, default="", max_length=20)),
                (
                    "employment",
                    models.CharField(
                        choices=[
                            ("employee", "Employee"),
                            ("contractor", "Contractor"),
                            ("intern", "Intern"),
                            ("other", "Other"),
                        ],
                        default="employee",
                        max_length=30,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("prehire", "Not started yet"),
                            ("onboarding", "Onboarding"),
                            ("on_leave", "On leave"),
                            ("notice", "Has given notice"),
                            ("left", "Left"),
                        ],
                        default="active",
                        max_length=30,
                    ),
                ),
                ("started_on", models.DateField(blank=True, null=True)),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="squads.person",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "people",
            },
        ),
        migrations.CreateModel(
            name="Role",
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
                ("leads", models.BooleanField(default=False, verbose_name="leads a squad")),
                ("craft", models.CharField(blank=True, default="", max_length=100)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="squads_role_key"),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), name="squads_role_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Squad",
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
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("stream_aligned", "Stream-aligned"),
                            ("platform", "Platform"),
                            ("enabling", "Enabling"),
                            ("complicated_subsystem", "Complicated subsystem"),
                        ],
                        default="stream_aligned",
                        max_length=30,
                    ),
                ),
                ("user_facing", models.BooleanField(default=False, verbose_name="user-facing")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("proposed", "Proposed"),
                            ("forming", "Forming"),
                            ("winding_down", "Winding down"),
                        ],
                        default="active",
                        max_length=30,
                    ),
                ),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="mission review on")),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "mission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="squads",
                        to="squads.mission",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
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
                (
                    "share",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="share in percent"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("permanent", "Permanent"),
                            ("loan", "Loan"),
                            ("rotation", "Rotation"),
                            ("trial", "Trial"),
                        ],
                        default="permanent",
                        max_length=30,
                    ),
                ),
                ("since", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="squads.person",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="squads.role",
                    ),
                ),
                (
                    "squad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="squads.squad",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tribe",
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
                    "color",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("1", "1"),
                            ("2", "2"),
                            ("3", "3"),
                            ("4", "4"),
                            ("5", "5"),
                            ("6", "6"),
                            ("7", "7"),
                            ("8", "8"),
                        ],
                        default="",
                        max_length=30,
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "design_lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="squads.person",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="squads.person",
                        verbose_name="tribe lead",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tribes",
                        to="squads.mission",
                    ),
                ),
                (
                    "product_lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="squads.person",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="squad",
            name="tribe",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="squads",
                to="squads.tribe",
            ),
        ),
        migrations.CreateModel(
            name="Vacancy",
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
                ("title", models.CharField(max_length=200)),
                ("craft", models.CharField(blank=True, default="", max_length=100)),
                ("level", models.CharField(blank=True, default="", max_length=50)),
                ("opened_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("draft", "Draft"),
                            ("approved", "Approved"),
                            ("interviewing", "Interviewing"),
                            ("offer", "Offer"),
                            ("on_hold", "On hold"),
                            ("filled", "Filled"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=30,
                    ),
                ),
                (
                    "chapter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vacancies",
                        to="guilds.chapter",
                    ),
                ),
                (
                    "filled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="squads.person",
                    ),
                ),
                (
                    "hiring_manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="squads.person",
                    ),
                ),
                (
                    "squad",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vacancies",
                        to="squads.squad",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "vacancies",
            },
        ),
        migrations.AddConstraint(
            model_name="mission",
            constraint=models.UniqueConstraint(fields=("key",), name="squads_mission_key"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["name"], name="squads_person_name"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("key",), name="squads_person_key"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("person", "squad"), name="squads_membership_one"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("share", None), ("share__range", (1, 100)), _connector="OR"),
                name="squads_membership_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since", None), ("until", None), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="squads_membership_until",
            ),
        ),
        migrations.AddConstraint(
            model_name="tribe",
            constraint=models.UniqueConstraint(fields=("key",), name="squads_tribe_key"),
        ),
        migrations.AddConstraint(
            model_name="tribe",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("closed_on", None)),
                name="squads_tribe_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="squad",
            constraint=models.UniqueConstraint(fields=("key",), name="squads_squad_key"),
        ),
        migrations.AddConstraint(
            model_name="squad",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                models.F("tribe"),
                condition=models.Q(("closed_on", None)),
                name="squads_squad_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="squad",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("closed_on", None), ("tribe", None)),
                name="squads_squad_name_no_tribe",
            ),
        ),
        migrations.AddConstraint(
            model_name="vacancy",
            constraint=models.UniqueConstraint(fields=("key",), name="squads_vacancy_key"),
        ),
    ]
