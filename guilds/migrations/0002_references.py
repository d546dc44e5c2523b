import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("guilds", "0001_tables"),
        ("squads", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="chapter",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="squads.person",
                verbose_name="chapter lead",
            ),
        ),
        migrations.AddField(
            model_name="chapter",
            name="tribe",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="chapters",
                to="squads.tribe",
            ),
        ),
        migrations.AddField(
            model_name="chaptermember",
            name="chapter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="members", to="guilds.chapter"
            ),
        ),
        migrations.AddField(
            model_name="chaptermember",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="chapter_members",
                to="squads.person",
            ),
        ),
        migrations.AddField(
            model_name="guild",
            name="coordinator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="squads.person",
            ),
        ),
        migrations.AddField(
            model_name="guild",
            name="sponsor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="squads.person",
            ),
        ),
        migrations.AddField(
            model_name="guildmember",
            name="guild",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="members", to="guilds.guild"
            ),
        ),
        migrations.AddField(
            model_name="guildmember",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="guild_members", to="squads.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="chapter",
            constraint=models.UniqueConstraint(fields=("key",), name="guilds_chapter_key"),
        ),
        migrations.AddConstraint(
            model_name="chapter",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                models.F("tribe"),
                condition=models.Q(("closed_on", None)),
                name="guilds_chapter_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="chapter",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("closed_on", None), ("tribe", None)),
                name="guilds_chapter_name_no_tribe",
            ),
        ),
        migrations.AddConstraint(
            model_name="chaptermember",
            constraint=models.UniqueConstraint(fields=("person",), name="guilds_chaptermember_one"),
        ),
        migrations.AddConstraint(
            model_name="guild",
            constraint=models.UniqueConstraint(fields=("key",), name="guilds_guild_key"),
        ),
        migrations.AddConstraint(
            model_name="guild",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("closed_on", None)),
                name="guilds_guild_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="guildmember",
            constraint=models.UniqueConstraint(fields=("person", "guild"), name="guilds_guildmember_one"),
        ),
    ]
