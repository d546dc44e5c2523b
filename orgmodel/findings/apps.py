from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "orgmodel.findings"
    label = "findings"
    verbose_name = "Findings"

    def ready(self) -> None:
        from orgmodel.changes.registry import register
        from orgmodel.core import records
        from orgmodel.findings import models

        register(records.RuleSetting, models.RuleSetting)
        register(records.Waiver, models.Waiver)
