import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import orgmodel.changes.fields
import orgmodel.changes.models


class Migration(migrations.Migration):
    dependencies = [
        ("squads", "0002_lineage"),
    ]

    operations = [
        migrations.AddField(
            model_name="mission",
            name="read_on",
            field=models.DateField(blank=True, null=True, verbose_name="last reading on"),
        ),
        migrations.AddField(
            model_name="mission",
            name="reviewed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="away_since",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="away_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="leaves_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="tribe",
            name="interim_lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="squads.person",
                verbose_name="interim tribe lead",
            ),
        ),
        migrations.AddField(
            model_name="tribe",
            name="interim_since",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="tribe",
            name="lead_since",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="vacancy",
            name="loop",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="interview loop"),
        ),
        migrations.CreateModel(
            name="Domain",
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
                    "complexity",
                    models.CharField(
                        choices=[
                            ("simple", "Simple"),
                            ("complicated", "Complicated"),
                            ("complex", "Complex"),
                        ],
                        default="simple",
                        max_length=30,
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "squad",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="domains",
                        to="squads.squad",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PersonSkill",
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
                ("skill", models.CharField(max_length=100)),
                (
                    "proficiency",
                    models.CharField(
                        choices=[("working", "Working"), ("learning", "Learning"), ("expert", "Expert")],
                        default="working",
                        max_length=30,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="skills", to="squads.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="System",
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
                ("critical", models.BooleanField(default=False, verbose_name="operationally critical")),
                (
                    "skill",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="needed skill"),
                ),
                (
                    "docs",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="documentation"),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="retired on")),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="squads.squad",
                        verbose_name="also claimed by",
                    ),
                ),
                (
                    "domain",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="systems",
                        to="squads.domain",
                    ),
                ),
                (
                    "squad",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="systems",
                        to="squads.squad",
                        verbose_name="owner squad",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SystemOwner",
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
                    "perspective",
                    models.CharField(
                        choices=[
                            ("developer", "Developer"),
                            ("operations", "Operations"),
                            ("both", "Developer and operations"),
                        ],
                        default="developer",
                        max_length=30,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="system_owners",
                        to="squads.person",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="owners", to="squads.system"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Coaching",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coachings",
                        to="squads.person",
                        verbose_name="coach",
                    ),
                ),
                (
                    "squad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coachings",
                        to="squads.squad",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "squad"), name="squads_coaching_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Dependency",
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
                    "level",
                    models.CharField(
                        choices=[("slowing", "Slowing"), ("blocking", "Blocking"), ("none", "None")],
                        default="slowing",
                        max_length=30,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("tech", "Tech"),
                            ("people", "People"),
                            ("knowledge", "Knowledge"),
                            ("approval", "Approval"),
                            ("data", "Data"),
                        ],
                        default="tech",
                        max_length=30,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("collaboration", "Collaboration"),
                            ("x_as_a_service", "X-as-a-service"),
                            ("facilitating", "Facilitating"),
                        ],
                        default="collaboration",
                        max_length=30,
                    ),
                ),
                ("since", models.DateField(blank=True, null=True)),
                ("mitigation", models.TextField(blank=True, default="")),
                (
                    "needs",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needed_by",
                        to="squads.squad",
                        verbose_name="squad it waits for",
                    ),
                ),
                (
                    "squad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="squads.squad",
                        verbose_name="squad that waits",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "dependencies",
                "constraints": [
                    models.UniqueConstraint(fields=("squad", "needs"), name="squads_dependency_one"),
                    models.CheckConstraint(
                        condition=models.Q(("squad", models.F("needs")), _negated=True),
                        name="squads_dependency_two_squads",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="domain",
            constraint=models.UniqueConstraint(fields=("key",), name="squads_domain_key"),
        ),
        migrations.AddConstraint(
            model_name="domain",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("closed_on", None)),
                name="squads_domain_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="personskill",
            constraint=models.UniqueConstraint(
                models.F("person"),
                django.db.models.functions.text.Lower("skill"),
                name="squads_personskill_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="system",
            constraint=models.UniqueConstraint(fields=("key",), name="squads_system_key"),
        ),
        migrations.AddConstraint(
            model_name="system",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("closed_on", None)),
                name="squads_system_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="systemowner",
            constraint=models.UniqueConstraint(fields=("system", "person"), name="squads_systemowner_one"),
        ),
    ]
