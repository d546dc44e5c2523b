import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("guilds", "0003_lineage"),
        ("squads", "0003_what_rules_need"),
    ]

    operations = [
        migrations.AddField(
            model_name="chapter",
            name="interim_lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="squads.person",
                verbose_name="interim chapter lead",
            ),
        ),
        migrations.AddField(
            model_name="chapter",
            name="interim_since",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="chapter",
            name="lead_since",
            field=models.DateField(blank=True, null=True),
        ),
    ]
