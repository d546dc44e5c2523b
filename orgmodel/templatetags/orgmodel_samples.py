"""Sample data for the style guide: every component in every state, without a database."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.core.paginator import Paginator

register = template.Library()

SQUADS = [
    ("home", "Home & Browse", "Something worth playing within seconds", "Astrid Holm"),
    ("playback", "Playback", "Audio never stops", "Priya Raman"),
    ("search", "Search", "Find it in one try", "Rebecka Lund"),
    ("offline", "Offline & Downloads", "Listen anywhere", ""),
]
CHAPTERS = [
    ("product", "Product", "Alice Moreau"),
    ("backend", "Backend", "Tomasz Wojcik"),
    ("web", "Web", ""),
]
PEOPLE = {
    ("product", "home"): ["Astrid Holm"],
    ("product", "playback"): ["Priya Raman"],
    ("product", "search"): ["Rebecka Lund"],
    ("backend", "home"): ["Tomasz Wojcik", "Jonas Ek"],
    ("backend", "playback"): ["Karin Sjoberg", "Emil Dahl"],
    ("backend", "search"): ["Mikael Borg", "Hanna Virtanen", "Anton Kjell"],
    ("web", "home"): ["Sara Almeida"],
    ("web", "search"): ["Samuel Osei"],
}


NAMES = [
    "Maximiliana Wolkenstein-Trostburg de la Fuente y Altamirano",
    "עדי בן־דוד",
    "عبد الرحمن الفارسي",
]
ICONS = [
    "overview",
    "board",
    "people",
    "squads",
    "chapters",
    "guilds",
    "missions",
    "drafts",
    "history",
    "io",
    "settings",
    "admin",
    "help",
    "more",
    "search",
    "filter",
    "cal",
    "person",
    "edit",
    "file",
    "vacancy",
    "crown",
    "check",
    "plus",
    "x",
    "warn",
    "undo",
    "redo",
    "move",
    "arrow",
    "left",
    "right",
    "down",
    "out",
    "contrast",
]


class SampleForm(forms.Form):
    name = forms.CharField(help_text="As people say it.")
    squad = forms.ChoiceField(choices=[(key, name) for key, name, _, _ in SQUADS])
    share = forms.IntegerField(required=False, min_value=1, max_value=100, help_text="In percent.")
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        choices=[("full", "Member"), ("loan", "On loan")], widget=forms.RadioSelect, initial="full"
    )
    lead = forms.BooleanField(required=False, label="Leads the squad")
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)


def _card(number: int, chapter: str, squad: str, name: str) -> dict[str, Any]:
    return {
        "id": f"s{number}",
        "person_key": name.lower().replace(" ", "-"),
        "name": name,
        "level": "I3",
        "share": 50 if name == "Priya Raman" else 100,
        "lead_mark": {
            "Tomasz Wojcik": "Chapter lead",
            "Astrid Holm": "Product owner",
        }.get(name, ""),
        "moved_from": "Offline & Downloads" if name == "Anton Kjell" else "",
        "ghost": False,
    }


def board(layout: str = "table") -> dict[str, Any]:
    """A small board with a part share, leads, a move, a ghost, a vacancy and a closing squad."""
    number = 0
    rows: list[dict[str, Any]] = []
    for chapter, chapter_name, lead in CHAPTERS:
        cells: list[dict[str, Any]] = []
        for squad, *_ in SQUADS:
            cards = []
            for name in PEOPLE.get((chapter, squad), []):
                number += 1
                cards.append(_card(number, chapter, squad, name))
            if (chapter, squad) == ("backend", "offline"):
                cards.append(_card(99, chapter, squad, "Anton Kjell") | {"ghost": True})
            vacancies = []
            if (chapter, squad) == ("backend", "offline"):
                vacancies = [{"id": "1", "key": "v1", "title": "Senior backend", "age_days": 30}]
            cells.append(
                {
                    "id": f"c-{chapter}-{squad}",
                    "squad_key": squad,
                    "cards": cards,
                    "vacancies": vacancies,
                }
            )
        rows.append(
            {
                "id": chapter,
                "key": chapter,
                "name": chapter_name,
                "size": sum(len(cell["cards"]) for cell in cells),
                "lead_name": lead,
                "outside": chapter == "web",
                "cells": cells,
            }
        )
    sizes = {squad: 0 for squad, *_ in SQUADS}
    for (_, squad), names in PEOPLE.items():
        sizes[squad] += len(names)
    columns = [
        {
            "id": squad,
            "key": squad,
            "name": name,
            "size": sizes[squad],
            "size_before": {"search": 4, "offline": 1}.get(squad),
            "mission": mission,
            "closed": squad == "offline",
            "product_owner": owner,
            "state": "",
            "note": "" if owner else "No product owner",
        }
        for squad, name, mission, owner in SQUADS
    ]
    return {
        "name": "Listening Experience",
        "tribe": {"key": "listen", "name": "Listening Experience", "color": 1, "url": "#"},
        "people_count": 11,
        "squad_count": 4,
        "vacancy_count": 1,
        "columns": columns,
        "rows": rows,
        "can_move": True,
        "move_url": "#",
        "layout": layout,
        "targets": [
            {
                "tribe": "Listening Experience",
                "squads": [
                    {"key": squad, "name": name, "size": sizes[squad]} for squad, name, _, _ in SQUADS
                ],
            }
        ],
    }


def crowd() -> dict[str, Any]:
    """Return a board of one squad of 300 people, and another whose chapter is folded."""
    shown: dict[str, Any] = {
        "squad_key": "support",
        "cards": [_card(1000 + number, "support", "support", f"Agent {number}") for number in range(1, 301)],
        "vacancies": [],
    }
    rows = [
        {"id": "agents", "key": "", "name": "Agents", "size": 300, "cells": [shown | {"id": "c-open"}]},
        {"id": "shut", "name": "Folded", "size": 300, "folded": True, "cells": [shown | {"id": "c-shut"}]},
    ]
    column = {"id": "support", "key": "support", "name": "Customer support", "size": 300, "mission": ""}
    return {"name": "Support", "columns": [column], "rows": rows, "can_move": False}


@register.simple_tag
def samples() -> dict[str, Any]:
    """`{% samples as sample %}`: everything the style guide shows."""
    wrong = SampleForm({"name": "", "squad": "home", "share": "300", "kind": "full"})
    wrong.is_valid()
    wrong.add_error(None, "Home & Browse is closed: nobody can join it. Choose another squad.")
    wrong.add_error(None, "Home & Browse is closed: nobody can join it. Choose another squad.")
    return {
        "board": board(),
        "crowd": crowd(),
        "names": NAMES,
        "colors": [
            (1, "Teal"),
            (2, "Plum"),
            (3, "Sky"),
            (4, "Orange"),
            (5, "Green"),
            (6, "Gold"),
            (7, "Crimson"),
            (8, "Indigo"),
        ],
        "icons": ICONS,
        "form": SampleForm(prefix="ok"),
        "wrong": wrong,
        "page": Paginator(range(120), 50).page(2),
        "tabs": [
            {"name": "Board", "url": "#board", "current": True, "count": None},
            {"name": "Changes", "url": "#changes", "current": False, "count": 3},
        ],
        "facts": [
            {"label": "People", "value": 7, "url": "#people", "big": True},
            {"label": "Product owner", "value": "Astrid Holm"},
            {"label": "Reviewed", "value": "4 September"},
        ],
        "person": {"name": "Karin Sjoberg", "url": "#karin", "color": 1, "note": "50 % in Search"},
        "unit": {"name": "Listening Experience", "url": "#listen", "color": 1},
        "entries": [
            {
                "sentence": "Move Anton Kjell from Offline & Downloads to Search",
                "icon": "move",
                "facts": [
                    {
                        "subject": "Anton Kjell",
                        "field": "squad",
                        "before": "Offline & Downloads",
                        "after": "Search",
                    }
                ],
                "action_url": "#",
                "action": "Remove",
            },
            {
                "sentence": "Close Offline & Downloads",
                "status": "parked",
                "reason": "",
                "icon": "x",
                "facts": [],
            },
            {
                "sentence": "Set the share of Priya Raman in Playback to 50 %",
                "status": "conflict",
                "reason": "Victoria Lane changed this share to 80 % on 17 November.",
                "facts": [{"subject": "Priya Raman", "field": "share", "before": None, "after": "50 %"}],
            },
        ],
        "groups": [
            {
                "name": "Product",
                "url": "#product",
                "members": [
                    {
                        "name": "Astrid Holm",
                        "url": "#astrid",
                        "color": 1,
                        "role": "Product manager",
                        "level": "I3",
                        "share": 100,
                        "mark": "Product owner",
                    }
                ],
                "vacancies": [],
            },
            {
                "name": "Backend",
                "url": "",
                "members": [
                    {"name": "Tomasz Wojcik", "url": "#t", "color": 1, "role": "Engineer", "share": 60}
                ],
                "vacancies": [{"title": "Senior backend", "note": "Open 30 days"}],
            },
        ],
        "filters": [
            {
                "name": "tribe",
                "label": "Tribe",
                "options": [
                    {"value": "", "label": "All", "selected": True},
                    {"value": "listen", "label": "Listening Experience"},
                ],
            }
        ],
        "toast": {"text": "Anton Kjell moved to Search.", "undo_url": "#"},
        "refusal": {"text": "Search is closed: nobody can join it.", "level": "bad"},
    }
