from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class AccessConfig(AppConfig):
    name = "orgmodel.access"
    label = "access"


class OrgAdminConfig(admin_apps.AdminConfig):
    """Stands in the settings in place of "django.contrib.admin"."""

    default = False
    default_site = "orgmodel.access.admin_site.OrgAdminSite"
