"""What the pages of people and delivery units show: lookups put together, one page of a list, the last changes."""

from __future__ import annotations

import functools
import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import Q
from django.db.models.functions import Lower

from orgmodel.changes.models import ChangeSet, Mention
from orgmodel.changes.pages import page_in
from orgmodel.changes.registry import model_of
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import count, say
from orgmodel.core.records import Chapter, Membership, Mission, Person, Role, Squad, Vacancy
from orgmodel.core.rules.integrity import storable

PAGE = 50
MOMENTS = 8

# Lists


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition of a list, told to the database for live lists and to Python for drafts and past days."""

    where: Q
    keep: Callable[[Org, Any], bool]


def equals(field: str, value: Any) -> Filter:
    return Filter(Q(**{field: value}), lambda org, record: getattr(record, field) == value)


def is_open() -> Filter:
    return Filter(Q(closed_on=None), lambda org, record: record.closed_on is None)


def is_closed() -> Filter:
    return Filter(~Q(closed_on=None), lambda org, record: record.closed_on is not None)


def everything() -> Filter:
    return Filter(Q(), lambda org, record: True)


def nothing() -> Filter:
    return Filter(Q(pk__in=()), lambda org, record: False)


def words(text: str, fields: Sequence[str]) -> list[Filter]:
    """Return filters for a search: every word occurs in one of the fields, in any case."""
    return [_word(word, fields) for word in text.split()[:8]] if storable(text) else [nothing()]


def _word(word: str, fields: Sequence[str]) -> Filter:
    where = Q()
    for field in fields:
        where |= Q(**{f"{field}__icontains": word})
    wanted = word.casefold()
    return Filter(where, lambda org, record: any(wanted in getattr(record, f).casefold() for f in fields))


def page_of(request: Any, kind: str, filters: Iterable[Filter], *, order: str = "name") -> Page[Any]:
    """Return one page of a list, with records of the organization that is read."""
    filters = list(filters)
    org: Org = request.reality.org
    if request.reality.kind == "live":
        return _live_page(request, kind, filters, order)
    found = [r for r in org.table(kind).values() if all(f.keep(org, r) for f in filters)]
    return page_in(request, _ByName(found), PAGE)


class _ByName(Sequence[Any]):
    """Records by name, of which only those on a page and before it are ever sorted."""

    def __init__(self, records: list[Any]) -> None:
        self.records = records

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, at: Any) -> Any:
        first = heapq.nsmallest(at.stop, self.records, key=lambda record: (record.name.casefold(), record.id))
        return first[at.start :]


def _live_page(request: Any, kind: str, filters: list[Filter], order: str) -> Page[Any]:
    rows: Any = model_of(kind)._default_manager.all()
    for each in filters:
        rows = rows.filter(each.where)
    # People are sorted as their index is; the other kinds are few.
    key = order if kind == "person" else Lower(order)
    page = page_in(request, rows.order_by(key, "pk").values_list("pk", flat=True), PAGE)
    table = request.reality.org.table(kind)
    page.object_list = [table[str(id_)] for id_ in page.object_list if str(id_) in table]
    return page


def different(reality: Any, kind: str, field: str) -> list[str]:
    """Return the different texts that a field has in the live organization, for a list to choose from."""
    return _different(kind, field, reality.head.version, reality.head.change_set)


@functools.lru_cache(maxsize=16)
def _different(kind: str, field: str, version: int, change_set: str | None) -> list[str]:
    """Read them once for each version: they are the same until the next commit."""
    rows = model_of(kind)._default_manager.exclude(**{field: ""})
    return list(rows.order_by(field).values_list(field, flat=True).distinct()[:200])


# Squads


@dataclass(frozen=True, slots=True)
class Member:
    """Someone in a squad as its page shows them."""

    person: Person
    membership: Membership
    role: Role | None
    chapter: Chapter | None
    also: tuple[Squad, ...]
    is_home: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The members of a squad that are in one chapter, and the vacancies meant for it."""

    chapter: Chapter | None
    members: tuple[Member, ...]
    vacancies: tuple[Vacancy, ...]


def members_by_chapter(org: Org, squad: str) -> list[Group]:
    """Return the members and open vacancies of a squad by chapter; those without a chapter come last."""
    members: dict[str | None, list[Member]] = {}
    for membership in org.memberships_in(squad):
        member = member_of(org, membership)
        members.setdefault(member.chapter.id if member.chapter else None, []).append(member)
    vacancies: dict[str | None, list[Vacancy]] = {}
    for vacancy in org.vacancies_in("squad", squad):
        vacancies.setdefault(vacancy.chapter, []).append(vacancy)
    ids = {id_ for id_ in (*members, *vacancies) if id_ is not None}
    chapters: list[Chapter | None] = [*by_name(org.chapters[id_] for id_ in ids)]
    if None in members or None in vacancies:
        chapters.append(None)
    return [
        Group(
            chapter,
            tuple(sorted(members.get(chapter.id if chapter else None, ()), key=_leads_first)),
            tuple(vacancies.get(chapter.id if chapter else None, ())),
        )
        for chapter in chapters
    ]


def guests_in(org: Org, squad: str) -> int:
    """Return how many members of a squad have another one as their home."""
    return len(org.memberships_in(squad)) - org.size_of(squad)


def member_of(org: Org, membership: Membership) -> Member:
    others = [m for m in org.memberships_of(membership.person) if m.id != membership.id]
    return Member(
        person=org.people[membership.person],
        membership=membership,
        role=org.roles.get(membership.role) if membership.role else None,
        chapter=org.chapter_of(membership.person),
        also=tuple(by_name(org.squads[m.squad] for m in others)),
        is_home=org.is_primary(membership),
    )


def _leads_first(member: Member) -> tuple[bool, str, str]:
    return not (member.role and member.role.leads), member.person.name.casefold(), member.person.id


@dataclass(frozen=True, slots=True)
class Decision:
    """Who has the say in something, and as what."""

    question: str
    people: tuple[Person, ...]
    label: str


def who_decides(org: Org, squad: Squad) -> list[Decision]:
    """Return who decides what in a squad: its leads in the organization's own words, then those of its tribe."""
    by_role: dict[Role, list[Person]] = {}
    for role, person in org.squad_leads(squad.id):
        by_role.setdefault(role, []).append(person)
    found = [
        Decision(
            say("What to build") if role.key == "product-owner" else say("How to build it"),
            tuple(people),
            role.name.lower(),
        )
        for role, people in sorted(
            by_role.items(), key=lambda pair: (pair[0].key != "product-owner", pair[0].name)
        )
    ]
    tribe = org.tribes.get(squad.tribe) if squad.tribe else None
    if tribe is not None:
        ids = dict.fromkeys((tribe.lead, tribe.product_lead, tribe.design_lead))
        leads = tuple(org.people[id_] for id_ in ids if id_ is not None)
        if leads:
            label = count(leads, "lead of {tribe}", "leads of {tribe}", tribe=tribe.name)
            found.append(Decision(say("If they disagree"), leads, label))
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a mission's North Star has come, from baseline to target, as a share of the way."""

    percent: int


def progress_of(mission: Mission) -> Progress | None:
    """Return how much of the way to the target is done, where the mission says all three numbers."""
    baseline, target, current = mission.baseline, mission.target, mission.current
    if baseline is None or target is None or current is None or baseline == target:
        return None
    return Progress(max(0, min(100, round((current - baseline) / (target - baseline) * 100))))


def share_sum(org: Org, person: str) -> int | None:
    """Return how much of someone is spoken for, in percent, or None where no share is known."""
    shares = [m.share for m in org.memberships_of(person) if m.share]
    return sum(shares) if shares else None


# People


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead role that someone holds: its words, and the unit it is of."""

    label: str
    unit: Any


def leads_of(org: Org, person: str) -> list[Lead]:
    """Return every lead role of a person: of tribes, chapters, guilds and in squads."""
    found = [Lead(seat.label, unit) for seat, unit in org.seats_of(person)]
    for membership in org.memberships_of(person):
        role = org.roles.get(membership.role) if membership.role else None
        if role is not None and role.leads:
            found.append(Lead(role.name.lower(), org.squads[membership.squad]))
    return found


# The last changes


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a unit or person: the day, the sentence, the change set."""

    on: date
    sentence: str
    version: int


def timeline(reality: Any, kind: str, id_: str) -> list[Moment]:
    """Return the last changes that are about a unit or person, newest first."""
    mentions = Mention.objects.filter(kind=kind, record=id_)
    if reality.as_of is not None:
        mentions = mentions.filter(
            version__in=ChangeSet.objects.filter(effective_on__lte=reality.as_of).values("version")
        )
    found = list(mentions.order_by("-version").values_list("version", "operation")[:MOMENTS])
    sets = {
        each.version: each for each in ChangeSet.objects.filter(version__in=[version for version, _ in found])
    }
    return [_moment(sets[version], operation) for version, operation in found]


def _moment(change_set: ChangeSet, operation: int) -> Moment:
    sentences = change_set.sentences
    sentence = sentences[operation] if operation < len(sentences) else change_set.title
    return Moment(change_set.effective_on, sentence, change_set.version)
