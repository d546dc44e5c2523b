"""Who may do what: four roles, kept as Django groups, and the predicates that every face asks.

viewer reads · planner has drafts of their own · editor publishes · org designer also uses the admin.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from orgmodel.changes.models import ChangeSet, Draft, DraftShare
from orgmodel.core.operations import Operation
from orgmodel.core.operations.designing import DESIGNED, is_for_designers

VIEWER, PLANNER, EDITOR, ORG_DESIGNER = "viewer", "planner", "editor", "org designer"
ROLES = (VIEWER, PLANNER, EDITOR, ORG_DESIGNER)  # each may do what the ones before it may
DEMO = "demo"  # marks the demo logins, next to their role


def name_of(user: Any) -> str:
    """Return what to call a user: the full name, or the login where there is none."""
    return str(user.get_full_name() or user.get_username())


def role_of(user: Any) -> str | None:
    """Return the highest role of a user, or None for a stranger. `RoleBackend` has read it with the user."""
    if not user.is_authenticated or not user.is_active:
        return None
    if user.is_superuser:
        return ORG_DESIGNER
    names = getattr(user, "role_names", None)
    if names is None:
        names = set(user.groups.values_list("name", flat=True))
        user.role_names = names
    held = [role for role in ROLES if role in names]
    return held[-1] if held else None


IN_WORDS = {
    VIEWER: gettext_lazy("Viewer"),
    PLANNER: gettext_lazy("Planner"),
    EDITOR: gettext_lazy("Editor"),
    ORG_DESIGNER: gettext_lazy("Org designer"),
}


def in_words(user: Any) -> str:
    """Return the highest role of a user as pages say it; "" for a stranger."""
    role = role_of(user)
    return str(IN_WORDS[role]) if role is not None else ""


def tribe_of(user: Any) -> str | None:
    """Return the id of the only tribe that a user sees and changes, as some tokens do; None for everyone else."""
    token = getattr(user, "token", None)
    return token.tribe if token is not None else None


def _at_least(user: Any, role: str) -> bool:
    held = role_of(user)
    return held is not None and ROLES.index(held) >= ROLES.index(role)


def can_view(user: Any) -> bool:
    return _at_least(user, VIEWER)


def can_plan(user: Any) -> bool:
    return _at_least(user, PLANNER)


def can_publish(user: Any) -> bool:
    return _at_least(user, EDITOR)


def can_design(user: Any) -> bool:
    return _at_least(user, ORG_DESIGNER)


def can_make_live(user: Any, operations: Iterable[Operation]) -> bool:
    """Make operations live. Rules, and the organization's words, are for org designers to say."""
    return can_publish(user) and (can_design(user) or not any(map(is_for_designers, operations)))


def can_undo(user: Any, change_set: ChangeSet) -> bool:
    """Take a change set back: whoever may make live what it did."""
    if not can_publish(user):
        return False
    return can_design(user) or not change_set.changes.filter(kind__in=DESIGNED).exists()


# Drafts: a draft is its owner's and theirs whom the owner invites, until it is shown to everyone.


def share_of(user: Any, draft: Draft) -> DraftShare | None:
    """Return the invitation of a user to a draft. Read once for each draft in hand."""
    known: dict[int, DraftShare | None] = draft.__dict__.setdefault("shares_read", {})
    if user.pk not in known:
        known[user.pk] = DraftShare.objects.filter(draft=draft, user=user).first()
    return known[user.pk]


def read_shares(user: Any, drafts: Collection[Draft]) -> None:
    """Read the invitations of a user to several drafts in one go, for what is asked about each of them next."""
    found = {share.draft_id: share for share in DraftShare.objects.filter(user=user, draft__in=drafts)}
    for draft in drafts:
        draft.__dict__.setdefault("shares_read", {})[user.pk] = found.get(draft.pk)


def part_of(user: Any, draft: Draft) -> str | None:
    """Return the id of the tribe whose part of a draft was handed to a user; None where they have all of it."""
    if draft.owner_id == user.pk or draft.visibility == Draft.Visibility.EVERYONE:
        return None
    share = share_of(user, draft)
    return share.tribe if share is not None else None


def editable_part_of(user: Any, draft: Draft) -> str | None:
    """Return the id of the tribe that a user may edit in a draft; None where they may edit all of it."""
    share = share_of(user, draft) if draft.owner_id != user.pk else None
    return share.tribe if share is not None else None


def _is_invited(user: Any, draft: Draft, *to: str) -> bool:
    share = share_of(user, draft)
    return share is not None and share.can in to


def can_own_draft(user: Any, draft: Draft) -> bool:
    """Share, archive and delete it."""
    return can_plan(user) and draft.owner_id == user.pk


def can_see_draft(user: Any, draft: Draft) -> bool:
    if not can_view(user):
        return False
    is_open_to = draft.owner_id == user.pk or draft.visibility == Draft.Visibility.EVERYONE
    return is_open_to or share_of(user, draft) is not None


def can_comment_draft(user: Any, draft: Draft) -> bool:
    """Whoever sees it comments, unless they were invited only to look."""
    if not can_see_draft(user, draft) or not draft.is_planned:
        return False
    return draft.owner_id == user.pk or not _is_invited(user, draft, DraftShare.Can.VIEW)


def can_edit_draft(user: Any, draft: Draft) -> bool:
    """Edit it, or the part of it that was handed over."""
    if not draft.is_open or not can_plan(user):
        return False
    return draft.owner_id == user.pk or _is_invited(user, draft, DraftShare.Can.EDIT)


def can_edit_whole_draft(user: Any, draft: Draft) -> bool:
    """Edit what it says about itself, not only one tribe's part."""
    return can_edit_draft(user, draft) and editable_part_of(user, draft) is None


def can_publish_draft(user: Any, draft: Draft) -> bool:
    """Publish or schedule it: whoever publishes and sees all of it."""
    sees_all = can_see_draft(user, draft) and part_of(user, draft) is None
    return draft.is_open and can_publish(user) and sees_all


def can_unschedule_draft(user: Any, draft: Draft) -> bool:
    return draft.owner_id == user.pk or (can_publish(user) and can_see_draft(user, draft))


def can_date_back(user: Any) -> bool:
    """Say that something counted from a day before it was recorded; the log asks why."""
    return can_publish(user)


def can_name_versions(user: Any) -> bool:
    """Name a point in time, and rename or remove such a name."""
    return can_publish(user)


def wholly_visible_drafts(user: Any) -> QuerySet[Draft]:
    """Return the drafts of which a user may see everything, not one tribe's part only."""
    whole = DraftShare.objects.filter(draft=OuterRef("pk"), user=user, tribe=None)
    return (
        visible_drafts(user).filter(Q(owner=user) | Q(visibility=Draft.Visibility.EVERYONE) | Exists(whole))
        if can_view(user)
        else Draft.objects.none()
    )


def visible_drafts(user: Any) -> QuerySet[Draft]:
    """Return the drafts that `can_see_draft` says a user may see."""
    drafts = Draft.objects.select_related("owner", "change_set")
    if not can_view(user):
        return drafts.none()
    invited = DraftShare.objects.filter(draft=OuterRef("pk"), user=user)
    return drafts.filter(Q(owner=user) | Q(visibility=Draft.Visibility.EVERYONE) | Exists(invited))
