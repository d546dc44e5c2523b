"""The project's addresses and, beside them, the unit of measure, a view that does nothing, and a rival."""

import os

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from benchmarks.rival import PersonViewSet


def static(request: HttpRequest) -> HttpResponse:
    """Answer with nothing but the worker's process id, by which a client knows whom it is connected to."""
    return HttpResponse(str(os.getpid()))


urlpatterns = [
    path("api/static", static),  # below api/, where strangers are not sent to the login page
    path("api/rival/", PersonViewSet.as_view({"get": "list"})),
    path("", include("orgmodel.urls")),
]
