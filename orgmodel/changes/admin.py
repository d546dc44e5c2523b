"""The log and the drafts in the admin, to be read and by nobody to be changed; and freezes, which are kept here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.access import roles
from orgmodel.access.admin_site import ForDesigners, ReadOnly
from orgmodel.changes import drafts, plans, queries
from orgmodel.changes.models import Change, ChangeSet, Draft, Freeze, Snapshot
from orgmodel.changes.telling import ways_to_seek
from orgmodel.changes.wording import Fact
from orgmodel.core.operations.base import noun, short
from orgmodel.core.phrases import count, said, say
from orgmodel.core.vocabulary import vocabulary_of

SHOWN = 100  # sentences and facts on one page
LONGEST = 200  # characters of a value


@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("version", "title", "reason", "who", "source", "recorded_at")
    list_display_links = ("version", "title")
    list_filter = ("source", "recorded_at")
    search_fields = ("message", "actor_name", "told")
    search_help_text = gettext_lazy("Reason, person or what happened")
    ordering = ("-version",)
    show_full_result_count = False
    list_select_related = False
    fields = (
        "version",
        "what",
        "reason",
        "who",
        "source",
        "recorded_at",
        "effective_on",
        "undoes",
        "learned",
        "changes",
    )
    readonly_fields = ("what", "reason", "who", "learned", "changes")

    def get_search_results(
        self, request: Any, queryset: QuerySet[ChangeSet], search_term: str
    ) -> tuple[QuerySet[ChangeSet], bool]:
        """Find what is sought as it was typed, and as the log tells it in the standard words."""
        found, repeats = super().get_search_results(request, queryset, search_term)
        for way in ways_to_seek(search_term, vocabulary_of(request.reality.live)):
            found |= super().get_search_results(request, queryset, way)[0]
        return found, repeats

    def view_on_site(self, obj: ChangeSet) -> str:
        return reverse("change_set", args=[obj.version])

    @admin.display(description=gettext_lazy("title"))
    def title(self, row: ChangeSet) -> str:
        return said(row.title)

    @admin.display(description=gettext_lazy("reason"))
    def reason(self, row: ChangeSet) -> str:
        return row.message or "—"

    @admin.display(description=gettext_lazy("who"), ordering="actor_name")
    def who(self, row: ChangeSet) -> str:
        return row.actor_name

    @admin.display(description=gettext_lazy("learning"))
    def learned(self, row: ChangeSet) -> str:
        return row.learning or "—"

    @admin.display(description=gettext_lazy("what happened"))
    def what(self, row: ChangeSet) -> str:
        return _listed(row.sentences)

    @admin.display(description=gettext_lazy("changes"))
    def changes(self, row: ChangeSet) -> str:
        address = reverse("admin:changes_change_changelist")
        words = count(row.change_count, "{n:,} change", "{n:,} changes")
        return format_html('<a href="{}?change_set={}">{}</a>', address, row.pk, words)


class ToldChanges(ChangeList):
    """A page of changes that know what differs, in words."""

    def get_results(self, request: Any) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        for row, facts in zip(rows, queries.facts_of_rows(rows, request.reality.live), strict=True):
            row.facts = facts
        self.result_list: Any = rows


@admin.register(Change)
class ChangeAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("version", "sentence", "about", "subject", "differs")
    list_display_links = ("version", "sentence")
    list_select_related = ("change_set",)
    ordering = ("-id",)
    show_full_result_count = False
    fields = ("change_set", "sentence", "about", "subject", "differs")
    readonly_fields = ("sentence", "about", "subject", "differs")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("change_set")

    def get_changelist(self, request: Any, **kwargs: Any) -> type[ChangeList]:
        return ToldChanges

    def get_object(self, request: Any, object_id: str, from_field: str | None = None) -> Any:
        found: Any = super().get_object(request, object_id, from_field)
        if found is not None:
            [found.facts] = queries.facts_of_rows([found], request.reality.live)
        return found

    @admin.display(description=gettext_lazy("version"), ordering="change_set__version")
    def version(self, row: Change) -> int:
        return row.change_set.version

    @admin.display(description=gettext_lazy("sentence"))
    def sentence(self, row: Change) -> str:
        return said(queries.sentence_of(row.change_set, row.operation))

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def about(self, row: Change) -> str:
        return said(noun(row.kind))

    @admin.display(description=gettext_lazy("record"))
    def subject(self, row: Any) -> str:
        return said(row.facts[0].subject)

    @admin.display(description=gettext_lazy("what differs"))
    def differs(self, row: Any) -> str:
        return format_html_join(", ", "{}", ((_in_words(fact),) for fact in row.facts))


@admin.register(Draft)
class DraftAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Drafts that an org designer may see as anybody else does: their own, those shared, those that everyone sees."""

    list_display = ("name", "owner", "state", "visibility", "based_on", "updated_at")
    list_filter = ("state", "visibility")
    list_select_related = ("owner",)
    search_fields = ("name", "key", "owner__username")
    ordering = ("-updated_at",)
    show_full_result_count = False
    purpose: Any = (gettext_lazy("What it is for"), {"fields": (*drafts.HEADER, "together", "despite")})
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "key",
                    "owner",
                    "state",
                    "visibility",
                    "based_on",
                    "created_at",
                    "updated_at",
                )
            },
        ),
        purpose,
        (
            gettext_lazy("Going live"),
            {"fields": ("scheduled_on", "scheduled_by", "failure", "change_set", "reverses")},
        ),
        (gettext_lazy("What it holds"), {"fields": ("steps", "parked", "said")}),
    )
    readonly_fields = ("together", "steps", "parked", "said")

    def get_queryset(self, request: Any) -> Any:
        return roles.visible_drafts(request.user)

    def get_object(self, request: Any, object_id: str, from_field: str | None = None) -> Any:
        """Return a draft with what this user may see of it, for the fields below."""
        found: Any = super().get_object(request, object_id, from_field)
        if found is not None:
            found.failure = said(found.failure)
            found.plan_shown = plans.plan_of(found, part=roles.part_of(request.user, found))
        return found

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """Leave out what a draft says about itself for those who were handed one tribe's part of it."""
        is_part = obj is not None and roles.part_of(request.user, obj) is not None
        return [row for row in self.fieldsets if not (is_part and row is self.purpose)]

    def view_on_site(self, obj: Draft) -> str:
        return reverse("draft_changes", args=[obj.key])

    @admin.display(description=gettext_lazy("keep together"))
    def together(self, row: Any) -> str:
        people = row.plan_shown.replay.after.people
        groups = ([people[id_].name for id_ in group if id_ in people] for group in row.keep_together)
        return _listed([", ".join(group) for group in groups])

    @admin.display(description=gettext_lazy("changes"))
    def steps(self, row: Any) -> str:
        plan, notes = row.plan_shown, _notes(row)
        sentences = zip(plan.positions, plan.replay.steps, strict=True)
        return _listed([_with_note(step.sentence, notes[position]) for position, step in sentences])

    @admin.display(description=gettext_lazy("kept for later"))
    def parked(self, row: Any) -> str:
        plan, notes = row.plan_shown, _notes(row)
        return _listed(
            [_with_note(op.describe(plan.replay.after), notes[position]) for position, op in plan.parked]
        )

    @admin.display(description=gettext_lazy("comments"))
    def said(self, row: Any) -> str:
        plan = row.plan_shown
        shown = {*plan.positions, *(position for position, _ in plan.parked)}
        rows = row.comments.select_related("author", "operation").order_by("written_at", "pk")
        return _listed(
            [
                f"{roles.name_of(comment.author) if comment.author else _('Somebody')}: {comment.body}"
                for comment in rows
                if comment.operation is None or comment.operation.position in shown
            ]
        )


def _in_words(fact: Fact) -> str:
    """Return "squad: Search → Radio", or whether a record is new or gone."""
    if not fact.field:
        return fact.after or say("gone")
    before, after = (short(said(value), LONGEST) or "—" for value in (fact.before, fact.after))
    return f"{said(fact.field)}: {before} → {after}" if fact.before else f"{said(fact.field)}: {after}"


def _notes(draft: Draft) -> dict[int, str]:
    return dict(draft.operations.values_list("position", "note"))


def _with_note(sentence: str, note: str) -> str:
    return say("{sentence} ({note})", sentence=sentence, note=note) if note else sentence


def _listed(lines: Sequence[str]) -> str:
    """Return lines as a list, up to as many as a page shows."""
    if not lines:
        return "—"
    items = format_html_join("", "<li>{}</li>", ((line,) for line in lines[:SHOWN]))
    more = len(lines) - SHOWN
    return format_html("<ul>{}</ul>{}", items, say("and {n:,} more", n=more) if more > 0 else "")


class FreezeForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        first, last = found.get("first_on"), found.get("last_on")
        if first is not None and last is not None and last < first:
            self.add_error("last_on", _("The last day is before the first."))
        return found


@admin.register(Freeze)
class FreezeAdmin(ForDesigners, admin.ModelAdmin):  # type: ignore[type-arg]
    form = FreezeForm
    list_display = ("name", "first_on", "last_on")
    search_fields = ("name",)
    ordering = ("-first_on",)
    show_full_result_count = False


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "key", "version", "author", "created_at")
    list_select_related = ("author",)
    search_fields = ("name", "key")
    ordering = ("-version",)
    show_full_result_count = False

    def view_on_site(self, obj: Snapshot) -> str:
        return f"{reverse('overview')}?as_of={obj.key}"
