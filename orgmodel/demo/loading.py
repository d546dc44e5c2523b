"""Load the demo organization with its past, and remove it again.

Demo logins exist only where `DEBUG` is on when it is loaded, and `RoleBackend` refuses them anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from orgmodel.access import roles
from orgmodel.changes import drafts, services, sharing, store
from orgmodel.changes.services import Actor
from orgmodel.core.changes import diff
from orgmodel.core.operations import ApplyChanges, Refused
from orgmodel.core.org import Org
from orgmodel.core.phrases import count, say
from orgmodel.demo.history import Event, Sketch, ads_to_new_york, events, founding, unblock_ingestion
from orgmodel.demo.ids import days_before
from orgmodel.demo.kestrel import FOUNDED, organization

NAME = "Kestrel Audio"
PASSWORD = "try-kestrel-audio"  # noqa: S105 - printed for everyone, and worth nothing without DEBUG


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A login to try a role with."""

    username: str
    role: str
    full_name: str
    password: str = PASSWORD


LOGINS = (
    DemoLogin("viewer", roles.VIEWER, "Astrid Holm"),
    DemoLogin("planner", roles.PLANNER, "Tomasz Wojcik"),
    DemoLogin("editor", roles.EDITOR, "Rikard Nord"),
    DemoLogin("designer", roles.ORG_DESIGNER, "Ingrid Solberg"),
)
OWNER = "editor"  # of the open drafts


def demo_logins() -> list[DemoLogin]:
    """Return the demo logins that work here: none where `DEBUG` is off or the demo was not loaded that way."""
    if not settings.DEBUG:
        return []
    found = get_user_model()._default_manager.filter(groups__name=roles.DEMO, is_active=True)
    names = set(found.values_list("username", flat=True))
    return [login for login in LOGINS if login.username in names]


def load_demo(*, at: datetime, owner_id: int | None = None) -> None:
    """Write Kestrel Audio and its past into an empty database. Raises Refused where an organization is there.

    Drafts belong to the demo editor, or to `owner_id` where there are no demo logins, and are left out without either.
    """
    with transaction.atomic():
        head = store.locked_head()
        if head.version:
            raise Refused(say("There is an organization here already. The demo is for an empty database."))
        if settings.DEBUG:
            owner_id = _make_logins() or owner_id
        today = timezone.localdate(at)
        final = organization(today)
        _found(founding(final, today), today)
        _relive(events(final, today), ads_to_new_york(today), today, owner_id)
        if owner_id is not None:
            _draw_up(unblock_ingestion(today), today, owner_id)
        store.rename(store.locked_head(), NAME, is_demo=True)


def remove_demo() -> None:
    """Remove the demo organization with its past and drafts. Logins stay, so that nobody is locked out.

    Raises Refused where the organization is not the demo.
    """
    with transaction.atomic():
        if not store.locked_head().is_demo:
            raise Refused(say("This is not the demo organization, so it is not removed."))
        store.erase()


def _found(org: Org, today: date) -> None:
    title = say(
        "Write down {name}: {tribes}, {squads}, {people}",
        name=NAME,
        tribes=count(org.tribes, "tribe", "tribes"),
        squads=count(org.squads, "squad", "squads"),
        people=count(org.people, "person", "people"),
    )
    first = ApplyChanges(title=title, changes=tuple(diff(Org.empty(), org)))
    services.commit(
        [first],
        actor=Actor("Ingrid Solberg"),
        message="Our organization as it is, in one place for the first time.",
        source="import",
        at=_morning(today, FOUNDED),
    )


def _relive(past: list[Event], stale: Sketch, today: date, owner_id: int | None) -> None:
    """Commit what happened in the order in which it did; a draft is drawn up in between and then overtaken."""
    waiting: list[tuple[int, Any]] = []
    drawn = owner_id is None
    for number, event in enumerate(past):
        while waiting and waiting[0][0] > event.days:
            _take_back(*waiting.pop(0), today)
        if not drawn and event.days < stale.days:
            drawn = True
            assert owner_id is not None
            _draw_up(stale, today, owner_id)
        change_set = services.commit(
            event.operations,
            actor=Actor(event.actor),
            message=event.message,
            source=event.source,
            at=_morning(today, event.days, minutes=number),
        )
        if event.taken_back:
            waiting.append((event.days - event.undone_after, (change_set, event)))


def _take_back(days: int, undone: tuple[Any, Event], today: date) -> None:
    change_set, event = undone
    services.undo(
        change_set,
        actor=Actor(event.actor),
        message=event.taken_back,
        learning=event.learned,
        at=_morning(today, days),
    )


def _draw_up(sketch: Sketch, today: date, owner_id: int) -> None:
    at = _morning(today, sketch.days)
    draft = drafts.create_draft(sketch.name, owner_id=owner_id, at=at)
    for operation in sketch.operations:
        drafts.append(draft, [operation], author_id=owner_id, at=at)
    if sketch.header:
        drafts.describe(draft, sketch.header, at=at)
    for position, words in sketch.notes.items():
        drafts.note(draft, position, words, at=at)
    for position in sketch.parked:
        drafts.park(draft, position, at=at)
    users = {user.get_username(): user for user in get_user_model().objects.filter(groups__name=roles.DEMO)}
    for reviewer in users.keys() & set(sketch.reviewers):
        sharing.invite(draft, users[reviewer], can="comment", is_reviewer=True)
    for login, step, words in sketch.comments:
        if login in users:
            said_at = _morning(today, sketch.days - 1)
            sharing.comment(draft, words, author_id=users[login].pk, at=said_at, position=step)


def _morning(today: date, days: int, *, minutes: int = 0) -> datetime:
    """Return a time in the morning some days ago, later for what is later in the list."""
    start = datetime.combine(days_before(today, days), time(8), tzinfo=timezone.get_current_timezone())
    return start + timedelta(minutes=minutes)


def _make_logins() -> int:
    """Create or restore one login for each role and return the drafts' owner."""
    users = get_user_model()
    marked, _ = Group.objects.get_or_create(name=roles.DEMO)
    owner = 0
    for login in LOGINS:
        first, last = login.full_name.split()
        names = {"first_name": first, "last_name": last}
        user, made = users._default_manager.get_or_create(username=login.username, defaults=names)
        if not made and not user.groups.filter(pk=marked.pk).exists():
            continue  # somebody's own login of that name stays theirs
        if made:
            user.set_password(login.password)
            user.save()
        user.groups.set([marked, Group.objects.get_or_create(name=login.role)[0]])
        if login.username == OWNER:
            owner = user.pk
    return owner
