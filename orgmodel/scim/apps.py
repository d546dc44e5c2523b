from django.apps import AppConfig


class ScimConfig(AppConfig):
    name = "orgmodel.scim"
    label = "scim"
    verbose_name = "SCIM"
