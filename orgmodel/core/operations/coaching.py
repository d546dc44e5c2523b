"""Who coaches which squads."""

from __future__ import annotations

from dataclasses import dataclass

from orgmodel.core.operations.base import Operation, Refused, get, get_here, get_open, name_of, pair_id
from orgmodel.core.org import Org
from orgmodel.core.phrases import say
from orgmodel.core.records import Coaching, ref


@dataclass(frozen=True, slots=True)
class AssignCoach(Operation):
    """Let a person coach a squad, next to those who do already. They need not belong to it."""

    person: str = ref("person", required=True, label="coach")
    squad: str = ref("squad", required=True)

    def apply(self, org: Org) -> Org:
        person = get_here(org, self.person)
        squad = get_open(org, "squad", self.squad, "squad")
        if person in org.coaches_of(squad.id):
            raise Refused(
                say("{person} coaches {squad} already.", person=person.name, squad=squad.name), field="squad"
            )
        return org.put(Coaching(id=pair_id(squad.id, person.id), person=person.id, squad=squad.id))

    def describe(self, org: Org) -> str:
        who, where = name_of(org, "person", self.person), name_of(org, "squad", self.squad)
        return say("Make {person} coach of {squad}", person=who, squad=where)


@dataclass(frozen=True, slots=True)
class EndCoaching(Operation):
    """Record that a person does not coach a squad any more."""

    person: str = ref("person", required=True, label="coach")
    squad: str = ref("squad", required=True)

    def apply(self, org: Org) -> Org:
        person = get(org, "person", self.person, "person")
        squad = get(org, "squad", self.squad, "squad")
        coaching = next((c for c in org.coachings_in(squad.id) if c.person == person.id), None)
        if coaching is None:
            raise Refused(
                say("{person} does not coach {squad}.", person=person.name, squad=squad.name), field="person"
            )
        return org.remove(coaching)

    def describe(self, org: Org) -> str:
        who, where = name_of(org, "person", self.person), name_of(org, "squad", self.squad)
        return say("Take {person} off the coaching of {squad}", person=who, squad=where)
