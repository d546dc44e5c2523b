"""Where what a finding is about can be mended: the form for it, the board, or the page of what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orgmodel.changes.models import Draft
from orgmodel.changes.pages import address
from orgmodel.core.org import Org
from orgmodel.core.rules.base import Finding
from orgmodel.findings.queries import page_of, tribe_of, unit_of

ON_BOARD = frozenset({"SQ-01", "SQ-02", "SQ-06", "SQ-09", "SQ-11", "TR-01"})
"""The rules whose findings are mended by moving people about."""

FORMS: Mapping[str, str] = {
    "SQ-01": "squad_split",
    "SQ-02": "squad_add_person",
    "SQ-03": "squad_lead",
    "SQ-04a": "squad_mission",
    "SQ-04b": "mission_edit",
    "SQ-05a": "mission_edit",
    "SQ-05b": "mission_edit",
    "SQ-06a": "squad_add_person",
    "SQ-07": "squad_lead",
    "SQ-10": "squad_hand_over",
    "TR-02": "tribe_leads",
    "TR-03": "tribe_leads",
    "PE-01": "person_join",
    "RO-02b": "squad_coach",
    "SY-01": "system_edit",
    "SY-02": "system_owners",
    "HI-01a": "vacancy_edit",
    "HI-01b": "vacancy_edit",
    "HI-01c": "vacancy_edit",
}
"""The form that mends what a finding is about, by the code of the finding or of its rule."""


def form_of(request: Any, found: Finding, draft: Draft | None = None) -> str:
    """Return the address of the form that mends what a finding is about; "" where there is none."""
    org: Org = request.reality.org
    page = FORMS.get(found.code) or FORMS.get(found.rule)
    if page is None:
        return ""
    record: Any = org.get(*found.ref)
    if page == "mission_edit":
        record = org.missions[record.mission]
    return address(request, page, record.key, draft=draft)


def place_of(request: Any, found: Finding, draft: Draft) -> str:
    """Return the address at which what a finding is about can be mended in a draft."""
    org: Org = request.reality.org
    tribe = tribe_of(org, unit_of(org, found.ref))
    if found.rule in ON_BOARD and tribe is not None:
        board = address(request, "tribe", tribe.key, draft=draft)
        squad = org.squads.get(found.id) if found.kind == "squad" else None
        return f"{board}#sq-{squad.key}" if squad is not None else board  # its column glows
    if form := form_of(request, found, draft):
        return form
    page = page_of(request, *found.ref) or page_of(request, *unit_of(org, found.ref))
    path = page.partition("?")[0]
    return f"{path}?draft={draft.key}" if path else address(request, "draft_changes", draft.key)
