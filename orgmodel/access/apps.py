from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy


class AccessConfig(AppConfig):
    name = "orgmodel.access"
    label = "access"


class OrgAdminConfig(admin_apps.AdminConfig):
    """Stands in the settings in place of "django.contrib.admin"."""

    default = False
    default_site = "orgmodel.access.admin_site.OrgAdminSite"

    def ready(self) -> None:
        super().ready()
        for config in apps.get_app_configs():
            _translate(config)
        for model in apps.get_models():
            _translate(model._meta)
            for field in model._meta.local_fields:
                _translate(field)


def _translate(named: Any) -> None:
    """Let something be called in the reader's language. Names are declared as plain words, which migrations keep."""
    if isinstance(named.verbose_name, str):  # those of Django's own are translated already
        if plural := getattr(named, "verbose_name_plural", None):
            named.verbose_name_plural = gettext_lazy(str(plural))
        named.verbose_name = gettext_lazy(named.verbose_name)
