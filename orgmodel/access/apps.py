from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "orgmodel.access"
    label = "access"
