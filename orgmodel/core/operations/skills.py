"""What people can do, as far as the organization keeps count of it."""

from __future__ import annotations

from dataclasses import dataclass

from orgmodel.core.operations.base import Operation, Refused, get_here, name_of, pair_id, short
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
from orgmodel.core.records import PersonSkill, pairs, ref, specs_of


@dataclass(frozen=True, slots=True)
class SetSkills(Operation):
    """Say what a person can do and how well, in place of what was known: {"Go": "expert", "Kafka": "learning"}."""

    person: str = ref("person", required=True)
    skills: tuple[tuple[str, str], ...] = pairs()

    def apply(self, org: Org) -> Org:
        person = get_here(org, self.person)
        self._check()
        present = {held.skill.casefold(): held for held in org.skills_of(person.id)}
        wanted = {
            (key := name.casefold()): PersonSkill(
                id=present[key].id if key in present else skill_id(person.id, name),
                person=person.id,
                skill=name,
                proficiency=proficiency,
            )
            for name, proficiency in self.skills
        }
        if wanted == present:
            raise Refused(say("That is what {person} can do already.", person=person.name), field="skills")
        return org.change(wanted.values(), (present[key] for key in present.keys() - wanted.keys()))

    def _check(self) -> None:
        if len({name.casefold() for name, _ in self.skills}) < len(self.skills):
            raise Refused(say("A skill is named twice."), field="skills")
        known = [value for value, _ in specs_of("person_skill")["proficiency"].choices]
        for name, proficiency in self.skills:
            if proficiency not in known:
                message = say("{skill} must be one of {known}.", skill=short(name), known=", ".join(known))
                raise Refused(message, field="skills")

    def describe(self, org: Org) -> str:
        who = name_of(org, "person", self.person)
        if not self.skills:
            return say("Leave {person} without skills", person=who)
        skills = names(short(name) for name, _ in self.skills)
        return say("Set the skills of {person}: {skills}", person=who, skills=skills)


def skill_id(person: str, skill: str) -> str:
    """Return the id of what someone can do: it follows from both, whatever the case of the skill's letters."""
    return pair_id(person, skill.casefold())
