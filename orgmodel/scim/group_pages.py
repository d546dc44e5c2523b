"""Pages about the groups of identity providers, for org designers: which there are, and what each is linked to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms, shortcuts
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from orgmodel.changes import services, wording
from orgmodel.changes.faces import actor_of
from orgmodel.changes.forms import find_one
from orgmodel.changes.pages import post_only, see_other
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org
from orgmodel.core.phrases import capital, said, say
from orgmodel.integrations.pages import for_designers
from orgmodel.scim import accounts, linking, links
from orgmodel.scim.models import ScimGroup

PAGE = 50
SHOWN = 20  # names or sentences at a time


class LinkForm(forms.Form):
    """Asks which unit a group stands for."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(kind, capital(noun(kind))) for kind in linking.KINDS]
    )
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        max_length=200,
        help_text=gettext_lazy("Its name, its key, or how the name begins."),
        required=True,
    )
    moves = forms.BooleanField(
        label=gettext_lazy("Who joins leaves the squad or chapter they are in"),
        required=False,
        help_text=gettext_lazy(
            "Otherwise they are in both squads, and in another chapter they stay where they are."
        ),
    )
    takes_over = forms.BooleanField(
        label=gettext_lazy("Who leaves the group leaves the unit, also those who are in both today"),
        required=False,
        help_text=gettext_lazy("Otherwise only those leave the unit whom the group brought into it."),
    )

    def __init__(self, org: Org, given: Any = None) -> None:
        super().__init__(given)
        self.org = org

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "kind" in given and "unit" in given:
            try:
                given["unit"] = find_one(self.org, given["kind"], given["unit"])
            except ValidationError as error:
                self.add_error("unit", error)
        return given


@for_designers
@require_safe
def scim_groups(request: Any) -> HttpResponse:
    org: Org = request.reality.live
    rows = ScimGroup.objects.annotate(size=Count("members")).order_by("name_key")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(group, linking.unit_of(org, group), noun(group.unit_kind)) for group in page],
        "deactivated": accounts.count_here(),
    }
    return shortcuts.render(request, "scim/groups.html", context)


@for_designers
@require_safe
def scim_group(request: Any, id_: UUID) -> HttpResponse:
    group = _group_or_404(id_)
    asks = "kind" in request.GET
    return _page(request, group, LinkForm(request.reality.live, request.GET if asks else None))


@for_designers
@post_only
def scim_group_link(request: Any, id_: UUID) -> HttpResponse:
    group = _group_or_404(id_)
    form = LinkForm(request.reality.live, request.POST)
    if not form.is_valid():
        return _page(request, group, form, status=422)
    given = form.cleaned_data
    try:
        found = links.link(
            group,
            given["unit"],
            moves=given["moves"],
            takes_over=given["takes_over"],
            actor=actor_of(request.user),
            at=timezone.now(),
        )
    except wording.OBJECTIONS as objection:
        return _page(request, group, form, status=422, objection=objection)
    joined = say("{n} joined.", n=len(found.joined)) if found.joined else say("Nobody had to join.")
    words = say(
        "{group} is linked to {unit}. {joined}", group=group.name, unit=given["unit"].name, joined=joined
    )
    messages.success(request, said(words))
    return see_other(reverse("scim_group", args=[group.pk]))


@for_designers
@post_only
def scim_group_unlink(request: Any, id_: UUID) -> HttpResponse:
    group = _group_or_404(id_)
    links.unlink(group)
    words = _("{group} is linked to nothing any more. Nobody has left a unit by that.")
    messages.success(request, words.format(group=group.name))
    return see_other(reverse("scim_group", args=[group.pk]))


def _group_or_404(id_: UUID) -> ScimGroup:
    group = ScimGroup.objects.filter(pk=id_).first()
    if group is None:
        raise Http404(_("There is no such group."))
    return group


def _page(
    request: Any, group: ScimGroup, form: LinkForm, *, status: int = 200, objection: Any = None
) -> HttpResponse:
    org: Org = request.reality.live
    members = links.members_of(group)
    context = {
        "group": group,
        "size": len(members),
        "people": [org.people[id_] for id_ in members[:SHOWN] if id_ in org.people],
        "unit": linking.unit_of(org, group),
        "kind": noun(group.unit_kind),
        "form": form,
        "shown": SHOWN,
        "complaints": wording.explain(objection, org) if objection is not None else (),
    }
    context["missing"], context["others"] = links.differences(org, group, members)
    if form.is_bound and form.is_valid() and objection is None:
        context |= _foreseen(org, group, members, form.cleaned_data)
    return shortcuts.render(request, "scim/group.html", context, status=status)


def _foreseen(org: Org, group: ScimGroup, members: list[str], given: dict[str, Any]) -> dict[str, Any]:
    try:
        found = links.foresee(org, group, members, given["unit"], moves=given["moves"])
        steps = services.preview(found.operations).steps if found.operations else ()
    except wording.OBJECTIONS as objection:
        return {"complaints": wording.explain(objection, org)}
    chosen = given["unit"]
    return {
        "foreseen": found,
        "chosen": chosen,
        "kind_chosen": noun(chosen.KIND),
        "sentences": [step.sentence for step in steps],
    }
