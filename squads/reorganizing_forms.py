"""Forms that split, merge, form and close units, each with a look ahead at what it would do."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.changes import wording
from orgmodel.changes.forms import OperationForm, RecordsField
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.changes import Change, Conflict
from orgmodel.core.operations import (
    MergeChapters,
    MergeSquads,
    MergeTribes,
    Operation,
    SplitSquad,
    SplitTribe,
)
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import capital, count, joined, said, say
from orgmodel.core.records import Squad, Tribe
from squads.foresight import Foresight, foresee
from squads.queries import Member, members_by_chapter

OFFERED = 60  # units of the same tribe to choose from; the others are found by name
SUGGESTED = 300


class ChosenField(forms.MultipleChoiceField):
    """Some of the records shown, by key. Who or what is no longer where it was shown is for the operation to refuse."""

    def __init__(self, org: Org, kind: str, records: Iterable[Any], **options: Any) -> None:
        self.org, self.kind = org, kind
        super().__init__(
            choices=[(record.key, record.name) for record in records],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={
                "invalid_choice": _("Something chosen here is not there any more. Choose again.")
            },
            **options,
        )

    def valid_value(self, value: Any) -> bool:
        return self.org.find(self.kind, value) is not None

    def clean(self, value: Any) -> tuple[str, ...]:
        found: Any = [self.org.find(self.kind, key) for key in super().clean(value)]
        return tuple(dict.fromkeys(record.id for record in found))


class UnitField(forms.ChoiceField):
    """One of the units shown, by key. That it has closed meanwhile is for the operation to refuse."""

    def __init__(self, org: Org, kind: str, records: Iterable[Any], **options: Any) -> None:
        self.org, self.kind = org, kind
        choices = [(record.key, record.name) for record in records]
        super().__init__(choices=choices, widget=forms.RadioSelect, **options)

    def valid_value(self, value: Any) -> bool:
        return self.org.find(self.kind, value) is not None

    def clean(self, value: Any) -> str:
        record: Any = self.org.find(self.kind, super().clean(value))
        return str(record.id)


NEW = {
    "squad": gettext_lazy("The new squad"),
    "tribe": gettext_lazy("The new tribe"),
}
"""What a unit that a form makes is called as long as it has no name."""


class ReorganizingForm(OperationForm):
    """Asks for a reorganization and foresees what it does to units of one kind."""

    FIRST: Sequence[str] = ()
    PICKED: Mapping[str, str] = {}  # fields that are drawn as cards or rows, and the kind of their records
    RENAMES = "name"  # the field that gives a unit another name

    def __init__(
        self, request: Any, operation: type[Operation], *, shows: str, makes: str = "", **options: Any
    ) -> None:
        self.shows, self.makes = shows, makes
        self.takes_effect_on = request.reality.takes_effect_on
        super().__init__(request, operation, **options)
        for name, field in self.fields.items():
            if isinstance(field, ChosenField) and name in request.GET:
                self.initial[name] = request.GET.getlist(name)

    @property
    def creates(self) -> str:
        return self.makes

    @property
    def first(self) -> list[Any]:
        return [self[name] for name in self.FIRST]

    @property
    def picked(self) -> list[Any]:
        return [self[name] for name in self.PICKED if name in self.fields]

    @property
    def rest(self) -> list[Any]:
        own = {*self.FIRST, *self.PICKED}
        return [field for field in self.visible_fields() if field.name not in own]

    def foresight(self) -> Foresight:
        """Return what the form as it is filled in would do, whether or not it was sent. A name may still be missing."""
        filled = copy.copy(self)  # errors found on the way are none of the form that is shown
        filled._bound_fields_cache = {}  # type: ignore[attr-defined]
        if not self.is_bound:
            filled.data, filled.is_bound = {name: self[name].value() for name in self.fields}, True
        filled.full_clean()
        errors = [n for n in filled.errors if n != "name" and n in self.fields]
        if errors:
            return Foresight(objection=self._in_the_way(filled, errors[0]))
        if "name" in self.fields and not filled.cleaned_data.get("name"):
            filled.cleaned_data["name"] = str(NEW.get(self.makes, ""))
        try:
            return foresee(self.org, filled.to_operations(), self.shows, on=self.takes_effect_on)
        except OBJECTIONS as objection:
            return Foresight(objection=wording.in_short(objection, self.org))

    def _in_the_way(self, filled: ReorganizingForm, name: str) -> str:
        label = self[name].label
        if filled.has_error(name, "required"):
            return say("What it does shows here once “{field}” is filled in.", field=label)
        return say("{field}: {fault}", field=label, fault=filled.errors[name][0])


class RenamingForm(ReorganizingForm):
    """May rename a unit. Carries along the names it showed: one that has changed since is a conflict."""

    def named(self) -> Iterable[Any]:
        """Return the units of which one may get another name."""
        raise NotImplementedError

    def renamed(self) -> str:
        """Return the id of the one that does."""
        raise NotImplementedError

    def add_fields(self) -> None:
        super().add_fields()
        self.fields["shown"] = forms.CharField(required=False, max_length=100_000, widget=forms.HiddenInput)
        self.initial["shown"] = self._names(self.org)

    def _names(self, org: Org) -> str:
        units: Any = (org.get(unit.KIND, unit.id) for unit in self.named())
        return orjson.dumps({unit.id: unit.name for unit in units if unit is not None}).decode()

    def seen(self) -> list[Change]:
        name, id_ = self.cleaned_data[self.RENAMES], self.renamed()
        try:
            shown = orjson.loads(self.cleaned_data["shown"])
        except ValueError:
            shown = None
        if not name or not isinstance(shown, dict) or id_ not in shown:
            return []
        return [Change(self.shows, id_, {"name": shown[id_]}, {"name": name})]

    def object_to(self, objection: wording.Objection, org: Org) -> None:
        if not isinstance(objection, Conflict):
            super().object_to(objection, org)
            return
        for complaint in wording.explain(objection, org):
            self.add_error(self.RENAMES, complaint.message)
        # Sent again, it overrules what it shows now.
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["shown"] = self._names(org)  # type: ignore[index]


def closing_form(request: Any, operation: type[Operation], unit: Any, *, holds: bool) -> ReorganizingForm:
    """Return the form that closes a unit. Where it still holds something, it asks what takes that over."""
    options = {
        "to": {
            "suggestions": [other for other in _siblings(request.reality.org, unit) if other.id != unit.id],
            "help_text": _("Another {unit}, by name. Empty: move what it holds first.").format(
                unit=said(noun(unit.KIND))
            ),
        },
    }
    return ReorganizingForm(
        request, operation, shows=unit.KIND, asks=("to",) if holds else (), options=options, id=unit.id
    )


# Splitting


@dataclass(frozen=True, slots=True)
class Card:
    """Something that may go to the new unit: the field it is chosen in, and a few words about it."""

    field: str
    record: Any
    words: str = ""


Groups = Sequence[tuple[str, Sequence[Card]]]
"""Cards under their headings."""


class SplitForm(ReorganizingForm):
    """Asks what goes to the new unit; everything stays by default."""

    FIRST = ("name",)
    GOES: ClassVar[str]  # the words over what goes

    def __init__(
        self, request: Any, operation: type[Operation], unit: Any, cards: Groups, **options: Any
    ) -> None:
        self.unit, self.cards = unit, cards
        super().__init__(request, operation, makes=unit.KIND, **{unit.KIND: unit.id}, **options)

    def add_fields(self) -> None:
        super().add_fields()
        for name, kind in self.PICKED.items():
            records = [card.record for _, cards in self.cards for card in cards if card.field == name]
            self.fields[name] = ChosenField(self.org, kind, records)

    def groups(self) -> list[tuple[str, list[tuple[Any, Card]]]]:
        """Return the cards with their checkboxes."""
        boxes = {(name, box.data["value"]): box for name in self.PICKED for box in self[name]}
        return [
            (label, [(boxes[card.field, card.record.key], card) for card in cards])
            for label, cards in self.cards
        ]

    def to_operation(self) -> Operation:
        chosen = {name: self.cleaned_data[name] for name in self.PICKED}
        return self.operation(**self.given, **chosen, **{name: self.cleaned_data[name] for name in self.asks})


class SplitSquadForm(SplitForm, RenamingForm):
    GOES = say("Goes to the new squad")
    PICKED = {"people": "person", "vacancies": "vacancy", "systems": "system"}
    RENAMES = "stays_as"

    def __init__(self, request: Any, squad: Squad) -> None:
        org = request.reality.org
        groups = members_by_chapter(org, squad.id)
        systems = [
            Card("systems", s, say("critical") if s.critical else "") for s in org.systems_of(squad.id)
        ]
        members = by_name(member.person for group in groups for member in group.members)
        keeps = ("keeps_mission",) if squad.mission else ()
        options = {
            "name": {"label": _("Name of the new squad")},
            "mission": {"label": _("Mission of the new squad")},
            "keeps_mission": {"label": say("{squad} keeps its mission", squad=squad.name)},
            "product_owner": {
                "label": _("Product owner of the new squad"),
                "suggestions": members,
                "help_text": _("Someone who goes. Empty: nobody new."),
            },
            "stays_as": {
                "label": say("New name of {squad}", squad=squad.name),
                "help_text": _("Empty: it keeps its name."),
            },
        }
        super().__init__(
            request,
            SplitSquad,
            squad,
            [
                *(
                    (
                        group.chapter.name if group.chapter is not None else say("No chapter"),
                        [
                            *(Card("people", member.person, _words_of(member)) for member in group.members),
                            *(Card("vacancies", vacancy, noun("vacancy")) for vacancy in group.vacancies),
                        ],
                    )
                    for group in groups
                ),
                *([(say("Systems"), systems)] if systems else []),
            ],
            shows="squad",
            asks=("id", "name", "mission", "product_owner", *keeps, "stays_as"),
            options=options,
            initial={"keeps_mission": True},
        )

    def named(self) -> Iterable[Any]:
        return [self.unit]

    def renamed(self) -> str:
        return str(self.unit.id)


def _words_of(member: Member) -> str:
    share = member.membership.share
    part = say("{share} %", share=share) if share and share < 100 else ""
    return joined(", ", filter(None, (member.role.name if member.role is not None else "", part)))


class SplitTribeForm(SplitForm):
    GOES = say("Goes to the new tribe")
    PICKED = {"squads": "squad", "chapters": "chapter"}

    def __init__(self, request: Any, tribe: Tribe) -> None:
        org = request.reality.org
        squads = [Card("squads", s, _in_people(org.size_of(s.id))) for s in org.squads_of(tribe.id)]
        chapters = [
            Card("chapters", c, _in_people(len(org.chapter_members_in(c.id))))
            for c in org.chapters_of(tribe.id)
        ]
        super().__init__(
            request,
            SplitTribe,
            tribe,
            [
                (label, cards)
                for label, cards in ((say("Squads"), squads), (say("Chapters"), chapters))
                if cards
            ],
            shows="tribe",
            asks=("id", "name", "lead"),
            options={
                "name": {"label": _("Name of the new tribe")},
                "lead": {"label": _("Lead of the new tribe"), "help_text": _("Empty: nobody yet.")},
            },
        )


def _in_people(size: int) -> str:
    return count(size, "person", "people")


# Merging

MERGES: Mapping[str, Any] = {"squad": MergeSquads, "tribe": MergeTribes, "chapter": MergeChapters}
KEPT = {"help_text": gettext_lazy("Empty: as it is in the one that stays.")}


class MergeForm(RenamingForm):
    """Asks which units become one: the unit itself and others, of which one stays and the rest close."""

    def __init__(self, request: Any, unit: Any) -> None:
        self.unit, self.plural = unit, f"{unit.KIND}s"
        self.org = request.reality.org
        self.units = [unit, *(u for u in _siblings(self.org, unit) if u.id != unit.id)]
        self.PICKED = {self.plural: unit.KIND, "stays": unit.KIND}
        operation = MERGES[unit.KIND]
        initial = {"stays": unit.key, "hands_over": True}
        super().__init__(request, operation, shows=unit.KIND, initial=initial, **_merge_asks(self))

    def add_fields(self) -> None:
        kind = self.unit.KIND
        self.fields[self.plural] = ChosenField(self.org, kind, self.units[1:], label=_("Others"))
        self.fields["stays"] = UnitField(self.org, kind, self.units, label=_("The one that stays"))
        if self.org.count(kind) > len(self.units):
            self.fields["further"] = RecordsField(
                self.org,
                kind,
                label=_("And from elsewhere"),
                required=False,
                help_text=_("Keys or names, one to a line."),
            )
            self.fields["further"].widget.attrs["rows"] = 2
        super().add_fields()

    @property
    def unit_label(self) -> str:
        return capital(noun(self.unit.KIND))

    def rows(self) -> list[tuple[Any, str, Any, Any]]:
        """Return each unit offered, its size, and the boxes that make it take part and stay."""
        taking_part = [None, *self[self.plural]]
        sizes = [_in_people(_size_of(self.org, unit)) for unit in self.units]
        return list(zip(self.units, sizes, taking_part, self["stays"], strict=True))

    def named(self) -> Iterable[Any]:
        return self.units

    def renamed(self) -> str:
        return str(self.cleaned_data["stays"])

    def to_operation(self) -> Operation:
        values = dict(self.cleaned_data)
        into = values["stays"]
        others = dict.fromkeys((self.unit.id, *values[self.plural], *values.get("further", ())))
        others.pop(into, None)
        asked = {name: values[name] for name in self.asks}
        return self.operation(**{self.plural: tuple(others), "into": into}, **asked)


def _siblings(org: Org, unit: Any) -> list[Any]:
    """Return the units beside this one: of the same tribe, and all tribes beside a tribe."""
    if unit.KIND == "tribe":
        return list(org.tribes_by_name()[:OFFERED])
    if unit.tribe is None:
        return []
    found: Any = org.squads_of(unit.tribe) if unit.KIND == "squad" else org.chapters_of(unit.tribe)
    return list(found[:OFFERED])


def _size_of(org: Org, unit: Any) -> int:
    match unit.KIND:
        case "squad":
            return org.size_of(unit.id)
        case "tribe":
            return len(org.people_in_tribe(unit.id))
    return len(org.chapter_members_in(unit.id))


def _merge_asks(form: MergeForm) -> dict[str, Any]:
    """Return what merging units of a kind asks for besides the units."""
    match form.unit.KIND:
        case "squad":
            ids = [m.person for unit in form.units for m in form.org.memberships_in(unit.id)][:SUGGESTED]
            members = by_name(form.org.people[id_] for id_ in dict.fromkeys(ids))
            owner = {
                "suggestions": members,
                "help_text": _("Empty: whoever is it in the squad that stays."),
            }
            return {
                "asks": ("name", "mission", "product_owner", "hands_over"),
                "options": {"name": KEPT, "mission": KEPT, "product_owner": owner},
            }
        case "tribe":
            return {"asks": ("name", "lead"), "options": {"name": KEPT, "lead": KEPT}}
    return {
        "asks": ("name", "lead", "reports_to_lead"),
        "options": {"name": KEPT, "lead": KEPT},
    }
