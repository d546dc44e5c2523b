"""A draft goes live from here: all of it or some of its changes, now or on a day to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orgmodel.access import roles
from orgmodel.changes import publishing, queries, services, wording
from orgmodel.changes.draft_pages import address_of, closed, draft_or_404, may_publish, plan_for
from orgmodel.changes.faces import actor_of, check_may_date_back, check_may_make_live
from orgmodel.changes.models import Draft
from orgmodel.changes.page_forms import GoLiveForm, PublishForm, ScheduleForm
from orgmodel.changes.pages import go, post_only
from orgmodel.changes.plans import STANDING, Planned, fingerprint
from orgmodel.changes.publishing import Selection
from orgmodel.changes.wording import OBJECTIONS, Objection
from orgmodel.core.changes import Conflict
from orgmodel.core.dependence import dependents
from orgmodel.core.operations import Refused
from orgmodel.core.operations.designing import is_for_designers
from orgmodel.core.phrases import count, day_in_words, joined, said, say
from orgmodel.core.rules.reorganization import Check

CHOOSABLE = 500  # changes up to which one may choose some of them
EXPLAINED = 8  # changes that come along of which it is said why


@dataclass(frozen=True, slots=True)
class Choice:
    """One change on the page that publishes: what it says, whether it goes live, and why it does if nobody chose it."""

    position: int
    sentence: str
    is_chosen: bool
    fits: bool
    because: str = ""


@dataclass(frozen=True, slots=True)
class Settling:
    """What speaks against publishing, as the page groups it."""

    blockers: Sequence[Check]
    others: Sequence[Check]
    missing: Sequence[str]
    on: date
    other_day: date | None = None  # the one that its header says, where that is not the one it is judged on

    @property
    def has_questions(self) -> bool:
        return bool(self.others or self.missing)


def _settling(draft: Draft, plan: Planned, effective_on: date | None) -> Settling:
    """Return what is open in a draft that is to take effect on a day."""
    found = publishing.checks(draft, plan, timezone.localdate(), effective_on=effective_on)
    blockers = [check for check in found if check.level == "blocker"]
    others = [check for check in found if check.level != "blocker"]
    on = effective_on or draft.effective_on or timezone.localdate()
    other_day = draft.effective_on if draft.effective_on != on else None
    missing = publishing.missing(draft, has_day=effective_on is not None)
    return Settling(blockers, others, missing, on, other_day)


def _check_may_publish(request: Any, draft: Draft, plan: Planned) -> None:
    if not roles.can_publish_draft(request.user, draft):
        raise PermissionDenied(
            _("Only editors and org designers publish. Ask one of them to look at your draft.")
        )
    check_may_make_live(request.user, plan.operations)


# Now


def draft_publish(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    if not draft.is_open:
        return closed(request, draft)
    plan = plan_for(request, draft)
    request.reality.plan = plan
    if request.method != "POST":
        return _publish_page(request, draft, plan)
    _check_may_publish(request, draft, plan)
    chosen = _chosen(request, plan)
    form = PublishForm(request.POST, has_questions=True, takes_back=draft.reverses_id is not None)
    is_valid = form.is_valid()
    if chosen is not None and "read" in request.POST and _is_another(request.POST["read"], chosen):
        return _publish_page(request, draft, plan, form, chosen, is_new=True)
    if not is_valid:
        return _publish_page(request, draft, plan, form, chosen, status=422)
    check_may_date_back(request.user, form.cleaned_data["effective_on"])
    try:
        published = publishing.publish(
            draft,
            actor=actor_of(request.user),
            message=form.cleaned_data["reason"],
            at=timezone.now(),
            effective_on=form.cleaned_data["effective_on"],
            expected_changes=form.cleaned_data["expected"],
            positions=chosen,
            despite=form.cleaned_data["despite"],
            learning=form.cleaned_data.get("learning", ""),
        )
    except OBJECTIONS as objection:
        draft = draft_or_404(request, key)
        if not draft.is_open:
            return closed(request, draft)
        status = _object_to(form, objection)
        plan = plan_for(request, draft)
        request.reality.plan = plan
        return _publish_page(request, draft, plan, form, chosen, status=status)
    done = count(published.sentences, "Published {n} change.", "Published {n} changes.")
    messages.success(request, said(joined(" ", [done, _what_stays(draft)])))
    return go(request, address_of(draft))


def _what_stays(draft: Draft) -> str:
    if draft.state == Draft.State.PUBLISHED:
        return say("“{draft}” is live now.", draft=draft.name)
    standing = draft.operations.filter(state=STANDING).exists()
    return say("The rest stays in the draft.") if standing else say("What is parked stays in the draft.")


def _chosen(request: Any, plan: Planned) -> list[int] | None:
    """Return the positions that are ticked; None where the page had nothing to tick."""
    if "choose" not in request.POST:
        return None
    ticked = {text for text in request.POST.getlist("change") if text.isascii()}
    return [position for position in plan.positions if str(position) in ticked]


def _is_another(read: str, chosen: Sequence[int]) -> bool:
    return set(read.split(",")) != {str(position) for position in chosen}


def _object_to(form: GoLiveForm, objection: Objection) -> int:
    """Say in a form what was in the way, and return the status to answer with."""
    is_stale = isinstance(objection, (Conflict, publishing.StaleDraft))
    field = objection.field if isinstance(objection, Refused) and objection.field in form.fields else None
    form.add_error(field, said(wording.in_short(objection, services.current())))
    return 409 if is_stale else 422


def _publish_page(
    request: Any,
    draft: Draft,
    plan: Planned,
    form: PublishForm | None = None,
    positions: Sequence[int] | None = None,
    *,
    is_new: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Show what would go live. `is_new` marks a choice that was made on the page that is now shown again."""
    can_choose = 1 < len(plan.positions) <= CHOOSABLE
    asked = positions if positions is not None else _to_go_live(plan) if can_choose else plan.positions
    refusal = "" if asked else _("Choose at least one change.")
    try:
        selection = publishing.selection(plan, asked)
    except Refused as refused:
        refusal, selection = refused.message, Selection((), (), plan.replay)
    asked_for = form.cleaned_data.get("effective_on") if form is not None else None
    settling = _settling(draft, publishing.narrowed(plan, selection), asked_for or timezone.localdate())
    now = {"expected": fingerprint(selection.replay), "read": ",".join(map(str, selection.positions))}
    can_publish = may_publish(request.user, draft, plan)
    context = {
        "draft": draft,
        "form": _shown(form, draft, settling, is_new=is_new, **now),
        "choices": _choices(plan, selection)[:CHOOSABLE],
        "can_choose": can_publish and can_choose,
        "all": len(plan.positions),
        "count": len(selection.positions),
        "refusal": refusal,
        "is_new": is_new,
        "misfits": plan.replay.misfits,
        "summary": queries.summary(plan.replay),
        "settling": settling,
        "can_publish": can_publish,
        "to_ask": None if can_publish else _to_ask(plan),
    }
    return render(request, "changes/draft_publish.html", context, status=status)


def _shown(
    form: PublishForm | None, draft: Draft, settling: Settling, *, is_new: bool, **now: str
) -> PublishForm:
    """Return the form to show. A new choice keeps what was typed, and complains of nothing yet."""
    if form is not None and not is_new:
        form.ask_again(has_questions=settling.has_questions, **now)
        return form
    typed = form.data.dict() if form is not None else {}  # type: ignore[attr-defined]
    return PublishForm(
        initial={"effective_on": timezone.localdate(), "despite": draft.despite, **typed, **now},
        has_questions=settling.has_questions,
        takes_back=draft.reverses_id is not None,
    )


def _to_ask(plan: Planned) -> dict[str, Any]:
    """Return whom to ask to publish a draft: what they are, and some of them by name."""
    for_designers = any(map(is_for_designers, plan.operations))
    held = (roles.ORG_DESIGNER,) if for_designers else (roles.EDITOR, roles.ORG_DESIGNER)
    return {"for_designers": for_designers, "names": _one_of(queries.users_of(*held))}


def _one_of(people: Sequence[str]) -> str:
    """Return names to choose one from: "Ana, Ben or Cleo"."""
    if len(people) < 2:
        return "".join(people)
    return say("{names} or {last}", names=joined(", ", people[:-1]), last=people[-1])


def _to_go_live(plan: Planned) -> list[int]:
    """Return the positions of what fits: that is chosen until somebody chooses otherwise."""
    return [p for p, step in zip(plan.positions, plan.replay.steps, strict=True) if step.fits]


def _choices(plan: Planned, selection: Selection) -> list[Choice]:
    because = _because(plan, selection)
    chosen = set(selection.positions)
    return [
        Choice(position, step.sentence, position in chosen, step.fits, because.get(position, ""))
        for position, step in zip(plan.positions, plan.replay.steps, strict=True)
    ]


def _because(plan: Planned, selection: Selection) -> dict[int, str]:
    """Return for what comes along which of the chosen changes builds on it."""
    found: dict[int, str] = {}
    chosen = set(plan.indexes(selection.chosen))
    for position in selection.along[:EXPLAINED]:
        building = [i for i in dependents(plan.replay, [plan.index(position)]) if i in chosen]
        found[position] = (
            say(
                "because “{change}” builds on it",
                change=plan.replay.steps[building[0]].sentence,
            )
            if building
            else say("so that the rest fits afterwards")
        )
    return found


# On a day to come


def draft_schedule(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    if not draft.is_open:
        return closed(request, draft)
    plan = plan_for(request, draft)
    request.reality.plan = plan
    _check_may_publish(request, draft, plan)
    if request.method != "POST":
        return _schedule_page(request, draft, plan)
    form = ScheduleForm(request.POST, has_questions=True)
    if not form.is_valid():
        return _schedule_page(request, draft, plan, form, status=422)
    try:
        publishing.schedule(
            draft,
            on=form.cleaned_data["scheduled_on"],
            by_id=request.user.pk,
            message=form.cleaned_data["reason"],
            at=timezone.now(),
            despite=form.cleaned_data["despite"],
            expected_changes=form.cleaned_data["expected"],
        )
    except OBJECTIONS as objection:
        draft = draft_or_404(request, key)
        if not draft.is_open:
            return closed(request, draft)
        return _schedule_page(
            request, draft, plan_for(request, draft), form, status=_object_to(form, objection)
        )
    done = say(
        "“{draft}” goes live on {day}, by itself.",
        draft=draft.name,
        day=day_in_words(form.cleaned_data["scheduled_on"]),
    )
    messages.success(request, said(done))
    return go(request, address_of(draft))


def _schedule_page(
    request: Any, draft: Draft, plan: Planned, form: ScheduleForm | None = None, status: int = 200
) -> HttpResponse:
    request.reality.plan = plan
    day = draft.effective_on
    if form is not None:
        day = form.cleaned_data.get("scheduled_on") or day
    settling = _settling(draft, plan, day)
    expected = fingerprint(plan.replay)
    if form is not None:
        form.ask_again(has_questions=settling.has_questions, expected=expected)
    else:
        is_to_come = day is not None and day > timezone.localdate()
        initial = {
            "scheduled_on": day if is_to_come else None,
            "reason": draft.schedule_message,
            "despite": draft.despite,
            "expected": expected,
        }
        form = ScheduleForm(initial=initial, has_questions=settling.has_questions)
    context = {
        "draft": draft,
        "form": form,
        "settling": settling,
        "count": len(plan.positions),
        "misfits": plan.replay.misfits,
    }
    return render(request, "changes/draft_schedule.html", context, status=status)


@post_only
def draft_unschedule(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    if not roles.can_unschedule_draft(request.user, draft):
        words = _("The draft “{draft}” is not yours to unschedule.")
        raise PermissionDenied(words.format(draft=draft.name))
    try:
        publishing.unschedule(draft, at=timezone.now())
    except Refused as refusal:
        messages.info(request, said(refusal.message))
    else:
        words = _("“{draft}” is not scheduled any more and can be edited.")
        messages.success(request, words.format(draft=draft.name))
    return go(request, reverse("draft_changes", args=[draft.key]))
