"""Template tags and filters the pages share. They draw; they never look anything up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape as escaped
from typing import Any
from urllib.parse import quote

from django import template
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.core.phrases import count, said, speech

register = template.Library()

COLORS = {"critical": "danger", "high": "danger", "medium": "warn", "low": "m"}
"""The class that colors a severity; icon and word are always beside it."""


def escape(text: str) -> str:
    """Return a text, or a phrase in the reader's language, as HTML writes it."""
    return escaped(said(text))


@register.simple_tag
@lru_cache(maxsize=64)
def asset(path: str) -> str:
    """`{% asset "css/base.css" %}`: like `static`, but worked out once; it stays for the life of the process."""
    return static(path)


@lru_cache(maxsize=2_048)
def _page(name: str, args: tuple[Any, ...], script_prefix: str, urlconf: str | None) -> str:
    return reverse(name, urlconf=urlconf, args=args)


def address_of(name: str, *args: Any) -> str:
    """Return the address of a page, remembered: working one out takes as long as drawing two people."""
    return _page(name, args, get_script_prefix(), get_urlconf())


@register.simple_tag
@lru_cache(maxsize=64)
def stylesheets(*names: str) -> SafeString:
    """`{% stylesheets "board" "charts" %}`: what a page needs beside the frame goes into its block "css"."""
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((asset(f"css/{name}.css"),) for name in names)
    )


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, css: str = "i") -> SafeString:
    """`{% icon "people" %}`: a decorative icon; the words beside it carry the meaning."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, asset("icons.svg"), name
    )


@register.simple_tag
@lru_cache(maxsize=64)
def glyph(color: int | str | None) -> SafeString:
    """`{% glyph tribe.color %}`: the tribe's shape in its colour; slots beyond eight start over."""
    slot = (int(color or 0) - 1) % 8 + 1
    return format_html(
        '<svg class="glyph" data-color="{}" aria-hidden="true"><use href="{}#g{}"/></svg>',
        slot,
        asset("icons.svg"),
        slot,
    )


def _in_reality(context: Context, url: str) -> str:
    reality = getattr(context.get("request"), "reality", None)
    query = reality.query if reality else ""
    return f"{url}?{query}" if query else url


@register.simple_tag(takes_context=True)
def link(context: Context, name: str, *args: Any) -> str:
    """`{% link "squad" squad.key %}`: like `url`, but stays in the draft or on the day one is looking at."""
    return _in_reality(context, address_of(name, *args))


# Which entry of the rail a page belongs to, where its name does not say so itself.
SECTIONS = {
    "integration": "integrations",
    "integration_close": "integrations",
    "token_create": "integrations",
    "token_rotate": "integrations",
    "token_revoke": "integrations",
    "tribe": "board",
    "tribes": "board",
    "person": "people",
    "person_move": "people",
    "heat": "people",
    "circles": "map",
    "squad": "squads",
    "system": "squads",
    "systems": "squads",
    "domains": "squads",
    "dependency": "dependencies",
    "chapter": "chapters",
    "guild": "guilds",
    "finding": "findings",
    "finding_waive": "findings",
    "finding_reopen": "findings",
    "decisions": "findings",
    "leaders": "findings",
    "resilience": "findings",
    "rules": "findings",
    "rule_edit": "findings",
    "rule_reset": "findings",
    "mission": "missions",
    "draft_changes": "drafts",
    "draft_compare": "drafts",
    "draft_impact": "drafts",
    "compare": "drafts",
    "conflicts": "drafts",
    "draft_publish": "drafts",
    "draft_rename": "drafts",
    "draft_schedule": "drafts",
    "draft_archive": "drafts",
    "draft_delete": "drafts",
    "change_set": "history",
    "undo": "history",
    "between": "history",
    "digest": "history",
    "snapshots": "history",
    "snapshot_rename": "history",
    "import_upload": "import",
    "view_edit": "views",
}


@register.simple_tag(takes_context=True)
def rail_item(context: Context, name: str, label: str, icon_name: str, **options: Any) -> SafeString:
    """One entry of the rail, left out while no page of that name exists.

    Written in Python, since every page has twenty of them.
    """
    match = getattr(context.get("request"), "resolver_match", None)
    page = match.view_name if match else ""
    try:
        url = _in_reality(context, address_of(options.get("url_name", name)))
    except NoReverseMatch:
        return SafeString("")
    css = f' class="{options["css"]}"' if options.get("css") else ""
    current = ' aria-current="page"' if SECTIONS.get(page, page) == name else ""
    go = f' data-go="{options["go"]}"' if options.get("go") else ""
    size = f'<span class="count">{number(options["count"])}</span>' if options.get("count") else ""
    html = f'<li{css}><a href="{escape(url)}"{current}{go}>{_svg(icon_name)}{escape(label)}{size}</a></li>'
    return mark_safe(html)  # noqa: S308 - the other parts are written in templates, counts are numbers


@register.filter
def initials(name: str) -> str:
    """Ada King Lovelace -> AL."""
    words = str(name).split()
    if not words:
        return ""
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def number(value: int | Decimal) -> str:
    """5530 -> 5,530, 97.40 -> 97.4 and 1E+3 -> 1,000, as the language writes it."""
    return speech.digits(f"{value.normalize():,f}" if isinstance(value, Decimal) else f"{value:,}")


@register.filter
def day(value: date | None) -> str:
    """20 Nov in this year, 20 Dec 2024 in another."""
    if value is None:
        return ""
    this_year = value.year == timezone.localdate().year
    return date_format(value, "j M" if this_year else "j M Y")


@register.filter
def within(label: str) -> str:
    """`{{ label|within }}`: a label as it stands within a sentence, in the reader's language."""
    words = said(label)
    return words[:1].lower() + words[1:]


@register.filter(name="said")
def said_filter(text: str) -> str:
    """`{{ title|said|truncatechars:120 }}`: a phrase in the reader's language, for a filter that takes it apart."""
    return said(text)


@register.filter
def with_code(text: str) -> SafeString:
    """Return a text in which what stands between backticks is code."""
    parts = enumerate(text.split("`"))
    pieces = ((format_html("<code>{}</code>", part) if place % 2 else part,) for place, part in parts)
    return format_html_join("", "{}", pieces)


@register.filter
def breakable(email: str) -> SafeString:
    """Return an email address that a line may break behind its @, and not within a word."""
    return format_html_join(mark_safe("@<wbr>"), "{}", ((part,) for part in email.split("@")))


@register.filter
def widget_of(field: BoundField) -> SafeString:
    """`{{ field|widget_of }}`: its widget. The first of a form with an error gets the focus, so that it is in view."""
    form = field.form
    wrong = [name for name in form.fields if name in form.errors]
    has_focus = wrong[:1] == [field.name] and not form.non_field_errors()
    return field.as_widget(attrs={"autofocus": True} if has_focus else None)


@register.filter
def percent(value: int | str | None) -> str:
    """50 -> 50 %, with a space that does not break; nothing stays nothing."""
    return "" if value in (None, "") else f"{value}\u00a0%"


@register.filter
def slot(color: int | str | None) -> int:
    """The palette slot, 1 to 8, of any tribe colour number."""
    return (int(color or 0) - 1) % 8 + 1


@register.simple_tag
def by_squad(board: Any) -> list[tuple[Any, list[tuple[Any, Any]]]]:
    """`{% by_squad board as squads %}`: (column, [(row, cell)]), a board read by column instead of by row."""
    cells: dict[str, list[tuple[Any, Any]]] = {}
    for row in _get(board, "rows"):
        for cell in _get(row, "cells"):
            cells.setdefault(_get(cell, "squad_key"), []).append((row, cell))
    return [(column, cells.get(_get(column, "key"), [])) for column in _get(board, "columns")]


# --- People on a board ------------------------------------------------------------------------
#
# A board shows hundreds of people, so a person is written in Python: about 8 microseconds each
# instead of 100 through the template language. Page and answer to a move use the same tag.


def _get(thing: Any, name: str) -> Any:
    """Views may hand over dictionaries or records."""
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


@lru_cache(maxsize=8)
def _person_page(script_prefix: str, urlconf: str | None) -> tuple[str, str]:
    """What comes before and after the key in the address of a person."""
    before, after = reverse("person", args=["-key-"], urlconf=urlconf).split("-key-")
    return before, after


def _svg(name: str) -> str:
    return f'<svg class="i" aria-hidden="true"><use href="{asset("icons.svg")}#{name}"/></svg>'


@dataclass(frozen=True, slots=True)
class Cards:
    """What is the same on all cards: the address of a person around the key, and what stands beside names."""

    before: str
    after: str
    can_move: bool
    select: str
    moved_from: str
    moved_away: str
    new: str


def _card_words(context: Context) -> Cards:
    before, after = _person_page(get_script_prefix(), get_urlconf())
    return Cards(
        before=before,
        after=escape(_in_reality(context, after)),
        can_move=bool(_get(context.get("board") or {}, "can_move")),
        select=_("Select {name}"),
        moved_from=_("from {squad}"),
        moved_away=_(", moved away"),
        new=_("new here"),
    )


def _person_card(card: Any, squad: str, words: Cards) -> str:
    card_id, name = escape(str(_get(card, "id"))), escape(_get(card, "name"))
    avatar = f'<span class="ava" aria-hidden="true">{escape(initials(_get(card, "name")))}</span>'
    if _get(card, "ghost"):
        return (
            f'<li class="p ghost" id="g-{card_id}">{avatar}'
            f'<span class="nm">{name}<span class="vh">{escape(words.moved_away)}</span></span></li>'
        )
    moved_from, mark, is_new = _get(card, "moved_from"), _get(card, "lead_mark"), _get(card, "is_new")
    share, level, tone = _get(card, "share"), _get(card, "level"), _get(card, "tone")
    key = str(_get(card, "person_key"))
    parts = [
        f'<li class="p{" moved" if moved_from or is_new else ""}{" off" if _get(card, "off") else ""}"'
        f' id="p-{card_id}" data-person="{escape(key)}"{tone_of(tone)}',
        ' draggable="true">' if words.can_move else ">",
    ]
    if words.can_move:
        parts.append(
            f'<label class="pick">{avatar}<input type="checkbox" name="person" value="{card_id}:{squad}"'
            f' aria-label="{escape(words.select).format(name=name)}"></label>'
        )
    else:
        parts.append(avatar)
    parts.append(f'<a class="nm" href="{words.before}{quote(key)}{words.after}" draggable="false">{name}')
    if moved_from:
        origin = escape(words.moved_from.format(squad=said(moved_from)))
        parts.append(f'<span class="from" title="{origin}">{origin}</span>')
    elif is_new:
        parts.append(f'<span class="from">{escape(words.new)}</span>')
    parts.append("</a>")
    if mark:
        parts.append(_svg("missions" if mark == "Product owner" else "crown"))
        parts.append(f'<span class="vh">{escape(mark)}</span>')
    if found := _get(card, "mark"):
        parts.append(_mark(found))
    if tone:
        parts.append(
            f'<span class="lvl">{escape(tone.code)}</span><span class="vh">, {escape(tone.label)}</span>'
        )
    elif share not in (None, "", 100):
        parts.append(f'<span class="tag">{escape(percent(share))}</span>')
    elif level:
        parts.append(f'<span class="lvl">{escape(str(level))}</span>')
    parts.append("</li>")
    return "".join(parts)


def _mark(found: Any) -> str:
    """That there are findings about someone, as an icon, and in words for those who listen or point."""
    words = f"{count(found.count, 'finding', 'findings').said()}, {_(found.severity)}"
    return (
        f'<span class="{COLORS[found.severity]}" title="{escape(f"{words}: {said(found.message)}")}">'
        f'{icon(found.severity)}<span class="vh">, {escape(words)}</span></span>'
    )


@register.simple_tag
def tone_of(tone: Any) -> SafeString:
    """`<li{% tone_of tone %}>`: the color of a card, a slot of the palette or a step of the scale."""
    if not tone or not (tone.hue or tone.step):
        return SafeString("")
    return format_html(' data-{}="{}"', *(("color", tone.hue) if tone.hue else ("step", tone.step)))


def _vacancy(vacancy: Any) -> str:
    age = _get(vacancy, "age_days")
    words = "" if age is None else escape(count(age, "open for {n} day", "open for {n} days"))
    days = (
        f'<span class="lvl" title="{words.capitalize()}"><span aria-hidden="true">{_("{n} d").format(n=age)}</span>'
        f'<span class="vh">, {words}</span></span>'
        if words
        else ""
    )
    return (
        f'<li class="p vac" id="v-{escape(str(_get(vacancy, "id")))}"><span class="hatch"></span>'
        f'<span class="nm"><span class="vh">{_("Vacant:")} </span>{escape(_get(vacancy, "title"))}</span>{days}</li>'
    )


UNFOLDED = 24  # people of a chapter in a squad who are shown at once


@register.simple_tag(takes_context=True)
def people_in(context: Context, cell: Any, oob: bool = False) -> SafeString:
    """`{% people_in cell %}`: one cell of a board, on the page and in the answer to a move."""
    return mark_safe(_cell(cell, _card_writer(context), oob=oob))  # noqa: S308 - escaped where it is put in


@register.simple_tag(takes_context=True)
def people_in_row(context: Context, row: Any) -> SafeString:
    """`{% people_in_row row %}`: the cells of a chapter, each in its place in the table."""
    write = _card_writer(context)
    cells = (
        f'<td data-squad="{escape(_get(c, "squad_key"))}">{_cell(c, write)}</td>' for c in _get(row, "cells")
    )
    return mark_safe("".join(cells))  # noqa: S308 - escaped where it is put in


def _many_in(cell: Any) -> str:
    """What a folded cell says: how many people are in it, and how many open seats."""
    people = sum(not _get(card, "ghost") for card in _get(cell, "cards") or ())
    seats = len(_get(cell, "vacancies") or ())
    return (str(people) if people else "") + (
        count(seats, " + {n} open", " + {n} open").said() if seats else ""
    )


def _card_writer(context: Context) -> Callable[[Any, str], str]:
    """Return what writes a card, given the card and its squad: addresses and rights are the same for all of them."""
    words = _card_words(context)
    return lambda card, squad: _person_card(card, squad, words)


def _cell(cell: Any, write: Callable[[Any, str], str], *, oob: bool = False) -> str:
    cell_id, squad = escape(_get(cell, "id")), escape(_get(cell, "squad_key"))
    cards = _get(cell, "cards") or ()
    people = [write(card, squad) for card in cards]
    is_filtered = any(_get(card, "off") for card in cards)
    items = people if is_filtered else people[:UNFOLDED]
    if len(people) > len(items):
        items = [*items, _fold(cell_id, people[UNFOLDED:])]
    items = [*items, *(_vacancy(vacancy) for vacancy in _get(cell, "vacancies") or ())]
    marks = f'id="{cell_id}" data-squad="{squad}" data-n="{_many_in(cell)}"{_swap(oob=oob)}'
    return f'<ul class="cell" {marks}>{"".join(items)}</ul>'


def _fold(cell_id: str, people: list[str]) -> str:
    more = _("and {n} more").format(n=number(len(people)))
    return (
        f'<li class="fold"><details id="f-{cell_id}"><summary data-less="{_("Fewer")}">{more}</summary>'
        f'<ul class="cell" id="m-{cell_id}">{"".join(people)}</ul></details></li>'
    )


@register.simple_tag(takes_context=True)
def squad_head(context: Context, column: Any) -> SafeString:
    """`{% squad_head column %}`: a squad's name, size, mission and product owner, above its people."""
    key, name = _get(column, "key"), escape(_get(column, "name"))
    title = f'<a href="{escape(link(context, "squad", key))}">{name}</a>' if key else f"<span>{name}</span>"
    mission, bracket = _get(column, "mission"), _get(column, "bracket")
    parts = [f'<div class="sq" id="sq-{escape(key)}"><span class="name">{title}{_size(column)}</span>']
    if bracket and _get(context.get("board") or {}, "layout") == "wrap":
        parts.append(f'<span class="from">{escape(_get(bracket, "text"))}</span>')
    if _get(column, "closed"):
        parts.append(f'<span class="mission">{escape(_get(column, "note"))}</span>')
    elif mission:
        parts.append(f'<span class="mission">{escape(mission)}</span>')
    parts.append(_last_line(column))
    parts.append(_findings(context, column))
    if _get(context.get("board") or {}, "can_move") and not _get(column, "closed"):
        parts.append(_column_menu(context, column))
        parts.append(
            f'<button class="btn all js" type="button" data-all="{escape(key)}">'
            f'{_("Select all")}<span class="vh"> {_("of {squad}").format(squad=name)}</span></button>'
        )
    parts.append("</div>")
    return mark_safe("".join(parts))  # noqa: S308 - escaped where it is put in


COLUMN_MENU = (
    ("squad_split", gettext_lazy("Split…")),
    ("squad_merge", gettext_lazy("Merge…")),
    ("squad_move", gettext_lazy("Move to another tribe…")),
    ("squad_close", gettext_lazy("Close…")),
)


def _column_menu(context: Context, column: Any) -> str:
    """What can be done to a squad as a whole; each of these pages leads back to the board."""
    key, tribe = _get(column, "key"), _get(context["board"], "tribe")
    if not key:
        return ""
    items = []
    for page, label in COLUMN_MENU:
        url = link(context, page, key)
        if tribe is not None:
            url += ("&" if "?" in url else "?") + f"tribe={quote(_get(tribe, 'key'))}"
        items.append(f'<li><a href="{escape(url)}">{escape(str(label))}</a></li>')
    words = escape(_("Change {squad}").format(squad=_get(column, "name")))
    return (
        f'<details class="menu"><summary class="btn bare" aria-label="{words}">{_svg("more")}</summary>'
        f'<ul class="pop">{"".join(items)}</ul></details>'
    )


def _findings(context: Context, column: Any, *, oob: bool = False) -> str:
    """The worst findings that count with a squad, of how many, as a link to them: there, if hidden, where none are."""
    mark, opening = _get(column, "mark"), f'<a id="k-{escape(_get(column, "id"))}"{_swap(oob=oob)}'
    if mark is None:
        return f"{opening} hidden></a>"
    url, worst = escape(link(context, "squad", _get(column, "key"))), _get(mark, "severity")
    words = count(mark.worst, worst, worst).said()
    if mark.count > mark.worst:
        words = _("{part} of {n}").format(part=words, n=mark.count)
    nouns = _("findings") if mark.count > 1 else _("finding")
    return (
        f'{opening} class="state sm {COLORS[worst]}" href="{url}#findings-h" title="{escape(mark.message)}">'
        f'{icon(worst, "i s")}<span>{escape(words)}<span class="vh"> {nouns}</span></span></a>'
    )


@register.simple_tag(takes_context=True)
def squad_now(context: Context, column: Any) -> SafeString:
    """`{% squad_now column %}`: what moving people can change in the head of a squad, for the answer to a move."""
    parts = (_size(column, oob=True), _last_line(column, oob=True), _findings(context, column, oob=True))
    return mark_safe("".join(parts))  # noqa: S308 - escaped where it is put in


def _size(column: Any, *, oob: bool = False) -> str:
    size, before, flag = _get(column, "size"), _get(column, "size_before"), _get(column, "flag")
    level = f" {_get(flag, 'level')}" if flag and _get(flag, "of_size") else ""
    most = _get(column, "limit")
    limit = "" if most is None else f' data-limit="{most:g}"'
    if _get(column, "is_new"):
        shown = f'<span class="from">{_("new")}</span> {size}'
    else:
        shown = f"{before} → <b>{size}</b>" if before not in (None, size) else str(size)
    return (
        f'<span class="m nw{level}" id="n-{escape(_get(column, "id"))}" data-size="{size}"{limit}{_swap(oob=oob)}>'
        f'{shown}<span class="vh"> {_("people")}</span></span>'
    )


def _last_line(column: Any, *, oob: bool = False) -> str:
    """The last line of a squad's head: what a draft breaks or mends in it, else who says what it builds."""
    flag, note, owner = _get(column, "flag"), _get(column, "note"), _get(column, "product_owner")
    if flag:
        level = _get(flag, "level")
        words = _svg("check" if level == "ok" else "warn") + escape(_get(flag, "text"))
        shown = f'<span class="{level}">{words}</span>'
    elif _get(column, "closed"):
        shown = ""
    elif note:
        shown = escape(note)
    else:
        shown = f'{escape(owner)}<span class="vh">, {_("product owner")}</span>' if owner else ""
    return f'<span class="last" id="l-{escape(_get(column, "id"))}"{_swap(oob=oob)}>{shown}</span>'


def _swap(*, oob: bool) -> str:
    return ' hx-swap-oob="outerMorph"' if oob else ""


@register.simple_tag
def shift(before: int | None, after: int) -> str:
    """`{% shift 5 6 %}`: "5 → 6", or "6" where it was so before or nobody asks."""
    return number(after) if before in (None, after) else f"{number(before)} → {number(after)}"


@register.simple_tag
def squad_options(groups: Any) -> SafeString:
    """`{% squad_options board.targets %}`: the squads that people can move to, by tribe, with their sizes."""
    parts = [f'<option value="">{escape(_("Choose a squad"))}</option>']
    for group in groups or ():
        parts.append(f'<optgroup label="{escape(_get(group, "tribe"))}">')
        for squad in _get(group, "squads"):
            key, name = escape(_get(squad, "key")), escape(_get(squad, "name"))
            parts.append(f'<option value="{key}">{name} ({_get(squad, "size")})</option>')
        parts.append("</optgroup>")
    return mark_safe("".join(parts))  # noqa: S308 - escaped where it is put in
