"""The knowledge axis as tables: chapters and guilds with their members.

Plain rows without logic: `store.py` alone writes them, and the records of the same names say what they mean.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from orgmodel.changes import columns
from orgmodel.changes.models import RecordModel
from squads.models import LineageModel


class Chapter(RecordModel):
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    competency = columns.text(200)
    tribe = columns.ref("squads.Tribe", related_name="chapters")
    lead = columns.ref("squads.Person", verbose_name="chapter lead")
    closed_on = columns.day()
    lead_since = columns.day()
    interim_lead = columns.ref("squads.Person", verbose_name="interim chapter lead")
    interim_since = columns.day()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="guilds_chapter_key"),
            models.UniqueConstraint(
                Lower("name"), "tribe", condition=models.Q(closed_on=None), name="guilds_chapter_name"
            ),
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(closed_on=None, tribe=None),
                name="guilds_chapter_name_no_tribe",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ChapterMember(RecordModel):
    person = columns.ref("squads.Person", required=True, related_name="chapter_members")
    chapter = columns.ref("Chapter", required=True, related_name="members")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], name="guilds_chaptermember_one")]

    def __str__(self) -> str:
        return _("{person} in {chapter}").format(person=self.person, chapter=self.chapter)


class Guild(RecordModel):
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    purpose = columns.long_text()
    kind = columns.choice("guild", "kind")
    coordinator = columns.ref("squads.Person")
    sponsor = columns.ref("squads.Person")
    last_session_on = columns.day(verbose_name="last session on")
    closed_on = columns.day()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="guilds_guild_key"),
            models.UniqueConstraint(
                Lower("name"), condition=models.Q(closed_on=None), name="guilds_guild_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GuildMember(RecordModel):
    person = columns.ref("squads.Person", required=True, related_name="guild_members")
    guild = columns.ref("Guild", required=True, related_name="members")
    role = columns.text(100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "guild"], name="guilds_guildmember_one")]

    def __str__(self) -> str:
        return _("{person} in {guild}").format(person=self.person, guild=self.guild)


class ChapterLineage(LineageModel):
    predecessor = columns.ref("Chapter", required=True)
    successor = columns.ref("Chapter", required=True)
