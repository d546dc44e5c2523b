"""The admin of organization records: what a save means, what is refused, and that nothing is half-written."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.urls import reverse

from orgmodel.changes import services
from orgmodel.changes.models import ChangeSet
from orgmodel.core.operations import MovePeople, Refused, RenameSquad
from squads.models import Membership, Person, Squad, Tribe
from tests.build import an_org, chapter, guild, id_of, mission, person, role, save, squad, tribe, vacancy
from tests.web.admin_pages import act, add_page, change_page, errors_of


@pytest.fixture
def designer(as_role: Any) -> Any:
    browser = as_role("org designer")
    browser.user.first_name, browser.user.last_name = "Dora", "Sign"
    browser.user.save()
    save(
        an_org(
            role("Product owner", leads=True),
            role("Engineer"),
            mission("Find anything"),
            tribe(
                "Payments",
                squad("Phoenix", "Ana", "Ben", shares={"Ana": 60}),
                squad("Heron"),
                chapter("Web", "Ana"),
            ),
            tribe("Growth"),
            guild("Testing", "Ben"),
            vacancy("Backend engineer", squad="Heron"),
            person("Cleo"),
        )
    )
    return browser


def last(version: int = 2) -> ChangeSet:
    """Return the latest change set, which is the only one after the first."""
    change_set = ChangeSet.objects.latest("version")
    assert change_set.version == version
    assert (change_set.source, change_set.message, change_set.actor_name) == (
        "admin",
        "Because.",
        "Dora Sign",
    )
    return change_set


def nothing_written() -> bool:
    return ChangeSet.objects.latest("version").version == 1


# The record itself


def test_create(designer: Any) -> None:
    page = add_page(designer, "squads_squad")
    response = page.save(name="Albatross", tribe=id_of("Payments"), type="platform", user_facing="on")
    assert response.status_code == 302
    assert last().sentences == ["Create squad Albatross"]
    row = Squad.objects.get(name="Albatross")
    assert (row.key, row.tribe_id, row.type, row.user_facing) == (
        "albatross",
        id_of("Payments"),
        "platform",
        True,
    )


def test_create_with_members_is_one_change_set(designer: Any) -> None:
    page = add_page(designer, "squads_squad")
    row = {"person": id_of("Cleo"), "share": "50", "kind": "permanent", "role": id_of("Engineer")}
    response = page.save_rows("memberships", row, name="Albatross")
    assert response.status_code == 302, errors_of(response)
    assert last().sentences == ["Create squad Albatross", "Add Cleo to Albatross as engineer at 50 %"]
    squad_row = Squad.objects.get(name="Albatross")
    assert list(squad_row.memberships.values_list("person", "share", "role")) == [
        (id_of("Cleo"), 50, id_of("Engineer"))
    ]


def test_a_double_click_creates_once(designer: Any) -> None:
    page = add_page(designer, "squads_person")
    assert page.save(name="Dana").status_code == 302
    assert errors_of(page.save(name="Dana")) == ["This person exists already."]
    assert Person.objects.filter(name="Dana").count() == 1


def test_edit_says_only_what_differs(designer: Any) -> None:
    page = change_page(designer, "squads_squad", id_of("Phoenix"))
    response = page.save(
        name="Firebird",
        tribe=id_of("Growth"),
        mission=id_of("Find anything"),
        state="forming",
        review_on="2026-12-01",
    )
    assert response.status_code == 302
    assert last().sentences == [
        "Rename squad Phoenix to Firebird",
        "Move squad Firebird from Payments to Growth",
        "Give Firebird the mission “Find anything”",
        "Edit squad Firebird: state and mission review on",
    ]
    assert last().change_count == 1


@pytest.mark.parametrize(
    ("model", "name", "fields", "sentences"),
    [
        ("squads_role", "Engineer", {"craft": "backend"}, ["Edit role Engineer: craft"]),
        (
            "squads_person",
            "Ana",
            {"name": "Anna", "city": "Oslo"},
            ["Rename person Ana to Anna", "Edit person Anna: city"],
        ),
        ("squads_person", "Ana", {"manager": id_of("Ben")}, ["Edit person Ana: manager"]),
        ("squads_person", "Ana", {"external_ids": "hris: 4711"}, ["Edit person Ana: external ids"]),
        ("squads_mission", "Find anything", {"statement": "Find it"}, ["Reword mission “Find anything”"]),
        ("squads_mission", "Find anything", {"target": "1.5"}, ["Edit mission Find anything: target"]),
        ("squads_tribe", "Payments", {"name": "Money"}, ["Rename tribe Payments to Money"]),
        ("squads_tribe", "Payments", {"lead": id_of("Ana")}, ["Make Ana tribe lead of Payments"]),
        ("squads_tribe", "Payments", {"design_lead": id_of("Ben")}, ["Make Ben design lead of Payments"]),
        ("squads_tribe", "Payments", {"purpose": "Money moves."}, ["Edit tribe Payments: purpose"]),
        ("squads_vacancy", "Backend engineer", {"level": "senior"}, ["Edit vacancy Backend engineer: level"]),
        ("guilds_chapter", "Web", {"name": "Browser"}, ["Rename chapter Web to Browser"]),
        ("guilds_chapter", "Web", {"lead": id_of("Ana")}, ["Make Ana chapter lead of Web"]),
        ("guilds_chapter", "Web", {"competency": "HTML"}, ["Edit chapter Web: competency"]),
        ("guilds_guild", "Testing", {"name": "Quality"}, ["Rename guild Testing to Quality"]),
        ("guilds_guild", "Testing", {"coordinator": id_of("Ana")}, ["Make Ana coordinator of Testing"]),
        ("guilds_guild", "Testing", {"sponsor": id_of("Ana")}, ["Edit guild Testing: sponsor"]),
    ],
)
def test_every_kind_is_edited_by_its_operations(
    designer: Any, model: str, name: str, fields: dict[str, str], sentences: list[str]
) -> None:
    assert change_page(designer, model, id_of(name)).save(**fields).status_code == 302
    assert last().sentences == sentences


@pytest.mark.parametrize(
    ("model", "fields", "sentences"),
    [
        ("squads_role", {"name": "Designer"}, ["Create role Designer"]),
        ("squads_person", {"name": "Dana"}, ["Hire Dana"]),
        ("squads_mission", {"statement": "Pay anybody"}, ["Create mission Pay anybody"]),
        ("squads_tribe", {"name": "Trust"}, ["Create tribe Trust"]),
        ("squads_vacancy", {"title": "Writer", "squad": id_of("Heron")}, ["Open vacancy Writer in Heron"]),
        ("squads_membership", {"person": id_of("Cleo"), "squad": id_of("Heron")}, ["Add Cleo to Heron"]),
        ("guilds_chapter", {"name": "Data"}, ["Create chapter Data"]),
        (
            "guilds_chaptermember",
            {"person": id_of("Cleo"), "chapter": id_of("Web")},
            ["Move Cleo to chapter Web"],
        ),
        ("guilds_guild", {"name": "Writing"}, ["Create guild Writing"]),
        (
            "guilds_guildmember",
            {"person": id_of("Cleo"), "guild": id_of("Testing")},
            ["Add Cleo to guild Testing"],
        ),
    ],
)
def test_every_kind_is_created_by_its_operation(
    designer: Any, model: str, fields: dict[str, str], sentences: list[str]
) -> None:
    assert add_page(designer, model).save(**fields).status_code == 302
    assert last().sentences == sentences


def test_saving_a_page_as_it_stands_changes_nothing(designer: Any) -> None:
    for model, name in (
        ("squads_squad", "Phoenix"),
        ("squads_person", "Ana"),
        ("squads_mission", "Find anything"),
    ):
        response = change_page(designer, model, id_of(name)).save()
        assert errors_of(response) == ["Nothing was changed, so there is nothing to save."]
    assert nothing_written()


# What is refused


def test_a_reason_is_required(designer: Any) -> None:
    response = change_page(designer, "squads_squad", id_of("Phoenix")).save(reason=" ", name="Firebird")
    assert response.context["adminform"].form.errors == {"reason": ["This field is required."]}
    assert nothing_written()


def test_a_broken_rule_stands_at_its_field(designer: Any) -> None:
    response = change_page(designer, "squads_squad", id_of("Phoenix")).save(name="heron")
    assert response.context["adminform"].form.errors == {
        "name": ["There is already a squad “heron” in Payments."]
    }
    assert nothing_written()


def test_a_refusal_stands_at_its_field(designer: Any) -> None:
    response = change_page(designer, "squads_person", id_of("Ana")).save(status="left")
    found = response.context["adminform"].form.errors
    assert found == {"status": ["Offboard the person instead, so that their squads and roles are settled."]}
    assert nothing_written()


def test_a_bad_row_stands_at_its_field_and_nothing_is_written(designer: Any) -> None:
    page = change_page(designer, "squads_squad", id_of("Phoenix"))
    row = {"person": id_of("Cleo"), "share": "300", "kind": "permanent"}
    response = page.save_rows("memberships", row, name="Firebird")
    rows = response.context["inline_admin_formsets"][0].formset.forms
    assert rows[-1].errors == {"share": ["Share in percent must be a whole number from 1 to 100."]}
    assert nothing_written()


def test_until_before_since_stands_at_until(designer: Any) -> None:
    page = change_page(designer, "squads_squad", id_of("Phoenix"))
    row = page.row_of("memberships", id_of("Ana", "Phoenix"))
    response = page.save(**{f"{row}-since": "2026-03-01", f"{row}-until": "2026-02-01"})
    rows = response.context["inline_admin_formsets"][0].formset.forms
    assert rows[0].errors == {"until": ["Ana would leave on 2026-02-01 before joining on 2026-03-01."]}
    assert nothing_written()


def test_somebody_who_is_in_the_squad_already(designer: Any) -> None:
    page = change_page(designer, "squads_squad", id_of("Phoenix"))
    response = page.save_rows("memberships", {"person": id_of("Ana"), "kind": "permanent"})
    rows = response.context["inline_admin_formsets"][0].formset.forms
    assert rows[-1].errors == {"person": ["Ana is in Phoenix already."]}
    assert nothing_written()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "a\x00b"},
        {"name": "x" * 201},
        {"name": ""},
        {"tribe": "nonsense"},
        {"tribe": id_of("Nobody")},
        {"tribe": "\x00"},
        {"type": "sports"},
        {"review_on": "2026-02-30"},
        {"review_on": "soon"},
        {"seen": "[" * 100_000},
        {"seen": '{"name": 3}'},
        {"seen": "nonsense"},
        {"reason": "a\x00b"},
        {"reason": "x" * 5_001},
        {"memberships-TOTAL_FORMS": "many"},
        {"memberships-0-share": "a lot"},
        {"memberships-0-share": "99999999999999999999"},
        {"memberships-0-role": "nonsense"},
        {"memberships-0-id": "nonsense"},
        {"memberships-0-id": ""},
        {"memberships-0-seen": "{"},
    ],
    ids=lambda fields: " ".join(f"{name}={value[:20]!r}" for name, value in fields.items()),
)
def test_nonsense_is_a_form_error(designer: Any, fields: dict[str, str]) -> None:
    response = change_page(designer, "squads_squad", id_of("Phoenix")).save(**fields)
    assert errors_of(response) != []
    assert nothing_written()


@pytest.mark.parametrize(
    ("model", "name", "fields"),
    [
        ("squads_person", "Ana", {"external_ids": "no colon"}),
        ("squads_person", "Ana", {"external_ids": "a: 1\na: 2"}),
        ("squads_person", "Ana", {"manager": id_of("Ana")}),
        ("squads_mission", "Find anything", {"target": "1e30"}),
        ("squads_mission", "Find anything", {"statement": "x" * 2_001}),
        ("squads_vacancy", "Backend engineer", {"state": "filled"}),
        ("guilds_guildmember", "", {}),
    ],
)
def test_nonsense_of_other_kinds_is_a_form_error(
    designer: Any, model: str, name: str, fields: dict[str, str]
) -> None:
    page = change_page(designer, model, id_of(name)) if name else add_page(designer, model)
    assert errors_of(page.save(**fields)) != []
    assert nothing_written()


# Two designers at once


def test_a_stale_field_is_a_conflict_with_both_values(designer: Any) -> None:
    page = change_page(designer, "squads_squad", id_of("Phoenix"))
    services.commit(
        [RenameSquad(id=id_of("Phoenix"), name="Swift")],
        actor=services.Actor("Another"),
        message="",
        source="web",
        at=ChangeSet.objects.get().recorded_at,
    )
    response = page.save(name="Firebird")
    assert response.context["adminform"].form.errors == {
        "name": [
            "Somebody changed the name of Swift meanwhile: it was Phoenix, it is Swift now. "
            "Save again to set yours all the same."
        ]
    }
    assert ChangeSet.objects.latest("version").version == 2

    page.fields["seen"] = response.context["adminform"].form["seen"].value()
    assert page.save(name="Firebird").status_code == 302
    assert last(3).sentences == ["Rename squad Swift to Firebird"]


def test_a_field_changed_meanwhile_that_this_page_left_alone_stays(designer: Any) -> None:
    page = change_page(designer, "squads_squad", id_of("Phoenix"))
    services.commit(
        [RenameSquad(id=id_of("Phoenix"), name="Swift")],
        actor=services.Actor("Another"),
        message="",
        source="web",
        at=ChangeSet.objects.get().recorded_at,
    )
    assert page.save(state="forming").status_code == 302
    assert last(3).sentences == ["Edit squad Swift: state"]
    assert Squad.objects.get(pk=id_of("Phoenix")).name == "Swift"


def test_a_row_that_has_gone_meanwhile_is_said_so(designer: Any) -> None:
    page = change_page(designer, "squads_squad", id_of("Phoenix"))
    services.commit(
        [MovePeople(people=(id_of("Ana"),), to=id_of("Heron"))],
        actor=services.Actor("Another"),
        message="",
        source="web",
        at=ChangeSet.objects.get().recorded_at,
    )
    row = page.row_of("memberships", id_of("Ana", "Phoenix"))
    response = page.save(**{f"{row}-share": "80"})
    assert "This row is not there any more" in " ".join(errors_of(response))
    assert Membership.objects.get(pk=id_of("Ana", "Phoenix")).share == 60


@pytest.mark.parametrize("times", [1, 2])
def test_somebody_faster_between_preview_and_commit(designer: Any, times: int) -> None:
    """What is in the way of the commit alone is met by trying once more; then it is said, and nothing is written."""
    page = change_page(designer, "squads_squad", id_of("Phoenix"))
    left = iter(range(times))

    def in_the_way(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "changes_changeset"') and next(left, None) is not None:
            raise Refused("Somebody was faster.")
        return execute(sql, *rest)

    with connection.execute_wrapper(in_the_way):
        response = page.save(name="Firebird")
    assert response.status_code == 302
    shown = [str(message) for message in get_messages(response.wsgi_request)]
    if times == 1:
        assert last().sentences == ["Rename squad Phoenix to Firebird"]
    else:
        assert shown == ["Nothing was saved: Somebody was faster. Please try again."]
        assert nothing_written()
        assert Squad.objects.get(pk=id_of("Phoenix")).name == "Phoenix"


# Rows


def test_rows_are_changed_added_and_removed_in_one_change_set(designer: Any) -> None:
    page = change_page(designer, "squads_squad", id_of("Phoenix"))
    ana, ben = (page.row_of("memberships", id_of(who, "Phoenix")) for who in ("Ana", "Ben"))
    response = page.save_rows(
        "memberships",
        {"person": id_of("Cleo"), "kind": "loan", "since": "2026-11-01"},
        name="Firebird",
        **{f"{ana}-share": "80", f"{ana}-role": id_of("Product owner"), f"{ben}-DELETE": "on"},
    )
    assert response.status_code == 302
    assert last().sentences == [
        "Rename squad Phoenix to Firebird",
        "Take Ben out of Firebird",
        "Edit Ana in Firebird: role and share in percent",
        "Add Cleo to Firebird",
    ]
    found = set(Membership.objects.filter(squad=id_of("Phoenix")).values_list("person", "share", "kind"))
    assert found == {(id_of("Ana"), 80, "permanent"), (id_of("Cleo"), None, "loan")}


def test_chapter_rows(designer: Any) -> None:
    page = change_page(designer, "guilds_chapter", id_of("Web"))
    row = page.row_of("members", id_of("Ana"))
    assert page.save_rows("members", {"person": id_of("Cleo")}, **{f"{row}-DELETE": "on"}).status_code == 302
    assert last().sentences == ["Take Ana out of chapter Web", "Move Cleo to chapter Web"]


def test_guild_rows(designer: Any) -> None:
    page = change_page(designer, "guilds_guild", id_of("Testing"))
    row = next(name.removesuffix("-role") for name in page.fields if name.endswith("-role"))
    response = page.save_rows(
        "members", {"person": id_of("Cleo"), "role": "host"}, **{f"{row}-role": "speaker"}
    )
    assert response.status_code == 302
    assert last().sentences == ["Make Ben speaker in guild Testing", "Add Cleo to guild Testing"]


def test_a_large_guild_keeps_its_members_in_their_own_list(designer: Any) -> None:
    save_more = [person(f"P{number}") for number in range(201)]
    grown = an_org(*save_more, guild("Everybody", *(f"P{number}" for number in range(201))))
    from orgmodel.core.changes import diff
    from orgmodel.core.operations import ApplyChanges
    from orgmodel.core.org import Org

    services.commit(
        [ApplyChanges(title="Grow", changes=tuple(diff(Org.empty(), grown)))],
        actor=services.Actor("Another"),
        message="",
        source="import",
        at=ChangeSet.objects.get().recorded_at,
    )
    page = change_page(designer, "guilds_guild", id_of("Everybody"))
    assert "members-TOTAL_FORMS" not in page.fields
    assert page.save(name="All").status_code == 302
    assert last(3).sentences == ["Rename guild Everybody to All"]


# Actions


def test_move_people_in_bulk(designer: Any) -> None:
    ids = [id_of(name) for name in ("Ana", "Ben", "Cleo")]
    asked = act(designer, "squads_person", "move", *ids)
    assert sorted(asked.context["sentences"]) == ["Ana", "Ben", "Cleo"]
    response = act(designer, "squads_person", "move", *ids, reason="Because.", squad=id_of("Heron"))
    assert response.status_code == 302
    assert last().sentences == ["Move Ana and Ben from Phoenix to Heron", "Add Cleo to Heron"]
    assert Membership.objects.filter(squad=id_of("Heron")).count() == 3


def test_an_action_asks_for_a_reason(designer: Any) -> None:
    response = act(designer, "squads_person", "move", id_of("Ana"), reason="", squad=id_of("Heron"))
    assert response.context["form"].errors == {"reason": ["This field is required."]}
    assert nothing_written()


def test_an_action_that_is_refused_says_why_and_writes_nothing(designer: Any) -> None:
    ids = (id_of("Heron"), id_of("Phoenix"))
    response = act(designer, "squads_squad", "close", *ids, reason="Because.", on="2026-11-20")
    assert errors_of(response) == ["Heron still has 1 open vacancy (Backend engineer). Move them first."]
    assert nothing_written()


@pytest.mark.parametrize(
    ("model", "action", "name", "fields", "sentence"),
    [
        ("squads_tribe", "close", "Growth", {"on": "2026-11-20"}, "Close tribe Growth"),
        ("squads_mission", "close", "Find anything", {"on": "2026-11-20"}, "Retire mission “Find anything”"),
        ("guilds_guild", "close", "Testing", {"on": "2026-11-20"}, "Close guild Testing, 1 member leaves"),
        ("squads_vacancy", "close", "Backend engineer", {}, "Close vacancy Backend engineer"),
        (
            "squads_vacancy",
            "fill",
            "Backend engineer",
            {"person": id_of("Cleo"), "share": "50"},
            "Fill vacancy Backend engineer with Cleo",
        ),
        ("squads_person", "offboard", "Ana", {}, "Offboard Ana"),
        ("squads_person", "chapter", "Ben", {"chapter": id_of("Web")}, "Move Ben to chapter Web"),
        ("squads_person", "chapter", "Ana", {}, "Take Ana out of chapter Web"),
        ("squads_role", "remove", "Engineer", {}, "Remove role Engineer"),
    ],
)
def test_every_action(
    designer: Any, model: str, action: str, name: str, fields: dict[str, str], sentence: str
) -> None:
    assert act(designer, model, action, id_of(name)).status_code == 200
    assert act(designer, model, action, id_of(name), reason="Because.", **fields).status_code == 302
    assert last().sentences == [sentence]


@pytest.mark.parametrize(
    ("model", "ids", "sentence"),
    [
        ("squads_membership", (id_of("Ana", "Phoenix"),), "Take Ana out of Phoenix"),
        ("guilds_chaptermember", (id_of("Ana"),), "Take Ana out of chapter Web"),
    ],
)
def test_members_are_taken_out(designer: Any, model: str, ids: tuple[str], sentence: str) -> None:
    assert act(designer, model, "leave", *ids, reason="Because.").status_code == 302
    assert last().sentences == [sentence]


def test_close_and_reopen_from_the_page(designer: Any) -> None:
    page = designer.get(reverse("admin:squads_tribe_change", args=[id_of("Growth")]))
    assert [action.name for action in page.context["offered"]] == ["close", "merge"]
    response = act(designer, "squads_tribe", "close", id_of("Growth"), reason="Because.", on="2026-11-20")
    assert response.url == reverse("admin:squads_tribe_change", args=[id_of("Growth")])
    page = designer.get(response.url)
    assert [action.name for action in page.context["offered"]] == ["reopen"]
    assert act(designer, "squads_tribe", "reopen", id_of("Growth"), reason="Because.").status_code == 302
    assert Tribe.objects.get(name="Growth").closed_on is None


def test_selected_squads_merge_into_one(designer: Any) -> None:
    page = designer.get(reverse("admin:squads_squad_change", args=[id_of("Heron")]))
    assert page.context["pages"] == [("Split on dashboard", "/squads/heron/split/")]
    answer = act(
        designer,
        "squads_squad",
        "merge",
        id_of("Phoenix"),
        id_of("Heron"),
        into=id_of("Heron"),
        on="2026-11-20",
        reason="Because.",
    )
    assert answer.status_code == 302
    assert last().sentences == ["Merge squad Phoenix into Heron"]
    refused = act(
        designer,
        "squads_squad",
        "merge",
        id_of("Heron"),
        into=id_of("Heron"),
        on="2026-11-20",
        reason="Because.",
    )
    assert errors_of(refused) == ["Choose at least one squad to merge into Heron."]


def test_a_squad_closes_with_an_heir(designer: Any) -> None:
    answer = act(
        designer,
        "squads_squad",
        "close",
        id_of("Phoenix"),
        to=id_of("Heron"),
        on="2026-11-20",
        reason="Because.",
    )
    assert answer.status_code == 302
    assert last().sentences == ["Close squad Phoenix, everything it holds goes to Heron"]


def test_offboarding_says_beforehand_what_it_leaves_empty(designer: Any) -> None:
    change_page(designer, "squads_tribe", id_of("Payments")).save(lead=id_of("Ana"))
    asked = act(designer, "squads_person", "offboard", id_of("Ana"))
    assert asked.context["sentences"] == ["Offboard Ana, which leaves empty: tribe lead of Payments"]


def test_an_action_on_what_is_not_there(designer: Any) -> None:
    assert act(designer, "squads_person", "move", id_of("Nobody")).status_code == 302
    assert act(designer, "squads_person", "move", "nonsense\x00").status_code == 400
    assert nothing_written()


def test_nothing_is_deleted(designer: Any) -> None:
    response = designer.post(reverse("admin:squads_squad_delete", args=[id_of("Phoenix")]), {"post": "yes"})
    assert response.status_code == 403
    assert act(designer, "squads_squad", "delete_selected", id_of("Phoenix"), post="yes").status_code == 302
    assert Squad.objects.filter(pk=id_of("Phoenix")).exists()


def test_history_of_a_record_comes_from_the_log(designer: Any) -> None:
    change_page(designer, "squads_squad", id_of("Phoenix")).save(name="Firebird")
    response = designer.get(reverse("admin:squads_squad_history", args=[id_of("Phoenix")]))
    assert [event.sentence for event in response.context["events"]] == [
        "Rename squad Phoenix to Firebird",
        "Found the organization",
    ]
