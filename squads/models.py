"""The delivery axis as tables: people, roles, missions, tribes, squads, memberships, vacancies.

Plain rows without logic: `orgmodel/changes/store.py` alone writes them, the records of these names say what they mean.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Lower

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
        return f"{self.person} in {self.squad}"


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

    class Meta:
        verbose_name_plural = "vacancies"
        constraints = [models.UniqueConstraint(fields=["key"], name="squads_vacancy_key")]

    def __str__(self) -> str:
        return self.title


class LineageModel(RecordModel):
    """What tables of lineage have in common, beside the two units."""

    predecessor: Any
    successor: Any
    on = columns.day(required=True)
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
        return f"{self.successor} from {self.predecessor}"


class SquadLineage(LineageModel):
    predecessor = columns.ref("Squad", required=True)
    successor = columns.ref("Squad", required=True)


class TribeLineage(LineageModel):
    predecessor = columns.ref("Tribe", required=True)
    successor = columns.ref("Tribe", required=True)
