"""What comes over the web: zips and single files, taken apart within limits."""

from __future__ import annotations

import io
import zipfile

import pytest

from orgmodel.changes import uploads
from orgmodel.core.operations import Refused
from orgmodel.core.org import Org

PEOPLE = b"key,name,email\np1,Ana,\n"


def zipped(**files: bytes) -> bytes:
    return zipped_as({f"{name}.csv": content for name, content in files.items()})


def zipped_as(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def refusal(*files: tuple[str, bytes]) -> str:
    with pytest.raises(Refused) as refused:
        uploads.unpack(files)
    assert refused.value.field == "files"
    return refused.value.message


def test_single_files_and_zips_are_one() -> None:
    assert uploads.unpack([("people.csv", PEOPLE), ("rest.zip", zipped(squads=b"key,name\n"))]) == {
        "people.csv": PEOPLE,
        "squads.csv": b"key,name\n",
    }


def test_a_folder_inside_and_what_systems_add_do_not_matter() -> None:
    packed = zipped_as(
        {
            "org/people.csv": PEOPLE,
            "__MACOSX/org/._people.csv": b"x",
            "org/.DS_Store": b"x",
            "readme.txt": b"x",
        }
    )
    assert uploads.unpack([("org.zip", packed)]) == {"people.csv": PEOPLE}


@pytest.mark.parametrize("name", ["../../people.csv", "/etc/people.csv", "..\\people.csv", "C:\\people.csv"])
def test_a_path_is_only_noise(name: str) -> None:
    assert uploads.unpack([("org.zip", zipped_as({name: PEOPLE}))]) == {"people.csv": PEOPLE}


def test_what_is_not_a_zip() -> None:
    assert refusal(("org.zip", b"nonsense")) == "org.zip cannot be opened as a zip file."
    broken = bytearray(zipped(people=PEOPLE * 500))
    broken[60:80] = b"\xff" * 20
    assert refusal(("org.zip", bytes(broken))) == "org.zip cannot be opened as a zip file."


def test_nothing_or_nothing_of_use() -> None:
    assert refusal() == "Choose a zip or the CSV files themselves."
    assert refusal(("org.zip", zipped_as({"a.txt": b""}))).startswith(
        "There is no CSV file in it. Expected are people.csv"
    )


def test_a_file_that_is_there_twice() -> None:
    assert refusal(("people.csv", PEOPLE), ("org.zip", zipped(people=PEOPLE))) == "people.csv is there twice."


def test_too_much() -> None:
    assert (
        refusal(("people.csv", b"x" * (10 * 1024 * 1024 + 1))) == "The files are larger than 10 MB together."
    )
    limits = "org.zip would unpack to more than 50 MB, 100 files or 100 times its size."
    assert refusal(("org.zip", zipped(people=b"x" * (51 * 1024 * 1024)))) == limits
    assert refusal(("org.zip", zipped(people=b"x" * (5 * 1024 * 1024)))) == limits
    assert refusal(("org.zip", zipped_as({f"{n}.csv": b"" for n in range(101)}))) == limits


def test_a_zip_whose_directory_lies_about_its_size() -> None:
    packed = bytearray(zipped_as({"people.csv": b"x" * 5000}, zipfile.ZIP_STORED))
    at = packed.rindex(b"PK\x01\x02")
    packed[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert refusal(("org.zip", bytes(packed))) == "org.zip cannot be opened as a zip file."


def test_an_encrypted_zip() -> None:
    packed = bytearray(zipped(people=PEOPLE))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + offset] |= 1
    assert refusal(("org.zip", bytes(packed))) == "org.zip is encrypted."


@pytest.mark.django_db
def test_a_plan_says_what_would_change() -> None:
    plan = uploads.plan({"people.csv": PEOPLE}, Org.empty())
    assert plan.operation is not None
    assert plan.operation.title == "Import 1 person"
    assert [(row.label, row.new) for row in plan.rows] == [("people", 1)]


def test_more_lines_than_a_page_should_carry() -> None:
    plan = uploads.plan({"people.csv": b"\n" * 50_001}, Org.empty())
    assert [str(error) for error in plan.errors] == [
        "people.csv:1: 50,001 lines are more than the 50,000 for an upload; use manage.py import_org"
    ]
