"""Random programs of operations: what Hypothesis draws is small (a list of numbers), so it is quick and shrinks well.

A pair of numbers becomes an operation on the organization it meets: the first picks which, the second everything in it.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from orgmodel.core import operations as ops
from orgmodel.core.operations import CreateRole, Operation
from orgmodel.core.org import Org
from orgmodel.core.replay import replay
from orgmodel.core.vocabulary import TERMS

TODAY = date(2026, 11, 20)
LETTERS = [
    "a",
    "B",
    "ß",
    "é",
    "日",
    "ñ",
    " ",
    "-",
    "'",
    '"',
    "&",
    "<",
    "\n",
    "\u202e",
    "\U0001f985",
    "=",
    ",",
    "0",
]
WORDS = ("area", "område", "value stream", "crew")

Program = list[tuple[int, int]]


class Draw:
    """Draws the parts of operations for one organization."""

    def __init__(self, org: Org, seed: int) -> None:
        self.org = org
        self.random = random.Random(seed)

    def new(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def one(self, kind: str) -> str:
        found = sorted(self.org.table(kind))
        return self.random.choice(found) if found and self.random.random() > 0.02 else self.new()

    def maybe(self, kind: str) -> str | None:
        return self.one(kind) if self.random.random() > 0.4 else None

    def people(self) -> tuple[str, ...]:
        return tuple({self.one("person") for _ in range(self.random.randint(1, 3))})

    def several(self, kind: str) -> tuple[str, ...]:
        return tuple({self.one(kind) for _ in range(self.random.randint(1, 2))})

    def some_of(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return some of these, hardly ever none or all."""
        found = sorted(ids)
        return tuple(self.random.sample(found, self.random.randint(1, len(found)) if found else 0))

    def members(self, squad: str) -> tuple[str, ...]:
        return self.some_of(m.person for m in self.org.memberships_in(squad))

    def flag(self) -> bool:
        return self.random.random() > 0.5

    def name(self) -> str:
        return "N" + "".join(self.random.choices(LETTERS, k=self.random.randint(0, 4)))

    def text(self) -> str:
        return "".join(self.random.choices(LETTERS, k=self.random.randint(0, 6)))

    def skills(self) -> tuple[tuple[str, str], ...]:
        known = self.random.sample(["Go", "Kafka", "SQL", "=cmd"], self.random.randint(0, 3))
        return tuple(
            (skill, self.random.choice(["working", "learning", "expert"])) for skill in sorted(known)
        )

    def share(self) -> int | None:
        return self.random.choice([None, 1, 50, 60, 100])

    def day(self) -> date | None:
        return self.random.choice([None, TODAY + timedelta(days=self.random.randint(-900, 900))])

    def number(self) -> Decimal | None:
        return self.random.choice([None, Decimal("12.5"), Decimal(-3), Decimal("0.000001")])


def a_dependency(d: Draw) -> Operation:
    squad = d.one("squad")
    others = sorted({*d.org.squads} - {squad})
    values = {
        "squad": squad,
        "needs": d.random.choice(others or [squad]),
        "level": d.random.choice(["slowing", "blocking", "none"]),
        "since": d.day(),
    }
    return ops.RecordDependency(id=d.new(), values=values)


def a_word(d: Draw) -> Operation:
    one, said = d.random.choice(WORDS), d.random.choice(WORDS)
    return ops.ChangeWord(
        term=d.random.choice(TERMS),
        values={"one": one, "many": f"{one}s", "forms": (("sv:one", said), ("sv:the_one", f"{said}et"))},
    )


CREATING: tuple[Callable[[Draw], Operation], ...] = (
    lambda d: ops.HirePerson(
        id=d.new(),
        values={
            "name": d.name(),
            "manager": d.maybe("person"),
            "title": d.text(),
            "external_ids": (("hr", "1" + d.name()),),
        },
    ),
    lambda d: ops.HirePerson(id=d.new(), values={"name": d.name(), "started_on": d.day()}),
    lambda d: ops.CreateTribe(id=d.new(), values={"name": d.name(), "lead": d.maybe("person")}),
    lambda d: ops.CreateSquad(id=d.new(), values={"name": d.name(), "tribe": d.maybe("tribe")}),
    lambda d: ops.JoinSquad(
        id=d.new(),
        person=d.one("person"),
        squad=d.one("squad"),
        share=d.share(),
        role=d.maybe("role"),
        since=d.day(),
    ),
    lambda d: ops.JoinSquad(id=d.new(), person=d.one("person"), squad=d.one("squad")),
    lambda d: ops.CreateChapter(id=d.new(), values={"name": d.name(), "tribe": d.maybe("tribe")}),
    lambda d: ops.CreateGuild(id=d.new(), values={"name": d.name()}),
    lambda d: ops.CreateMission(
        id=d.new(), values={"statement": d.name(), "target": d.number(), "parent": d.maybe("mission")}
    ),
    lambda d: ops.OpenVacancy(
        id=d.new(), values={"title": d.name(), "squad": d.maybe("squad"), "chapter": d.maybe("chapter")}
    ),
    lambda d: ops.CreateDomain(id=d.new(), values={"name": d.name(), "squad": d.maybe("squad")}),
    lambda d: ops.CreateSystem(
        id=d.new(),
        values={
            "name": d.name(),
            "squad": d.maybe("squad"),
            "claimed_by": d.maybe("squad"),
            "domain": d.maybe("domain"),
            "critical": d.flag(),
            "skill": d.text(),
        },
    ),
    lambda d: ops.SetSystemOwners(system=d.one("system"), developers=d.people(), operations=d.people()),
    lambda d: ops.SetSkills(person=d.one("person"), skills=d.skills()),
    a_dependency,
    lambda d: ops.AssignCoach(person=d.one("person"), squad=d.one("squad")),
    lambda d: ops.ChangeRule(
        rule="SQ-01",
        values={
            "is_on": d.flag(),
            "thresholds": (("high_above", str(d.random.randint(8, 12))),),
            "note": d.text(),
        },
    ),
    lambda d: ops.Waive(key=f"SQ-01:squad:{d.one('squad')}", reason="N" + d.text(), until=TODAY),
    a_word,
)

CHANGING: tuple[Callable[[Draw], Operation], ...] = (
    lambda d: ops.EditPerson(id=d.one("person"), values={"level": d.text(), "manager": d.maybe("person")}),
    lambda d: ops.RenamePerson(id=d.one("person"), name=d.name()),
    lambda d: ops.OffboardPerson(person=d.one("person"), successor=d.maybe("person")),
    lambda d: ops.ReinstatePerson(person=d.one("person")),
    lambda d: ops.RenameTribe(id=d.one("tribe"), name=d.name()),
    lambda d: ops.SetTribeLead(tribe=d.one("tribe"), seat="lead", person=d.maybe("person")),
    lambda d: ops.CloseTribe(id=d.one("tribe")),
    lambda d: ops.RenameSquad(id=d.one("squad"), name=d.name()),
    lambda d: ops.MoveSquad(squad=d.one("squad"), tribe=d.one("tribe")),
    lambda d: ops.CloseSquad(id=d.one("squad")),
    lambda d: ops.ReopenSquad(id=d.one("squad")),
    lambda d: ops.LeaveSquad(person=d.one("person"), squad=d.one("squad")),
    lambda d: ops.MovePeople(people=d.people(), to=d.one("squad"), share=d.share(), since=d.day()),
    lambda d: ops.MovePeople(people=(d.one("person"),), to=d.one("squad")),
    lambda d: ops.SetShare(person=d.one("person"), squad=d.one("squad"), share=d.share()),
    lambda d: ops.CreateRole(id=d.new(), values={"name": d.name(), "leads": True}),
    lambda d: ops.SetSquadLead(squad=d.one("squad"), role=d.one("role"), person=d.maybe("person")),
    lambda d: ops.ChangeChapter(people=d.people(), chapter=d.maybe("chapter")),
    lambda d: ops.JoinGuild(people=d.people(), guild=d.one("guild"), role=d.text()),
    lambda d: ops.EditGuildMember(person=d.one("person"), guild=d.one("guild"), values={"role": d.text()}),
    lambda d: ops.LeaveGuild(people=d.people(), guild=d.one("guild")),
    lambda d: ops.CloseGuild(id=d.one("guild")),
    lambda d: ops.AssignMission(squad=d.one("squad"), mission=d.maybe("mission")),
    lambda d: ops.RetireMission(id=d.one("mission")),
    lambda d: ops.SetTribeLead(
        tribe=d.one("tribe"), seat="lead", person=d.maybe("person"), interim=d.flag(), since=d.day()
    ),
    lambda d: ops.SetChapterLead(
        chapter=d.one("chapter"), person=d.maybe("person"), interim=d.flag(), since=d.day()
    ),
    lambda d: ops.EditSystem(
        id=d.one("system"), values={"squad": d.maybe("squad"), "claimed_by": d.maybe("squad")}
    ),
    lambda d: ops.RetireSystem(id=d.one("system")),
    lambda d: ops.ReopenSystem(id=d.one("system")),
    lambda d: ops.SetSystemOwners(system=d.one("system"), developers=d.people()),
    lambda d: ops.EditDomain(id=d.one("domain"), values={"squad": d.maybe("squad"), "complexity": "complex"}),
    lambda d: ops.CloseDomain(id=d.one("domain")),
    lambda d: ops.ReopenDomain(id=d.one("domain")),
    lambda d: ops.SetSkills(person=d.one("person"), skills=d.skills()),
    lambda d: ops.EditDependency(
        id=d.one("dependency"), values={"level": "blocking", "mitigation": d.text()}
    ),
    lambda d: ops.SolveDependency(id=d.one("dependency")),
    lambda d: ops.EndCoaching(person=d.one("person"), squad=d.one("squad")),
    lambda d: ops.ResetRule(rule="SQ-01"),
    lambda d: ops.ResetWord(term=d.random.choice(TERMS)),
    lambda d: ops.Waive(
        key=f"SQ-02:squad:{d.one('squad')}", reason="N" + d.text(), state="acknowledged", draft=d.text()
    ),
    lambda d: ops.EndWaiver(key=f"SQ-02:squad:{d.one('squad')}"),
    lambda d: ops.FillVacancy(id=d.new(), vacancy=d.one("vacancy"), person=d.one("person"), share=d.share()),
)


def a_split(d: Draw) -> Operation:
    squad = d.one("squad")
    people = d.members(squad)
    return ops.SplitSquad(
        squad=squad,
        id=d.new(),
        name=d.name(),
        people=people,
        stays_as=d.random.choice(["", d.name()]),
        mission=d.maybe("mission"),
        keeps_mission=d.flag(),
        product_owner=people[0] if people and d.flag() else None,
        vacancies=d.some_of(v.id for v in d.org.vacancies_in("squad", squad)) if d.flag() else (),
        systems=d.some_of(s.id for s in d.org.systems_of(squad)) if d.flag() else (),
    )


def a_merge(d: Draw) -> Operation:
    into = d.one("squad")
    return ops.MergeSquads(
        squads=d.several("squad"),
        into=into,
        name=d.random.choice(["", d.name()]),
        mission=d.maybe("mission"),
        product_owner=d.random.choice([None, *d.members(into)]),
        hands_over=d.flag(),
    )


def a_split_of_a_tribe(d: Draw) -> Operation:
    tribe = d.one("tribe")
    return ops.SplitTribe(
        tribe=tribe,
        id=d.new(),
        name=d.name(),
        squads=d.some_of(d.org.pointing("squad", "tribe", tribe)),
        chapters=d.some_of(d.org.pointing("chapter", "tribe", tribe)),
        lead=d.maybe("person"),
    )


WHOLE_UNITS: tuple[Callable[[Draw], Operation], ...] = (
    a_split,
    a_merge,
    a_split_of_a_tribe,
    lambda d: ops.MergeTribes(tribes=d.several("tribe"), into=d.one("tribe")),
    lambda d: ops.MergeChapters(
        chapters=d.several("chapter"),
        into=d.one("chapter"),
        lead=d.maybe("person"),
        reports_to_lead=d.flag(),
    ),
    lambda d: ops.CloseSquad(id=d.one("squad"), to=d.one("squad")),
    lambda d: ops.CloseChapter(id=d.one("chapter"), to=d.one("chapter")),
    lambda d: ops.CloseTribe(id=d.one("tribe"), to=d.one("tribe")),
    lambda d: ops.FormSquad(
        id=d.new(), name=d.name(), people=d.people(), tribe=d.maybe("tribe"), mission=d.maybe("mission")
    ),
    lambda d: ops.RotatePeople(people=d.people()),
    lambda d: ops.MoveChapter(chapter=d.one("chapter"), tribe=d.one("tribe")),
    lambda d: ops.ChangeChapter(people=d.people(), chapter=d.one("chapter"), reports_to_lead=True),
)

OPERATIONS = CREATING + CHANGING + WHOLE_UNITS

steps = st.tuples(st.integers(0, len(OPERATIONS) - 1), st.integers(0, 2**32 - 1))
whole_unit_steps = st.tuples(
    st.integers(len(OPERATIONS) - len(WHOLE_UNITS), len(OPERATIONS) - 1), st.integers(0, 2**32 - 1)
)
programs = st.lists(steps, max_size=40)
short_programs = st.lists(steps, max_size=6)


def operation_on(org: Org, step: tuple[int, int]) -> Operation:
    """Return the operation that a pair of numbers stands for on this organization. Some are refused, as in life."""
    choice, seed = step
    return OPERATIONS[choice](Draw(org, seed))


def grown(org: Org, program: Program) -> tuple[Org, list[Operation]]:
    """Carry out a program step by step and return what came of it, with the operations that fitted."""
    fitted = []
    for step in program:
        operation = operation_on(org, step)
        done = replay(org, [operation], on=TODAY)
        if not done.misfits and done.changes:
            org = done.after.settle(org.version + 1)
            fitted.append(operation)
    return org, fitted


def founded() -> Org:
    """Return a small organization in which most operations find something to work on."""
    org = CreateRole(id=Draw(Org.empty(), 1).new(), values={"name": "Product owner", "leads": True}).apply(
        Org.empty()
    )
    twice = [*range(len(CREATING)), *range(len(CREATING))]
    return grown(org.settle(0), [(choice, seed) for seed, choice in enumerate(twice)])[0]
