"""Routing only: each app lists its own pages, `api.py` the resources of the API."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from orgmodel import errors

urlpatterns = [
    path("", include("orgmodel.pages.urls")),
    path("", include("orgmodel.changes.urls")),
    path("", include("orgmodel.findings.urls")),
    path("", include("orgmodel.language.urls")),
    path("", include("orgmodel.integrations.urls")),
    path("", include("orgmodel.scim.urls")),
    path("", include("orgmodel.webhooks.urls")),
    path("", include("orgmodel.exports.urls")),
    path("", include("squads.urls")),
    path("", include("guilds.urls")),
    path("api/v1/", include("orgmodel.api")),
    path("admin/", admin.site.urls),
    # Last, so that an unknown address gets our page also where DEBUG would show the list of routes.
    re_path(r"^(?P<path>[\s\S]*)$", csrf_exempt(errors.page_not_found)),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
