"""Seeking in the log: what was told, as it is read, in every language and in the organization's own words."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from orgmodel import spoken
from orgmodel.changes import services, telling
from orgmodel.changes.models import ChangeSet
from orgmodel.core.operations import CreateTribe, MovePeople, Operation, RenameSquad
from orgmodel.core.vocabulary import STANDARD, vocabulary_of
from tests.build import an_org, id_of, save, squad, tribe, word

pytestmark = pytest.mark.django_db

FORMS = {"sv:one": "område", "sv:many": "områden", "sv:the_one": "området", "sv:article": "ett"}
RENAMED = [word("tribe", "product area", "product areas", FORMS), word("squad", "crew", "crews")]
SWEDISH = {"accept-language": "sv"}


def live(*operations: Operation, message: str = "") -> ChangeSet:
    return services.commit(
        operations, actor=services.Actor("Eve"), message=message, source="web", at=timezone.now()
    )


def told(version: int) -> list[str]:
    return ChangeSet.objects.values_list("told", flat=True).get(version=version).split("\n")


def found_by(browser: Any, text: str, **options: Any) -> list[int]:
    page = browser.get("/history/", {"q": text}, **options)
    assert page.status_code == 200
    return [row.change_set.version for row in page.context["rows"]]


@pytest.fixture
def viewer(as_role: Any) -> Any:
    """Return a reader of a log in which Ana moves (2), a tribe is created (3) and a squad gets a Swedish name (4)."""
    save(an_org(*RENAMED, tribe("Listen", squad("Search", "Ana"), squad("Radio", "Cleo"))))
    live(MovePeople(people=(id_of("Ana"),), to=id_of("Radio")), message="Ömsesidigt önskat.")
    live(CreateTribe(id=id_of("Area 51"), values={"name": "Area 51"}))
    live(RenameSquad(id=id_of("Search"), name="Östra  spåret"))
    return as_role("viewer")


def test_a_commit_keeps_its_sentences_in_every_language_with_the_standard_words(viewer: Any) -> None:
    assert told(2) == ["move ana from search to radio", "flytta ana från search till radio"]
    assert told(3) == ["create tribe area 51", "skapa tribe area 51"]


@pytest.mark.parametrize("text", ["part0", "{person}", "{", "from\\u", "words", '", "', "plural"])
def test_what_sentences_are_made_of_is_not_found(viewer: Any, text: str) -> None:
    assert found_by(viewer, text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("move ana", [2]),
        ("Flytta Ana", [2]),
        ("FLYTTA   Ana från", [2]),
        ("Ömsesidigt önskat", [2]),
        ("Create product area", [3]),
        ("skapa område", [3]),
        ("skapa område area 51", [3]),
        ("create tribe", [3]),
        ("area 51", [3]),
        ("ÖSTRA spåret", [4]),
        ("Rename crew", [4]),
        ("product areas", []),
        ("%", []),
        ("_", []),
    ],
)
@pytest.mark.parametrize("language", ["en", "sv"])
def test_sentences_are_found_as_they_are_read(
    viewer: Any, text: str, found: list[int], language: str
) -> None:
    assert found_by(viewer, text, headers={"accept-language": language}) == found


def test_the_admin_finds_them_too(as_role: Any, viewer: Any) -> None:
    designer, address = as_role("org designer"), reverse("admin:changes_changeset_changelist")

    def found(text: str) -> list[int]:
        return [row.version for row in designer.get(address, {"q": text}).context["cl"].result_list]

    assert found("product area") == [3]
    assert found("Östra rename") == [4]
    assert found("Ana radio flytta") == [2]
    assert found("part0") == []


def test_whoever_commits_goes_on_in_their_language_and_words() -> None:
    save(an_org(*RENAMED, tribe("Listen", squad("Search", "Ana"))))
    vocabulary = vocabulary_of(services.current())
    with spoken.speaking("sv", lambda: vocabulary):
        live(CreateTribe(id=id_of("Play"), values={"name": "Play"}))
        assert translation.gettext("Tribes") == "Områden"
    assert told(2) == ["create tribe play", "skapa tribe play"]


def test_of_a_large_commit_as_much_of_each_language_is_kept(monkeypatch: Any) -> None:
    monkeypatch.setattr(telling, "TOLD_LIMIT", 80)
    save(an_org(tribe("Listen", squad("Search", "Ana"))))
    live(*(CreateTribe(id=id_of(name), values={"name": name}) for name in ("Play", "Pay", "Plan", "Ads")))
    assert told(2) == ["create tribe play", "create tribe pay", "skapa tribe play", "skapa tribe pay"]


def test_older_change_sets_are_found_in_english(viewer: Any) -> None:
    ChangeSet.objects.update(told="")
    import_module("orgmodel.changes.migrations.0012_told").tell(apps, SimpleNamespace(connection=connection))
    assert told(2) == ["move ana from search to radio"]
    assert found_by(viewer, "create tribe area") == [3]
    assert told(4) == ["rename squad search to östra spåret"]


def test_pages_do_not_read_what_is_only_sought(viewer: Any) -> None:
    assert "told" in ChangeSet.objects.get(version=2).get_deferred_fields()


@pytest.mark.parametrize(
    ("text", "language", "standard"),
    [
        ("product areas, a product area and crews", "en", "tribes, a tribe and squads"),
        ("areas and screws", "en", "areas and screws"),
        ("områdets områden", "sv", "tribens tribes"),
        ("the product area's crew", "de", "the tribe's squad"),
    ],
)
def test_own_words_become_standard_ones(text: str, language: str, standard: str) -> None:
    assert vocabulary_of(an_org(*RENAMED)).standardized(text, language) == standard
    assert STANDARD.standardized(text, language) == text
