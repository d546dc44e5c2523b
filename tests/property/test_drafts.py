"""The promises of drafts on the real store: some now and the rest later is the whole, and undo is a stack."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgmodel.changes import drafts, plans, publishing, services, store
from orgmodel.changes.models import Draft
from orgmodel.changes.services import Actor, Conflict, Refused, RuleViolation
from orgmodel.core import changes
from orgmodel.core.impact import impact_of
from orgmodel.core.operations import ApplyChanges, Operation
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS
from orgmodel.core.replay import replay
from orgmodel.core.rules.limits import LIMITS
from orgmodel.core.rules.reorganization import Header, Plan, checks_of
from tests.property.strategies import TODAY, Program, founded, grown, programs, steps

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACTOR = Actor("Machine")
FOUNDED = founded()

pytestmark = pytest.mark.django_db(transaction=True)
promise = settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))


def a_draft() -> Draft:
    """Start over with an empty draft on the organization that all programs begin with."""
    store.erase()
    services._memory.clear()
    found = ApplyChanges(title="Found", changes=tuple(changes.diff(Org.empty(), FOUNDED)))
    live(found)
    user = get_user_model().objects.get_or_create(username="machine")[0]
    draft = drafts.create_draft("Draft", owner_id=user.pk, at=NOW)
    drafts.describe(draft, {"effective_on": NOW.date()}, at=NOW)
    return draft


def live(*operations: Any) -> None:
    services.commit(operations, actor=ACTOR, message="", source="web", at=NOW)


def publish(draft: Draft, positions: list[int] | None = None) -> bool:
    """Publish, and say whether nothing blocked it."""
    plan = plans.plan_of(draft)
    chosen = publishing.narrowed(plan, publishing.selection(plan, positions))
    blocked = any(check.level == "blocker" for check in publishing.checks(draft, chosen, NOW.date()))
    options: dict[str, Any] = {
        "actor": ACTOR,
        "message": "",
        "at": NOW,
        "despite": "A test.",
        "positions": positions,
    }
    if blocked or not chosen.replay.changes:
        with pytest.raises(Refused):
            publishing.publish(draft, **options)
        return False
    publishing.publish(draft, **options)
    return True


def unblocked(operations: Sequence[Operation]) -> list[Operation]:
    """Return those of these operations that together leave nothing that would block publishing."""
    kept: list[Operation] = []
    for operation in operations:
        done = replay(FOUNDED, [*kept, operation], on=TODAY)
        found = impact_of(done.before, done.after, done.changes, today=NOW.date(), limits=LIMITS)
        checks = checks_of(Plan(done, found, Header(), NOW.date()))
        if all(check.level != "blocker" for check in checks):
            kept.append(operation)
    return kept


@promise
@given(programs, st.integers(0, 1000))
def test_some_now_and_the_rest_later_is_the_whole(program: Program, seed: int) -> None:
    draft = a_draft()
    operations = unblocked(grown(FOUNDED, program)[1])
    if not replay(FOUNDED, operations, on=TODAY).changes:
        return
    rows = drafts.append(draft, operations, author_id=None, at=NOW)
    whole = plans.replay_draft(draft).after
    chance = random.Random(seed)
    chosen = sorted(chance.sample(range(1, len(rows) + 1), chance.randint(0, len(rows))))

    if chosen and publish(draft, chosen):
        draft.refresh_from_db()
        if draft.state == Draft.State.OPEN and not publish(draft):
            return
        assert plans.plan_of(draft).positions == ()
        assert all(dict(whole.table(kind)) == dict(store.load(0).table(kind)) for kind in KINDS)


def held(draft: Draft) -> list[tuple[int, str, Any]]:
    """Return what a draft holds: every operation that is not removed, and whether it is parked."""
    rows = draft.operations.exclude(state=plans.REMOVED).order_by("position")
    return list(rows.values_list("position", "state", "body"))


def edit(draft: Draft, program: Program, what: int, seed: int) -> None:
    """Edit a draft, or change live beneath it, where that is possible."""
    chance = random.Random(seed)
    positions = [position for position, _, _ in held(draft)] or [1]
    position = chance.choice(positions)
    try:
        match what:
            case 0 | 1:
                org = plans.replay_draft(draft).after
                drafts.append(draft, grown(org, program)[1], author_id=None, at=NOW)
            case 2:
                drafts.park(draft, position, at=NOW, with_dependents=chance.random() > 0.3)
            case 3:
                drafts.unpark(draft, position, at=NOW)
            case 4:
                drafts.remove(draft, position, at=NOW, with_dependents=chance.random() > 0.3)
            case 5:
                drafts.redo_on_today(draft, position, at=NOW)
            case _:
                live(*grown(services.current(), program)[1])
    except (Refused, RuleViolation, Conflict):
        return


few_steps = st.lists(steps, min_size=2, max_size=5)
edits = st.lists(st.tuples(few_steps, st.integers(0, 6), st.integers(0, 1000)), min_size=4, max_size=12)


@promise
@given(edits)
def test_undone_to_the_start_gives_the_start_and_redone_the_end(made: list[tuple[Program, int, int]]) -> None:
    draft = a_draft()
    story = [held(draft)]
    for program, what, seed in made:
        count = draft.edits.count()
        edit(draft, program, what, seed)
        if draft.edits.count() > count:
            story.append(held(draft))
        assert held(draft) == story[-1]

    for before in story[-2::-1]:
        drafts.undo(draft, at=NOW)
        assert held(draft) == before
    assert not plans.plan_of(draft).can_undo
    for after in story[1:]:
        drafts.redo(draft, at=NOW)
        assert held(draft) == after
    assert not plans.plan_of(draft).can_redo
