from django.urls import path

from orgmodel.webhooks import pages

ONE = "integrations/<str:key>/webhooks/<uuid:pk>/"

urlpatterns = [
    path("integrations/<str:key>/webhooks/", pages.webhooks, name="webhooks"),
    path(ONE, pages.webhook, name="webhook"),
    path(f"{ONE}edit/", pages.webhook_edit, name="webhook_edit"),
    path(f"{ONE}rotate/", pages.webhook_rotate, name="webhook_rotate"),
    path(f"{ONE}remove/", pages.webhook_remove, name="webhook_remove"),
    path(f"{ONE}do/", pages.webhook_do, name="webhook_do"),
]
