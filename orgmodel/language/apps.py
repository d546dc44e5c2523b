from django.apps import AppConfig


class LanguageConfig(AppConfig):
    name = "orgmodel.language"
    label = "language"
    verbose_name = "language"

    def ready(self) -> None:
        from orgmodel.changes.registry import register
        from orgmodel.core import records
        from orgmodel.language import models, spoken

        register(records.Word, models.Word)
        spoken.teach()
