"""Every login that held tokens becomes an integration, and each token gets the scopes of its role."""

from django.db import migrations
from django.utils import timezone
from django.utils.text import slugify

READS = ["people:read", "units:read", "changes:read"]
WRITES = ["people:write", "units:write", "publish"]
SCOPES_OF = {
    "viewer": READS,
    "planner": [*READS, "drafts:write"],
    "editor": [*READS, "drafts:write", *WRITES],
    "org designer": [*READS, "drafts:write", *WRITES, "scim", "admin"],
}


def make_integrations(apps, schema_editor):
    integration, token = (apps.get_model("integrations", name) for name in ("Integration", "Token"))
    for row in token.objects.select_related("user").order_by("pk"):
        name = row.user.first_name or row.user.username.removeprefix("integration:")
        row.integration, _ = integration.objects.get_or_create(
            user=row.user,
            defaults={
                "key": slugify(name, allow_unicode=True)[:100] or f"user-{row.user_id}",
                "name": name[:100],
                "created_at": timezone.now(),
            },
        )
        held = {*row.user.groups.values_list("name", flat=True)}
        row.scopes = next((SCOPES_OF[role] for role in reversed(SCOPES_OF) if role in held), READS)
        row.save()


def keep(apps, schema_editor):
    """Give tokens their login back."""
    token = apps.get_model("integrations", "Token")
    for row in token.objects.select_related("integration"):
        row.user_id = row.integration.user_id
        row.save()


class Migration(migrations.Migration):
    dependencies = [("integrations", "0002_integrations_and_scopes")]

    operations = [migrations.RunPython(make_integrations, keep)]
