"""verify_log and org_stats."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from orgmodel.changes import services, store
from orgmodel.changes.models import Change
from orgmodel.core.operations import RenamePerson
from tests.build import an_org, id_of, save, squad, tribe

NOW = datetime(2026, 11, 20, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def verify() -> tuple[list[str], str]:
    """Return what verify_log prints, and what it fails with."""
    out = StringIO()
    try:
        call_command("verify_log", stdout=out)
    except CommandError as failure:
        return out.getvalue().splitlines(), str(failure)
    return out.getvalue().splitlines(), ""


def a_renamed_person() -> None:
    save(an_org(tribe("Payments", squad("Phoenix", "Ana", "Ben"))), at=NOW)
    services.commit(
        [RenamePerson(id=id_of("Ana"), name="Anna")],
        actor=services.Actor("Ben"),
        message="",
        source="web",
        at=NOW,
    )


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_empty_database_agrees_with_its_log() -> None:
    assert verify() == (["The log and the tables agree at version 0."], "")


def test_a_log_that_led_to_the_tables() -> None:
    a_renamed_person()
    assert verify() == (["The log and the tables agree at version 2."], "")


def test_a_row_changed_behind_the_back_of_the_log() -> None:
    a_renamed_person()
    execute("UPDATE squads_person SET title = 'Boss' WHERE name = 'Ben'")
    assert verify() == (
        [f"person {id_of('Ben')} (Ben): title is '' in the log, 'Boss' in the tables"],
        "1 difference at version 2.",
    )


def test_a_row_deleted_and_a_row_inserted_behind_its_back() -> None:
    a_renamed_person()
    execute(
        "DELETE FROM squads_membership WHERE person_id = (SELECT id FROM squads_person WHERE name = 'Ben')"
    )
    gone = id_of("Ben", "Phoenix")
    assert verify() == (
        [f"membership {gone} (Ben in Phoenix): in the log, not in the tables"],
        "1 difference at version 2.",
    )


def test_a_log_with_a_hole() -> None:
    a_renamed_person()
    Change.objects.filter(change_set__version=2).delete()
    execute("DELETE FROM changes_changeset WHERE version = 2")
    assert verify() == (
        [
            "The log should hold versions 1 to 2, and holds 1 of them.",
            f"person {id_of('Ana')} (Anna): name is 'Ana' in the log, 'Anna' in the tables",
        ],
        "2 differences at version 2.",
    )


def test_a_change_that_builds_on_what_was_not_so() -> None:
    a_renamed_person()
    change = Change.objects.get(change_set__version=2)
    Change.objects.filter(pk=change.pk).update(before={"name": "Annette"})
    found, failure = verify()
    assert found[0] == f"Version 2 builds on what was not so: person {id_of('Ana')} name"
    assert failure == "2 differences at version 2."


def test_stats_as_json() -> None:
    a_renamed_person()
    out = StringIO()
    call_command("org_stats", format="json", stdout=out)
    body = json.loads(out.getvalue())
    assert (body["name"], body["version"], body["is_demo"]) == ("My organization", 2, False)
    assert body["counts"]["people"] == {"open": 2, "closed": 0}
    assert list(body["counts"]) == [
        "people",
        "tribes",
        "squads",
        "memberships",
        "chapters",
        "chapter_members",
        "guilds",
        "guild_members",
        "missions",
        "vacancies",
        "roles",
        "squad_lineages",
        "tribe_lineages",
        "chapter_lineages",
        "domains",
        "systems",
        "system_owners",
        "person_skills",
        "dependencies",
        "coachings",
        "rule_settings",
        "waivers",
        "words",
    ]


def test_stats_as_a_table() -> None:
    a_renamed_person()
    out = StringIO()
    call_command("org_stats", stdout=out)
    assert out.getvalue().splitlines()[:3] == [
        "My organization, version 2",
        "                      open    closed",
        "people                   2         0",
    ]
    assert store.head().version == 2
