"""The map: the whole organization in one picture, as a page and as a file, and the picture of one tribe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orgmodel.changes.pages import address, record_or_404
from orgmodel.changes.pictures.flat import Title, moment_of
from orgmodel.core.org import Org, Ref, by_name
from orgmodel.core.phrases import count, said, say
from orgmodel.core.records import Guild, Tribe
from orgmodel.findings.about import marks_of, worst_of
from squads.board import Board
from squads.matrix import coloring, files, layout
from squads.matrix.drawing import Address, Look, addresses, boxes, draw
from squads.matrix.layout import Scale, lay_out, scale_for
from squads.matrix.overview import Reach, Tile, asides, boards_of, people_on, reach_of, tiles_of
from squads.redrawn import fate_of
from squads.views.board import NO_TRIBE
from squads.views.chosen import Option, one_of, orgs_of, side_of, side_options

NAMES = {"full": say("Full"), "short": say("Short"), "none": say("None")}
GUILDS = 200  # offered
STRIP = 8  # tribes in which a guild's members are counted one by one


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks the map to show."""

    color: str = "tribe"
    names: str = "full"
    side: str = "after"
    guild: Guild | None = None
    tribe: Tribe | None = None

    @classmethod
    def by(cls, request: Any) -> Chosen:
        """Raise BadRequest or Http404, naming what the address asks for that is not there."""
        asked = request.GET
        found = cls(
            one_of(asked.get("color") or "tribe", "color", coloring.CHOICES),
            one_of(asked.get("names") or "full", "names", NAMES),
            side_of(request),
        )
        for kind in ("guild", "tribe"):
            if asked.get(kind):
                found = replace(found, **{kind: record_or_404(request, kind, asked[kind])})
        return found

    def query(self, **changes: Any) -> dict[str, Any]:
        """Return what an address needs to show the same, save for some changes."""
        other = replace(self, **changes)
        values = {
            "tribe": other.tribe.key if other.tribe else "",
            "color": other.color if other.color != "tribe" else "",
            "guild": other.guild.key if other.guild else "",
            "names": other.names if other.names != "full" else "",
            "side": other.side if other.side != "after" else "",
        }
        return {name: value for name, value in values.items() if value}


class Picture:
    """What a map shows, worked out once: the page and the file are two ways to draw it."""

    def __init__(self, request: Any, chosen: Chosen) -> None:
        self.request, self.chosen = request, chosen
        self.reality = request.reality
        self.is_before = self.reality.replay is not None and chosen.side == "before"
        self.org, self.before = orgs_of(request, chosen.side)
        self.today: date = self.reality.as_of or timezone.localdate()

    @cached_property
    def people(self) -> int:
        tribe = self.chosen.tribe
        return len(self.org.people_in_tribe(tribe.id)) if tribe else self.org.count("person")

    @cached_property
    def scale(self) -> Scale | None:
        return scale_for(self.people, self.chosen.names, is_colored=self.chosen.color != "tribe")

    @cached_property
    def boards(self) -> Sequence[Board]:
        found = boards_of(self.org, self.today, self.before, self.chosen.tribe)
        if self.is_before:
            return found
        squads = (column.key for board in found for column in board.columns if column.key)
        marks = marks_of(self.request, "squad", squads)
        return [
            replace(
                board, columns=[replace(c, mark=marks[c.key]) if c.key in marks else c for c in board.columns]
            )
            for board in found
        ]

    @cached_property
    def tiles(self) -> Sequence[Tile]:
        return tiles_of(self.org, self.before)

    @cached_property
    def reach(self) -> Reach | None:
        return reach_of(self.org, self.chosen.guild) if self.chosen.guild else None

    @cached_property
    def worst(self) -> dict[Ref, str]:
        """The worst findings of people, or of squads where no people are drawn, if they are colored by them."""
        if self.is_before or self.chosen.color != "findings":
            return {}
        if self.scale is None:
            return worst_of(self.request, [("squad", box.id) for tile in self.tiles for box in tile.squads])
        return worst_of(self.request, [("person", id_) for id_ in people_on(self.org, self.boards)])

    @cached_property
    def coloring(self) -> coloring.Coloring:
        return coloring.color(self.org, self.boards, self.chosen.color, self.worst)

    def look(self, root: str = "") -> Look:
        """Return how to draw; `root` is what addresses begin with in a file that is looked at elsewhere."""
        lit = self.reach.members if self.reach is not None else None
        return Look(self.addresses(root), self.coloring, lit)

    def addresses(self, root: str = "") -> Address:
        kinds = ("squad", "person", "chapter", "vacancy")
        return addresses({kind: root + address(self.request, kind, "-key-") for kind in kinds})


# The page


@dataclass(frozen=True, slots=True)
class Section:
    """A tribe on the page: its heading and its matrix. `twin` is the board that the table is made of."""

    board: Board
    url: str
    alone_url: str
    fate: str
    in_guild: int
    picture: SafeString
    twin: Board | None


@dataclass(frozen=True, slots=True)
class Small:
    """A tribe as boxes."""

    tile: Tile
    url: str
    in_guild: int
    picture: SafeString


@require_safe
def map_page(request: Any) -> HttpResponse:
    chosen = Chosen.by(request)
    shown = Picture(request, chosen)
    org = shown.org
    context = {
        "chosen": chosen,
        "zooms": True,
        "scale": shown.scale,
        "size": _size(shown),
        "color_name": coloring.CHOICES[chosen.color],
        "sections": _sections(request, shown, shown.scale) if shown.scale else [],
        "small": _small(request, shown) if shown.scale is None else [],
        "reach": shown.reach,
        "strip": _strip(shown.org, shown.reach) if shown.reach else None,
        "leads": _guild_leads(org, chosen.guild),
        "shows_moves": shown.before is not None and shown.scale is not None and not shown.scale.is_named,
        "legend": shown.coloring.legend if shown.scale else (),
        "menus": _menus(request, shown),
        "sides": side_options(request, "map", chosen.side, **chosen.query(side="after")),
        "asides": asides(org, shown.boards)
        if shown.scale and shown.scale.is_named and not chosen.tribe
        else [],
        "whole_url": address(request, "map", **chosen.query(tribe=None)),
        "file_url": address(request, "map_file", **chosen.query()),
    }
    return render(request, "map/map.html", context)


def _size(shown: Picture) -> str:
    people = count(shown.people, "{n:,} person", "{n:,} people")
    if shown.chosen.tribe:
        return say("{people}.", people=people)
    return say(
        "{people}, {squads}, {tribes}.",
        people=people,
        squads=count(shown.org.count("squad"), "{n:,} squad", "{n:,} squads"),
        tribes=count(shown.org.tribes_by_name(), "{n:,} tribe", "{n:,} tribes"),
    )


def _sections(request: Any, shown: Picture, scale: Scale) -> list[Section]:
    look = shown.look()
    return [_section(request, shown, board, scale, look) for board in shown.boards]


def _section(request: Any, shown: Picture, board: Board, scale: Scale, look: Look) -> Section:
    tribe = board.tribe
    return Section(
        board,
        address(request, "tribe", tribe.key if tribe else NO_TRIBE),
        address(request, "map", **shown.chosen.query(tribe=tribe))
        if tribe and not shown.chosen.tribe
        else "",
        fate_of(tribe, shown.org, shown.before),
        _in_guild(shown.reach, tribe),
        mark_safe(draw(lay_out(board, scale), look)),  # noqa: S308 - escaped where it is drawn
        board if scale.is_named else None,
    )


def _small(request: Any, shown: Picture) -> list[Small]:
    squad = shown.addresses()
    found = []
    for tile in shown.tiles:
        worst = {box.id: shown.worst.get(("squad", box.id), "") for box in tile.squads}
        picture = boxes(
            tile.squads,
            lambda key: squad("squad", key),
            say("Squads of {tribe}", tribe=tile.name),
            worst,
        )
        url = address(request, "map", **shown.chosen.query(tribe=tile.tribe)) if tile.tribe else ""
        found.append(Small(tile, url, _in_guild(shown.reach, tile.tribe), mark_safe(picture)))  # noqa: S308 - as above
    return found


def _in_guild(reach: Reach | None, tribe: Tribe | None) -> int:
    return reach.by_tribe.get(tribe.id if tribe else "", 0) if reach is not None else 0


def _strip(org: Org, reach: Reach) -> dict[str, Any]:
    """Return how many members of the guild each tribe has, most first; of very many tribes only the first ones."""
    counts = [(tribe, reach.by_tribe.get(tribe.id, 0)) for tribe in org.tribes_by_name()]
    counts.sort(key=lambda pair: -pair[1])
    more = sum(bool(members) for _tribe, members in counts[STRIP:])
    return {"tribes": counts[:STRIP], "more": more, "nowhere": reach.by_tribe.get("", 0)}


def _guild_leads(org: Org, guild: Guild | None) -> list[tuple[Any, str]]:
    if guild is None:
        return []
    seats = ((guild.coordinator, _("coordinates")), (guild.sponsor, _("sponsors")))
    return [(org.people[person], verb) for person, verb in seats if person is not None]


def _menus(request: Any, shown: Picture) -> list[dict[str, Any]]:
    """Return what one may choose. Where people are too many to be named, how to name them is no choice."""
    org, chosen = shown.org, shown.chosen

    def option(label: str, **changes: Any) -> Option:
        return Option(
            label, address(request, "map", **chosen.query(**changes)), chosen == replace(chosen, **changes)
        )

    guilds = by_name(guild for guild in org.guilds.values() if guild.closed_on is None)[:GUILDS]
    menus = [
        {
            "name": "color",
            "label": _("Color by"),
            "value": said(coloring.CHOICES[chosen.color]),
            "options": [option(label, color=color) for color, label in coloring.CHOICES.items()],
        },
        {
            "name": "guild",
            "label": _("Guild"),
            "value": chosen.guild.name if chosen.guild else _("None"),
            "options": [
                option(_("None"), guild=None),
                *(option(guild.name, guild=guild) for guild in guilds),
            ],
        },
        {
            "name": "names",
            "label": _("Names"),
            "value": said(NAMES[chosen.names]),
            "options": [option(label, names=names) for names, label in NAMES.items()],
        },
    ]
    return menus if shown.people <= layout.NAMED else menus[:-1]


# Files


@require_safe
def map_file(request: Any) -> HttpResponse:
    return _file(request, Chosen.by(request))


@require_safe
def tribe_map(request: Any, key: str) -> HttpResponse:
    """The picture of one tribe, for wikis and slides."""
    return _file(request, replace(Chosen.by(request), tribe=record_or_404(request, "tribe", key)))


def _file(request: Any, chosen: Chosen) -> HttpResponse:
    name = slugify(chosen.tribe.name)[:80] if chosen.tribe else "map"
    draft = "draft-" if request.reality.kind == "draft" else ""
    headers = {"Content-Disposition": f'inline; filename="{draft}{name or "tribe"}.svg"'}
    return HttpResponse(svg_of(request, chosen), content_type="image/svg+xml", headers=headers)


def svg_of(request: Any, chosen: Chosen) -> str:
    """Return what the address asks for as a picture that stands on its own."""
    shown = Picture(request, chosen)
    root = request.build_absolute_uri("/").rstrip("/")
    name = chosen.tribe.name if chosen.tribe else request.reality.head.name
    title = Title(name, moment_of(request.reality, shown.today, is_before=shown.is_before))
    if shown.scale is None:
        squad = shown.addresses(root)
        return files.boxes_file(title, shown.tiles, lambda key: squad("squad", key))
    return files.matrix_file(title, shown.boards, shown.scale, shown.look(root))
