"""The log and the drafts in the admin: to be read, by nobody to be changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from orgmodel.access.admin_site import ReadOnly
from orgmodel.changes import drafts, queries
from orgmodel.changes.models import Change, ChangeSet, Draft, Snapshot

SHOWN = 100  # sentences and facts on one page


@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("version", "title", "reason", "who", "source", "recorded_at")
    list_display_links = ("version", "title")
    list_filter = ("source", "recorded_at")
    search_fields = ("message", "actor_name", "sentences")
    search_help_text = "Reason, person or what happened"
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
        "changes",
    )
    readonly_fields = ("what", "reason", "who", "changes")

    def view_on_site(self, obj: ChangeSet) -> str:
        return reverse("change_set", args=[obj.version])

    @admin.display
    def reason(self, row: ChangeSet) -> str:
        return row.message or "—"

    @admin.display(ordering="actor_name")
    def who(self, row: ChangeSet) -> str:
        return row.actor_name

    @admin.display(description="what happened")
    def what(self, row: ChangeSet) -> str:
        sentences = format_html_join("", "<li>{}</li>", ((sentence,) for sentence in row.sentences[:SHOWN]))
        more = len(row.sentences) - SHOWN
        return format_html("<ul>{}</ul>{}", sentences, f"and {more:,} more" if more > 0 else "")

    @admin.display(description="changes")
    def changes(self, row: ChangeSet) -> str:
        address = reverse("admin:changes_change_changelist")
        count = "1 change" if row.change_count == 1 else f"{row.change_count:,} changes"
        return format_html('<a href="{}?change_set={}">{}</a>', address, row.pk, count)


@admin.register(Change)
class ChangeAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("version", "sentence", "kind", "fact")
    list_display_links = ("version", "sentence")
    list_select_related = ("change_set",)
    ordering = ("-id",)
    show_full_result_count = False
    fields = ("change_set", "sentence", "kind", "record", "before", "after")
    readonly_fields = ("sentence",)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("change_set")

    @admin.display(ordering="change_set__version")
    def version(self, row: Change) -> int:
        return row.change_set.version

    @admin.display
    def sentence(self, row: Change) -> str:
        return queries.sentence_of(row.change_set, row.operation)

    @admin.display(description="what differs")
    def fact(self, row: Change) -> str:
        if row.before is None:
            return "new"
        return ", ".join(row.before) if row.after is not None else "gone"


@admin.register(Draft)
class DraftAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "owner", "state", "based_on", "created_at", "updated_at")
    list_filter = ("state",)
    list_select_related = ("owner",)
    search_fields = ("name", "key", "owner__username")
    ordering = ("-updated_at",)
    show_full_result_count = False
    fields = ("name", "key", "owner", "state", "based_on", "created_at", "updated_at", "change_set", "steps")
    readonly_fields = ("steps",)

    def view_on_site(self, obj: Draft) -> str:
        return reverse("draft_changes", args=[obj.key])

    @admin.display(description="operations")
    def steps(self, row: Draft) -> str:
        steps = drafts.replay_draft(row).steps[:SHOWN]
        return format_html(
            "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((step.sentence,) for step in steps))
        )


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "key", "version", "author", "created_at")
    list_select_related = ("author",)
    search_fields = ("name", "key")
    ordering = ("-version",)
    show_full_result_count = False

    def view_on_site(self, obj: Snapshot) -> str:
        return f"{reverse('overview')}?as_of={obj.key}"
