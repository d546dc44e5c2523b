"""What every address under /api/v1/ does alike: parameters it knows, tags of objects, preconditions, repeated requests.

A view says what it answers with `schema.endpoint`; what happens before and after its methods follows from that.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.request import Request, clone_request
from rest_framework.response import Response
from rest_framework.views import APIView

from orgmodel.changes import store
from orgmodel.changes.middleware import Reality
from orgmodel.changes.models import Draft
from orgmodel.changes.wording import Complaint
from orgmodel.integrations import paging, repeats, selection
from orgmodel.integrations.bodies import OPTIONS, Body, Place
from orgmodel.integrations.filters import Filter
from orgmodel.integrations.problems import Fault, Faulty, fault_of, to_json
from orgmodel.integrations.schema import COMPONENTS, Endpoint, filters_of, named

READS = ("GET", "HEAD")
GUARDED = ("PATCH", "PUT", "DELETE")
Handler = Callable[..., Any]


class ApiView(APIView):
    """The base of every view of the API, and the first base of every view set."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    tag: ClassVar[str]
    filters: ClassVar[Mapping[str, Filter]] = {}
    # Where in the body the operations stand that a request asks for, where one cannot tell from how it is read.
    places: Sequence[Place] = ()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer as Django REST framework does, with the conventions between the permissions and the view's method."""
        self.args, self.kwargs = args, kwargs
        self.headers = self.default_response_headers
        self.request = request = self.initialize_request(request, *args, **kwargs)
        try:
            self.initial(request, *args, **kwargs)
            answer = self._follow(request, self._method(request.method))
        except Exception as exception:
            answer = self.handle_exception(exception)
        self.response = self.finalize_response(request, answer, *args, **kwargs)
        return self.response

    def check_permissions(self, request: Request) -> None:
        """Refuse a method that is not possible here before asking who may use it."""
        if self._method(request.method) == self.http_method_not_allowed:
            self.http_method_not_allowed(request)
        super().check_permissions(request)

    def _method(self, name: str | None) -> Handler:
        """Return the view's own method, or the one that refuses."""
        known = name is not None and name.lower() in self.http_method_names
        found: Handler = self.http_method_not_allowed
        return getattr(self, str(name).lower(), found) if known else found

    def _follow(self, request: Request, handler: Handler) -> Any:
        told: Endpoint | None = getattr(handler, "endpoint", None)
        if told is None:
            return handler(request, *self.args, **self.kwargs)
        paging.check_parameters(request, self._parameters(told, request), filters_of(self, told))
        if request.method in READS:
            return self._read_object(request, handler, told)
        if request.method in GUARDED and hasattr(self, "get"):
            return self._change_object(request, handler, told)
        return self._send_once(request, handler, told)

    def _parameters(self, told: Endpoint, request: Request) -> set[str]:
        """Return the query parameters that mean something here."""
        found = {*told.parameters}
        if told.many:
            found |= {*filters_of(self, told), *paging.PAGING}
        if told.reality:
            found |= {*paging.REALITY}
        if told.reality and request.method == "DELETE":
            found |= {*OPTIONS}
        if request.method in READS:
            found |= {*self.selection(told).parameters}
        return found

    def fault_of(self, complaint: Complaint) -> Fault:
        """Return what is in the way, with its place: in the body as it was sent, or in the address."""
        field = complaint.field
        if self.request.method == "DELETE" and field in OPTIONS:
            return fault_of(complaint, None, field)
        return fault_of(complaint, self._pointer(field, complaint.position))

    def _pointer(self, field: str, position: int | None) -> str:
        """Return where in the body a field of the operation at a position stands; "" where it does not hold it."""
        if position is not None and self.places:
            return self.places[position].pointer(field)
        told: Endpoint | None = getattr(self._method(self.request.method), "endpoint", None)
        body = named(self, told.body) if told is not None else None
        return body.place_of(position).pointer(field) if isinstance(body, Body) else ""

    # Reading

    def _read_object(self, request: Request, handler: Handler, told: Endpoint) -> Any:
        """Answer with what is asked for of an object or page; with 304 where the caller holds the object already."""
        chosen = self.selection(told).chosen(request)
        response = handler(request, *self.args, **self.kwargs)
        if told.produces:
            return response  # a file
        if told.many:
            response.data["results"] = [chosen.of(each) for each in response.data["results"]]
            return response
        tag = tag_of(response.data)
        if not chosen.expands and _names(request.headers.get("If-None-Match", ""), tag, weak=True):
            return HttpResponse(status=304, headers={"ETag": tag})
        response.data = chosen.of(response.data)
        response["ETag"] = tag
        return response

    def selection(self, told: Endpoint) -> selection.Selection:
        """Return which fields of an answer can be chosen, and which of its references opened."""
        shapes = {**COMPONENTS, **getattr(self, "shapes", {})}
        shape = shapes.get(named(self, told.answers), {})
        return selection.Selection(tuple(shape.get("properties", ())), getattr(self, "kind", ""))

    # Writing

    def lock(self) -> None:
        """Hold back everyone else who changes what this request is about, until the transaction ends."""
        store.locked_head()
        inner: Any = self.request._request
        if (key := inner.GET.get("draft")) is not None:
            lock_draft(key)

    def _change_object(self, request: Request, handler: Handler, told: Endpoint) -> Any:
        """Change an object if it is still what the caller read."""
        wanted = request.headers.get("If-Match")
        if wanted is None:
            detail = "Send the ETag that you read as If-Match, or * to change whatever is there."
            raise Faulty([Fault("required", detail, header="If-Match")], 428)
        if wanted.strip() == "*":
            return self._tagged(handler(request, *self.args, **self.kwargs), told)
        with transaction.atomic():
            self.lock()
            request._request.reality = Reality(request._request)  # type: ignore[attr-defined]  # as it is now
            self._check_unchanged(request, wanted)
            return self._tagged(handler(request, *self.args, **self.kwargs), told)

    def _check_unchanged(self, request: Request, wanted: str) -> None:
        """Raise Faulty where an object is not what the caller says it is."""
        try:
            state = self._state(request)
        except Http404:
            if request.method != "PUT":
                raise
            raise _stale("There is nothing here by now.") from None
        tag = tag_of(state)
        if not _names(wanted, tag):
            raise _stale(
                "It has changed since you read it.", headers={"ETag": tag}, members={"current": state}
            )

    def _state(self, request: Request) -> Any:
        """Return what the object's own address answers, whatever the parameters of this request are."""
        inner = copy.copy(request._request)
        inner.method, inner.GET = "GET", QueryDict()
        reading = clone_request(request, "GET")
        reading._request = inner
        return self._method("GET")(reading, *self.args, **self.kwargs).data

    def _send_once(self, request: Request, handler: Handler, told: Endpoint) -> Any:
        """Carry out a request, once however often it is sent with the same key."""
        key = repeats.key_of(request, required=told.key_required, refused=told.tells_secret)

        def run() -> Any:
            return self._tagged(handler(request, *self.args, **self.kwargs), told)

        return repeats.once(request, key, run) if key else run()

    def _tagged(self, response: Any, told: Endpoint) -> Any:
        """Add the new tag to an answer that holds the object as its own address would."""
        readers = [getattr(self, name, None) for name in ("get", "retrieve")]
        own = {reader.endpoint.answers for reader in readers if reader is not None}
        if isinstance(response, Response) and told.answers in own - {""} and not told.many:
            response["ETag"] = tag_of(response.data)
        return response


def tag_of(state: Any) -> str:
    """Return the entity tag of an object: the same wherever its own address answers the same."""
    return f'"{hashlib.sha256(to_json(state)).hexdigest()[:32]}"'


def _names(header: str, tag: str, *, weak: bool = False) -> bool:
    """Return whether a header of tags names this one. Weak ones count for reading only."""
    given = parse_etags(header)
    return "*" in given or tag in given or (weak and f"W/{tag}" in given)


def _stale(detail: str, **more: Any) -> Faulty:
    return Faulty([Fault("stale", detail, header="If-Match")], 412, **more)


def lock_draft(key: str) -> None:
    """Hold back everyone else who changes a draft, until the transaction ends."""
    if "\x00" not in key:
        Draft.objects.select_for_update().filter(key=key).first()
