from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "orgmodel.exports"
    label = "exports"
