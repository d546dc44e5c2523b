"""The page of any operation: show its form, carry it out, say so. Pages of units use what it knows about addresses."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orgmodel.access import roles
from orgmodel.changes import faces, plans, queries, services
from orgmodel.changes.faces import ANOTHER_DAY, Outcome
from orgmodel.changes.forms import EditForm, OperationForm
from orgmodel.changes.models import ChangeSet, Draft, DraftOperation
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.changes import Conflict
from orgmodel.core.operations import Operation
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, said, say
from orgmodel.core.records import Record

WITHOUT_PAGE = frozenset({"role", "domain", "dependency"})
"""Kinds that are shown in their list, or under two keys, rather than on a page under a key of their own."""

Crumb = tuple[str, str]
"""The words of a breadcrumb, and its address."""


def can_change(request: Any) -> bool:
    """Say whether this user may change the organization that this request reads."""
    reality = request.reality
    if reality.draft is not None:
        return roles.can_edit_draft(request.user, reality.draft)
    return reality.kind == "live" and roles.can_plan(request.user)


def check_can_change(request: Any) -> None:
    """Raise PermissionDenied, saying why, where this user may not change what this request reads."""
    reality = request.reality
    if reality.is_another_day:
        raise PermissionDenied(said(ANOTHER_DAY))
    if not can_change(request):
        if reality.draft is not None and not reality.draft.is_open:
            words = _("The draft “{draft}” is {state} and cannot be changed.")
            raise PermissionDenied(
                words.format(draft=reality.draft.name, state=reality.draft.get_state_display())
            )
        raise PermissionDenied(_("Your role reads only. Ask an org designer to let you plan or publish."))


def record_or_404(request: Any, kind: str, key: str) -> Any:
    """Return the record of this key in the organization that the request reads."""
    record = request.reality.org.find(kind, key)
    if record is None:
        words = _("There is no {kind} “{key}”.")
        if request.reality.is_another_day:
            words = _("There is no {kind} “{key}” on that day.")
        elif request.reality.kind == "draft":
            words = _("There is no {kind} “{key}” in this draft.")
        raise Http404(words.format(kind=said(noun(kind)), key=key[:100]))
    return record


def address(request: Any, name: str, /, *args: str, draft: Draft | None = None, **query: Any) -> str:
    """Return the address of a page in the reality of this request, or in another draft."""
    found = reverse(name, args=args)
    reality = f"draft={draft.key}" if draft is not None else request.reality.query
    parts = [part for part in (reality, urlencode(query, doseq=True)) if part]
    return f"{found}?{'&'.join(parts)}" if parts else found


def unknown_value(query: QueryDict, name: str, value: str) -> dict[str, str]:
    """Return what the form of a list says of a value that its filter does not know, "" for none, and the address
    without it."""
    without = query.copy()
    for each in (name, "page"):
        without.pop(each, None)
    return {"unknown": value, "without": f"?{without.urlencode()}"}


@dataclass(frozen=True, slots=True)
class StepsBack:
    """The Undo and Redo of a toolbar: addresses to post to, "" where there is nothing to take or bring back.

    `look` is the page that shows what undoing would do, where others have changed something since. `revision` is that
    of the draft as it is shown, so that nobody undoes what somebody else did meanwhile.
    """

    undo: str
    redo: str
    look: str = ""
    revision: int | None = None


def steps_back(request: Any) -> StepsBack | None:
    """Return what a page's Undo and Redo do for those who may change what it shows; None where moves start a draft."""
    reality = request.reality
    if reality.draft is not None:
        return StepsBack(
            reverse("draft_undo", args=[reality.draft.key]) if reality.plan.can_undo else "",
            reverse("draft_redo", args=[reality.draft.key]) if reality.plan.can_redo else "",
            revision=reality.draft.revision,
        )
    if not moves_are_live(request):
        return None
    last = queries.latest_of(request.user)
    newest = ChangeSet.objects.filter(version=reality.head.version).select_related("undoes__undoes").first()
    is_own_undo = newest is not None and newest.actor_id == request.user.pk and newest.takes_back
    redo = reverse("undo", args=[newest.version]) if newest is not None and is_own_undo else ""
    undo = reverse("undo", args=[last.version]) if last is not None else ""
    return StepsBack(undo, redo) if last == newest or not undo else StepsBack("", redo, look=undo)


def moves_are_live(request: Any) -> bool:
    """Say whether dragging someone on a live board is live at once."""
    is_direct = settings.LIVE_EDITING == "direct" and roles.can_publish(request.user)
    return request.reality.kind == "live" and is_direct


def board_or(request: Any, *otherwise: str) -> tuple[str, ...]:
    """Return the board that `tribe` in the address says someone has come from, else another page to go on to."""
    key = request.GET.get("tribe", "")
    return ("tribe", key) if request.reality.org.find("tribe", key) is not None else otherwise


def operation_page(
    request: Any,
    form: OperationForm,
    *,
    title: str,
    verb: str,
    done: tuple[str, ...],
    crumbs: Sequence[Crumb] = (),
    template: str = "changes/operation.html",
    **context: Any,
) -> HttpResponse:
    """Show the form of an operation, or carry it out and go on to the page named by `done`.

    `done` is the name and arguments of an address; ("created",) stands for the page of what the form creates. A form
    sent by its Preview button is shown again.
    """
    check_can_change(request)
    status = 200
    if request.method == "POST" and "preview" not in request.POST:
        if form.is_valid():
            sent_before = _sent_before(request, form, form.org)
            if sent_before is not None:
                return sent_before
            try:
                operations = form.to_operations()
                sentences = _sentences(operations, form.org)
                outcome = faces.perform(
                    request,
                    operations,
                    message=form.reason,
                    live=request.POST.get("into") != "draft",
                    seen=form.seen(),
                )
            except OBJECTIONS as objection:
                if isinstance(form, EditForm) and not form.changed():
                    messages.info(request, _("Nothing changed."))
                    return see_other(address(request, *done))
                now = _now(request)
                sent_before = _sent_before(request, form, now)  # by the first of two clicks, a moment ago
                if sent_before is not None:
                    return sent_before
                form.object_to(objection, now)
                status = 409 if isinstance(objection, Conflict) else 422
            else:
                _say(request, outcome, sentences)
                return see_other(_page_after(request, form, outcome, done))
        else:
            status = 422
    back = address(request, *done) if done != ("created",) else (crumbs[-1][1] if crumbs else "")
    page = {
        "form": form,
        "title": title,
        "verb": verb,
        "crumbs": crumbs,
        "back": back,
        "modes": _modes(request, verb),
    }
    return render(request, template, {**page, **context}, status=status)


def page_or_peek(request: Any, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Show a page, or only its summary where another page asks for a look at it."""
    is_peek = request.htmx and request.htmx.target == "peek"
    response = render(request, f"{template}#peek" if is_peek else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def see_other(url: str) -> HttpResponse:
    """Answer a form that was carried out: read this page next."""
    return HttpResponseRedirect(url, status=303)


def go(request: Any, url: str) -> HttpResponse:
    """Answer what was carried out, by a form or from a board: read that page next."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return see_other(url)


def back(request: Any, otherwise: str) -> str:
    """Return where a button was pressed, if that is a page of ours that still makes sense afterwards."""
    asked = request.POST.get("next") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return otherwise
    parts = urlsplit(asked)
    if parts.path == request.path or not _can_be_read(parts.path):
        return otherwise
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def post_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view answer forms only. Where its answer shows a form again, `back` leads to a page that can be read."""
    guarded: Any = require_POST(view)
    guarded.is_post_only = True
    return guarded  # type: ignore[no-any-return]


def _can_be_read(path: str) -> bool:
    try:
        return not getattr(resolve(path).func, "is_post_only", False)
    except Resolver404:
        return False


def chosen_intent(request: Any, positions: Container[int], name: str = "intent") -> int | None:
    """Return which intent the address names, to see it in full or for another purpose of that name."""
    text = request.GET.get(name, "")
    chosen = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    return chosen if chosen is not None and chosen in positions else None


def page_in(request: Any, rows: Any, size: int) -> Page[Any]:
    """Return the page of a list that the address asks for; all of it where it goes into a file."""
    paginator = Paginator(rows, size)
    if request.as_file:
        paginator.per_page = max(paginator.count, 1)
    return paginator.get_page(request.GET.get("page"))


def shown(request: Any, rows: Sequence[Any], most: int) -> Sequence[Any]:
    """Return the first rows of a list that another page has all of; all of them where they go into a file."""
    return rows if request.as_file else rows[:most]


def start_of(page: Page[Any]) -> int:
    """Return the index of the first row of a page."""
    return max(0, page.start_index() - 1)


def _modes(request: Any, verb: str) -> Mapping[str, Any]:
    """Return the words of the buttons: where the change may go."""
    if request.reality.draft is not None:
        return {"main": say("{verb} in the draft", verb=verb)}
    in_new = say("{verb} in a new draft", verb=verb)
    return {"main": verb, "draft": in_new} if roles.can_publish(request.user) else {"main": in_new}


def _sentences(operations: Sequence[Operation], org: Org) -> str:
    return names((operation.describe(org) for operation in operations), limit=2)


def _now(request: Any) -> Org:
    """Return the organization that the request reads as it is after something was in the way."""
    if request.reality.draft is None:
        return services.current()
    request.reality.draft.refresh_from_db()
    return plans.replay_draft(request.reality.draft).after


def _sent_before(request: Any, form: OperationForm, org: Org) -> HttpResponse | None:
    """Return where to go where this very form has been carried out already, such as by the first of two clicks."""
    if not form.creates:
        return None
    id_ = form.cleaned_data["id"]
    record = org.get(form.creates, id_)
    if record is not None:
        return see_other(_page_of(request, record, request.reality.draft))
    planned = DraftOperation.objects.filter(
        draft__owner=request.user,
        draft__state=Draft.State.OPEN,
        state=DraftOperation.State.STANDING,
        body__id=id_,
    )
    before = planned.select_related("draft").first() if request.reality.kind == "live" else None
    if before is not None:
        return see_other(
            _page_of(request, plans.replay_draft(before.draft).after.get(form.creates, id_), before.draft)
        )
    return None


def _page_after(request: Any, form: OperationForm, outcome: Outcome, done: tuple[str, ...]) -> str:
    if done != ("created",):
        return address(request, *done, draft=outcome.draft)
    org = plans.replay_draft(outcome.draft).after if outcome.draft is not None else services.current()
    return _page_of(request, org.get(form.creates, form.cleaned_data["id"]), outcome.draft)


def _page_of(request: Any, record: Record | None, draft: Draft | None) -> str:
    if record is None:  # gone from its draft meanwhile
        return address(request, "overview", draft=draft)
    if record.KIND in WITHOUT_PAGE:
        return address(request, record.PLURAL, draft=draft)
    if record.KIND == "tribe":
        return address(request, "tribe_about", record.key, draft=draft)  # type: ignore[attr-defined]
    return address(request, record.KIND, record.key, draft=draft)  # type: ignore[attr-defined]


def _say(request: Any, outcome: Outcome, sentences: str) -> None:
    """Leave a message for the next page: what was done and, where that is live, how to take it back."""
    if outcome.change_set is not None:
        undo = format_html(
            '<form method="post" action="{}" data-undo><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button type="submit">{}</button></form>',
            reverse("undo", args=[outcome.change_set.version]),
            get_token(request),
            _("Undo"),
        )
        messages.success(request, format_html("{}. {}", sentences, undo))
    elif outcome.started and outcome.draft is not None:
        words = _("Draft “{draft}” started. {changes}. Nothing is live until you publish.")
        messages.success(request, words.format(draft=outcome.draft.name, changes=said(sentences)))
    else:
        messages.success(request, _("In the draft: {changes}.").format(changes=said(sentences)))
