"""Files in and out over the web: preview, errors with their place, a draft, a zip."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from orgmodel.changes import drafts, plans, services, store
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.operations import RenameSquad
from orgmodel.integrations import tokens
from tests.build import an_org, id_of, person, save, squad, tribe

pytestmark = pytest.mark.django_db

PEOPLE = b"key,name,email\nana,Ana,ana@example.org\ndora,Dora,dora@example.org\n"


@pytest.fixture(autouse=True)
def _org() -> None:
    save(an_org(tribe("Listen", squad("Search", "Ana", "Ben"))))


def a_zip(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"export/{name}.csv", content)
    return packed.getvalue()


def upload(client: Any, *files: tuple[str, bytes], missing: str = "keep") -> Any:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/import/", {"uploads": uploads, "missing": missing})


def counts(page: Any) -> list[tuple[str, int, int, int, int]]:
    return [(row.kind, row.new, row.changed, row.unchanged, row.closed) for row in page.context["plan"].rows]


def confirmed(client: Any, page: Any, name: str = "Autumn hires") -> Any:
    form = page.context["confirm"]
    fields = {field: form[field].value() for field in ("id", "terms", "content")}
    return client.post("/import/", {**fields, "name": name})


@pytest.mark.parametrize(
    "files", [[("people.csv", PEOPLE)], [("export.zip", a_zip(people=PEOPLE))]], ids=["single file", "zip"]
)
def test_a_preview_shows_what_the_files_change_and_nothing_is_kept(as_role: Any, files: Any) -> None:
    page = upload(as_role("planner"), *files)

    assert page.status_code == 200
    assert counts(page) == [("person", 1, 1, 0, 0)]
    assert not Draft.objects.exists()
    assert ChangeSet.objects.count() == 1


def test_confirming_puts_it_into_a_draft_and_never_live(as_role: Any) -> None:
    planner = as_role("planner")

    answer = confirmed(planner, upload(planner, ("people.csv", PEOPLE)))

    draft = Draft.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, "/drafts/autumn-hires/changes/")
    assert (draft.name, draft.owner) == ("Autumn hires", planner.user)
    after = plans.replay_draft(draft).after
    assert sorted(person.name for person in after.people.values()) == ["Ana", "Ben", "Dora"]
    assert len(services.current().people) == 2


def test_confirming_twice_makes_one_draft(as_role: Any) -> None:
    planner = as_role("planner")
    page = upload(planner, ("people.csv", PEOPLE))
    confirmed(planner, page)

    assert confirmed(planner, page)["Location"] == "/drafts/autumn-hires/changes/"
    assert confirmed(planner, page, name="Winter hires")["Location"] == "/drafts/autumn-hires/changes/"
    assert Draft.objects.count() == 1


def test_what_the_files_do_not_name_is_closed_on_request(as_role: Any) -> None:
    page = upload(as_role("planner"), ("people.csv", PEOPLE), missing="close")

    assert ("person", 1, 1, 0, 1) in counts(page)


def test_errors_name_file_line_and_column(as_role: Any) -> None:
    page = upload(
        as_role("planner"),
        ("people.csv", b"key,name,email,started_on\na,Ann,,31.2.2020\na,Bob,,\n"),
        ("planets.csv", b"key\nmars\n"),
    )

    assert page.status_code == 422
    assert page.context["errors"] == [
        "people.csv:2: started_on: must be a date such as 2026-11-20",
        "people.csv:3: key: “a” is also in line 2",
        "planets.csv:1: is none of the files of an organization; do you mean roles.csv?",
    ]
    assert "Nothing is imported yet" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", b""),
        ("people.csv", b"key,name,email\n\x00,b,c\n"),
        ("people.csv", "key,name,email\nå,b,c\n".encode("utf-16")),
        ("people.csv", b'key,name,email\n"a,b,c\n'),
        ("people.csv", b"key,name\na,b\n"),
        ("people.zip", b"PK\x03\x04 broken"),
        ("people.zip", b""),
        ("notes.txt", b"hello"),
        ("../../etc/people.csv", b"\xff\xff\xff"),
    ],
)
def test_bad_files_are_refused_with_a_reason(as_role: Any, name: str, content: bytes) -> None:
    page = upload(as_role("planner"), (name, content))

    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode() or "errorlist" in page.content.decode()
    assert not Draft.objects.exists()


def test_no_file_asks_for_one(as_role: Any) -> None:
    page = as_role("planner").post("/import/", {"missing": "keep"})

    assert page.status_code == 422
    assert "Choose a zip or the CSV files themselves." in page.content.decode()


def test_too_large_files_are_refused_before_they_are_read(as_role: Any) -> None:
    page = upload(as_role("planner"), ("people.csv", b"x" * (10 * 1024 * 1024 + 1)))

    assert page.status_code == 422
    assert "The files are larger than 10 MB together." in page.content.decode()


def test_files_that_change_nothing_say_so(as_role: Any) -> None:
    page = upload(as_role("planner"), ("squads.csv", b"key,name,tribe\nsearch,Search,listen\n"))

    assert page.status_code == 200
    assert page.context["confirm"] is None
    assert "The files say what is there already" in page.content.decode()


@pytest.mark.parametrize("content", ["", "%%%", "bm90IGEgemlw", "é"])
def test_a_damaged_preview_asks_for_the_files_again(as_role: Any, content: str) -> None:
    answer = as_role("planner").post("/import/", {"content": content, "name": "x"}, follow=True)

    assert answer.redirect_chain == [("/import/", 303)]
    assert not Draft.objects.exists()


def test_a_draft_without_a_name_is_asked_for_one(as_role: Any) -> None:
    planner = as_role("planner")

    answer = confirmed(planner, upload(planner, ("people.csv", PEOPLE)), name="")

    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    assert not Draft.objects.exists()


def test_what_changed_between_preview_and_draft_is_worked_out_again(as_role: Any) -> None:
    planner = as_role("planner")
    page = upload(planner, ("squads.csv", b"key,name,tribe\nsearch,Find,listen\n"))
    services.commit(
        [RenameSquad(id=id_of("Search"), name="Find")],
        actor=services.Actor("Eve"),
        message="",
        source="web",
        at=timezone.now(),
    )

    answer = confirmed(planner, page)

    assert answer.status_code == 422
    assert "The files say what is there already" in answer.content.decode()
    assert not Draft.objects.exists()


def test_a_viewer_does_not_import(as_role: Any) -> None:
    viewer = as_role("viewer")

    assert viewer.get("/import/").status_code == 403
    assert upload(viewer, ("people.csv", PEOPLE)).status_code == 403


# Export


def unzipped(answer: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_an_export_holds_every_file_and_imports_without_a_change(as_role: Any) -> None:
    planner = as_role("planner")

    answer = planner.get("/export/orgmodel.zip")

    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="orgmodel.zip"'
    assert len(unzipped(answer)) == 23
    assert answer.content == planner.get("/export/orgmodel.zip").content
    again = upload(planner, ("orgmodel.zip", answer.content))
    assert again.context["plan"].operation is None
    assert again.context["errors"] == []


def test_an_export_follows_the_draft_or_day_one_looks_at(as_role: Any) -> None:
    editor = as_role("editor")
    drafts.create_draft(
        "Rename",
        owner_id=editor.user.pk,
        at=timezone.now(),
        operations=[RenameSquad(id=id_of("Search"), name="Find")],
    )

    assert "Find" in unzipped(editor.get("/export/orgmodel.zip?draft=rename"))["squads.csv"]
    assert "Search" not in unzipped(editor.get("/export/orgmodel.zip?as_of=2001-01-01"))["squads.csv"]
    assert "/export/orgmodel.zip?draft=rename" in editor.get("/import/?draft=rename").content.decode()


@pytest.mark.parametrize(
    ("address", "media_type", "begins"),
    [
        (
            "/export/orgmodel.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            b"PK\x03\x04",
        ),
        ("/export/orgmodel.ndjson", "application/x-ndjson", b'{"record":"person"'),
        ("/export/orgmodel.yaml", "application/yaml", b"---\napiVersion: backstage.io/v1alpha1\n"),
    ],
)
def test_other_formats(as_role: Any, address: str, media_type: str, begins: bytes) -> None:
    answer = as_role("viewer").get(address)

    assert answer["Content-Type"] == media_type
    assert answer["Content-Disposition"] == f'attachment; filename="{address.removeprefix("/export/")}"'
    assert answer.getvalue().startswith(begins)


# Columns that are not ours

HR = b"Employee #,First Name,Last Name,Team,Shoe size\n1,Ana,Aalto,Radio,38\n2,Dora,Dahl,Ranking,41\n"


@pytest.fixture
def hr(request: Any) -> None:
    org = an_org(
        tribe("Listen", squad("Search", "Ana"), squad("Radio")), person("Ana", external_ids=(("hris", "1"),))
    )
    store.erase()
    save(org)


def named(client: Any, page: Any, **changes: str) -> Any:
    """Send the form that asks what columns are, as it was filled in."""
    form = page.context["form"]
    fields = {field.name: field.value() or "" for field in form}
    return client.post("/import/", {**fields, **changes})


def test_an_hr_export_is_asked_about_its_columns(as_role: Any, hr: None) -> None:
    planner = as_role("planner")
    page = upload(planner, ("bamboo.csv", HR))

    assert [(row["name"], row["field"].value()) for row in page.context["form"].rows()] == [
        ("Employee #", "external_id:hris"),
        ("First Name", "name"),
        ("Last Name", "name"),
        ("Team", "squad"),
        ("Shoe size", ""),
    ]
    assert "Radio · Ranking" in page.content.decode()

    wrong = named(planner, page)
    assert (wrong.status_code, wrong.context["sums"]) == (
        422,
        ["1 new person", "1 changed", "1 moved", "1 unknown squad"],
    )
    assert wrong.context["errors"] == ["bamboo.csv:3: squad: there is no squad “Ranking”"]

    preview = named(planner, page, unknown_squads="skip")
    assert preview.status_code == 200
    assert preview.context["sums"] == ["1 new person", "1 changed", "1 moved", "1 unknown squad"]
    assert "There is no squad Ranking" in preview.content.decode()

    made = confirmed(planner, preview, name="Nightly")
    assert (made.status_code, made["Location"]) == (303, "/drafts/nightly/changes/")
    after = plans.replay_draft(Draft.objects.get()).after
    assert {p.name: p.external_ids for p in after.people.values()} == {
        "Ana Aalto": (("hris", "1"),),
        "Dora Dahl": (("hris", "2"),),
    }
    assert after.primary_membership(id_of("Ana")).squad == id_of("Radio")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"match": "email"}, "Choose a column that is the email."),
        ({"column_1": "", "column_2": ""}, "Choose a column that is the name"),
        ({"column_4": "squad"}, "Another column is this field as well."),
        ({"column_4": "shoe_size"}, "Select a valid choice."),
        ({"source": "a:b"}, "without a colon"),
    ],
)
def test_columns_that_make_no_sense(as_role: Any, hr: None, changes: dict[str, str], message: str) -> None:
    planner = as_role("planner")
    answer = named(planner, upload(planner, ("bamboo.csv", HR)), **changes)

    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_columns_are_kept_with_an_integration_and_known_next_time(as_role: Any, hr: None) -> None:
    designer = as_role("org designer")
    integration = tokens.integration_of("HR sync", at=timezone.now())
    page = upload(designer, ("bamboo.csv", HR))
    kept = named(
        designer,
        page,
        column_3="",
        column_4="craft",
        source="bamboo",
        save_as="Bamboo",
        integration=str(integration.pk),
    )

    assert kept.status_code == 200
    assert integration.mappings.get().columns == {
        "Employee #": "external_id:bamboo",
        "First Name": "name",
        "Last Name": "name",
        "Shoe size": "craft",
    }
    again = upload(designer, ("bamboo.csv", HR))
    assert [row["field"].value() for row in again.context["form"].rows()] == [
        "external_id:hris",
        "name",
        "name",
        "",
        "craft",
    ]
    assert again.context["form"]["source"].value() == "bamboo"
    assert named(designer, page, save_as="Nobody's").status_code == 422

    listed = designer.get("/integrations/hr-sync/").content.decode()
    assert "imports/?mapping=Bamboo" in listed
    mapping = integration.mappings.get()
    assert as_role("editor").post(f"/integrations/hr-sync/mappings/{mapping.pk}/remove/").status_code == 403
    designer.post(f"/integrations/hr-sync/mappings/{mapping.pk}/remove/")
    assert not integration.mappings.exists()


@pytest.mark.parametrize(
    "terms", ["", "[", "[1]", '["key", "keep", {"a": "nothing"}, true]', '["x", "keep", null, true]']
)
def test_a_preview_with_damaged_terms_asks_for_the_files_again(as_role: Any, terms: str) -> None:
    planner = as_role("planner")
    form = upload(planner, ("people.csv", PEOPLE)).context["confirm"]
    fields = {name: form[name].value() for name in ("id", "content")}
    answer = planner.post("/import/", {**fields, "terms": terms, "name": "x"}, follow=True)

    assert answer.redirect_chain == [("/import/", 303)]
    assert not Draft.objects.exists()


@pytest.mark.parametrize("people", [2, 300])
def test_a_preview_asks_the_same_whatever_it_holds(
    as_role: Any, people: int, django_assert_num_queries: Any
) -> None:
    planner = as_role("planner")
    rows = b"".join(b"p%d,P %d,\n" % (number, number) for number in range(people))
    planner.get("/import/")
    with django_assert_num_queries(6):
        upload(planner, ("people.csv", b"key,name,email\n" + rows))
    with django_assert_num_queries(4):
        planner.get("/import/")
