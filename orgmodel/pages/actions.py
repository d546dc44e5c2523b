"""What a text in the palette asks to do: "move ana to payments", "new squad in listen", "split search", "undo".

Nothing is done here: every action is a link to the form that does it, with its fields filled in, in the draft that one
is looking at. Whoever may not change anything is offered nothing.

What one may type is a text like all others. Several ways to say it are set apart by "|", and a translation holds as
many as its language has: "ny|nytt|skapa". English is understood as well, whatever is spoken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orgmodel.access import roles
from orgmodel.changes import queries
from orgmodel.changes.pages import address, can_change
from orgmodel.core.org import is_gone
from orgmodel.core.phrases import say
from orgmodel.core.search import Catalog, plain
from orgmodel.pages.hits import Hit

SHOWN = 6
TO = gettext_noop("to|into")  # where people and squads move
INTO = gettext_noop("to|in|into")  # where they are added
IN = gettext_noop("in|for")  # where something new is made
WITH = gettext_noop("into|with|and")  # what is merged
CHOICES = 3  # people or units that one part of a text may mean


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands after the verb, and what finds whom it means."""

    request: Any
    catalog: Catalog
    rest: str

    def best(self, kind: str, text: str) -> list[Any]:
        """Return the open records of a kind that a text means most likely."""
        found = self.catalog.find(text, CHOICES, [kind]).get(kind)
        return [record for record in found.records if not is_gone(record)] if found is not None else []

    def parts(self, words: str) -> tuple[str, str]:
        """Return what stands before and after the first of these words: ("ana", "payments") of "ana to payments"."""
        known = "|".join(map(re.escape, _ways(words)))
        before, *after = re.split(
            rf"(?:^|\s+)(?:{known})(?:\s+|$)", self.rest, maxsplit=1, flags=re.IGNORECASE
        )
        return before.strip(), after[0].strip() if after else ""

    def link(self, label: str, page: str, /, *keys: str, note: str = "", **fields: str) -> Hit:
        given: dict[str, Any] = {field: value for field, value in fields.items() if value}
        return Hit(label, note, address(self.request, page, *keys, **given))

    def note_of(self, record: Any) -> str:
        """Return what tells people of one name apart."""
        org = self.request.reality.org
        home = org.primary_membership(record.id)
        return (
            _("now in {squad}").format(squad=org.squads[home.squad].name)
            if home is not None
            else _("in no squad")
        )


def find(request: Any, text: str, catalog: Catalog) -> list[Hit]:
    """Return the forms that a text asks for, if it begins with a verb."""
    meant = [(form, _after(verb, text, least=3)) for verb, form in VERBS.items()]
    hits = (hit for form, rest in meant if rest is not None for hit in form(Asked(request, catalog, rest)))
    return list(islice(hits, SHOWN))


def _ways(words: str) -> list[str]:
    """Return the ways to say something, in English and in the reader's language, the longest first."""
    return sorted({*words.split("|"), *_(words).split("|")}, key=lambda way: (-len(way), way))


def _after(words: str, text: str, *, least: int = 0) -> str | None:
    """Return what follows where a text begins with one of these ways, or else with so many letters of it."""
    for way in map(plain, _ways(words)):
        size = len(way.split())
        typed = text.split(maxsplit=size)
        begun = plain(" ".join(typed[:size]))
        if begun == way or (len(begun) >= least and way.startswith(begun)):
            return "".join(typed[size:]).strip()
    return None


def _move(asked: Asked) -> Iterator[Hit]:
    if not can_change(asked.request):
        return
    who, where = asked.parts(TO)
    yield from list(_moves_to(asked, who, where)) or _moves_of(asked, who, where)


def _moves_to(asked: Asked, who: str, where: str) -> Iterator[Hit]:
    """Yield the forms that know who moves and where to."""
    squads = asked.best("squad", where)
    for person in asked.best("person", who):
        for squad in squads[:2]:
            name = _("Move {person} to {squad}").format(person=person.name, squad=squad.name)
            yield asked.link(name, "person_move", person.key, note=asked.note_of(person), to=squad.key)
    for squad in asked.best("squad", who):
        for tribe in asked.best("tribe", where)[:2]:
            name = _("Move {squad} to tribe {tribe}").format(squad=squad.name, tribe=tribe.name)
            yield asked.link(name, "squad_move", squad.key, tribe=tribe.key)


def _moves_of(asked: Asked, who: str, where: str) -> Iterator[Hit]:
    """Yield the forms that ask for what was not said, or is not known: where to, and who."""
    people, squads = asked.best("person", who), asked.best("squad", who)
    for person in people:
        name, note = _("Move {person}").format(person=person.name), _unknown(where) or asked.note_of(person)
        yield asked.link(name, "person_move", person.key, note=note)
    for squad in squads:
        name = say("Move {name} to another tribe", name=squad.name)
        yield asked.link(name, "squad_move", squad.key, note=_unknown(where))
    if not people and not squads:
        yield asked.link(_("Move people"), "people_move", note=_unknown(who))


def _unknown(text: str) -> str:
    return _("Nothing is called “%(q)s”.") % {"q": text} if text else ""


def _add(asked: Asked) -> Iterator[Hit]:
    if not can_change(asked.request):
        return
    who, where = asked.parts(INTO)
    for person in asked.best("person", who) if where else ():
        for squad in asked.best("squad", where)[:1]:
            name = _("Add {person} to {squad}").format(person=person.name, squad=squad.name)
            yield asked.link(name, "person_join", person.key, note=asked.note_of(person), squad=squad.key)
        for guild in asked.best("guild", where)[:1]:
            name = _("Add {person} to guild {guild}").format(person=person.name, guild=guild.name)
            yield asked.link(name, "guild_add_people", guild=guild.key, person=person.key)


NEW: Mapping[str, tuple[str, str, str, str]] = {
    "squad": ("squad_new", "name", "tribe", "tribe"),
    "person": ("person_new", "name", "", ""),
    "tribe": ("tribe_new", "name", "", ""),
    "chapter": ("chapter_new", "name", "tribe", "tribe"),
    "guild": ("guild_new", "name", "", ""),
    "mission": ("mission_new", "statement", "", ""),
    "system": ("system_new", "name", "squad", "squad"),
    "vacancy": ("vacancy_new", "title", "squad", "squad"),
    "domain": ("domain_new", "name", "squad", "squad"),
    "role": ("role_new", "name", "", ""),
}
"""What can be made: its form, the field for its name, and the field and kind of the unit it is made in."""


def _new(asked: Asked) -> Iterator[Hit]:
    named = _after(gettext_noop("draft"), asked.rest)
    if named is not None and roles.can_plan(asked.request.user):
        query = f"?{urlencode({'name': named})}" if named else ""
        name = _("New draft “{name}”").format(name=named) if named else _("New draft")
        yield Hit(name, _("from today"), f"{reverse('drafts')}{query}")
    if not can_change(asked.request):
        return
    for kind, (page, field, unit_field, unit_kind) in NEW.items():
        rest = _after(kind, asked.rest)
        if rest is None:
            continue
        inside = Asked(asked.request, asked.catalog, rest)
        called, where = inside.parts(IN) if unit_field else (rest, "")
        name = (
            say("New {kind} “{name}”", kind=_(kind), name=called)
            if called
            else say("New {kind}", kind=_(kind))
        )
        units = asked.best(unit_kind, where)[:CHOICES] if where else []
        for unit in units:
            yield asked.link(
                say("{what} in {unit}", what=name, unit=unit.name),
                page,
                **{field: called, unit_field: unit.key},
            )
        if not units:
            yield asked.link(name, page, **{field: called})


def _hire(asked: Asked) -> Iterator[Hit]:
    if can_change(asked.request):
        name = _("Hire “{name}”").format(name=asked.rest) if asked.rest else _("Hire someone")
        yield asked.link(name, "person_new", name=asked.rest)


def _split(asked: Asked) -> Iterator[Hit]:
    yield from _each(asked, _("Split {unit}"), {"squad": "squad_split", "tribe": "tribe_split"})


def _close(asked: Asked) -> Iterator[Hit]:
    pages = {
        "squad": "squad_close",
        "tribe": "tribe_close",
        "chapter": "chapter_close",
        "guild": "guild_close",
    }
    yield from _each(asked, _("Close {unit}"), pages)


def _each(asked: Asked, name: str, pages: Mapping[str, str]) -> Iterator[Hit]:
    if not can_change(asked.request):
        return
    for kind, page in pages.items():
        for unit in asked.best(kind, asked.rest):
            yield asked.link(name.format(unit=unit.name), page, unit.key, note=_(kind))


MERGED = {"squad": "squads", "tribe": "tribes", "chapter": "chapters"}
"""What can be merged, and the field of the form that names the others."""


def _merge(asked: Asked) -> Iterator[Hit]:
    """Offer the form of the unit that stays; the others are chosen there, or named where they are of another tribe."""
    if not can_change(asked.request):
        return
    goes, stays = asked.parts(WITH)
    for kind, others in MERGED.items():
        for one in asked.best(kind, goes)[:2]:
            if not stays:
                yield asked.link(
                    _("Merge {unit} with others").format(unit=one.name),
                    f"{kind}_merge",
                    one.key,
                    note=_(kind),
                )
            for other in asked.best(kind, stays)[:2] if stays else ():
                if one.id == other.id:
                    continue
                beside = kind == "tribe" or (one.tribe is not None and one.tribe == other.tribe)
                fields = {others if beside else "further": one.key}
                name = _("Merge {unit} into {other}").format(unit=one.name, other=other.name)
                yield asked.link(name, f"{kind}_merge", other.key, note=_(kind), **fields)


def _undo(asked: Asked) -> Iterator[Hit]:
    draft, user = asked.request.reality.draft, asked.request.user
    if draft is not None:
        if can_change(asked.request):
            url = reverse("draft_changes", args=[draft.key])
            yield Hit(_("Undo in this draft"), _("its changes, with undo"), url)
        return
    last = queries.latest_of(user) if asked.request.reality.kind == "live" else None
    if last is not None and roles.can_undo(user, last):
        yield Hit(last.undo_title, _("your last change"), reverse("undo", args=[last.version]))


VERBS: Mapping[str, Callable[[Asked], Iterator[Hit]]] = {
    gettext_noop("move|transfer"): _move,
    gettext_noop("add|put"): _add,
    gettext_noop("new|create"): _new,
    gettext_noop("hire|employ"): _hire,
    gettext_noop("split|divide"): _split,
    gettext_noop("merge|combine"): _merge,
    gettext_noop("close|shut"): _close,
    gettext_noop("undo|take back"): _undo,
}
