"""The log and the drafts. Organization tables live in `squads` and `guilds`; only `store.py` writes them.

The log is append-only: nothing here is ever edited but a draft, and the head, which is also the lock of every commit.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orgmodel.changes.fields import IdField, SentenceField, SentencesField
from orgmodel.core.phrases import Phrase, said, say


def new_id() -> str:
    return str(uuid.uuid4())


class RecordModel(models.Model):
    """What every table of organization records has. Its fields mirror the record dataclass of the same name."""

    id = IdField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class ChangeSets(models.Manager["ChangeSet"]):
    def get_queryset(self) -> models.QuerySet[ChangeSet]:
        """Return change sets without what is sought in and never shown."""
        return super().get_queryset().defer("told")


class ChangeSet(models.Model):
    """One commit: everything that changed together, by whom, from where, why, and from which day on."""

    class Source(models.TextChoices):
        WEB = "web", _("dashboard")
        API = "api", "API"
        ADMIN = "admin", _("admin")
        IMPORT = "import", _("import")
        SCIM = "scim", "SCIM"
        UNDO = "undo", _("undo")
        DRAFT = "draft", _("draft")

    id = IdField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(max_length=200)
    source = models.CharField(max_length=10, choices=Source)
    message = models.TextField(blank=True)
    sentences = SentencesField(default=list)
    told = models.TextField(default="", blank=True, editable=False)  # to be sought, see telling.py
    change_count = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    effective_on = models.DateField()
    undoes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    learning = models.TextField(blank=True)  # what was learned from what is taken back

    objects = ChangeSets()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version"], name="changes_changeset_version")]
        indexes = [models.Index(fields=["effective_on"], name="changes_changeset_effective")]

    def __str__(self) -> str:
        return f"{self.version}: {said(self.title)}"

    @property
    def title(self) -> str:
        """What happened, in one line."""
        if not self.sentences:
            return self.message or say("Nothing")
        first, *others = self.sentences
        return say("{first}, and {n} more", first=first, n=len(others)) if others else first

    @cached_property
    def undoing(self) -> ChangeSet | None:
        """The change set that took this one back and stands. Lists ask `undoings` for all of theirs at once."""
        return undoings([self]).get(self.pk)

    @property
    def takes_back(self) -> bool:
        """Whether it undoes something. One that undoes an undo brings something back instead."""
        if self.title.startswith("Redo: "):
            return False
        return self.undoes is not None and not self.undoes.takes_back

    @property
    def undo_title(self) -> Phrase:
        """What undoing it is called: an undo is redone, and what was redone is undone again."""
        of = self.undoes if self.undoes is not None and self.takes_back else self
        what = _without_verb(of.title)
        return say("Redo: {what}", what=what) if self.takes_back else say("Undo: {what}", what=what)

    @property
    def stood_for(self) -> int:
        """How many days it stood before it was taken back."""
        undoing = self.undoing
        return (undoing.effective_on - self.effective_on).days if undoing is not None else 0


def _without_verb(title: str) -> str:
    if isinstance(title, Phrase):
        return title.values["what"] if title.words in ("Undo: {what}", "Redo: {what}") else title
    return title.removeprefix("Undo: ").removeprefix("Redo: ")


def undoings(change_sets: Iterable[ChangeSet]) -> dict[Any, ChangeSet]:
    """Return, by id, what took back each of these change sets that is undone.

    A change set is undone while something that undoes it is not undone itself, so one that was redone is in effect.
    """
    found: list[ChangeSet] = []
    level = {change_set.pk for change_set in change_sets}
    known = set(level)
    while level:
        takers = list(ChangeSet.objects.filter(undoes__in=level))
        found += takers
        level = {taker.pk for taker in takers} - known
        known |= level
    undoing: dict[Any, ChangeSet] = {}
    for taker in sorted(found, key=lambda taker: -taker.version):  # what undoes a taker came after it
        if taker.pk not in undoing:
            undoing[taker.undoes_id] = taker
    return undoing


class Change(models.Model):
    """One record's part in a change set: only the fields that differ, before and after."""

    change_set = models.ForeignKey(ChangeSet, on_delete=models.PROTECT, related_name="changes")
    operation = models.PositiveIntegerField()  # which of the change set's sentences it belongs to
    kind = models.CharField(max_length=20)
    record = IdField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "record"], name="changes_change_record"),
            # What was edited or removed, without the creations that a large import is made of.
            models.Index(
                fields=["change_set", "kind"],
                condition=models.Q(before__isnull=False),
                name="changes_change_not_new",
            ),
        ]

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


class Snapshot(models.Model):
    """A name for a version of the organization. Nothing is copied: the log knows what it was."""

    key = models.SlugField(max_length=100)
    name = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="changes_snapshot_key")]

    def __str__(self) -> str:
        return self.name


class Freeze(models.Model):
    """Days on which no reorganization should take effect, such as the weeks before a launch."""

    name = models.CharField(max_length=200)
    first_on = models.DateField("first day")
    last_on = models.DateField("last day")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")), name="changes_freeze_days"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """A reorganization being planned: operations that are replayed on today's organization whenever it is opened."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SCHEDULED = "scheduled", _("scheduled")
        FAILED = (
            "failed",
            _("scheduled, failed"),
        )  # its day came and something no longer fitted; it can be edited
        PUBLISHED = "published", _("published")
        ARCHIVED = "archived", _("archived")

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("private: you and whoever you invite")
        EVERYONE = "everyone", _("everyone who may log in")

    id = IdField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=100)
    name = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PRIVATE)
    revision = models.PositiveIntegerField(default=0)  # counts every edit, so that replays can be kept
    based_on = models.DateField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    change_set = models.ForeignKey(
        ChangeSet, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )  # the last one, where it was published in parts
    reverses = models.ForeignKey(
        ChangeSet, on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    # Its header: what it is for, and at which price
    problem = models.TextField("problem and evidence", blank=True)
    intent = models.CharField("intent in one sentence", max_length=500, blank=True)
    trade_offs = models.TextField("what is traded off", blank=True)
    success = models.TextField("success measures", blank=True)
    rollback_plan = models.TextField("way back", blank=True)
    effective_on = models.DateField("effective date", null=True, blank=True)
    announce_on = models.DateField("announcement date", null=True, blank=True)
    review_on = models.DateField("review date", null=True, blank=True)
    keep_together = models.JSONField(default=list, blank=True)  # groups of people, as lists of ids
    despite = models.TextField("published with open questions because", blank=True)

    # Its day, where it is scheduled
    scheduled_on = models.DateField(null=True, blank=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    schedule_message = models.TextField(blank=True)
    failure = SentenceField(blank=True)  # why it could not be published on its day

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="changes_draft_key"),
            models.CheckConstraint(
                condition=~models.Q(state="scheduled") | models.Q(scheduled_on__isnull=False),
                name="changes_draft_has_its_day",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="changes_draft_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it can be edited. One that failed on its day is open again."""
        return self.state in (self.State.OPEN, self.State.FAILED)

    @property
    def is_planned(self) -> bool:
        """Whether it still may come: it is open, or waits for its day."""
        return self.is_open or self.state == self.State.SCHEDULED


class DraftOperation(models.Model):
    """One step of a draft, as versioned JSON. Removed ones stay, so that undo can bring them back."""

    class State(models.TextChoices):
        STANDING = "standing", _("standing")
        PARKED = "parked", _("parked")
        REMOVED = "removed", _("removed")
        PUBLISHED = "published", _("published")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="operations")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.STANDING)
    body = models.JSONField()
    note = SentenceField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField()
    change_set = models.ForeignKey(
        ChangeSet, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # the one that published it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "position"], name="changes_draftoperation_position")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.position}"


class DraftEdit(models.Model):
    """One edit of a draft's operations, for undo and redo: the state of each that it touched, before and after."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    states = models.JSONField()  # position: [state before, state after]
    bodies = models.JSONField(
        default=dict
    )  # position: [operation before, operation after], where it was redone
    is_undone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="changes_draftedit_number")]

    def __str__(self) -> str:
        return f"{self.draft_id} edit {self.number}"


class DraftShare(models.Model):
    """What someone who is invited may do in a draft, perhaps in one tribe's part of it only."""

    class Can(models.TextChoices):
        VIEW = "view", _("view")
        COMMENT = "comment", _("comment")
        EDIT = "edit", _("edit")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="draft_shares")
    can = models.CharField(max_length=10, choices=Can, default=Can.VIEW)
    tribe = IdField(null=True, blank=True)  # no reference: a draft may hand over a tribe that it creates
    is_reviewer = models.BooleanField(default=False)
    approved_revision = models.PositiveIntegerField(null=True, blank=True)  # which state of the draft

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "user"], name="changes_draftshare_user")]

    def __str__(self) -> str:
        return f"{self.user} may {self.can}"


class DraftEvent(models.Model):
    """Something that happened to a draft and that the log does not tell, to be told to subscribers; then it goes."""

    class What(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        UNSCHEDULED = "unscheduled", _("unscheduled")
        STOPPED = "stopped", _("stopped")  # its day came and something no longer fitted

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=11, choices=What)
    at = models.DateTimeField()
    scheduled_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.what}"


class DraftComment(models.Model):
    """What someone says about a draft, or about one of its operations."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="comments")
    operation = models.ForeignKey(
        DraftOperation, on_delete=models.CASCADE, null=True, blank=True, related_name="comments"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    body = models.TextField()
    written_at = models.DateTimeField()
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="draft_mentions", blank=True)

    class Meta:
        indexes = [models.Index(fields=["draft", "written_at"], name="changes_draftcomment_time")]

    def __str__(self) -> str:
        return self.body[:80]


class DraftBriefing(models.Model):
    """A talk that is planned with someone whose squad or manager a draft changes, before it is announced."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="briefings")
    person = IdField()
    by = IdField(null=True, blank=True)  # who talks, usually the line manager
    on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "person"], name="changes_draftbriefing_person")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.person}"
