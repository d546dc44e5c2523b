"""The delivery axis as tables: people, roles, missions, tribes, squads, what they own, and whom they need.

Plain rows without logic: `orgmodel/changes/store.py` alone writes them, the records of these names say what they mean.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from orgmodel.changes import columns
from orgmodel.changes.models import RecordModel


class Role(RecordModel):
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    leads = models.BooleanField("leads a squad", default=False)
    craft = columns.text(100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="squads_role_key"),
            models.UniqueConstraint(Lower("name"), name="squads_role_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Person(RecordModel):
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    email = columns.text(254)
    external_ids = models.JSONField(default=dict, blank=True)
    title = columns.text(200)
    craft = columns.text(100)
    level = columns.text(50)
    city = columns.text(100)
    time_zone = columns.text(64)
    working_hours = columns.text(20)
    employment = columns.choice("person", "employment")
    status = columns.choice("person", "status")
    started_on = columns.day()
    manager = columns.ref("self", related_name="reports")
    leaves_on = columns.day()
    away_since = columns.day()
    away_until = columns.day()

    class Meta:
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(fields=["key"], name="squads_person_key")]
        indexes = [models.Index(fields=["name"], name="squads_person_name")]

    def __str__(self) -> str:
        return self.name


class Mission(RecordModel):
    key = models.CharField(max_length=100)
    statement = models.TextField()
    user_problem = columns.long_text()
    parent = columns.ref("self", related_name="parts")
    metric = columns.text(200, verbose_name="North Star metric")
    unit = columns.text(50)
    baseline = columns.number()
    target = columns.number()
    current = columns.number()
    closed_on = columns.day(verbose_name="retired on")
    reviewed_on = columns.day()
    read_on = columns.day(verbose_name="last reading on")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="squads_mission_key")]

    def __str__(self) -> str:
        return self.statement[:80]


class Tribe(RecordModel):
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    purpose = columns.long_text()
    lead = columns.ref("Person", verbose_name="tribe lead")
    product_lead = columns.ref("Person")
    design_lead = columns.ref("Person")
    mission = columns.ref("Mission", related_name="tribes")
    color = columns.choice("tribe", "color")
    closed_on = columns.day()
    lead_since = columns.day()
    interim_lead = columns.ref("Person", verbose_name="interim tribe lead")
    interim_since = columns.day()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="squads_tribe_key"),
            models.UniqueConstraint(
                Lower("name"), condition=models.Q(closed_on=None), name="squads_tribe_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Squad(RecordModel):
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    tribe = columns.ref("Tribe", related_name="squads")
    type = columns.choice("squad", "type")
    user_facing = models.BooleanField("user-facing", default=False)
    mission = columns.ref("Mission", related_name="squads")
    state = columns.choice("squad", "state")
    review_on = columns.day(verbose_name="mission review on")
    closed_on = columns.day()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="squads_squad_key"),
            models.UniqueConstraint(
                Lower("name"), "tribe", condition=models.Q(closed_on=None), name="squads_squad_name"
            ),
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(closed_on=None, tribe=None),
                name="squads_squad_name_no_tribe",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(RecordModel):
    person = columns.ref("Person", required=True, related_name="memberships")
    squad = columns.ref("Squad", required=True, related_name="memberships")
    role = columns.ref("Role", related_name="memberships")
    share = models.PositiveSmallIntegerField("share in percent", null=True, blank=True)
    kind = columns.choice("membership", "kind")
    since = columns.day()
    until = columns.day()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "squad"], name="squads_membership_one"),
            models.CheckConstraint(
                condition=models.Q(share=None) | models.Q(share__range=(1, 100)),
                name="squads_membership_share",
            ),
            models.CheckConstraint(
                condition=models.Q(since=None)
                | models.Q(until=None)
                | models.Q(until__gte=models.F("since")),
                name="squads_membership_until",
            ),
        ]

    def __str__(self) -> str:
        return _("{person} in {squad}").format(person=self.person, squad=self.squad)


class Vacancy(RecordModel):
    key = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    craft = columns.text(100)
    level = columns.text(50)
    squad = columns.ref("Squad", related_name="vacancies")
    chapter = columns.ref("guilds.Chapter", related_name="vacancies")
    hiring_manager = columns.ref("Person")
    opened_on = columns.day()
    state = columns.choice("vacancy", "state")
    filled_by = columns.ref("Person")
    loop = columns.text(200, verbose_name="interview loop")

    class Meta:
        verbose_name_plural = "vacancies"
        constraints = [models.UniqueConstraint(fields=["key"], name="squads_vacancy_key")]

    def __str__(self) -> str:
        return self.title


class LineageModel(RecordModel):
    """What tables of lineage have in common, beside the two units."""

    predecessor: Any
    successor: Any
    on = columns.day(required=True, verbose_name="day")
    how = columns.choice("squad_lineage", "how")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"], name="%(app_label)s_%(class)s_one"
            ),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")),
                name="%(app_label)s_%(class)s_two_units",
            ),
        ]

    def __str__(self) -> str:
        return _("{successor} from {predecessor}").format(
            successor=self.successor, predecessor=self.predecessor
        )


class SquadLineage(LineageModel):
    predecessor = columns.ref("Squad", required=True)
    successor = columns.ref("Squad", required=True)


class TribeLineage(LineageModel):
    predecessor = columns.ref("Tribe", required=True)
    successor = columns.ref("Tribe", required=True)


class Domain(RecordModel):
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    squad = columns.ref("Squad", related_name="domains")
    complexity = columns.choice("domain", "complexity")
    closed_on = columns.day()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="squads_domain_key"),
            models.UniqueConstraint(
                Lower("name"), condition=models.Q(closed_on=None), name="squads_domain_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class System(RecordModel):
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    squad = columns.ref("Squad", related_name="systems", verbose_name="owner squad")
    claimed_by = columns.ref("Squad", verbose_name="also claimed by")
    domain = columns.ref("Domain", related_name="systems")
    critical = models.BooleanField("operationally critical", default=False)
    skill = columns.text(100, verbose_name="needed skill")
    docs = columns.text(500, verbose_name="documentation")
    closed_on = columns.day(verbose_name="retired on")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="squads_system_key"),
            models.UniqueConstraint(
                Lower("name"), condition=models.Q(closed_on=None), name="squads_system_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SystemOwner(RecordModel):
    system = columns.ref("System", required=True, related_name="owners")
    person = columns.ref("Person", required=True, related_name="system_owners")
    perspective = columns.choice("system_owner", "perspective")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "person"], name="squads_systemowner_one"),
        ]

    def __str__(self) -> str:
        return _("{person} for {system}").format(person=self.person, system=self.system)


class PersonSkill(RecordModel):
    person = columns.ref("Person", required=True, related_name="skills")
    skill = models.CharField(max_length=100)
    proficiency = columns.choice("person_skill", "proficiency")

    class Meta:
        constraints = [
            models.UniqueConstraint("person", Lower("skill"), name="squads_personskill_one"),
        ]

    def __str__(self) -> str:
        return _("{skill} of {person}").format(skill=self.skill, person=self.person)


class Dependency(RecordModel):
    squad = columns.ref("Squad", required=True, related_name="needs", verbose_name="squad that waits")
    needs = columns.ref("Squad", required=True, related_name="needed_by", verbose_name="squad it waits for")
    level = columns.choice("dependency", "level")
    kind = columns.choice("dependency", "kind")
    mode = columns.choice("dependency", "mode")
    since = columns.day()
    mitigation = columns.long_text()

    class Meta:
        verbose_name_plural = "dependencies"
        constraints = [
            models.UniqueConstraint(fields=["squad", "needs"], name="squads_dependency_one"),
            models.CheckConstraint(
                condition=~models.Q(squad=models.F("needs")), name="squads_dependency_two_squads"
            ),
        ]

    def __str__(self) -> str:
        return _("{squad} needs {needs}").format(squad=self.squad, needs=self.needs)


class Coaching(RecordModel):
    person = columns.ref("Person", required=True, related_name="coachings", verbose_name="coach")
    squad = columns.ref("Squad", required=True, related_name="coachings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "squad"], name="squads_coaching_one")]

    def __str__(self) -> str:
        return _("{person} coaches {squad}").format(person=self.person, squad=self.squad)
