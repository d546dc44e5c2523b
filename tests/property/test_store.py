"""The real store against the pure model: commits, drafts, undos and dates in any order, and what the log tells."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from orgmodel.changes import drafts, jsonio, plans, publishing, services, store
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.changes.services import Actor, Conflict, Refused, RuleViolation
from orgmodel.core import changes
from orgmodel.core.operations import ApplyChanges
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS
from orgmodel.core.replay import carry_out, replay
from orgmodel.core.rules.reorganization import left_behind
from tests.property.strategies import founded, operation_on, short_programs

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
ACTOR = Actor("Machine")


def same(one: Org, other: Org) -> bool:
    return all(dict(one.table(kind)) == dict(other.table(kind)) for kind in KINDS)


class StoreMachine(RuleBasedStateMachine):
    """Whatever people do, tables, log and the value in memory tell the same story as the pure model."""

    def __init__(self) -> None:
        super().__init__()
        store.erase()
        self.model = Org.empty()
        self.day = 0
        self.days: dict[date, Org] = {}
        self.draft: Draft | None = None
        self.draft_operations: list[Any] = []
        self.draft_batches: list[int] = []  # how many operations were appended together
        self.draft_undone: list[list[Any]] = []
        self.user = get_user_model().objects.get_or_create(username="machine")[0]

    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.day)

    def remember(self, org: Org) -> None:
        self.model = org.settle(0)
        self.days[self.now.date()] = self.model

    def commit(self, operations: list[Any], **options: Any) -> ChangeSet:
        return services.commit(operations, actor=ACTOR, message="", source="web", at=self.now, **options)

    def publish(self) -> None:
        assert self.draft is not None
        publishing.publish(
            self.draft, actor=ACTOR, message="", at=self.now, despite="This machine asks no questions."
        )

    @initialize()
    def found(self) -> None:
        org = founded()
        self.commit([ApplyChanges(title="Found", changes=tuple(changes.diff(Org.empty(), org)))])
        self.remember(org)

    @rule()
    def a_day_passes(self) -> None:
        self.day += 1
        self.days[self.now.date()] = self.model

    @rule(program=short_programs)
    def somebody_commits(self, program: list[tuple[int, int]]) -> None:
        operations = [operation_on(self.model, step) for step in program]
        try:
            expected = carry_out(self.model, operations, on=self.now.date())
        except (Refused, RuleViolation, Conflict) as error:
            with pytest.raises(type(error)):
                self.commit(operations)
            return
        if not expected.changes or left_behind(expected.before, expected.after):
            with pytest.raises(Refused):
                self.commit(operations)
            return
        self.commit(operations)
        self.remember(expected.after)

    @rule(back=st.integers(0, 5))
    def somebody_undoes(self, back: int) -> None:
        change_set = ChangeSet.objects.order_by("-version")[back : back + 1].first()
        if change_set is None or change_set.version == 1:
            return
        inverse = changes.invert(store.changes_of(change_set))
        try:
            expected = carry_out(
                self.model, [ApplyChanges(title="Undo", changes=tuple(inverse))], on=self.now.date()
            )
        except (Conflict, RuleViolation) as error:
            with pytest.raises((type(error), Refused)):  # Refused: it is undone already
                services.undo(change_set, actor=ACTOR, message="", at=self.now)
            return
        try:
            services.undo(change_set, actor=ACTOR, message="", at=self.now)
        except Refused as refusal:
            if "undone already" not in refusal.message and not left_behind(expected.before, expected.after):
                raise
            return
        self.remember(expected.after)

    @precondition(lambda self: self.draft is None)
    @rule()
    def somebody_starts_a_draft(self) -> None:
        self.draft = drafts.create_draft("Draft", owner_id=self.user.pk, at=self.now)
        self.draft_operations, self.draft_batches, self.draft_undone = [], [], []

    @precondition(lambda self: self.draft is not None)
    @rule(program=short_programs)
    def somebody_plans(self, program: list[tuple[int, int]]) -> None:
        assert self.draft is not None
        so_far = replay(self.model, self.draft_operations, on=timezone.localdate()).after
        operations = [operation_on(so_far, step) for step in program]
        try:
            done = carry_out(so_far, operations, on=timezone.localdate())
        except (Refused, RuleViolation, Conflict) as error:
            with pytest.raises(type(error)):
                drafts.append(self.draft, operations, author_id=None, at=self.now)
            return
        if done.changes:
            rows = drafts.append(self.draft, operations, author_id=None, at=self.now)
            self.draft_operations += [jsonio.load_operation(row.body) for row in rows]
            self.draft_batches.append(len(rows))
            self.draft_undone.clear()

    @precondition(lambda self: self.draft is not None and self.draft_operations)
    @rule()
    def somebody_takes_the_last_step_back(self) -> None:
        assert self.draft is not None
        drafts.undo(self.draft, at=self.now)
        start = len(self.draft_operations) - self.draft_batches.pop()
        self.draft_undone.append(self.draft_operations[start:])
        del self.draft_operations[start:]

    @precondition(lambda self: self.draft is not None)
    @rule()
    def somebody_brings_it_back(self) -> None:
        assert self.draft is not None
        assert plans.plan_of(self.draft).can_redo is bool(self.draft_undone)
        if not self.draft_undone:
            with pytest.raises(Refused):
                drafts.redo(self.draft, at=self.now)
            return
        drafts.redo(self.draft, at=self.now)
        operations = self.draft_undone.pop()
        self.draft_operations += operations
        self.draft_batches.append(len(operations))

    @precondition(lambda self: self.draft is not None)
    @rule()
    def somebody_publishes(self) -> None:
        assert self.draft is not None
        planned = replay(self.model, self.draft_operations, on=self.now.date())
        checks = publishing.checks(self.draft, plans.plan_of(self.draft), self.now.date())
        blocked = [check for check in checks if check.level == "blocker"]
        if left_behind(planned.before, planned.after):
            assert "RG-03" in [check.code for check in blocked]
        if planned.misfits or not planned.changes or blocked:
            with pytest.raises(Refused):
                self.publish()
            drafts.archive(self.draft, at=self.now)
        else:
            self.publish()
            self.remember(planned.after)
        self.draft = None

    @rule()
    def a_process_starts_cold(self) -> None:
        store.forget()
        services._memory.clear()

    @invariant()
    def memory_tables_and_model_agree(self) -> None:
        assert same(store.current(), self.model)

    @invariant()
    def the_draft_shows_what_the_model_says(self) -> None:
        if self.draft is not None:
            planned = plans.replay_draft(self.draft)
            assert [step.operation for step in planned.steps] == self.draft_operations
            assert same(
                planned.after, replay(self.model, self.draft_operations, on=timezone.localdate()).after
            )

    def teardown(self) -> None:
        assert same(store.load(0), self.model)
        replayed = Org.empty()
        for _, part in store.history():
            replayed = changes.apply(replayed, part)
        assert same(replayed, self.model)
        for day, org in self.days.items():
            assert same(services.org_as_of(day), org)


@pytest.mark.django_db(transaction=True)
def test_the_store_does_what_the_model_does() -> None:
    run_state_machine_as_test(
        StoreMachine,
        settings=settings(
            deadline=None, max_examples=60, stateful_step_count=50, suppress_health_check=list(HealthCheck)
        ),
    )
