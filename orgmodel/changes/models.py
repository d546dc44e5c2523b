"""The log and the drafts. Organization tables live in `squads` and `guilds`; only `store.py` writes them.

The log is append-only: nothing here is ever edited but a draft, and the head, which is also the lock of every commit.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from orgmodel.changes.fields import IdField


def new_id() -> str:
    return str(uuid.uuid4())


class RecordModel(models.Model):
    """What every table of organization records has. Its fields mirror the record dataclass of the same name."""

    id = IdField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class ChangeSet(models.Model):
    """One commit: everything that changed together, by whom, from where, why, and from which day on."""

    class Source(models.TextChoices):
        WEB = "web", "dashboard"
        API = "api", "API"
        ADMIN = "admin", "admin"
        IMPORT = "import", "import"
        SCIM = "scim", "SCIM"
        UNDO = "undo", "undo"
        DRAFT = "draft", "draft"

    id = IdField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(max_length=200)
    source = models.CharField(max_length=10, choices=Source)
    message = models.TextField(blank=True)
    sentences = models.JSONField(default=list)
    change_count = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    effective_on = models.DateField()
    undoes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version"], name="changes_changeset_version")]
        indexes = [models.Index(fields=["effective_on"], name="changes_changeset_effective")]

    def __str__(self) -> str:
        return f"{self.version}: {self.title}"

    @property
    def title(self) -> str:
        """What happened, in one line."""
        if not self.sentences:
            return self.message or "Nothing"
        more = len(self.sentences) - 1
        return f"{self.sentences[0]}, and {more} more" if more else str(self.sentences[0])


class Change(models.Model):
    """One record's part in a change set: only the fields that differ, before and after."""

    change_set = models.ForeignKey(ChangeSet, on_delete=models.PROTECT, related_name="changes")
    operation = models.PositiveIntegerField()  # which of the change set's sentences it belongs to
    kind = models.CharField(max_length=20)
    record = IdField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "record"], name="changes_change_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"


class Mention(models.Model):
    """Which change set is about which record, itself or through those that refer to it: a squad that someone left."""

    version = models.PositiveIntegerField()  # of the change set; no reference, so that it costs one index
    operation = models.PositiveIntegerField()  # which of its sentences
    kind = models.CharField(max_length=20)
    record = IdField()

    class Meta:
        indexes = [models.Index(fields=["kind", "record", "version"], name="changes_mention_record")]

    def __str__(self) -> str:
        return f"{self.version}: {self.kind} {self.record}"


class Head(models.Model):
    """The one row that says which version the tables hold. Locking it makes commits queue up."""

    version = models.PositiveIntegerField(default=0)
    change_set = IdField(
        null=True
    )  # the change set that made this version; not a reference, so that it can be erased
    name = models.CharField(max_length=200, default="My organization")
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="changes_head_one_row")]

    def __str__(self) -> str:
        return f"version {self.version}"


class Draft(models.Model):
    """A reorganization being planned: operations that are replayed on today's organization whenever it is opened."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        PUBLISHED = "published", "published"
        DISCARDED = "discarded", "discarded"

    id = IdField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=100)
    name = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    revision = models.PositiveIntegerField(default=0)  # counts every edit, so that replays can be kept
    based_on = models.DateField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    change_set = models.ForeignKey(
        ChangeSet, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="changes_draft_key")]
        indexes = [models.Index(fields=["state"], name="changes_draft_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def planned_operations(self) -> models.QuerySet[DraftOperation]:
        """The operations that stand, in order, without those taken back."""
        return self.operations.filter(undone=None).order_by("position")


class DraftOperation(models.Model):
    """One step of a draft, as versioned JSON. One that was taken back stays until something else is appended."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="operations")
    position = models.PositiveIntegerField()
    batch = models.PositiveIntegerField()  # those appended together, by the position of the first
    undone = models.PositiveIntegerField(null=True)  # which revision of the draft took it back
    body = models.JSONField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "position"], name="changes_draftoperation_position")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.position}"
