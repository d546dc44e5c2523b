"""Search over everything that has a name: a few of each kind, and where to see the others.

One answer for the search page and for the palette. A text may also say what to do: see `actions.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from orgmodel.access import roles
from orgmodel.changes import services, store
from orgmodel.changes.models import Draft
from orgmodel.changes.pages import address
from orgmodel.core.org import Org
from orgmodel.core.phrases import count, said, say
from orgmodel.core.search import Catalog, Found, fitting
from orgmodel.findings import about
from orgmodel.findings import services as health
from orgmodel.findings.wording import TITLES
from orgmodel.pages import actions, saved, seen
from orgmodel.pages.hits import Group, Hit

SHOWN = 8  # of each kind
FEW = 4  # pages, drafts, rules, views
DRAFTS = 200  # whose names are looked at, the last edited first

# What this process keeps: the catalog of the live organization, moved along with it

_live: Catalog | None = None
_making = threading.Lock()


def catalog_of(reality: Any) -> Catalog:
    """Return the catalog of the organization that a request reads, moved there from today's."""
    live = _catalog_of_live(reality.live)
    if reality.kind == "live":
        return live
    made_of = reality.plan.key if reality.plan is not None else reality.moment
    key = ("catalog", made_of, reality.head.version, reality.head.change_set)
    kept = services.kept(key, lambda: live.at(reality.org))
    return kept.at(reality.org)  # the same, unless what is planned for that day differs from user to user


def _catalog_of_live(org: Org) -> Catalog:
    global _live  # noqa: PLW0603 - what this process keeps, like the organization itself
    with _making, store.paused_collector():
        _live = Catalog.of(org) if _live is None else _live.at(org)
        return _live


@dataclass(frozen=True, slots=True)
class Kind:
    """How records of a kind are listed, and what stands beside a name."""

    label: str
    list_page: str
    note: Callable[[Org, Any], str]


def _of_person(org: Org, person: Any) -> str:
    home = org.primary_membership(person.id)
    parts = [person.title, org.squads[home.squad].name if home is not None else _("no squad")]
    return ", ".join(part for part in parts if part) if person.is_here else _("has left")


def _of_squad(org: Org, squad: Any) -> str:
    return ", ".join(part for part in (_tribe_of(org, squad), _("closed") if squad.closed_on else "") if part)


def _tribe_of(org: Org, unit: Any) -> str:
    tribe = org.tribes.get(unit.tribe) if unit.tribe else None
    return tribe.name if tribe is not None else ""


def _squads_in(org: Org, tribe: Any) -> str:
    return count(org.squads_of(tribe.id), "squad", "squads")


def _owner_of(org: Org, system: Any) -> str:
    owner = org.squads[system.squad].name if system.squad else _("no squad")
    return _("{owner}, retired").format(owner=owner) if system.closed_on else owner


def _holders(org: Org, mission: Any) -> str:
    return ", ".join(squad.name for squad in org.squads_on(mission.id)[:3])


KINDS: Mapping[str, Kind] = {
    "person": Kind(say("People"), "people", _of_person),
    "squad": Kind(say("Squads"), "squads", _of_squad),
    "tribe": Kind(say("Tribes"), "tribes", _squads_in),
    "chapter": Kind(say("Chapters"), "chapters", _of_squad),
    "guild": Kind(say("Guilds"), "guilds", lambda org, guild: guild.purpose[:100]),
    "system": Kind(say("Systems"), "systems", _owner_of),
    "mission": Kind(say("Missions"), "missions", _holders),
}


def groups(request: Any, text: str) -> list[Group]:
    """Return what a text means; without one, what this user saw last."""
    return find(request, text) if text else recent(request)


def find(request: Any, text: str) -> list[Group]:
    """Return what a text means: what to do, and by kind what is called so; kinds without a hit are left out.

    Only where it means nothing as it stands, slips are forgiven.
    """
    catalog = catalog_of(request.reality)
    what_to_do = Group(_("Actions"), actions.find(request, text, catalog))
    exact = _with_hits(what_to_do, *_called_so(request, text, catalog, near=False))
    return exact or _with_hits(*_called_so(request, text, catalog, near=True))


def _called_so(request: Any, text: str, catalog: Catalog, *, near: bool) -> Iterator[Group]:
    found = catalog.find(text, SHOWN, forgiving=near)
    yield from (_group_of(request, kind, found[kind], text) for kind in found)
    yield Group(_("Drafts"), list(_drafts(request, text, near=near)))
    yield Group(_("Findings"), list(_findings(request, text, found, near=near)))
    yield Group(_("Views"), list(_views(request, text, near=near)))
    yield Group(_("Pages"), list(_pages(request, text, near=near)))


def recent(request: Any) -> list[Group]:
    """Return what this user looked at last, as far as it is there, and the views that are pinned."""
    org = request.reality.org
    records = [(kind, org.find(kind, key)) for kind, key in seen.last_seen(request)]
    hits = [hit_of(request, kind, record) for kind, record in records if record is not None]
    views = [Hit(view.name, view.note, view.url) for view in saved.seen_by(request.user)]
    return _with_hits(Group(_("Recently seen"), hits), Group(_("Views"), views[:SHOWN]))


def _with_hits(*groups: Group) -> list[Group]:
    return [group for group in groups if group.hits]


def hit_of(request: Any, kind: str, record: Any) -> Hit:
    note = KINDS[kind].note(request.reality.org, record)
    return Hit(record.name, note, address(request, kind, record.key), getattr(record, "color", ""))


def _group_of(request: Any, kind: str, found: Found, text: str) -> Group:
    hits = [hit_of(request, kind, record) for record in found.records]
    url = address(request, KINDS[kind].list_page, q=text)
    return Group(KINDS[kind].label, hits, found.count - len(hits) if found.exact else 0, url)


def _drafts(request: Any, text: str, *, near: bool) -> Iterator[Hit]:
    drafts = list(roles.visible_drafts(request.user).order_by("-updated_at")[:DRAFTS])
    for draft in _called(text, drafts, lambda draft: draft.name, near=near):
        note = _("by {name}").format(name=roles.name_of(draft.owner))
        if draft.state != Draft.State.OPEN:
            note = f"{draft.get_state_display()}, {note}"
        yield Hit(draft.name, note, reverse("draft_changes", args=[draft.key]))


def _findings(request: Any, text: str, found: Mapping[str, Found], *, near: bool) -> Iterator[Hit]:
    """Yield rules of that name, and what they find about the squads and tribes found first."""
    if not health.is_large(request.reality.org):
        for kind in ("squad", "tribe"):
            for record in found[kind].records[:1] if kind in found else ():
                for row in about.unit(request, (kind, record.id)).rows[:FEW]:
                    yield Hit(row.finding.message, _(row.finding.severity), row.url)
    for code, title in _called(text, TITLES.items(), _words_of_rule, near=near):
        yield Hit(title, _("rule {code}").format(code=code), address(request, "findings", rule=code))


def _words_of_rule(rule: tuple[str, str]) -> str:
    """Return what a rule is called, and its code as people type it: SQ-01 or SQ01."""
    return f"{_in_both(*rule)} {rule[0].replace('-', '')}"


def _views(request: Any, text: str, *, near: bool) -> Iterator[Hit]:
    for view in _called(text, saved.seen_by(request.user), lambda view: view.name, near=near):
        yield Hit(view.name, view.note, view.url)


PAGES: tuple[tuple[str, str, str], ...] = (
    (say("Overview"), "overview", say("home start")),
    (say("Map"), "map", say("matrix picture")),
    (say("Circles"), "circles", say("matrix picture")),
    (say("Board"), "tribes", say("tribes")),
    (say("Structure"), "structure", say("tree reporting lines managers")),
    (say("People"), "people", say("persons staff")),
    (say("Crafts and levels"), "heat", say("heat table seniority")),
    (say("Squads"), "squads", say("teams")),
    (say("Chapters"), "chapters", say("crafts")),
    (say("Guilds"), "guilds", say("communities")),
    (say("Missions"), "missions", say("goals")),
    (say("Systems"), "systems", say("services software")),
    (say("Domains"), "domains", ""),
    (say("Dependencies"), "dependencies", say("waiting blocks")),
    (say("Vacancies"), "vacancies", say("hiring open seats")),
    (say("Roles"), "roles", ""),
    (say("Findings"), "findings", say("health problems")),
    (say("Rules"), "rules", say("thresholds limits")),
    (say("Decision paths"), "decisions", say("authority")),
    (say("Leaders"), "leaders", say("managers leadership")),
    (say("Resilience drill"), "resilience", say("bus factor")),
    (say("Drafts"), "drafts", say("reorganizations plans")),
    (say("Compare drafts"), "compare", ""),
    (say("Conflicts between drafts"), "conflicts", ""),
    (say("History"), "history", say("log changes headcount")),
    (say("Changes between two days"), "between", say("difference")),
    (say("Digest of the week"), "digest_now", say("news")),
    (say("Named points in time"), "snapshots", ""),
    (say("Saved views"), "views", say("pinned bookmarks")),
    (say("Import"), "import_upload", say("csv upload")),
    (say("Settings"), "settings", say("theme dark light density keyboard shortcuts language time zone")),
    (say("Words"), "words", say("vocabulary terms")),
    (say("Integrations"), "integrations", say("tokens webhooks")),
    (say("SCIM groups"), "scim_groups", ""),
    (say("API"), "api-docs", say("rest integration")),
    (say("Admin"), "admin:index", say("administration")),
)
"""Name, address, and other words for it."""

FOR_PLANNERS = frozenset({"drafts", "compare", "conflicts", "import_upload"})
FOR_DESIGNERS = frozenset({"integrations", "scim_groups", "admin:index"})


def _pages(request: Any, text: str, *, near: bool) -> Iterator[Hit]:
    for name, page, _others in _called(text, PAGES, lambda page: _in_both(page[0], page[2]), near=near):
        if page in FOR_PLANNERS and not roles.can_plan(request.user):
            continue
        if page in FOR_DESIGNERS and not roles.can_design(request.user):
            continue
        try:
            yield Hit(name, _("page"), address(request, page))
        except NoReverseMatch:  # a part of the application that is not installed
            continue


def _in_both(*texts: str) -> str:
    """Return texts as the reader's language says them, and in English, so that either is found."""
    return " ".join([*map(said, texts), *texts])


def _called(text: str, things: Iterable[Any], name: Callable[[Any], str], *, near: bool) -> list[Any]:
    """Return the first few things that are called so, or nearly so."""
    things = list(things)
    return [things[at] for at in fitting(text, [name(thing) for thing in things], near=near)][:FEW]
