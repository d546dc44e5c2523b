"""Rules about guilds: GU-01 to GU-03."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from orgmodel.core.org import Org
from orgmodel.core.phrases import count, say
from orgmodel.core.records import Guild
from orgmodel.core.rules.base import Alarm, Limits, View, above, rule
from orgmodel.core.rules.lines import tribe_of


def no_coordinator(view: View, guild: Guild, limits: Limits) -> Iterator[Alarm]:
    """A guild has a coordinator, where the organization names any.

    Why: Somebody has to call the guild together.
    Try: Ask in the guild who wants to coordinate it, and let it rotate.
    Source: K12, YG.
    """
    if guild.coordinator is None and view.org.uses("guild", "coordinator"):
        size = len(view.org.guild_members_in(guild.id))
        yield Alarm("medium", say("{guild} has no coordinator.", guild=guild.name), 0, 1, size)


def inactive(view: View, guild: Guild, limits: Limits) -> Iterator[Alarm]:
    """A guild meets, as far as its last session is known.

    Why: What a guild is worth comes from people taking part in it.
    Try: Call a session, or close the guild and thank those who ran it.
    Source: SG.
    """
    days = view.days_since(guild.last_session_on)
    if found := above(limits, days):
        severity, most = found
        size = len(view.org.guild_members_in(guild.id))
        ago = count(days, "day", "days")
        message = say(
            "{guild} last met {days} ago; the limit is {most}.", guild=guild.name, days=ago, most=most
        )
        yield Alarm(severity, message, days, most, size)


def not_cross_cutting(view: View, guild: Guild, limits: Limits) -> Iterator[Alarm]:
    """The members of a guild come from several tribes and chapters, where there are several tribes.

    Why: What cuts across nothing is a chapter.
    Try: Invite people of other tribes, or let the chapter do what the guild does.
    Source: K12.
    """
    org = view.org
    members = [member.person for member in org.guild_members_in(guild.id)]
    if len(members) < limits["members_least"] or org.count("tribe") < 2:
        return
    most = limits["chapter_share"]
    chapter, most_of_them = _largest_chapter(org, members, most)
    if chapter is not None:
        share = round(100 * most_of_them / len(members))
        told = {"n": most_of_them, "guild": guild.name, "chapter": chapter}
        message = (
            say("All {n} members of {guild} are in one chapter, {chapter}.", **told)
            if most_of_them == len(members)
            else say(
                "{n} of {all} members of {guild} are in one chapter, {chapter}.", **told, all=len(members)
            )
        )
        yield Alarm("low", message, share, most, len(members))
    elif _in_one_tribe(org, members):
        message = say("All {n} members of {guild} are in one tribe.", n=len(members), guild=guild.name)
        yield Alarm("low", message, 100, most, len(members))


def _largest_chapter(org: Org, people: list[str], share: float) -> tuple[str | None, int]:
    """Return the chapter that has this share of the people or more, and how many those are.

    Stops as soon as no chapter can, so that a large guild costs little.
    """
    counts: Counter[str | None] = Counter()
    largest, others_most = 0, (100 - share) * len(people) / 100
    for seen, person in enumerate(people, start=1):
        member = org.chapter_member_of(person)
        chapter = member.chapter if member else None
        counts[chapter] += 1
        largest = max(largest, counts[chapter])
        if seen - largest > others_most:
            return None, 0
    chapter, number = max(counts.items(), key=lambda pair: pair[1])
    return (org.chapters[chapter].name, number) if chapter is not None else (None, 0)


def _in_one_tribe(org: Org, people: list[str]) -> bool:
    first = tribe_of(org, people[0])
    return first is not None and all(tribe_of(org, person) == first for person in people)


RULES = (
    rule("GU-01", "guild", "medium", no_coordinator),
    rule("GU-02", "guild", "medium", inactive, low_above=90, medium_above=180),
    rule("GU-03", "guild", "low", not_cross_cutting, chapter_share=90, members_least=2),
)
