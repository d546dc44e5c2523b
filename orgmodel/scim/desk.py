"""How a SCIM request reads and changes the organization: as one actor, at one moment, through the one door."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from orgmodel.changes import services, store
from orgmodel.changes.services import Actor
from orgmodel.core import scope
from orgmodel.core.operations import Operation
from orgmodel.core.org import Org
from orgmodel.core.replay import carry_out
from orgmodel.scim.errors import told_as_scim


class Desk:
    """What users and groups share: the organization as an operation sees it, and the way to change it."""

    def __init__(self, actor: Actor, clock: Callable[[], datetime]) -> None:
        self.actor = actor
        self.at = clock()
        self._clock = clock
        self._org: Org | None = None
        self._done: list[Operation] = []

    @property
    def org(self) -> Org:
        """The organization with what the operation has done so far, which others cannot see yet."""
        if self._org is None:
            return services.current()
        if self._done:
            self._org = carry_out(self._org, self._done, on=timezone.localdate(self.at)).after
            self._done = []
        return self._org

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Look at one version of the organization all the way through, at one moment."""
        if self._org is not None:
            yield
            return
        self._org, self.at = services.current(), self._clock()
        try:
            yield
        finally:
            self._org, self._done = None, []

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Change users, groups and the organization together or not at all, one request after the other."""
        with transaction.atomic():
            store.locked_head()
            with self.reading():
                yield

    def commit(self, operations: Sequence[Operation]) -> None:
        """Carry operations out as one change set. Raises a SCIM error that says why, where they are not allowed."""
        if not operations:
            return
        with told_as_scim(self.org):
            services.commit(operations, actor=self.actor, message="", source="scim", at=self.at)
        self._done.extend(operations)

    def is_here(self, id_: str) -> bool:
        return scope.is_here(self.org, id_)
