from django.urls import path

from orgmodel.integrations import import_pages, pages

urlpatterns = [
    path("import/", import_pages.import_upload, name="import_upload"),
    path(
        "integrations/<str:key>/mappings/<int:pk>/remove/", import_pages.mapping_remove, name="mapping_remove"
    ),
    path("integrations/", pages.integrations, name="integrations"),
    path("integrations/<str:key>/", pages.integration, name="integration"),
    path("integrations/<str:key>/close/", pages.integration_close, name="integration_close"),
    path("integrations/<str:key>/tokens/", pages.token_create, name="token_create"),
    path("integrations/<str:key>/tokens/<str:public_id>/rotate/", pages.token_rotate, name="token_rotate"),
    path("integrations/<str:key>/tokens/<str:public_id>/revoke/", pages.token_revoke, name="token_revoke"),
]
