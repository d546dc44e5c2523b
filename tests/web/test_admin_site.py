"""The admin as a whole: who gets in, every list and page, what they cost, the log that nobody edits, logins."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from orgmodel.access import roles
from orgmodel.changes import drafts, services, sharing
from orgmodel.changes.models import Change, ChangeSet, Freeze, Snapshot
from orgmodel.changes.registry import registered
from orgmodel.changes.services import Actor
from orgmodel.core.operations import CreateTribe, MovePeople
from orgmodel.core.rules.settings import RULES
from orgmodel.exports import links
from orgmodel.integrations import tokens
from orgmodel.integrations.models import Integration, Token
from orgmodel.redaction import TOKEN
from tests.build import (
    an_org,
    chapter,
    coaching,
    domain,
    guild,
    id_of,
    mission,
    needs,
    role,
    save,
    setting,
    skills,
    squad,
    system,
    tribe,
    vacancy,
    waiver,
    word,
)
from tests.web.admin_pages import act, add_page, change_page, errors_of

RECORDS = [
    "squads_role",
    "squads_person",
    "squads_mission",
    "squads_tribe",
    "squads_squad",
    "squads_membership",
    "squads_vacancy",
    "squads_domain",
    "squads_system",
    "squads_systemowner",
    "squads_personskill",
    "squads_dependency",
    "squads_coaching",
    "findings_rulesetting",
    "findings_waiver",
    "language_word",
    "guilds_chapter",
    "guilds_chaptermember",
    "guilds_guild",
    "guilds_guildmember",
]
LINEAGE = ["squads_squadlineage", "squads_tribelineage", "guilds_chapterlineage"]
LOG = ["changes_changeset", "changes_change", "changes_draft", "changes_snapshot", "exports_sharelink"]
SITE = ["auth_user", "integrations_integration", "integrations_token", "changes_freeze", "pages_savedview"]
CONNECTED = [
    "integrations_columnmapping",
    "scim_scimgroup",
    "scim_scimuser",
    "webhooks_delivery",
    "webhooks_subscription",
]


def people(count: int) -> tuple[str, ...]:
    return tuple(f"Person {number}" for number in range(count))


def an_organization(count: int) -> Any:
    """An organization with this many of everything that a list may show."""
    everybody = people(count)
    many = range(count)
    return an_org(
        *(role(f"Role {number}") for number in many),
        *(mission(f"Mission {number}") for number in many),
        tribe("Payments", squad("Phoenix", *everybody[:8]), chapter("Web", *everybody[:8]), lead="Person 0"),
        *(tribe(f"Tribe {number}", lead="Person 0") for number in many),
        *(squad(f"Squad {number}", everybody[number], tribe="Payments") for number in many),
        *(chapter(f"Chapter {number}", tribe="Payments", lead="Person 0") for number in many),
        *(guild(f"Guild {number}", everybody[number], coordinator="Person 0") for number in many),
        *(vacancy(f"Vacancy {number}", squad="Phoenix", hiring_manager="Person 0") for number in many),
        *(domain(f"Domain {number}", squad="Phoenix") for number in many),
        *(
            system(f"System {number}", {everybody[number]: "both"}, squad="Phoenix", domain="Domain 0")
            for number in many
        ),
        *(skills(who, Go="expert") for who in everybody),
        *(needs(f"Squad {number}", "Phoenix", level="blocking") for number in many),
        *(coaching("Person 0", f"Squad {number}") for number in many),
        *(setting(code, is_on=False) for code in [*RULES][:count]),
        word("tribe", "area", "areas"),
        *(waiver(f"SQ-01:squad:{id_of(f'Squad {number}')}", reason="It splits.") for number in many),
    )


def make_draft(user: Any) -> None:
    operation = CreateTribe(id=id_of("Planned"), values={"name": "Planned"})
    draft = drafts.create_draft("Plan", owner_id=user.pk, at=timezone.now(), operations=[operation])
    Snapshot.objects.create(key="then", name="Then", version=1, author=user, created_at=timezone.now())
    tokens.issue("hris", roles.EDITOR, at=timezone.now())
    links.make(draft, "14", by=user.pk, at=timezone.now())


# Who gets in


@pytest.mark.parametrize("role_name", ["viewer", "planner", "editor"])
@pytest.mark.parametrize(
    "name", ["index", "squads_person_changelist", "squads_person_add", "auth_user_changelist"]
)
def test_only_org_designers_get_in(as_role: Any, role_name: str, name: str) -> None:
    assert as_role(role_name).get(reverse(f"admin:{name}")).status_code == 403


def test_is_staff_opens_nothing(as_role: Any) -> None:
    browser = as_role("editor")
    User.objects.filter(pk=browser.user.pk).update(is_staff=True)
    assert browser.get(reverse("admin:index")).status_code == 403


@pytest.mark.parametrize("name", ["index", "login", "squads_person_changelist"])
def test_strangers_are_sent_to_our_login(db: None, client: Any, name: str) -> None:
    response = client.get(reverse(f"admin:{name}"))
    assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("login"))


def test_index_of_an_empty_organization(as_role: Any) -> None:
    response = as_role("org designer").get(reverse("admin:index"))
    shown = {
        f"{m['model']._meta.app_label}_{m['model']._meta.model_name}"
        for app in response.context["app_list"]
        for m in app["models"]
    }
    assert shown == {*RECORDS, *LINEAGE, *LOG, *SITE, *CONNECTED}
    assert reverse("overview").encode() in response.content


def test_names_of_apps_and_tables_read_like_those_of_people(as_role: Any) -> None:
    response = as_role("org designer").get(reverse("admin:index"))
    apps = {
        app["name"]: [str(model["name"]) for model in app["models"]] for app in response.context["app_list"]
    }
    assert apps["Webhooks"] == ["Deliveries", "Subscriptions"]
    assert apps["SCIM"] == ["SCIM groups", "SCIM users"]
    assert [name for name in apps if not name[:1].isupper()] == []


def test_every_table_of_the_organization_is_here() -> None:
    assert {f"{m._meta.app_label}_{m._meta.model_name}" for m in registered().values()} == {
        *RECORDS,
        *LINEAGE,
    }


# Every list and page


@pytest.mark.parametrize("model", [*RECORDS, *LINEAGE, *LOG, *SITE])
def test_list_and_search_without_rows(as_role: Any, model: str) -> None:
    browser = as_role("org designer")
    address = reverse(f"admin:{model}_changelist")
    assert browser.get(address).status_code == 200
    assert browser.get(address, {"q": "nothing like it"}).status_code == 200


@pytest.mark.parametrize("model", RECORDS)
def test_add_page_without_rows(as_role: Any, model: str) -> None:
    response = as_role("org designer").get(reverse(f"admin:{model}_add"))
    assert response.status_code == 200
    assert b'name="reason"' in response.content


@pytest.mark.parametrize("count", [1, 300])
def test_every_list_and_page_at_a_fixed_number_of_queries(
    as_role: Any, django_assert_num_queries: Any, count: int
) -> None:
    browser = as_role("org designer")
    save(an_organization(count))
    make_draft(browser.user)
    browser.get(reverse("admin:index"))
    for model in (*RECORDS, *LOG):
        app, name = model.split("_")
        model_admin = next(
            a for m, a in admin.site._registry.items() if m._meta.label_lower == f"{app}.{name}"
        )
        extra = {"squads_membership": 1}.get(model, 0)  # the roles to filter by
        with django_assert_num_queries(5 + extra):  # session, user, head, count, rows
            response = browser.get(reverse(f"admin:{model}_changelist"), {"q": ""})
        assert response.status_code == 200
        row = model_admin.model._default_manager.order_by("pk").first()
        page = browser.get(reverse(f"admin:{model}_change", args=[row.pk]))
        assert (page.status_code, page.context["original"]) == (200, row)
        assert browser.get(reverse(f"admin:{model}_history", args=[row.pk])).status_code == 200


def test_a_squad_page_costs_no_query_for_a_member(as_role: Any, django_assert_num_queries: Any) -> None:
    browser = as_role("org designer")
    save(an_org(tribe("Payments", squad("Small", "Ana"), squad("Large", *people(100)))))
    browser.get(reverse("admin:squads_squad_change", args=[id_of("Small")]))
    for name in ("Small", "Large"):
        # session, user, head, squad, members, tribe chosen
        with django_assert_num_queries(6):
            assert browser.get(reverse("admin:squads_squad_change", args=[id_of(name)])).status_code == 200


def test_find_by_typing(as_role: Any) -> None:
    browser = as_role("org designer")
    save(
        an_org(
            tribe(
                "Payments", squad("Phoenix", "Ana", "Ben"), squad("Gone phoenix", closed_on=date(2026, 1, 1))
            )
        )
    )
    address = reverse("admin:autocomplete")
    field = {"app_label": "squads", "model_name": "membership", "field_name": "person"}
    found = browser.get(address, field | {"term": "an"}).json()["results"]
    assert found == [{"id": id_of("Ana"), "text": "Ana"}]
    squads = browser.get(address, field | {"field_name": "squad", "term": "phoe"}).json()["results"]
    assert squads == [{"id": id_of("Phoenix"), "text": "Phoenix · Payments"}]
    assert browser.get(address, field | {"term": "a " * 3000}).status_code == 200
    assert browser.get(address, field | {"term": "a\x00"}).status_code == 400


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"q": "\x00"}, 400),
        ({"q": "a " * 3000}, 200),
        ({"status__exact": "\x00"}, 400),
        ({"manager__id__exact": "nonsense"}, 302),
        ({"p": "99999"}, 200),
        ({"o": "99.x"}, 200),
        ({"nonsense": "1"}, 302),
        ({"here": "nonsense"}, 200),
    ],
)
def test_nonsense_in_a_list_address(as_role: Any, query: dict[str, str], status: int) -> None:
    browser = as_role("org designer")
    save(an_org(tribe("Payments", squad("Phoenix", "Ana"))))
    assert browser.get(reverse("admin:squads_person_changelist"), query).status_code == status


def test_a_page_of_what_is_not_there(as_role: Any) -> None:
    browser = as_role("org designer")
    for id_ in (id_of("Nobody"), "nonsense", "%00"):
        for page in ("change", "history"):
            address = reverse(f"admin:squads_person_{page}", args=[id_])
            assert browser.get(address).status_code == 302


# The log


@pytest.mark.parametrize("model", LOG)
def test_the_log_cannot_be_edited(as_role: Any, model: str) -> None:
    browser = as_role("org designer")
    save(an_org(tribe("Payments", squad("Phoenix", "Ana"))))
    make_draft(browser.user)
    model_admin = next(
        a for m, a in admin.site._registry.items() if m._meta.label_lower == model.replace("_", ".")
    )
    row = model_admin.model._default_manager.order_by("pk").first()
    before = model_admin.model._default_manager.values().get(pk=row.pk)
    assert browser.get(reverse(f"admin:{model}_add")).status_code == 403
    assert browser.post(reverse(f"admin:{model}_change", args=[row.pk]), {"name": "x"}).status_code == 403
    assert browser.post(reverse(f"admin:{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    act(browser, model, "delete_selected", str(row.pk), post="yes")
    assert model_admin.model._default_manager.values().get(pk=row.pk) == before


def test_no_admin_class_writes_rows() -> None:
    """Saving goes through commit(); only logins and tokens are rows of the admin's own."""
    root = Path(__file__).resolve().parents[2]
    names = {
        "save",
        "delete",
        "create",
        "update",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
    }
    files = [
        "squads/admin.py",
        "guilds/admin.py",
        "orgmodel/findings/admin.py",
        *(f"orgmodel/changes/{n}.py" for n in ("admin", "admin_forms", "record_admin", "record_actions")),
    ]
    for file in files:
        tree = ast.parse((root / file).read_text())
        calls = {
            node.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
        }
        assert calls <= {"create"}, file  # self.create is the operation that creates a record


# Drafts


def test_a_draft_with_what_it_says_holds_and_hears(as_role: Any) -> None:
    browser = as_role("org designer")
    save(an_org(tribe("Payments", squad("Phoenix", "Ana", "Ben"), squad("Comet", "Cleo"))))
    now = timezone.now()
    moves = [MovePeople(people=(id_of(name),), to=id_of("Comet")) for name in ("Ana", "Ben")]
    draft = drafts.create_draft("Autumn", owner_id=browser.user.pk, at=now, operations=moves)
    drafts.describe(draft, {"intent": "One team", "keep_together": [[id_of("Ana"), id_of("Ben")]]}, at=now)
    drafts.note(draft, 1, "She asked for it", at=now)
    drafts.park(draft, 2, at=now)
    sharing.comment(draft, "Talk to <Ana> first", author_id=browser.user.pk, at=now)
    page = browser.get(reverse("admin:changes_draft_change", args=[draft.pk])).content.decode()
    for text in (
        "One team",
        "<li>Ana, Ben</li>",
        "<li>Move Ana from Phoenix to Comet (She asked for it)</li>",
        "<li>Move Ben from Phoenix to Comet</li>",
        "Talk to &lt;Ana&gt; first",
    ):
        assert text in page


def test_private_drafts_of_others_are_not_in_the_admin_either(as_role: Any) -> None:
    browser, other = as_role("org designer"), as_role("planner", "paula")
    save(
        an_org(
            tribe("Payments", squad("Phoenix", "Ana"), squad("Comet")),
            tribe("Search", squad("Ranking", "Dan"), squad("Index")),
        )
    )
    now = timezone.now()
    moves = [
        MovePeople(people=(id_of("Ana"),), to=id_of("Comet")),
        MovePeople(people=(id_of("Dan"),), to=id_of("Index")),
    ]
    draft = drafts.create_draft("Secret", owner_id=other.user.pk, at=now, operations=moves)
    drafts.describe(draft, {"problem": "Too many teams"}, at=now)
    address = reverse("admin:changes_draft_change", args=[draft.pk])
    assert "Secret" not in browser.get(reverse("admin:changes_draft_changelist")).content.decode()
    assert browser.get(address).status_code == 302
    sharing.invite(draft, browser.user, can="view", tribe=id_of("Search"))
    page = browser.get(address).content.decode()
    assert "Move Dan from Ranking to Index" in page
    assert "Move Ana" not in page
    assert "Too many teams" not in page
    assert "Too many teams" not in browser.get(address, headers={"accept-language": "sv"}).content.decode()
    sharing.show(draft, "everyone", at=now)
    page = browser.get(address).content.decode()
    assert ("Move Ana from Phoenix to Comet" in page, "Too many teams" in page) == (True, True)


def test_freezes_are_kept_in_the_admin(as_role: Any) -> None:
    browser = as_role("org designer")
    page = add_page(browser, "changes_freeze")
    wrong = page.save(name="Holidays", first_on="2026-12-31", last_on="2026-12-20")
    assert errors_of(wrong) == ["The last day is before the first."]
    assert page.save(name="Holi\0days", first_on="2026-12-20", last_on="2026-12-31").status_code == 200
    assert page.save(name="Holidays", first_on="2026-12-20", last_on="2026-12-31").status_code == 302
    freeze = Freeze.objects.get()
    page = change_page(browser, "changes_freeze", str(freeze.pk))
    assert page.save(name="Year end").status_code == 302
    assert Freeze.objects.values_list("name", "first_on", "last_on").get() == (
        "Year end",
        date(2026, 12, 20),
        date(2026, 12, 31),
    )
    assert (
        browser.post(reverse("admin:changes_freeze_delete", args=[freeze.pk]), {"post": "yes"}).status_code
        == 302
    )
    assert not Freeze.objects.exists()
    assert as_role("editor").get(reverse("admin:changes_freeze_changelist")).status_code == 403


@pytest.mark.parametrize(
    ("language", "cells"),
    [
        ("en", ("membership", "Ana", "squad: Phoenix → Dragon, since: 3 March 2026")),
        ("sv", ("tillhörighet", "Ana", "squad: Phoenix → Dragon, sedan: 3 mars 2026")),
    ],
)
def test_changes_are_told_in_words(as_role: Any, language: str, cells: tuple[str, ...]) -> None:
    browser = as_role("org designer")
    save(an_org(tribe("Payments", squad("Phoenix", "Ana"), squad("Dragon", "Ben"))))
    move = MovePeople(people=(id_of("Ana"),), to=id_of("Dragon"), since=date(2026, 3, 3))
    services.commit([move], actor=Actor("Eve"), message="", source="web", at=timezone.now())
    change, spoken = Change.objects.latest("pk"), {"accept-language": language}
    listed = browser.get(reverse("admin:changes_change_changelist"), headers=spoken).content.decode()
    page = browser.get(reverse("admin:changes_change_change", args=[change.pk]), headers=spoken)
    for column, cell in zip(("about", "subject", "differs"), cells, strict=True):
        assert f'<td class="field-{column}">{cell}</td>' in listed
        assert f'<div class="readonly">{cell}</div>' in page.content.decode()


def test_a_waiver_is_listed_by_what_it_is_about(as_role: Any) -> None:
    browser = as_role("org designer")
    key = f"SQ-01:squad:{id_of('Phoenix')}"
    save(
        an_org(tribe("Payments", squad("Phoenix", "Ana")), waiver(key, state="acknowledged", reason="Known"))
    )
    page = browser.get(reverse("admin:findings_waiver_changelist")).content.decode()
    assert ">SQ-01 for squad Phoenix</a>" in page


def test_what_was_learned_is_shown(as_role: Any) -> None:
    browser = as_role("org designer")
    save(an_org(tribe("Payments", squad("Phoenix", "Ana"))))
    created = ChangeSet.objects.get()
    services.undo(created, actor=Actor("Ana"), message="Back", learning="Ask first", at=timezone.now())
    undone = ChangeSet.objects.get(undoes=created)
    assert b"Ask first" in browser.get(reverse("admin:changes_changeset_change", args=[undone.pk])).content


# Logins and tokens


def test_a_login_with_a_role(as_role: Any, client: Any) -> None:
    browser = as_role("org designer")
    page = add_page(browser, "auth_user")
    password = "a passphrase nobody else has"
    response = page.save(
        username="nils", password1=password, password2=password, usable_password="true", role="editor"
    )
    assert response.status_code == 302
    nils = User.objects.get(username="nils")
    assert (roles.role_of(nils), nils.is_staff, nils.is_superuser) == ("editor", False, False)
    page = change_page(browser, "auth_user", str(nils.pk))
    assert page.fields["role"] == "editor"
    assert page.save(role="org designer", email="nils@example.org").status_code == 302
    assert roles.role_of(User.objects.get(username="nils")) == "org designer"
    assert page.save(role="").status_code == 302
    assert roles.role_of(User.objects.get(username="nils")) is None


def test_nobody_locks_themselves_out(as_role: Any) -> None:
    browser = as_role("org designer")
    own = str(browser.user.pk)
    page = change_page(browser, "auth_user", own)
    assert "role" not in page.fields
    assert page.save(role="viewer", is_active="").status_code == 302
    myself = User.objects.get(pk=own)
    assert (roles.role_of(myself), myself.is_active) == ("org designer", True)
    assert browser.post(reverse("admin:auth_user_delete", args=[own]), {"post": "yes"}).status_code == 403


def test_a_login_cannot_be_given_rights_behind_its_role(as_role: Any) -> None:
    browser = as_role("org designer")
    nils = User.objects.create_user("nils")
    page = change_page(browser, "auth_user", str(nils.pk))
    page.save(role="nonsense")
    page.save(role="viewer", is_superuser="on", is_staff="on", groups="1")
    nils = User.objects.get(pk=nils.pk)
    assert (roles.role_of(nils), nils.is_superuser, nils.is_staff) == ("viewer", False, False)


def test_a_token_is_revoked(as_role: Any) -> None:
    browser = as_role("org designer")
    make_draft(browser.user)
    token = Token.objects.get()
    assert browser.get(reverse("admin:integrations_token_change", args=[token.pk])).status_code == 200
    assert act(browser, "integrations_token", "revoke", str(token.pk)).status_code == 302
    assert Token.objects.get().revoked_at is not None


def test_a_token_is_made_and_shown_once(as_role: Any) -> None:
    browser = as_role("org designer")
    answer = browser.post(reverse("admin:integrations_integration_add"), {"name": "HR sync"})
    assert (answer.status_code, answer["Location"]) == (303, reverse("admin:integrations_token_add"))
    assert browser.get(reverse("admin:integrations_token_add")).status_code == 200
    form = {
        "id": id_of("x"),
        "integration": Integration.objects.get().pk,
        "scopes": ["people:read"],
        "expires": "30",
    }
    assert browser.post(reverse("admin:integrations_token_add"), {**form, "scopes": []}).status_code == 200
    assert not Token.objects.exists()
    for _ in range(2):  # two clicks make one
        answer = browser.post(reverse("admin:integrations_token_add"), form)
        assert (answer.status_code, answer["Location"]) == (
            303,
            reverse("admin:integrations_token_changelist"),
        )
    shown = [bool(TOKEN.search(browser.get(answer["Location"]).content.decode())) for _ in range(2)]
    assert (shown, Token.objects.count()) == ([True, False], 1)


def test_a_token_is_rotated(as_role: Any) -> None:
    browser = as_role("org designer")
    make_draft(browser.user)
    token = Token.objects.get()
    answer = act(browser, "integrations_token", "rotate", str(token.pk))
    assert (answer.status_code, Token.objects.count()) == (303, 2)
    assert TOKEN.search(browser.get(answer["Location"]).content.decode())
    both = Token.objects.values_list("pk", flat=True)
    assert act(browser, "integrations_token", "rotate", *map(str, both)).status_code == 302
    assert Token.objects.count() == 2


def test_an_integration_is_closed(as_role: Any) -> None:
    browser = as_role("org designer")
    make_draft(browser.user)
    page = reverse("admin:integrations_integration_change", args=[Integration.objects.get().pk])
    assert browser.get(page).status_code == 200
    act(browser, "integrations_integration", "close", str(Integration.objects.get().pk))
    assert Integration.objects.get().closed_at is not None
    assert Token.objects.get().revoked_at is not None
