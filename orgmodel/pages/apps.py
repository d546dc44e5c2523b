from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "orgmodel.pages"
    label = "pages"
