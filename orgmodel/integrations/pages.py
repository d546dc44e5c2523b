"""Pages about integrations, for org designers: what they are, their tokens, and what they did lately."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orgmodel.access.roles import can_design
from orgmodel.changes.models import ChangeSet
from orgmodel.changes.pages import post_only, see_other
from orgmodel.core.org import Org
from orgmodel.core.phrases import said
from orgmodel.integrations import once, tokens
from orgmodel.integrations.forms import IntegrationForm, RotateForm, TokenForm
from orgmodel.integrations.models import Integration, Token

PAGE = 50
ENDED = 20  # tokens that open nothing any more, the last ones
LATELY = 10
View = Callable[..., HttpResponse]


def for_designers(view: View) -> View:
    @wraps(view)
    def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_design(request.user):
            raise PermissionDenied(_("Integrations and their tokens are for org designers."))
        return view(request, *args, **kwargs)

    return checked


@for_designers
@require_http_methods(["GET", "HEAD", "POST"])
def integrations(request: Any) -> HttpResponse:
    now = timezone.now()
    form = IntegrationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = tokens.integration_of(form.cleaned_data["name"], about=form.cleaned_data["about"], at=now)
        messages.success(request, _("{name} is there. Give it a token.").format(name=made.name))
        return see_other(_address(made))
    rows = Integration.objects.annotate(
        open_count=Count("tokens", filter=tokens.open_tokens(now, "tokens__")),
        used_at=Max("tokens__last_used_at"),
    )
    page = Paginator(rows.order_by("closed_at", "name", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "integrations/integrations.html", context, status=422 if form.errors else 200)


@for_designers
@require_http_methods(["GET", "HEAD"])
def integration(request: Any, key: str) -> HttpResponse:
    found, new_token = _find(key), once.take(request)
    response = _page(request, found, _form(request), new_token=new_token)
    return once.forget(response) if new_token else response


@for_designers
@post_only
def token_create(request: Any, key: str) -> HttpResponse:
    found, form = _find(key), _form(request, request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        token = tokens.issue_to(found, form.terms(), at=timezone.now(), public_id=form.public_id)
    except tokens.BadTerms as error:
        messages.error(request, said(error.message))
        return see_other(_address(found))
    return once.keep(request, see_other(_address(found)), token)


@for_designers
@require_http_methods(["GET", "HEAD", "POST"])
def token_rotate(request: Any, key: str, public_id: str) -> HttpResponse:
    found, token = _find_token(key, public_id)
    form = RotateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            new = tokens.rotate(token, overlap=form.hours(), at=timezone.now())
        except tokens.BadTerms as error:
            messages.error(request, said(error.message))
            return see_other(_address(found))
        return once.keep(request, see_other(_address(found)), new)
    title = _("Rotate {token}").format(token=token.name)
    text = _("A new token on the same terms is shown once. Put it where the old one is used.")
    return confirm(request, found, title, text, _("Rotate token"), form=form)


@for_designers
@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request: Any, key: str, public_id: str) -> HttpResponse:
    found, token = _find_token(key, public_id)
    if request.method == "POST":
        if tokens.revoke(Token.objects.filter(pk=token.pk), at=timezone.now()):
            messages.success(request, _("{token} is revoked.").format(token=token.name))
        return see_other(_address(found))
    title = _("Revoke {token}").format(token=token.name)
    text = _("It opens nothing any more from the next request on. This cannot be taken back.")
    return confirm(request, found, title, text, _("Revoke token"), kind="stop")


@for_designers
@require_http_methods(["GET", "HEAD", "POST"])
def integration_close(request: Any, key: str) -> HttpResponse:
    found = _find(key)
    if request.method == "POST":
        if found.closed_at is None:
            tokens.close(found, at=timezone.now())
            words = _("{name} is closed, and its tokens are revoked.")
            messages.success(request, words.format(name=found.name))
        return see_other(_address(found))
    title = _("Close {name}").format(name=found.name)
    text = _("All its tokens are revoked, and it cannot be opened again. The history keeps what it did.")
    return confirm(request, found, title, text, _("Close integration"), kind="stop")


def _find(key: str) -> Integration:
    found = Integration.objects.select_related("user").filter(key=key).first() if "\x00" not in key else None
    if found is None:
        raise Http404(_("There is no such integration."))
    return found


def _find_token(key: str, public_id: str) -> tuple[Integration, Token]:
    found = _find(key)
    token = found.tokens.filter(public_id=public_id).first() if public_id.isalnum() else None
    if token is None:
        raise Http404(_("{name} has no such token.").format(name=found.name))
    return found, token


def _address(found: Integration) -> str:
    return reverse("integration", args=[found.key])


def _form(request: Any, data: Any = None) -> TokenForm:
    return TokenForm(data, org=request.reality.live, at=timezone.now())


def _page(
    request: Any, found: Integration, form: TokenForm, *, new_token: str = "", status: int = 200
) -> HttpResponse:
    now, org = timezone.now(), request.reality.live
    every = [*found.tokens.order_by("-created_at", "-pk")]
    rows = [_row(token, org) for token in every if tokens.is_open(token, at=now)]
    ended = [token for token in every if not tokens.is_open(token, at=now)]
    context = {
        "integration": found,
        "rows": rows,
        "ended": ended[:ENDED],
        "ended_count": len(ended),
        "lately": ChangeSet.objects.filter(actor=found.user).order_by("-version")[:LATELY],
        "form": form,
        "new_token": new_token,
    }
    return render(request, "integrations/integration.html", context, status=status)


def _row(token: Token, org: Org) -> dict[str, Any]:
    if token.tribe is None:
        return {"token": token, "sees": _("everything")}
    tribe: Any = org.get("tribe", token.tribe)
    return {"token": token, "sees": tribe.name if tribe is not None else _("a tribe that is gone")}


def confirm(
    request: Any, found: Integration, title: str, text: str, action: str, **context: Any
) -> HttpResponse:
    """Ask whether to go on with something about an integration or what belongs to it."""
    about = {
        "integration": found,
        "title": title,
        "text": text,
        "action": action,
        "back_url": _address(found),
    }
    form = context.get("form")
    status = 422 if form is not None and form.errors else 200
    return render(request, "integrations/confirm.html", {**about, **context}, status=status)
