"""Pages about the webhooks of an integration, for org designers: where events go, and what became of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from orgmodel.changes.pages import post_only, see_other
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import said
from orgmodel.integrations import once
from orgmodel.integrations.models import Integration
from orgmodel.integrations.pages import confirm, for_designers
from orgmodel.webhooks import services
from orgmodel.webhooks.events import TYPES
from orgmodel.webhooks.forms import WebhookForm
from orgmodel.webhooks.models import Delivery, Subscription

PAGE = 50
State = Delivery.State


@for_designers
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: Any, key: str) -> HttpResponse:
    integration = _integration(key)
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        url, events = form.cleaned_data["url"], form.cleaned_data["events"]
        try:
            made = services.subscribe(integration, url=url, patterns=events, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, said(refusal.message))
        else:
            return once.keep(request, see_other(_address(made)), made.secret)
    waiting, dead = (Count("deliveries", filter=Q(deliveries__state=state)) for state in ("waiting", "dead"))
    rows = integration.subscriptions.annotate(waiting=waiting, dead=dead).order_by("created_at", "pk")
    context = {"integration": integration, "rows": rows, "form": form, "types": TYPES.items()}
    return render(request, "webhooks/webhooks.html", context, status=422 if form.errors else 200)


@for_designers
@require_safe
def webhook(request: Any, key: str, pk: str) -> HttpResponse:
    """One webhook with the log of what was sent to it. Its secret is shown once, after it was made or rotated."""
    found, secret = _find(key, pk), once.take(request)
    state = request.GET.get("state", "")
    rows = found.deliveries.order_by("-pk")
    if state in State.values:
        rows = rows.filter(state=state)
    context = {
        "integration": found.integration,
        "webhook": found,
        "secret": secret,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "states": State.choices,
        "state": state,
        "dead": found.deliveries.filter(state=State.DEAD).count(),
        "old_counts": found.old_secret_until is not None and found.old_secret_until > timezone.now(),
    }
    response = render(request, "webhooks/webhook.html", context)
    return once.forget(response) if secret else response


@for_designers
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_edit(request: Any, key: str, pk: str) -> HttpResponse:
    found = _find(key, pk)
    before = {"url": found.url, "events": " ".join(found.patterns)}
    form = WebhookForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and form.is_valid():
        services.edit(found, url=form.cleaned_data["url"], patterns=form.cleaned_data["events"])
        messages.success(request, _("Saved."))
        return see_other(_address(found))
    text = _("What waits already goes to the new address as well.")
    return _confirm(request, found, _("Change the webhook"), text, _("Save webhook"), form=form)


@for_designers
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_rotate(request: Any, key: str, pk: str) -> HttpResponse:
    found = _find(key, pk)
    if request.method == "POST":
        secret = services.rotate(found, at=timezone.now())
        return once.keep(request, see_other(_address(found)), secret)
    text = _(
        "A new secret is shown once. Until tomorrow at this time both sign, so that nothing is lost meanwhile."
    )
    return _confirm(request, found, _("Rotate the secret"), text, _("Rotate secret"))


@for_designers
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_remove(request: Any, key: str, pk: str) -> HttpResponse:
    found = _find(key, pk)
    if request.method == "POST":
        found.delete()
        messages.success(request, _("Nothing is sent to {url} any more.").format(url=found.url))
        return see_other(reverse("webhooks", args=[key]))
    text = _("Nothing is sent to {url} any more, and the log of what was is gone.").format(url=found.url)
    return _confirm(request, found, _("Remove the webhook"), text, _("Remove webhook"), kind="stop")


@for_designers
@post_only
def webhook_do(request: Any, key: str, pk: str) -> HttpResponse:
    """What a button of the page does at once: pause, resume, test, send again."""
    found, now = _find(key, pk), timezone.now()
    match request.POST.get("do"):
        case "pause":
            services.pause(found)
            words = _("Paused. What happens waits until you resume it.")
        case "resume":
            services.resume(found)
            words = _("Active: events are sent again.")
        case "test":
            services.send_test(found, at=now)
            words = _("A test event is on its way.")
        case "redeliver":
            n = services.redeliver(found, request.POST.getlist("event") or None, at=now)
            words = ngettext("{n} event will be sent again.", "{n} events will be sent again.", n).format(n=n)
        case _:
            raise Http404(_("There is no such action."))
    messages.success(request, words)
    return see_other(_address(found))


def _integration(key: str) -> Integration:
    found = Integration.objects.filter(key=key, closed_at=None).first() if "\x00" not in key else None
    if found is None:
        raise Http404(_("There is no such open integration."))
    return found


def _find(key: str, pk: str) -> Subscription:
    rows = Subscription.objects.select_related("integration")
    found = rows.filter(integration=_integration(key), pk=pk).first()
    if found is None:
        raise Http404(_("There is no such webhook."))
    return found


def _address(subscription: Subscription) -> str:
    return reverse("webhook", args=[subscription.integration.key, subscription.pk])


def _confirm(request: Any, found: Subscription, *words: str, **context: Any) -> HttpResponse:
    return confirm(request, found.integration, *words, back_url=_address(found), **context)
