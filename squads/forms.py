"""Forms of people and delivery units: which fields each asks for, and those that are about more than one operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.forms import CharField, HiddenInput
from django.utils import timezone
from django.utils.translation import gettext as _

from orgmodel.changes import wording
from orgmodel.changes.forms import EditForm, OperationForm, RecordField, RecordsField, field_for
from orgmodel.core.changes import Change
from orgmodel.core.operations import (
    Edit,
    EditMembership,
    OffboardPerson,
    Operation,
    Refused,
    SetShare,
    SetSkills,
    SetSquadLead,
    SetSystemOwners,
)
from orgmodel.core.operations.base import check_seen
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import joined, names, say
from orgmodel.core.records import (
    Chapter,
    Membership,
    Person,
    PersonSkill,
    Spec,
    Squad,
    System,
    SystemOwner,
    Tribe,
    label_of,
    specs_of,
)

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
    "leaves_on",
    "away_since",
    "away_until",
    "manager",
    "external_ids",
)
TRIBE = ("name", "purpose", "mission", "color")
TRIBE_SEATS = ("product_lead", "design_lead")
SQUAD = ("name", "type", "user_facing", "state", "review_on")
MISSION = (
    "statement",
    "user_problem",
    "parent",
    "metric",
    "unit",
    "baseline",
    "target",
    "current",
    "read_on",
    "reviewed_on",
)
VACANCY = ("title", "craft", "level", "squad", "chapter", "hiring_manager", "loop", "opened_on", "state")
SYSTEM = ("name", "squad", "claimed_by", "domain", "critical", "skill", "docs")
DOMAIN = ("name", "squad", "complexity")
DEPENDENCY = ("level", "kind", "mode", "since", "mitigation")
ROLE = ("name", "leads", "craft")
MEMBERSHIP = EditMembership.FIELDS

SKILL = "Go: expert"  # what a line of skills reads like, in every language

HERE: Mapping[str, Any] = {"status": {"without": ("left",)}}
OPEN: Mapping[str, Any] = {"state": {"without": ("filled", "cancelled")}}


class EditMembershipForm(EditForm):
    """Edits a person's membership in a squad, which goes by the two rather than by its id."""

    def edit(self, values: dict[str, Any], seen: dict[str, Any]) -> Operation:
        assert isinstance(self.record, Membership)
        return EditMembership(person=self.record.person, squad=self.record.squad, values=values, seen=seen)


class LeadsForm(EditForm):
    """Says who leads a tribe or chapter, who stands in, and since when: an operation for each seat that changes hands.

    Somebody new whose first day is not said leads from today.
    """

    TERMS: ClassVar[Mapping[str, str]] = {"lead": "lead_since", "interim_lead": "interim_since"}

    def __init__(
        self,
        request: Any,
        operation: type[Operation],
        unit: Tribe | Chapter,
        *,
        edit: type[Edit],
        others: Sequence[str] = (),
    ) -> None:
        self.edit_unit = edit
        first, stand_in = self.TERMS.items()
        options = {
            "lead": {"help_text": _("Empty: nobody leads it.")},
            "interim_lead": {"help_text": _("Who stands in, until somebody leads it.")},
            **{
                day: {"help_text": _("For somebody new: today, unless you say so.")}
                for day in self.TERMS.values()
            },
        }
        asks = (*first, *stand_in, *others)
        super().__init__(request, operation, unit, asks=asks, options=options)

    def to_operations(self) -> list[Operation]:
        values, seen = self.changed(), self.cleaned_data["seen"]
        check_seen(self.record, values, seen)
        if values.get("lead") is not None:  # which ends that somebody stands in
            values = {n: v for n, v in values.items() if v is not None or n not in self.TERMS}
            if "interim_lead" not in values:
                values.pop("interim_since", None)
        days = {day: values.pop(day) for seat, day in self.TERMS.items() if day in values}
        found = [self._seat(seat, person, days) for seat, person in values.items()]
        if days:
            found.append(self.edit_unit(self.record.id, days, {name: seen[name] for name in days}))
        if not found:
            raise Refused(say("Nothing to change."))
        return found

    def _seat(self, seat: str, person: str | None, days: dict[str, Any]) -> Operation:
        """Return the operation for a seat; the first day that belongs to it goes along, out of `days`."""
        seat_operation: Any = self.operation
        values: dict[str, Any] = {self.kind: self.record.id, "person": person}
        if seat not in self.TERMS:
            values["seat"] = seat
        else:
            since = days.pop(self.TERMS[seat], None) or timezone.localdate()
            values |= {
                "interim": seat == "interim_lead",
                "since": since if person is not None else None,
            }
        operation: Operation = seat_operation(**values)
        return operation


class ShownForm(OperationForm):
    """Is about several records at once, and carries along what one field of each was when it was shown."""

    KIND: ClassVar[str]
    FIELD: ClassVar[str]

    def records(self, org: Org) -> Iterable[Any]:
        """Return the records that the form is about, as they are in this organization."""
        raise NotImplementedError

    def add_fields(self) -> None:
        super().add_fields()
        self.fields["shown"] = CharField(required=False, max_length=100_000, widget=HiddenInput)
        self.initial["shown"] = self._text(self.org)

    def _text(self, org: Org) -> str:
        """Return the records as text: id and value, one pair after the other."""
        return " ".join(f"{record.id}:{getattr(record, self.FIELD)}" for record in self.records(org))

    def seen(self) -> list[Change]:
        """Return all that was shown: the form replaces it as a whole, so whatever is different by now conflicts."""
        shown = dict(pair.split(":", 1) for pair in self.cleaned_data["shown"].split() if ":" in pair)
        ids = dict.fromkeys((*shown, *(record.id for record in self.records(self.org))))
        return [Change(self.KIND, id_, {self.FIELD: shown[id_]} if id_ in shown else None, {}) for id_ in ids]

    def object_to(self, objection: wording.Objection, org: Org) -> None:
        super().object_to(objection, org)
        # Sent again, it overrules what it shows now.
        self.data = {**self.data.dict(), "shown": self._text(org)}  # type: ignore[attr-defined]


class SquadLeadForm(ShownForm):
    """Says who holds a leading role in a squad."""

    KIND = "membership"
    FIELD = "role"

    def __init__(self, request: Any, squad: Squad, members: Sequence[Person]) -> None:
        self.squad = squad
        person = {
            "suggestions": members,
            "help_text": _("Someone in the squad. Empty: nobody holds the role."),
        }
        asks = ("role", "person")
        super().__init__(request, SetSquadLead, asks=asks, options={"person": person}, squad=squad.id)

    def add_fields(self) -> None:
        super().add_fields()
        leading = by_name(role for role in self.org.roles.values() if role.leads)
        self.fields["role"].widget.choices = [("", _("Choose")), *((r.key, r.name) for r in leading)]

    def records(self, org: Org) -> Iterable[Membership]:
        return (m for m in org.memberships_in(self.squad.id) if m.role is not None)

    def seen(self) -> list[Change]:
        role, shown = self.cleaned_data["role"], self.cleaned_data["shown"].split()
        return [
            Change("membership", m.id, {"role": before}, {"role": None})
            for m in self.org.memberships_in(self.squad.id)
            for before in [role if f"{m.id}:{role}" in shown else None if m.role == role else m.role]
        ]


class OwnersForm(ShownForm):
    """Says who answers for a system, as a developer and in operations."""

    KIND = "system_owner"
    FIELD = "perspective"
    LISTS: ClassVar[Mapping[str, str]] = {"developers": "developer", "operations": "operations"}

    def __init__(self, request: Any, system: System) -> None:
        self.system = system
        owners = request.reality.org.owners_of(system.id)
        initial = {
            field: [person.id for person, as_what in owners if as_what in (perspective, "both")]
            for field, perspective in self.LISTS.items()
        }
        options = {name: {"help_text": _("Keys or names, one to a line.")} for name in self.LISTS}
        super().__init__(
            request,
            SetSystemOwners,
            asks=tuple(self.LISTS),
            options=options,
            initial=initial,
            system=system.id,
        )

    def records(self, org: Org) -> Iterable[SystemOwner]:
        return org.owners_in(self.system.id)


class SkillsForm(ShownForm):
    """Says what someone can do and how well, one skill to a line."""

    KIND = "person_skill"
    FIELD = "proficiency"

    def __init__(self, request: Any, person: Person) -> None:
        self.person = person
        held = request.reality.org.skills_of(person.id)
        words = ", ".join(dict(specs_of(self.KIND)[self.FIELD].choices))
        help_text = _("One to a line with how well: {words}, such as “{example}”.")
        super().__init__(
            request,
            SetSkills,
            asks=("skills",),
            options={
                "skills": {
                    "example": SKILL,
                    "rows": 6,
                    "help_text": help_text.format(words=words, example=SKILL),
                }
            },
            initial={"skills": tuple((each.skill, each.proficiency) for each in held)},
            person=person.id,
        )

    def clean_skills(self) -> tuple[tuple[str, str], ...]:
        return tuple((skill, proficiency.casefold()) for skill, proficiency in self.cleaned_data["skills"])

    def records(self, org: Org) -> Iterable[PersonSkill]:
        return org.skills_of(self.person.id)


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
        return joined(
            ", ",
            [
                say("{people} in {squad}", people=names(people, limit=12), squad=squad)
                for squad, people in in_squads.items()
            ],
        )

    def add_fields(self) -> None:
        if self.places:
            shares = {m.share for place in self.places if (m := self.org.membership(*place)) is not None}
            self.initial["share"] = shares.pop() if len(shares) == 1 else None
        else:
            self.fields["people"] = RecordsField(
                self.org, "person", label=_("People"), help_text=_("Keys or names, one to a line.")
            )
            self.fields["squad"] = RecordField(
                self.org,
                "squad",
                required=False,
                label=_("Squad"),
                help_text=_("Empty: the squad that is each person's home."),
            )
        share = field_for(self.org, Spec("percent"), label_of("membership", "share"), required=False)
        share.help_text = _("Empty: unknown.")
        self.fields["share"] = share

    def to_operations(self) -> list[Operation]:
        share = self.cleaned_data["share"]
        found: list[Operation] = []
        for person, squad in self.places or self._places_asked():
            membership = self.org.membership(person, squad)
            if membership is None or membership.share != share:
                found.append(SetShare(person=person, squad=squad, share=share))
        if not found:
            raise Refused(say("All of them have that share already."), field="share")
        return found

    def _places_asked(self) -> Iterator[tuple[str, str]]:
        for person in self.cleaned_data["people"]:
            home = self.org.primary_membership(person)
            squad = self.cleaned_data["squad"] or (home.squad if home is not None else None)
            if squad is None:
                who = self.org.people[person].name
                raise Refused(say("{person} is in no squad.", person=who), field="people")
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
        empty = (
            _("Empty: nobody.")
            if heir is None
            else _("Empty: {person}, their own manager.").format(person=org.people[heir].name)
        )
        super().__init__(
            request,
            OffboardPerson,
            asks=asks,
            initial={"successor": heir},
            options={"successor": {"help_text": empty}},
            person=person,
        )
