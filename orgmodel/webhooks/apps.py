from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "orgmodel.webhooks"
    label = "webhooks"
