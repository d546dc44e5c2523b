from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "orgmodel.changes"
    label = "changes"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Drafts and history"
