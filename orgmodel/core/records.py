"""The nouns: every kind of record an organization is made of, as frozen dataclasses that carry only data.

A field says its own shape (length, choices, what it refers to); forms, serializers, CSV columns and the integrity
rules all read it from here. Anything that can be worked out from other records is a lookup on `Org`, not a field.
"""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from orgmodel.core.phrases import meant, say

RESERVED_KEYS = frozenset({"new", "add", "change", "form", "batch", "-"})
"""What stands in addresses where a key may stand, so that no record can have it as its key."""


@dataclass(frozen=True, slots=True)
class Spec:
    """The shape of one field: what a form, a serializer, a CSV column and the integrity rules need to know."""

    kind: str  # text, choice, ref, date, number, percent, flag, ids
    limit: int = 0  # characters, for text
    is_email: bool = False  # whether a text is an email address
    choices: tuple[tuple[str, str], ...] = ()  # value and label
    target: str = ""  # kind of record a ref points to
    indexed: bool = True  # whether Org keeps "who points here" for a ref
    required: bool = False
    label: str = ""  # words for people where the field's name does not do


SPELLED = {
    "open": meant("vacancy", "Open"),
    "stream_aligned": say("Stream-aligned"),
    "prehire": say("Not started yet"),
    "notice": say("Has given notice"),
    "x_as_a_service": say("X-as-a-service"),
    "both": say("Developer and operations"),
}
"""Choices whose words for people are more than their value with another spelling."""


def _field(spec: Spec, default: object) -> Any:
    if spec.required:
        return dataclasses.field(metadata={"spec": spec})
    return dataclasses.field(default=default, metadata={"spec": spec})


def text(limit: int, *, required: bool = False, label: str = "") -> Any:
    return _field(Spec("text", limit=limit, required=required, label=label), "")


def email() -> Any:
    return _field(Spec("text", limit=254, is_email=True), "")


def choice(*values: str, default: str | None = None, label: str = "") -> Any:
    options = tuple(
        (value, SPELLED.get(value) or say(value.replace("_", " ").capitalize())) for value in values
    )
    return _field(Spec("choice", choices=options, label=label), values[0] if default is None else default)


def ref(target: str, *, required: bool = False, indexed: bool = True, label: str = "") -> Any:
    return _field(Spec("ref", target=target, required=required, indexed=indexed, label=label), None)


def day(*, required: bool = False, label: str = "") -> Any:
    return _field(Spec("date", required=required, label=label), None)


def number(label: str = "") -> Any:
    return _field(Spec("number", label=label), None)


def percent(label: str = "") -> Any:
    return _field(Spec("percent", label=label), None)


def flag(*, default: bool = False, label: str = "") -> Any:
    return _field(Spec("flag", label=label), default)


def pairs(label: str = "") -> Any:
    """Names with a value each, such as the ids that a person has in other systems."""
    return _field(Spec("ids", label=label), ())


@dataclass(frozen=True, slots=True)
class Record:
    """What every record has: an id that never changes."""

    KIND: ClassVar[str]
    PLURAL: ClassVar[str]
    id: str


@dataclass(frozen=True, slots=True)
class Role(Record):
    """A word the organization uses for what someone does in a squad, such as product owner or engineer."""

    KIND: ClassVar[str] = "role"
    PLURAL: ClassVar[str] = "roles"
    key: str = text(100, required=True)
    name: str = text(200, required=True)
    leads: bool = flag(label="leads a squad")
    craft: str = text(100)


@dataclass(frozen=True, slots=True)
class Person(Record):
    """Someone the organization is made of. A person is modelled; a user logs in."""

    KIND: ClassVar[str] = "person"
    PLURAL: ClassVar[str] = "people"
    key: str = text(100, required=True)
    name: str = text(200, required=True)
    email: str = email()
    external_ids: tuple[tuple[str, str], ...] = pairs("external ids")
    title: str = text(200)
    craft: str = text(100)
    level: str = text(50)
    city: str = text(100)
    time_zone: str = text(64)
    working_hours: str = text(20)
    employment: str = choice("employee", "contractor", "intern", "other")
    status: str = choice("active", "prehire", "onboarding", "on_leave", "notice", "left")
    started_on: date | None = day()
    manager: str | None = ref("person")
    leaves_on: date | None = day()
    away_since: date | None = day()
    away_until: date | None = day()

    @property
    def is_here(self) -> bool:
        return self.status != "left"


@dataclass(frozen=True, slots=True)
class Mission(Record):
    """Why a squad or tribe exists: long-lived, may outlive the squad that holds it and be handed over."""

    KIND: ClassVar[str] = "mission"
    PLURAL: ClassVar[str] = "missions"
    key: str = text(100, required=True)
    statement: str = text(2000, required=True)
    user_problem: str = text(2000)
    parent: str | None = ref("mission", label="part of")
    metric: str = text(200, label="North Star metric")
    unit: str = text(50)
    baseline: Decimal | None = number()
    target: Decimal | None = number()
    current: Decimal | None = number()
    closed_on: date | None = day(label="retired on")
    reviewed_on: date | None = day()
    read_on: date | None = day(label="last reading on")

    @property
    def name(self) -> str:
        return self.statement


@dataclass(frozen=True, slots=True)
class Tribe(Record):
    """A collection of squads that work in one area, led by one person or a trio."""

    KIND: ClassVar[str] = "tribe"
    PLURAL: ClassVar[str] = "tribes"
    key: str = text(100, required=True)
    name: str = text(200, required=True)
    purpose: str = text(2000)
    lead: str | None = ref("person", label="tribe lead")
    product_lead: str | None = ref("person")
    design_lead: str | None = ref("person")
    mission: str | None = ref("mission")
    color: str = choice("", "1", "2", "3", "4", "5", "6", "7", "8", label="color slot")
    closed_on: date | None = day()
    lead_since: date | None = day()
    interim_lead: str | None = ref("person", label="interim tribe lead")
    interim_since: date | None = day()


@dataclass(frozen=True, slots=True)
class Squad(Record):
    """A small team with one mission, the primary home of its members."""

    KIND: ClassVar[str] = "squad"
    PLURAL: ClassVar[str] = "squads"
    key: str = text(100, required=True)
    name: str = text(200, required=True)
    tribe: str | None = ref("tribe")
    type: str = choice("stream_aligned", "platform", "enabling", "complicated_subsystem")
    user_facing: bool = flag(label="user-facing")
    mission: str | None = ref("mission")
    state: str = choice("active", "proposed", "forming", "winding_down")
    review_on: date | None = day(label="mission review on")
    closed_on: date | None = day()


@dataclass(frozen=True, slots=True)
class Membership(Record):
    """A person's part in a squad. Leaving removes the record; the log remembers it."""

    KIND: ClassVar[str] = "membership"
    PLURAL: ClassVar[str] = "memberships"
    person: str = ref("person", required=True)
    squad: str = ref("squad", required=True)
    role: str | None = ref("role", indexed=False)
    share: int | None = percent(label="share in percent")
    kind: str = choice("permanent", "loan", "rotation", "trial")
    since: date | None = day()
    until: date | None = day()


@dataclass(frozen=True, slots=True)
class Chapter(Record):
    """People of one competency inside one tribe, with a lead who usually is their line manager."""

    KIND: ClassVar[str] = "chapter"
    PLURAL: ClassVar[str] = "chapters"
    key: str = text(100, required=True)
    name: str = text(200, required=True)
    competency: str = text(200)
    tribe: str | None = ref("tribe")
    lead: str | None = ref("person", label="chapter lead")
    closed_on: date | None = day()
    lead_since: date | None = day()
    interim_lead: str | None = ref("person", label="interim chapter lead")
    interim_since: date | None = day()


@dataclass(frozen=True, slots=True)
class ChapterMember(Record):
    """A person's place in a chapter: at most one per person."""

    KIND: ClassVar[str] = "chapter_member"
    PLURAL: ClassVar[str] = "chapter_members"
    person: str = ref("person", required=True)
    chapter: str = ref("chapter", required=True)


@dataclass(frozen=True, slots=True)
class Guild(Record):
    """A community of interest that cuts across tribes; anyone may join."""

    KIND: ClassVar[str] = "guild"
    PLURAL: ClassVar[str] = "guilds"
    key: str = text(100, required=True)
    name: str = text(200, required=True)
    purpose: str = text(2000)
    kind: str = choice("interest", "capability")
    coordinator: str | None = ref("person")
    sponsor: str | None = ref("person")
    last_session_on: date | None = day(label="last session on")
    closed_on: date | None = day()


@dataclass(frozen=True, slots=True)
class GuildMember(Record):
    """A person's part in a guild, with the guild's own word for the role."""

    KIND: ClassVar[str] = "guild_member"
    PLURAL: ClassVar[str] = "guild_members"
    person: str = ref("person", required=True)
    guild: str = ref("guild", required=True)
    role: str = text(100)


@dataclass(frozen=True, slots=True)
class Vacancy(Record):
    """A seat that nobody holds yet."""

    KIND: ClassVar[str] = "vacancy"
    PLURAL: ClassVar[str] = "vacancies"
    key: str = text(100, required=True)
    title: str = text(200, required=True)
    craft: str = text(100)
    level: str = text(50)
    squad: str | None = ref("squad")
    chapter: str | None = ref("chapter")
    hiring_manager: str | None = ref("person")
    opened_on: date | None = day()
    state: str = choice(
        "open", "draft", "approved", "interviewing", "offer", "on_hold", "filled", "cancelled"
    )
    filled_by: str | None = ref("person")
    loop: str = text(200, label="interview loop")

    @property
    def name(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state not in ("filled", "cancelled")


@dataclass(frozen=True, slots=True)
class Domain(Record):
    """An area of business that somebody must understand, as hard as it is. One squad answers for it."""

    KIND: ClassVar[str] = "domain"
    PLURAL: ClassVar[str] = "domains"
    key: str = text(100, required=True)
    name: str = text(200, required=True)
    squad: str | None = ref("squad")
    complexity: str = choice("simple", "complicated", "complex")
    closed_on: date | None = day()


@dataclass(frozen=True, slots=True)
class System(Record):
    """Something that runs and that a squad answers for."""

    KIND: ClassVar[str] = "system"
    PLURAL: ClassVar[str] = "systems"
    key: str = text(100, required=True)
    name: str = text(200, required=True)
    squad: str | None = ref("squad", label="owner squad")
    claimed_by: str | None = ref("squad", label="also claimed by")
    domain: str | None = ref("domain")
    critical: bool = flag(label="operationally critical")
    skill: str = text(100, label="needed skill")
    docs: str = text(500, label="documentation")
    closed_on: date | None = day(label="retired on")


@dataclass(frozen=True, slots=True)
class SystemOwner(Record):
    """A person who knows a system and answers for it, as a developer, in operations or both."""

    KIND: ClassVar[str] = "system_owner"
    PLURAL: ClassVar[str] = "system_owners"
    system: str = ref("system", required=True)
    person: str = ref("person", required=True)
    perspective: str = choice("developer", "operations", "both")


@dataclass(frozen=True, slots=True)
class PersonSkill(Record):
    """Something a person can do, and how well."""

    KIND: ClassVar[str] = "person_skill"
    PLURAL: ClassVar[str] = "person_skills"
    person: str = ref("person", required=True)
    skill: str = text(100, required=True)
    proficiency: str = choice("working", "learning", "expert")


@dataclass(frozen=True, slots=True)
class Dependency(Record):
    """A squad that waits for another one. It goes when it is solved; the log remembers it."""

    KIND: ClassVar[str] = "dependency"
    PLURAL: ClassVar[str] = "dependencies"
    squad: str = ref("squad", required=True, label="squad that waits")
    needs: str = ref("squad", required=True, label="squad it waits for")
    level: str = choice("slowing", "blocking", "none")
    kind: str = choice("tech", "people", "knowledge", "approval", "data")
    mode: str = choice("collaboration", "x_as_a_service", "facilitating", label="interaction mode")
    since: date | None = day()
    mitigation: str = text(2000)


@dataclass(frozen=True, slots=True)
class Coaching(Record):
    """A person who coaches a squad, which they need not belong to."""

    KIND: ClassVar[str] = "coaching"
    PLURAL: ClassVar[str] = "coachings"
    person: str = ref("person", required=True, label="coach")
    squad: str = ref("squad", required=True)


@dataclass(frozen=True, slots=True)
class RuleSetting(Record):
    """Where an organization differs from the defaults of a rule, whose code is the key, and why. Whom it exempts stands
    one in a line: "squad atlas: On call around the clock"."""

    KIND: ClassVar[str] = "rule_setting"
    PLURAL: ClassVar[str] = "rule_settings"
    key: str = text(100, required=True, label="rule")
    is_on: bool = flag(default=True, label="on")
    severity: str = choice("", "low", "medium", "high", "critical")
    thresholds: tuple[tuple[str, str], ...] = pairs()
    note: str = text(2000, label="why we differ")
    exempt: str = text(5000, label="does not apply to")

    @property
    def name(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True)
class Waiver(Record):
    """What was decided about a finding, whose key it bears: that it is known, or may stay, why, and until when."""

    KIND: ClassVar[str] = "waiver"
    PLURAL: ClassVar[str] = "waivers"
    key: str = text(100, required=True, label="finding")
    reason: str = text(2000, required=True)
    state: str = choice("acknowledged", "waived")
    until: date | None = day()
    draft: str = text(100, label="draft that addresses it")

    @property
    def name(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True)
class Word(Record):
    """What an organization calls its squads, tribes, chapters or guilds; the key is the standard word. Other languages
    have forms of it, such as "sv:the_one"."""

    KIND: ClassVar[str] = "word"
    PLURAL: ClassVar[str] = "words"
    key: str = text(100, required=True, label="term")
    one: str = text(40, required=True, label="word for one")
    many: str = text(40, required=True, label="word for several")
    forms: tuple[tuple[str, str], ...] = pairs("forms in other languages")

    @property
    def name(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True)
class Lineage(Record):
    """A unit that goes on with the work of another, since it was split off from it or the other merged into it."""

    predecessor: str
    successor: str
    on: date = day(required=True, label="day")
    how: str = choice("split", "merge")


@dataclass(frozen=True, slots=True)
class SquadLineage(Lineage):
    """Which squad came of which."""

    KIND: ClassVar[str] = "squad_lineage"
    PLURAL: ClassVar[str] = "squad_lineages"
    predecessor: str = ref("squad", required=True)
    successor: str = ref("squad", required=True)


@dataclass(frozen=True, slots=True)
class TribeLineage(Lineage):
    """Which tribe came of which."""

    KIND: ClassVar[str] = "tribe_lineage"
    PLURAL: ClassVar[str] = "tribe_lineages"
    predecessor: str = ref("tribe", required=True)
    successor: str = ref("tribe", required=True)


@dataclass(frozen=True, slots=True)
class ChapterLineage(Lineage):
    """Which chapter came of which."""

    KIND: ClassVar[str] = "chapter_lineage"
    PLURAL: ClassVar[str] = "chapter_lineages"
    predecessor: str = ref("chapter", required=True)
    successor: str = ref("chapter", required=True)


KINDS: Mapping[str, type[Record]] = types.MappingProxyType(
    {
        cls.KIND: cls
        for cls in (
            # Parents before children: the order in which rows are created; deletes go the other way.
            Role,
            Person,
            Mission,
            Tribe,
            Squad,
            Membership,
            Chapter,
            ChapterMember,
            Guild,
            GuildMember,
            Vacancy,
            SquadLineage,
            TribeLineage,
            ChapterLineage,
            Domain,
            System,
            SystemOwner,
            PersonSkill,
            Dependency,
            Coaching,
            RuleSetting,
            Waiver,
            Word,
        )
    }
)


@functools.cache
def specs_of(kind: str) -> Mapping[str, Spec]:
    """Return the fields of a kind of record, without its id, in the order of their declaration."""
    fields = dataclasses.fields(KINDS[kind])
    return types.MappingProxyType({f.name: f.metadata["spec"] for f in fields if "spec" in f.metadata})


@functools.cache
def references_to(kind: str) -> tuple[tuple[str, str], ...]:
    """Return every (kind, field) that may point to a record of this kind."""
    return tuple(
        (other, name)
        for other in KINDS
        for name, spec in specs_of(other).items()
        if spec.kind == "ref" and spec.target == kind
    )


@functools.cache
def label_of(kind: str, field: str) -> str:
    """Return the words for a field, such as "North Star metric"."""
    spec = specs_of(kind)[field]
    return say(spec.label or field.replace("_", " "))


def values_of(record: Record) -> dict[str, Any]:
    """Return a record's fields by name, without its id."""
    return {name: getattr(record, name) for name in specs_of(record.KIND)}
