from django.apps import AppConfig


class LanguageConfig(AppConfig):
    name = "orgmodel.language"
    label = "language"
    verbose_name = "Language"

    def ready(self) -> None:
        from orgmodel import spoken
        from orgmodel.changes.registry import register
        from orgmodel.core import records
        from orgmodel.language import models

        register(records.Word, models.Word)
        spoken.teach()
