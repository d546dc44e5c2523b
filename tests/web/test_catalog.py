"""The Backstage catalog: what it can hold of the demo organization comes back, and those of others are read."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from orgmodel.changes.files.catalog import write_catalog
from orgmodel.changes.files.planning import Plan, plan_import
from orgmodel.core.org import Org
from orgmodel.core.rules.integrity import is_closed
from orgmodel.demo.kestrel import organization
from tests.build import an_org, chapter, domain, guild, person, squad, system, tribe

TODAY = date(2026, 11, 20)

OTHERS = """
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: infra, description: Runs it}
spec: {type: business-unit, children: [team-a, "group:default/team-b"]}
---
kind: Group
metadata: {name: team-a}
spec: {type: team, profile: {displayName: Team A}, parent: infra, members: [jenny]}
---
kind: Group
metadata: {name: team-b}
spec: {type: team, children: []}
---
kind: User
metadata: {name: jenny}
spec: {profile: {displayName: Jenny Doe, email: jenny@example.org}, memberOf: [team-b, Team-A]}
---
kind: Component
metadata: {name: website}
spec: {type: service, owner: team-a}
---
kind: System
metadata: {name: podcast, title: Podcast}
spec: {owner: "group:team-a", domain: audio}
---
kind: Domain
metadata: {name: audio}
spec: {owner: unowned}
"""


def plan(content: bytes | str, org: Org | None = None) -> Plan:
    body = content if isinstance(content, bytes) else content.encode()
    return plan_import({"catalog-info.yaml": body}, org or Org.empty(), today=TODAY)


def applied(found: Plan, org: Org | None = None) -> Org:
    assert [str(error) for error in found.errors] == []
    assert found.operation is not None
    return found.operation.apply(org or Org.empty())


def catalog(org: Org) -> bytes:
    return b"".join(write_catalog(org))


def held(org: Org) -> dict[str, list[Any]]:
    """Return what a catalog can hold of an organization, with keys for ids."""

    def here(table: Any) -> list[Any]:
        return [record for record in table.values() if not is_closed(record)]

    def key(table: Any, id_: str | None) -> str:
        record = table.get(id_)
        return record.key if record is not None and not is_closed(record) else ""

    found: dict[str, list[Any]] = {
        "people": [(p.key, p.name, p.email) for p in here(org.people)],
        "tribes": [(t.key, t.name, t.purpose) for t in here(org.tribes)],
        "squads": [(s.key, s.name, key(org.tribes, s.tribe)) for s in here(org.squads)],
        "chapters": [(c.key, c.name, key(org.tribes, c.tribe)) for c in here(org.chapters)],
        "guilds": [(g.key, g.name, g.purpose) for g in here(org.guilds)],
        "domains": [(d.key, d.name, key(org.squads, d.squad)) for d in here(org.domains)],
        "systems": [
            (s.key, s.name, key(org.squads, s.squad), key(org.domains, s.domain)) for s in here(org.systems)
        ],
        "in squads": [
            (key(org.people, m.person), key(org.squads, m.squad)) for m in org.memberships.values()
        ],
        "in chapters": [
            (key(org.people, m.person), key(org.chapters, m.chapter)) for m in org.chapter_members.values()
        ],
        "in guilds": [
            (key(org.people, m.person), key(org.guilds, m.guild)) for m in org.guild_members.values()
        ],
    }
    return {name: sorted(rows) for name, rows in found.items()}


def test_what_a_catalog_can_hold_of_the_demo_organization_comes_back() -> None:
    org = organization(TODAY)
    again = applied(plan(catalog(org)))
    assert held(again) == held(org)
    assert catalog(again) == catalog(org)
    assert plan(catalog(org), org).operation is None


def test_an_entity_says_what_backstage_asks_for() -> None:
    org = an_org(
        person("Ana", email="ana@example.org"),
        tribe("Payments", squad("Phoenix", "Ana"), chapter("Backend", "Ana"), purpose="Get paid"),
        guild("Web", "Ana"),
        domain("Money", squad="Phoenix"),
        system("Ledger", squad="Phoenix", domain="Money"),
    )
    found = {entity["metadata"]["name"]: entity for entity in yaml.safe_load_all(catalog(org))}
    assert found["payments"] == {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Group",
        "metadata": {"name": "payments", "description": "Get paid"},
        "spec": {
            "type": "tribe",
            "profile": {"displayName": "Payments"},
            "children": ["backend", "phoenix"],
        },
    }
    assert found["phoenix"]["spec"] == {
        "type": "squad",
        "profile": {"displayName": "Phoenix"},
        "parent": "payments",
        "children": [],
        "members": ["ana"],
    }
    assert found["ana"]["spec"] == {
        "profile": {"displayName": "Ana", "email": "ana@example.org"},
        "memberOf": ["backend", "phoenix", "web"],
    }
    assert found["ledger"]["spec"] == {"owner": "phoenix", "domain": "money"}


def test_names_that_backstage_does_not_allow_keep_their_keys_beside_them() -> None:
    org = an_org(
        tribe("Search", squad("Search")),
        person("Ana"),
        person("Long", key="x" * 90),
        person("Odd", key="a__b-"),
    )
    entities = list(yaml.safe_load_all(catalog(org)))
    names = sorted(entity["metadata"]["name"] for entity in entities if entity["kind"] == "Group")
    assert names == ["search-squad", "search-tribe"]
    assert all(len(entity["metadata"]["name"]) <= 63 for entity in entities)
    assert held(applied(plan(catalog(org)))) == held(org)


def test_a_catalog_of_somebody_else() -> None:
    org = applied(plan(OTHERS))
    assert held(org) == {
        "people": [("jenny", "Jenny Doe", "jenny@example.org")],
        "tribes": [("infra", "infra", "Runs it")],
        "squads": [("team-a", "Team A", "infra"), ("team-b", "team-b", "infra")],
        "chapters": [],
        "guilds": [],
        "domains": [("audio", "audio", "")],
        "systems": [("podcast", "Podcast", "team-a", "audio")],
        "in squads": [("jenny", "team-a"), ("jenny", "team-b")],
        "in chapters": [],
        "in guilds": [],
    }
    assert plan(OTHERS, org).operation is None


def test_what_does_not_fit_is_said_with_its_line() -> None:
    content = (
        "kind: Group\nmetadata: {name: a}\nspec: {type: team, parent: b}\n---\n"
        "kind: Group\nmetadata: {name: b}\nspec: {type: team}\n---\n"
        "kind: User\nmetadata: {name: u}\nspec: {memberOf: [c]}\n"
    )
    assert [str(error) for error in plan(content).errors] == [
        "catalog-info.yaml:1: spec.parent: “b” is a squad, not a tribe",
        "catalog-info.yaml:1: tribe: there is no tribe “b”",
        "catalog-info.yaml:9: spec.memberOf: there is no group “c” in this file",
    ]
