"""The pages on which org designers say what the organization calls its squads, tribes, chapters and guilds."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import services, store
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.operations import ChangeWord, Operation
from orgmodel.core.vocabulary import STANDARD, vocabulary_of
from tests.build import an_org, save, squad, tribe
from tests.web.admin_pages import act, add_page, change_page, errors_of

pytestmark = pytest.mark.django_db

FORM = {"one": "area", "many": "areas", "sv_one": "område", "sv_the_one": "området", "sv_article": "ett"}


@pytest.fixture(autouse=True)
def _org() -> None:
    save(an_org(tribe("Payments", squad("Phoenix", "Ana"))))


def commit(*operations: Operation) -> None:
    services.commit(
        operations, actor=services.Actor("Eve Editor"), message="", source="web", at=timezone.now()
    )


def word() -> Any:
    return store.current().find("word", "tribe")


def page(browser: Any, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(browser: Any, url: str = "/settings/words/tribe/", **values: str) -> Any:
    """Send the form as it is shown, with these values."""
    seen = browser.get(url).context["form"].initial.get("seen", "")
    return browser.post(url, {**FORM, "seen": seen, "reason": "", **values})


def test_everyone_reads_the_words_and_how_texts_read(as_role: Any) -> None:
    commit(
        ChangeWord(term="tribe", values={"one": "area", "many": "areas", "forms": (("sv:one", "område"),)})
    )
    found = page(as_role("viewer"), "/settings/words/")
    assert "Payments is a squad in the area Commerce." in found
    assert '<span lang="sv" translate="no">område</span>' in found
    assert "/settings/words/tribe/" not in found


@pytest.mark.parametrize("url", ["/settings/", "/findings/rules/"])
def test_settings_and_rules_lead_to_the_words(as_role: Any, url: str) -> None:
    assert 'href="/settings/words/"' in page(as_role("viewer"), url)


def test_an_org_designer_renames_and_resets(as_role: Any) -> None:
    designer = as_role("org designer")
    assert "Reset" not in page(designer, "/settings/words/")
    answer = send(designer, reason="We say so.")
    assert (answer.status_code, answer["Location"]) == (303, "/settings/words/")
    assert (word().one, word().many) == ("area", "areas")
    assert word().forms == (("sv:article", "ett"), ("sv:one", "område"), ("sv:the_one", "området"))
    assert ChangeSet.objects.latest("version").message == "We say so."
    assert 'href="/settings/words/tribe/reset/"' in page(designer, "/settings/words/")
    designer.post("/settings/words/tribe/reset/", {})
    assert vocabulary_of(store.current()) is STANDARD
    assert designer.post("/settings/words/tribe/reset/", {}).status_code == 422


def test_each_form_tells_what_is_said_where_it_is_left_empty(as_role: Any) -> None:
    form = as_role("org designer").get("/settings/words/tribe/").context["form"]
    help_texts = {name: field.help_text for name, field in form.fields.items() if name.startswith("sv_")}
    assert help_texts == {
        "sv_one": "Such as “område”. Left empty, what “Word for one” says is used.",
        "sv_many": "Such as “områden”. Left empty, what “Word for several” says is used.",
        "sv_the_one": "Such as “området”. Left empty, what “One in Swedish” says is used.",
        "sv_the_many": "Such as “områdena”. Left empty, what “Several in Swedish” says is used.",
        "sv_article": "",
    }
    assert [str(form.fields[name].label) for name in ("one", "many")] == ["Word for one", "Word for several"]


def test_one_looks_first(as_role: Any) -> None:
    designer = as_role("org designer")
    answer = send(designer, preview="1")
    assert answer.status_code == 200
    assert "Payments is a squad in the area Commerce." in answer.content.decode()
    assert 'value="område"' in answer.content.decode()
    assert word() is None


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"one": "<i>area</i>"}, "one", "must begin with a letter and hold letters"),
        ({"one": "guild"}, "one", "“guild” is the word for guild already"),
        ({"one": ""}, "one", "This field is required."),
        ({"many": "o" * 41}, "many", "at most 40 characters"),
        ({"sv_one": "o{}"}, "sv_one", "must begin with a letter and hold letters"),
        ({"sv_article": "das"}, "sv_article", "das"),
        ({"sv_the_one": "squaden"}, "__all__", "“squaden” is the word for squad already"),
        ({"seen": "broken"}, "seen", "This form is damaged."),
    ],
)
def test_what_was_typed_stays_where_it_is_refused(
    as_role: Any, values: dict[str, str], field: str, message: str
) -> None:
    answer = send(as_role("org designer"), **values)
    assert answer.status_code == 422
    assert message in str(answer.context["form"].errors[field])
    assert 'value="områd' in answer.content.decode() or "sv_one" in values
    assert word() is None


def test_a_word_that_somebody_else_changed_is_not_overruled(as_role: Any) -> None:
    designer = as_role("org designer")
    seen = designer.get("/settings/words/tribe/").context["form"].initial["seen"]
    commit(ChangeWord(term="tribe", values={"one": "zone"}))
    answer = designer.post("/settings/words/tribe/", {**FORM, "seen": seen})
    assert answer.status_code == 409
    assert "Somebody else was faster." in answer.content.decode()
    seen = answer.context["form"].data["seen"]
    assert designer.post("/settings/words/tribe/", {**FORM, "seen": seen}).status_code == 303
    assert word().one == "area"


@pytest.mark.parametrize("role", ["viewer", "planner", "editor"])
def test_only_org_designers_change_words(as_role: Any, role: str) -> None:
    browser = as_role(role)
    for url in ("/settings/words/tribe/", "/settings/words/tribe/reset/"):
        assert browser.get(url).status_code == 403
        assert browser.post(url, FORM).status_code == 403
    assert word() is None


def test_pages_are_told_with_the_words(as_role: Any) -> None:
    """What has a standard word in it is a label of ours; what people gave a name keeps it."""
    designer = as_role("org designer")
    commit(ChangeWord(term="tribe", values={"one": "area", "many": "areas"}))
    read = page(designer, "/settings/words/")
    assert "What your organization calls squads, areas, chapters and guilds." in page(designer, "/settings/")
    assert '<th scope="row" translate="no">tribe</th>' in read
    refused = send(designer, one="squad").content.decode()
    assert "“squad” is the word for squad already: choose another, or change that one first." in refused


def test_there_are_four_words(as_role: Any) -> None:
    designer = as_role("org designer")
    assert designer.get("/settings/words/team/").status_code == 404
    assert designer.get("/settings/words/team%00/reset/").status_code == 404


def test_a_word_is_planned_in_a_draft(as_role: Any) -> None:
    designer = as_role("org designer")
    assert send(designer, into="draft").status_code == 303
    draft = Draft.objects.get()
    assert word() is None
    assert "in the area Commerce" in page(designer, f"/settings/words/?draft={draft.key}")
    assert "in the tribe Commerce" in page(designer, "/settings/words/")


def test_only_org_designers_take_a_word_back(as_role: Any) -> None:
    commit(ChangeWord(term="tribe", values={"one": "area"}))
    version = store.current().version
    editor = as_role("editor")
    assert editor.post(f"/history/{version}/undo/", {}).status_code == 403
    assert as_role("org designer").post(f"/history/{version}/undo/", {}).status_code == 303
    assert word() is None


def test_the_list_costs_the_same_with_words_and_without(as_role: Any, django_assert_num_queries: Any) -> None:
    viewer = as_role("viewer")
    viewer.get("/settings/words/")
    with django_assert_num_queries(4):  # session, user, head, saved views
        viewer.get("/settings/words/")
    commit(ChangeWord(term="tribe", values={"one": "area"}))
    viewer.get("/settings/words/")
    with django_assert_num_queries(4):  # session, user, head, saved views
        viewer.get("/settings/words/")


# The admin


def test_the_admin_renames_edits_and_resets(as_role: Any) -> None:
    designer = as_role("org designer")
    new = {"key": "tribe", "one": "area", "many": "areas"}
    refused = add_page(designer, "language_word").save(**new, forms="sv:one: <b>")
    assert errors_of(refused) == [
        "“<b>” must begin with a letter and hold letters, digits, single spaces and hyphens only."
    ]
    added = add_page(designer, "language_word").save(**new, forms="sv:one: område\nsv:the_one: området")
    assert added.status_code == 302
    assert word().forms == (("sv:one", "område"), ("sv:the_one", "området"))
    assert ChangeSet.objects.latest("version").source == "admin"
    opened = change_page(designer, "language_word", word().id)
    assert opened.fields["forms"] == "sv:one: område\nsv:the_one: området"
    assert opened.save(one="zone", many="zones", forms="").status_code == 302
    assert (word().one, word().many, word().forms) == ("zone", "zones", ())
    assert act(designer, "language_word", "reset", word().id, reason="Why").status_code == 302
    assert word() is None
