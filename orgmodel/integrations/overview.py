"""The API about itself: what the organization holds, which operations there are, and the documentation page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from rest_framework.permissions import AllowAny
from rest_framework.renderers import StaticHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orgmodel.access.roles import can_view
from orgmodel.changes.jsonio import operation_specs
from orgmodel.core.operations import OPERATIONS
from orgmodel.core.records import KINDS, Spec
from orgmodel.integrations import document
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.problems import KINDS as PROBLEMS
from orgmodel.integrations.resources import Json
from orgmodel.integrations.schema import endpoint


class OrganizationView(ApiView):
    """The organization in numbers."""

    tag = "org"

    @endpoint("Count the organization", answers="Organization")
    def get(self, request: Request) -> Response:
        reality: Any = request._request.reality  # type: ignore[attr-defined]
        counts = {record.PLURAL: reality.org.count(kind) for kind, record in KINDS.items()}
        return Response({"name": reality.head.name, "version": reality.org.version, "counts": counts})


class OperationListView(ApiView):
    """Everything that can be done to an organization; drafts take any of it."""

    tag = "operations"

    @endpoint("List operations", answers="OperationKinds", reality=False)
    def get(self, request: Request) -> Response:
        return Response({"results": [_operation_json(name, each) for name, each in OPERATIONS.items()]})


def _operation_json(name: str, operation: Any) -> Json:
    fields = [_field_json(field, spec) for field, spec in operation_specs(operation).items()]
    return {"operation": name, "about": " ".join((operation.__doc__ or "").split()), "fields": fields}


def _field_json(name: str, spec: Spec) -> Json:
    told = {"name": name, "kind": spec.kind, "required": spec.required and spec.kind != "id"}
    if spec.choices:
        told["choices"] = [value for value, _ in spec.choices]
    if spec.target:
        told["target"] = spec.target
    if spec.limit:
        told["limit"] = spec.limit
    return told


class PageView(APIView):
    """A page of the documentation. A stranger in a browser is asked to sign in."""

    permission_classes = [AllowAny]
    renderer_classes = [StaticHTMLRenderer]

    def get(self, request: Request, **kwargs: str) -> HttpResponse:
        if not can_view(request.user):
            return redirect_to_login(request.get_full_path(), reverse("login"))
        return self.page(request._request, **kwargs)

    def page(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError


class DocsView(PageView):
    """The documentation of every resource."""

    def page(self, request: HttpRequest) -> HttpResponse:
        return render(request, "api/docs.html", {"resources": document.resources(), "problems": PROBLEMS})


class ProblemView(PageView):
    """What one type of problem means and what helps: where the `type` of a problem document leads."""

    def page(self, request: HttpRequest, name: str = "") -> HttpResponse:
        if name not in PROBLEMS:
            raise Http404("There is no such type of problem.")
        return render(request, "api/problem.html", {"problem": PROBLEMS[name], "problems": PROBLEMS})
