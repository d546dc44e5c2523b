import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integrations", "0003_tokens_of_integrations")]

    operations = [
        migrations.RemoveField(model_name="token", name="user"),
        migrations.AlterField(
            model_name="token",
            name="integration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tokens",
                to="integrations.integration",
            ),
        ),
    ]
