"""Files in and out over the web: preview, errors with their place, a draft, a zip."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from orgmodel.changes import drafts, plans, services
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.operations import RenameSquad
from tests.build import an_org, id_of, save, squad, tribe

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
    fields = {field: form[field].value() for field in ("id", "missing", "content")}
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
    answer = as_role("planner").post(
        "/import/", {"content": content, "name": "x", "missing": "keep"}, follow=True
    )

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
    assert len(unzipped(answer)) == 22
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
