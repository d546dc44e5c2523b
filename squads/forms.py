"""Forms of people and delivery units: which fields each asks for, and those that are about more than one operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.forms import CharField, HiddenInput

from orgmodel.changes import wording
from orgmodel.changes.forms import EditForm, OperationForm, RecordField, RecordsField, field_for
from orgmodel.core.changes import Change
from orgmodel.core.operations import (
    EditMembership,
    OffboardPerson,
    Operation,
    Refused,
    SetShare,
    SetSquadLead,
    SetTribeLead,
)
from orgmodel.core.operations.base import check_seen, names
from orgmodel.core.org import Org, by_name
from orgmodel.core.records import Membership, Person, Spec, Squad, Tribe, label_of

# What people are asked for, in this order. Keys are made from names; leads and places have operations of their own.
PERSON = (
    "name",
    "email",
    "title",
    "craft",
    "level",
    "city",
    "time_zone",
    "working_hours",
    "employment",
    "status",
    "started_on",
    "manager",
    "external_ids",
)
TRIBE = ("name", "purpose", "mission", "color")
SQUAD = ("name", "type", "user_facing", "state", "review_on")
MISSION = ("statement", "user_problem", "parent", "metric", "unit", "baseline", "target", "current")
VACANCY = ("title", "craft", "level", "squad", "chapter", "hiring_manager", "opened_on", "state")
ROLE = ("name", "leads", "craft")
MEMBERSHIP = EditMembership.FIELDS

HERE: Mapping[str, Any] = {"status": {"without": ("left",)}}
CLOSES_ON: Mapping[str, Any] = {"on": {"label": "Closes on"}}
RETIRES_ON: Mapping[str, Any] = {"on": {"label": "Retires on"}}
OPEN: Mapping[str, Any] = {"state": {"without": ("filled", "cancelled")}}


class EditMembershipForm(EditForm):
    """Edits a person's membership in a squad, which goes by the two rather than by its id."""

    def edit(self, values: dict[str, Any], seen: dict[str, Any]) -> Operation:
        assert isinstance(self.record, Membership)
        return EditMembership(person=self.record.person, squad=self.record.squad, values=values, seen=seen)


class TribeLeadsForm(EditForm):
    """Says who leads a tribe: one operation for each seat that changes hands."""

    SEATS = ("lead", "product_lead", "design_lead")

    def __init__(self, request: Any, tribe: Tribe) -> None:
        super().__init__(request, SetTribeLead, tribe, asks=self.SEATS)

    def to_operations(self) -> list[Operation]:
        values = self.changed()
        check_seen(self.record, values, self.cleaned_data["seen"])
        if not values:
            raise Refused("Nothing to change.")
        return [
            SetTribeLead(tribe=self.record.id, seat=seat, person=person) for seat, person in values.items()
        ]


class SquadLeadForm(OperationForm):
    """Says who holds a leading role in a squad. Carries along who did when it was shown."""

    def __init__(self, request: Any, squad: Squad, members: Sequence[Person]) -> None:
        self.squad = squad
        person = {"suggestions": members, "help_text": "Someone in the squad. Empty: nobody holds the role."}
        asks = ("role", "person")
        super().__init__(request, SetSquadLead, asks=asks, options={"person": person}, squad=squad.id)

    def add_fields(self) -> None:
        super().add_fields()
        leading = by_name(role for role in self.org.roles.values() if role.leads)
        self.fields["role"].widget.choices = [("", "Choose"), *((r.key, r.name) for r in leading)]
        self.fields["shown"] = CharField(required=False, max_length=100_000, widget=HiddenInput)
        self.initial["shown"] = self._holders(self.org)

    def _holders(self, org: Org) -> str:
        """Return whoever holds a leading role, as text: membership and role, one pair after the other."""
        return " ".join(f"{m.id}:{m.role}" for m in org.memberships_in(self.squad.id) if m.role is not None)

    def seen(self) -> list[Change]:
        role, shown = self.cleaned_data["role"], self.cleaned_data["shown"].split()
        return [
            Change("membership", m.id, {"role": before}, {"role": None})
            for m in self.org.memberships_in(self.squad.id)
            for before in [role if f"{m.id}:{role}" in shown else None if m.role == role else m.role]
        ]

    def object_to(self, objection: wording.Objection, org: Org) -> None:
        super().object_to(objection, org)
        # Sent again, it overrules what it shows now.
        self.data = {**self.data.dict(), "shown": self._holders(org)}  # type: ignore[attr-defined]


class SharesForm(OperationForm):
    """Sets the share that people have in their home squad, or in one squad, for several people at once.

    Where the address names people with their squads, as boards do, it is about these and asks for the share alone.
    """

    def __init__(self, request: Any) -> None:
        org = request.reality.org
        named = [_place_named(org, value) for value in request.GET.getlist("person")]
        self.places = [place for place in dict.fromkeys(named) if place is not None]
        super().__init__(request, SetShare)

    @property
    def whom(self) -> str:
        """The people and squads that the address names, in words."""
        in_squads: dict[str, list[str]] = {}
        for person, squad in self.places:
            in_squads.setdefault(self.org.squads[squad].name, []).append(self.org.people[person].name)
        return ", ".join(f"{names(people, limit=12)} in {squad}" for squad, people in in_squads.items())

    def add_fields(self) -> None:
        if self.places:
            shares = {m.share for place in self.places if (m := self.org.membership(*place)) is not None}
            self.initial["share"] = shares.pop() if len(shares) == 1 else None
        else:
            self.fields["people"] = RecordsField(
                self.org, "person", help_text="Keys or names, one to a line."
            )
            self.fields["squad"] = RecordField(
                self.org, "squad", required=False, help_text="Empty: the squad that is each person's home."
            )
        share = field_for(self.org, Spec("percent"), label_of("membership", "share"), required=False)
        share.help_text = "Empty: unknown."
        self.fields["share"] = share

    def to_operations(self) -> list[Operation]:
        share = self.cleaned_data["share"]
        found: list[Operation] = []
        for person, squad in self.places or self._places_asked():
            membership = self.org.membership(person, squad)
            if membership is None or membership.share != share:
                found.append(SetShare(person=person, squad=squad, share=share))
        if not found:
            raise Refused("All of them have that share already.", field="share")
        return found

    def _places_asked(self) -> Iterator[tuple[str, str]]:
        for person in self.cleaned_data["people"]:
            home = self.org.primary_membership(person)
            squad = self.cleaned_data["squad"] or (home.squad if home is not None else None)
            if squad is None:
                raise Refused(f"{self.org.people[person].name} is in no squad.", field="people")
            yield person, squad


def _place_named(org: Org, value: str) -> tuple[str, str] | None:
    """Return the person and squad that an address names: `<membership>:<squad>` or `<person>:<squad>`."""
    id_, _, squad_key = value.partition(":")
    membership = org.memberships.get(id_)
    if membership is not None:
        return membership.person, membership.squad
    person, squad = org.find("person", id_), org.find("squad", squad_key)
    return (person.id, squad.id) if person is not None and squad is not None else None


class OffboardForm(OperationForm):
    """Asks who takes over the reports, where there are any."""

    def __init__(self, request: Any, person: str) -> None:
        org = request.reality.org
        asks = ("successor",) if org.reports_of(person) else ()
        heir = org.people[person].manager
        options = {
            "successor": {
                "help_text": "Empty: nobody."
                if heir is None
                else f"Empty: {org.people[heir].name}, their own manager."
            }
        }
        super().__init__(
            request, OffboardPerson, asks=asks, initial={"successor": heir}, options=options, person=person
        )
