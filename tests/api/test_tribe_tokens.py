"""Tokens that are limited to one tribe: they see a smaller organization, and change nothing outside of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import get_resolver
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.changes.models import ChangeSet
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS
from orgmodel.integrations import tokens
from orgmodel.integrations.selection import paths_of
from orgmodel.integrations.tokens import WITHIN_TRIBE, Terms
from tests.api.conftest import Caller, problem
from tests.build import (
    an_org,
    chapter,
    coaching,
    domain,
    guild,
    id_of,
    mission,
    needs,
    person,
    role,
    save,
    skills,
    squad,
    system,
    tribe,
    vacancy,
)

pytestmark = pytest.mark.django_db

TRIBES = ("Alder", "Birch")


def a_tribe(name: str) -> list[Any]:
    """A tribe and what belongs to it; everything bears the tribe's name."""
    ana, ben, cleo, dora = (f"{name} {who}" for who in ("Ana", "Ben", "Cleo", "Dora"))
    one = f"{name} One"
    return [
        mission(f"{name} mission"),
        person(dora, email=f"{name}.dora@example.org", external_ids=(("hris", f"{name}-4711"),)),
        tribe(
            name,
            squad(one, ana, ben, roles={ana: "Lead"}, mission=f"{name} mission"),
            squad(f"{name} Two", cleo),
            chapter(f"{name} Backend", ana, ben, lead=ana),
            lead=dora,
        ),
        domain(f"{name} domain", squad=one),
        system(f"{name} system", {ana: "both"}, squad=one, domain=f"{name} domain"),
        vacancy(f"{name} vacancy", squad=one, hiring_manager=dora),
        skills(ana, **{f"{name} skill": "expert"}),
        coaching(dora, one),
        needs(one, f"{name} Two"),
    ]


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> None:
    settings.API_RATE_LIMIT = (0, 0)


@pytest.fixture
def org(db: None) -> Org:
    """Two tribes that need each other, share a guild, coach each other and report to each other."""
    save(
        an_org(
            role("Lead", leads=True),
            person("Alder Cleo", manager="Birch Ana"),
            person("Birch Cleo", manager="Alder Ana"),
            *a_tribe("Alder"),
            *a_tribe("Birch"),
            guild("Testing", "Alder Ana", "Birch Ana", coordinator="Birch Ana", sponsor="Alder Ana"),
            needs("Alder One", "Birch Two"),
            needs("Birch One", "Alder Two"),
            coaching("Birch Dora", "Alder Two"),
            coaching("Alder Dora", "Birch Two"),
        )
    )
    return services.current()


def limited(name: str, *scopes: str) -> Caller:
    terms = Terms(scopes or WITHIN_TRIBE, tribe=id_of(name))
    now = timezone.now()
    return Caller(tokens.issue_to(tokens.integration_of(f"only {name}", at=now), terms, at=now))


def strangers_of(org: Org, name: str) -> dict[str, list[Any]]:
    """Return the records of the other tribe, by kind."""
    [other] = {*TRIBES} - {name}
    theirs = {id_ for kind in KINDS for id_, record in org.table(kind).items() if other in said(record)}
    found: dict[str, list[Any]] = {}
    for kind in KINDS:
        for record in org.table(kind).values():
            if (
                theirs & {record.id, *refs_of(record, "squad", "chapter", "needs", "system")}
                and kind != "guild"
            ):
                found.setdefault(kind, []).append(record)
    return found


def said(record: Any) -> str:
    return " ".join(str(getattr(record, name, "")) for name in ("name", "statement", "title", "skill"))


def refs_of(record: Any, *names: str) -> set[str]:
    return {value for name in names if (value := getattr(record, name, None)) is not None}


# Every address


def routes() -> list[tuple[str, Any]]:
    """Return every address of the API as a pattern, with its view."""
    found = []
    for resolver in get_resolver("orgmodel.api").url_patterns:
        patterns = getattr(resolver, "url_patterns", [resolver])
        found += [(str(each.pattern).strip("^$"), each.callback) for each in patterns]
    assert len(found) > 80
    return found


def methods_of(view: Any) -> set[str]:
    actions = getattr(view, "actions", None)
    names = (
        {*actions}
        if actions
        else {n for n in ("get", "post", "put", "patch", "delete") if hasattr(view.cls, n)}
    )
    return {name.upper() for name in names} - {"HEAD"}


def filled(pattern: str, key: str) -> str:
    """Return an address with a key in place of its first blank, and numbers in the others."""
    pattern = re.sub(r"\(\?P<key>\[\^/\]\+\)|<[^>]*key>", key, pattern)
    return re.sub(r"\(\?P<\w+>(?:\[[^]]+\]|[^()])*\)|<[^>]+>", "1", pattern)


def keys_for(view: Any, org: Org) -> list[str]:
    """Return what may stand in a view's address: a record of each tribe, or whatever else there is."""
    kind = getattr(view.cls, "kind", "")
    records = org.table(kind).values() if kind in KINDS else ()
    chosen = [*{said(record).split(" ")[0]: record for record in records}.values()]  # one of each tribe
    found = [key for record in chosen for key in (record.id, getattr(record, "key", None)) if key]
    return found or ["later", "then", "SQ-01", f"SQ-01:squad:{id_of('Birch One')}", "1"]


def expanding(view: Any) -> list[str]:
    """Return what opens every reference that a view's records have."""
    kind = getattr(view.cls, "kind", "")
    return [f"expand={','.join(paths_of(kind))}"] if kind in KINDS and [*paths_of(kind)] else []


def told_by(answer: Any) -> str:
    """Return an answer without the address that was asked for."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(raw.decode()).replace(f'"instance":"{answer.request["PATH_INFO"]}"', "")


FORBIDDEN = (400, 403, 404, 405, 409, 410, 422)


@pytest.mark.parametrize("name", TRIBES)
def test_no_address_tells_of_the_other_tribe(name: str, org: Org, calling: Any) -> None:
    someone = calling("editor")
    [other] = {*TRIBES} - {name}
    moving = {"operation": "MovePeople", "people": [f"{other}-cleo".lower()], "to": f"{other}-one".lower()}
    someone.post("drafts/", {"name": "Later", "operations": [moving]})
    someone.patch("drafts/later/", {"visibility": "everyone"})
    someone.post("snapshots/", {"name": "Then"})
    today, caller = timezone.localdate(), limited(name)
    secrets = words_of(strangers_of(org, name), org)
    realities = ["", f"as_of={today}", f"as_of={today + timedelta(days=30)}", "draft=later"]
    told = 0
    for pattern, view in routes():
        if "GET" not in methods_of(view) or view.cls.__name__ in ("SpectacularAPIView", "DocsView"):
            continue
        for key in keys_for(view, org) if "key" in pattern or "<" in pattern else [""]:
            for reality in [*realities, *expanding(view)]:
                answer = caller.get(f"{filled(pattern, key)}?{reality}", **{"X-Request-Id": "x"})
                assert answer.status_code == 200 or answer.status_code in FORBIDDEN, (pattern, answer.content)
                text = told_by(answer)
                leaks = {secret for secret in secrets if secret in text}
                assert not leaks, (answer.request["PATH_INFO"], reality, leaks, text)
                told += answer.status_code == 200
    assert told > 150


def words_of(records: dict[str, list[Any]], org: Org) -> set[str]:
    """Return the ids, keys, names, addresses and external ids by which records would be known."""
    words: set[str] = set()
    for record in (record for group in records.values() for record in group):
        named = (
            getattr(record, name, "")
            for name in ("id", "key", "name", "statement", "title", "skill", "email")
        )
        words |= {str(word) for word in named if word}
    assert len(words) > 40
    return words


@pytest.mark.parametrize("name", TRIBES)
def test_filters_do_not_find_the_other_tribe(name: str, org: Org) -> None:
    caller, strangers = limited(name), strangers_of(org, name)
    asked = 0
    for pattern, view in routes():
        kind = getattr(view.cls, "kind", "")
        if kind not in KINDS or "<" in pattern or "GET" not in methods_of(view):
            continue
        own = {each["id"] for each in caller.get(pattern).json()["results"]}
        assert own <= {*org.table(kind)} - {record.id for record in strangers.get(kind, ())}
        for parameter in view.cls.filters:
            for target in (strangers[kind][0] for kind in ("person", "squad")):
                for word in (target.id, target.key):
                    answer = caller.get(f"{pattern}?{parameter}={word}")
                    found = {each["id"] for each in answer.json().get("results", ())}
                    assert answer.status_code == 400 or found <= own, (pattern, parameter, word)
                    asked += 1
    assert asked > 300


@pytest.mark.parametrize("name", TRIBES)
def test_nothing_of_the_other_tribe_is_changed(name: str, org: Org) -> None:
    caller, strangers, tried = limited(name), strangers_of(org, name), 0
    for pattern, view in routes():
        for method in sorted(methods_of(view) - {"GET"}):
            theirs = strangers.get(getattr(view.cls, "kind", ""), ())
            for key in [record.id for record in theirs] or ["later"]:
                for body in ({}, stranger_body(view, strangers)):
                    answer = caller(method, filled(pattern, key), body)
                    assert answer.status_code in (400, 403, 404, 422), (method, pattern, answer.content)
                    tried += 1
    assert tried > 150
    assert ChangeSet.objects.count() == 1


def stranger_body(view: Any, strangers: dict[str, list[Any]]) -> dict[str, Any]:
    """Return a body that names records of the other tribe wherever it may name any."""
    body = getattr(view.cls, "create_body", None)
    found: dict[str, Any] = {}
    for field, spec in (body.fields if body is not None else {}).items():
        records = strangers.get(spec.target, ())
        if spec.kind in ("ref", "refs") and records:
            found[field] = records[0].id if spec.kind == "ref" else [records[0].id]
        elif spec.kind == "text" and spec.required:
            found[field] = "Brought in"
    return found


# What it sees


def test_the_part_in_numbers(org: Org) -> None:
    counts = limited("Alder").get("org/").json()["counts"]
    told = {
        kind: counts[kind] for kind in ("people", "tribes", "squads", "chapters", "guilds", "memberships")
    }
    assert told == {"people": 4, "tribes": 1, "squads": 2, "chapters": 1, "guilds": 1, "memberships": 3}
    told = {
        kind: counts[kind]
        for kind in ("systems", "domains", "vacancies", "dependencies", "coachings", "missions")
    }
    assert told == {
        "systems": 1,
        "domains": 1,
        "vacancies": 1,
        "dependencies": 1,
        "coachings": 1,
        "missions": 1,
    }


def test_references_to_outside_are_empty(org: Org) -> None:
    caller = limited("Alder")
    assert caller.get("people/alder-cleo/").json()["manager"] is None
    testing = caller.get("guilds/testing/").json()
    assert (testing["coordinator"], testing["sponsor"]["name"]) == (None, "Alder Ana")
    assert [c["person"]["name"] for c in caller.get("coachings/").json()["results"]] == ["Alder Dora"]


def test_peers_see_their_own(org: Org) -> None:
    alder, birch = limited("Alder"), limited("Birch")
    for one, name in ((alder, "Alder"), (birch, "Birch")):
        assert [t["name"] for t in one.get("tribes/").json()["results"]] == [name]
    problem(alder.get("people/birch-ana/"), 404)
    problem(birch.get(f"people/{id_of('Alder Ana')}/"), 404)


# What it changes


def test_its_own_people_and_units_are_changed(org: Org) -> None:
    caller = limited("Alder")
    assert caller.patch("people/alder-ana/", {"title": "Staff engineer"}).json()["title"] == "Staff engineer"
    assert caller.post("people/alder-cleo/move/", {"to": "alder-one"}).status_code == 200
    assert caller.post("squads/", {"name": "Alder Three", "tribe": "alder"}).status_code == 201
    assert caller.post("people/", {"name": "Alder Eve", "manager": "alder-ana"}).status_code == 201
    assert caller.post("memberships/", {"person": "alder-eve", "squad": "alder-three"}).status_code == 201
    assert ChangeSet.objects.count() == 6


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("squads/", {"name": "Elsewhere"}),
        ("tribes/", {"name": "Cedar"}),
        ("people/", {"name": "Nobody's"}),
        ("guilds/", {"name": "Reading"}),
        ("roles/", {"name": "Owner"}),
        ("missions/", {"statement": "Everything"}),
    ],
)
def test_what_would_lie_outside_is_not_made(org: Org, path: str, body: dict[str, Any]) -> None:
    problem(limited("Alder").post(path, body), 422, ("", "refused"))
    assert ChangeSet.objects.count() == 1


def test_what_is_not_the_tribes_alone_is_not_changed(org: Org, calling: Any) -> None:
    everything = calling("editor")
    everything.post("memberships/", {"person": "alder-ben", "squad": "birch-one", "share": 10})
    everything.patch("tribes/birch/", {"mission": "alder-mission"})
    caller, before = limited("Alder"), ChangeSet.objects.count()
    for path, body in (
        ("people/alder-ben/", {"title": "Head"}),
        ("missions/alder-mission/", {"statement": "Ours"}),
        ("guilds/testing/", {"name": "Ours"}),
        ("roles/lead/", {"name": "Chief"}),
        ("squads/alder-two/", {"tribe": None}),
    ):
        found = problem(caller.patch(path, body), 422, ("", "refused"))
        assert found["detail"].startswith("This token is limited to one tribe")
    assert ChangeSet.objects.count() == before


def test_a_refusal_does_not_tell_what_is_outside(org: Org) -> None:
    taken = {"name": "Alder Eve", "manager": "alder-ana", "key": "birch-dora"}
    found = problem(limited("Alder").post("people/", taken), 422, ("", "refused"))
    assert found["detail"] == (
        "Something outside of the tribe that this token is limited to stands in the way of this."
    )


def test_an_answer_is_not_replayed_to_a_token_that_sees_less(org: Org, calling: Any) -> None:
    everything, key = calling("editor", "only Alder"), {"Idempotency-Key": "k"}
    body = {"name": "Birch Eve", "manager": "birch-ana"}
    assert everything("POST", "people/", body, **key).status_code == 201
    assert limited("Alder")("POST", "people/", body, **key).status_code == 422


def test_scopes_beyond_a_tribe_are_refused(org: Org) -> None:
    now = timezone.now()
    with pytest.raises(tokens.BadTerms, match="changes:read is about the whole organization"):
        tokens.check(Terms(("people:read", "changes:read"), tribe=id_of("Alder")), at=now)


def test_a_tribe_that_is_gone_leaves_nothing(org: Org) -> None:
    caller = limited("Cedar")
    assert caller.get("org/").json()["counts"]["people"] == 0
    assert caller.get("people/").json()["results"] == []
