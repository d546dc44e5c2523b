"""What someone asks for when they move people, from the board or a form, as operations."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from orgmodel.changes.forms import OperationForm, RecordField, ShareField, field_for, find_one
from orgmodel.core.changes import Conflict, FieldConflict
from orgmodel.core.operations import JoinSquad, MovePeople, Operation, Refused
from orgmodel.core.operations.base import short
from orgmodel.core.org import Org
from orgmodel.core.phrases import capital, names, said, say
from orgmodel.core.records import Membership, Person, Spec, Squad, specs_of
from squads.board import offers_all, targets_of

AT_MOST = 1_000  # people in one move
LABELS = {"role": say("role"), "share": say("share"), "since": say("since")}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Someone to move: from a squad, or from none."""

    person: Person
    source: Squad | None


def chosen(org: Org, value: str) -> Chosen:
    """Return whom a value of the board means: `<membership>:<squad seen>`, `<membership>`, or a person's id or key.

    Raises Conflict where they are in that squad no more, Refused for someone unknown.
    """
    id_, _, seen = value.partition(":")
    membership = org.memberships.get(id_)
    squad = _squad(org, seen) if seen else None
    if membership is not None:
        return _still_there(org, membership, squad)
    person: Any = org.people.get(id_) or org.find("person", id_)
    if person is not None:
        home = org.primary_membership(person.id)
        return Chosen(person, squad or (org.squads[home.squad] if home is not None else None))
    if squad is not None:
        raise Refused(say("Someone you chose has left {squad} meanwhile.", squad=squad.name), field="people")
    raise Refused(say("There is nobody “{name}” here.", name=short(id_)), field="people")


def _still_there(org: Org, membership: Membership, seen: Squad | None) -> Chosen:
    if seen is not None and seen.id != membership.squad:
        wanted = FieldConflict("membership", membership.id, "squad", seen.id, membership.squad, None)
        raise Conflict([wanted])
    return Chosen(org.people[membership.person], org.squads[membership.squad])


def _squad(org: Org, text: str) -> Squad | None:
    """Return the squad of an id or key."""
    squad: Any = org.squads.get(text) or org.find("squad", text)
    return squad  # type: ignore[no-any-return]


def target(org: Org, text: str) -> Squad:
    """Return the squad that a key, a name or its beginning means. Raises Refused."""
    if not text.strip():
        raise Refused(say("Choose the squad to move to."), field="to")
    try:
        found: Squad = find_one(org, "squad", text.strip())
    except ValidationError as error:
        raise Refused(error.messages[0], field="to") from None
    return found


def move_operations(
    people: Iterable[Chosen],
    to: Squad,
    *,
    role: str | None = None,
    share: int | None = None,
    since: date | None = None,
) -> list[Operation]:
    """Return the operations that bring people to a squad: one for each squad they leave, one for each who had none.

    People who are there already are left out where others are not.
    """
    people = list(dict.fromkeys(people))
    moving = [each for each in people if each.source != to] or people
    if not moving:
        raise Refused(say("Choose at least one person."), field="people")
    if len(moving) > AT_MOST:
        raise Refused(say("Move at most {n} people at a time.", n=AT_MOST), field="people")
    by_source: dict[str, list[str]] = {}
    operations: list[Operation] = []
    for each in moving:
        if each.source is not None:
            by_source.setdefault(each.source.id, []).append(each.person.id)
        else:
            id_ = str(uuid.uuid4())
            operations.append(
                JoinSquad(id=id_, person=each.person.id, squad=to.id, role=role, share=share, since=since)
            )
    for source, ids in by_source.items():
        operations.append(
            MovePeople(people=tuple(ids), to=to.id, source=source, role=role, share=share, since=since)
        )
    return operations


def sentence(people: Iterable[Chosen], to: Squad) -> str:
    """Return what a toast says: "Bo Lund moved to Playlists"."""
    moved = dict.fromkeys(each.person.name for each in people if each.source != to)
    return say("{people} moved to {squad}", people=names(moved), squad=to.name)


class BoardForm(forms.Form):
    """The fields of a move besides its people, as the board sends them."""

    share = ShareField(required=False)
    since = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    role = forms.CharField(required=False, max_length=200)

    def options(self, org: Org) -> Mapping[str, Any]:
        """Return share, since and role. Raises Refused, naming the field."""
        for name, errors in self.errors.items():
            raise Refused(say("{field}: {fault}", field=capital(LABELS[name]), fault=errors[0]), field=name)
        role = self.cleaned_data["role"]
        found = org.roles.get(role) or org.find("role", role) if role else None
        if role and found is None:
            raise Refused(say("There is no role “{name}”.", name=short(role)), field="role")
        return {
            "share": self.cleaned_data["share"],
            "since": self.cleaned_data["since"],
            "role": found.id if found is not None else None,
        }


class SquadChoice(forms.ChoiceField):
    """One of the squads that someone is in. Another squad is no error here: that they have moved on is a conflict."""

    def __init__(self, org: Org, memberships: Iterable[Membership]) -> None:
        self.org = org
        squads = [org.squads[membership.squad] for membership in memberships]
        choices = [(squad.key, squad.name) for squad in squads]
        super().__init__(label=_("Out of"), choices=choices, widget=forms.RadioSelect)

    def valid_value(self, value: Any) -> bool:
        return self.org.find("squad", value) is not None


class MovePersonForm(OperationForm):
    """Moves one person: out of which squad, to which, as what, how much, since when."""

    def __init__(self, request: Any, person: Person) -> None:
        self.person = person
        super().__init__(request, MovePeople)

    def add_fields(self) -> None:
        org, memberships = self.org, self.org.memberships_of(self.person.id)
        home = org.primary_membership(self.person.id)
        if home is not None:
            self.fields["source"] = SquadChoice(org, memberships)
            self.initial["source"] = org.squads[home.squad].key
            if len(memberships) == 1:
                self.fields["source"].widget = forms.HiddenInput()
        self.fields["to"] = _target_field(org, home)
        shapes = {**specs_of("membership"), "share": Spec("percent")}
        for name, label in LABELS.items():
            self.fields[name] = field_for(org, shapes[name], label, required=False)
        self.fields["share"].help_text = _("In percent.")
        if home is not None:
            role = self.fields["role"].widget
            role.choices = [("", _("As it is now")), *role.choices[1:]]
            self.fields["to"].help_text = _("Now in {squad}.").format(squad=org.squads[home.squad].name)
            self.fields["share"].help_text = _("Empty: as it is now. In percent.")
            self.fields["since"].help_text = _("Empty: the day of the change.")

    def to_operations(self) -> list[Operation]:
        source = _squad(self.org, self.cleaned_data.get("source", ""))
        to = _squad(self.org, self.cleaned_data["to"])
        assert to is not None  # both kinds of field know squads only
        options = {name: self.cleaned_data[name] for name in LABELS}
        return move_operations([Chosen(self.person, source)], to, **options)


def _target_field(org: Org, home: Membership | None) -> forms.Field:
    """Return a list of squads by tribe where there are few, else a text field that suggests them."""
    if not offers_all(org):
        return RecordField(org, "squad", label=_("To squad"))
    tribe = org.tribes.get(org.squads[home.squad].tribe or "") if home is not None else None
    groups = [
        (said(group.tribe), [(squad.key, f"{squad.name} ({squad.size})") for squad in group.squads])
        for group in targets_of(org, tribe)
    ]
    return forms.ChoiceField(label=_("To squad"), choices=[("", _("Choose a squad")), *groups])
