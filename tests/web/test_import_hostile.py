"""Files that are broken or meant to do harm: an error with its place, within little memory, and nothing applied."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from orgmodel.changes import uploads
from orgmodel.changes.files.planning import Plan, Terms, plan_import
from orgmodel.core.org import Org

TODAY = date(2026, 11, 20)
ROOT = Path(__file__).resolve().parents[2]
HEADER = "key,name,email\n"
XLSX = "people.xlsx:1: "
SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def plan(name: str, content: bytes | str, terms: Terms | None = None) -> Plan:
    body = content if isinstance(content, bytes) else content.encode()
    return plan_import({name: body}, Org.empty(), today=TODAY, terms=terms)


def errors(name: str, content: bytes | str) -> list[str]:
    found = plan(name, content)
    assert found.operation is None
    return [str(error) for error in found.errors]


def workbook(*rows: Sequence[object], title: str = "people") -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def rebuilt(content: bytes, **changed: bytes) -> bytes:
    """Return a workbook with entries added or replaced, named with _ for / and . as in `xl_vbaProject_bin`."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        named = {name.replace("/", "_").replace(".", "_"): name for name in old.namelist()}
        for plain, name in named.items():
            new.writestr(name, changed.pop(plain, old.read(name)))
        for plain, body in changed.items():
            folder, rest = plain.split("_", 1)
            new.writestr(f"{folder}/{rest.replace('_', '/', rest.count('_') - 1).replace('_', '.')}", body)
    return target.getvalue()


PEOPLE = workbook(["key", "name", "email"], ["ana", "Ana", ""])


# CSV


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"{HEADER}a,A,\n".encode("utf-16"), "people.csv:1: is UTF-16; save it as CSV in UTF-8"),
        (
            f"{HEADER}a,Jörg,\n".encode("cp1252"),
            "people.csv:2: is not UTF-8 (byte 0xf6); save it as CSV in UTF-8",
        ),
        (f'{HEADER}a,"A,\nb,B,\n', "people.csv:2: opens a quote that is never closed"),
        (f"{HEADER}a,A\x00,\n", "people.csv:2: holds a NUL character; save it as CSV in UTF-8"),
        (f"{HEADER}a,A\nb,B,\nc,C,,\n", "people.csv:2: has 2 cells where the first line names 3 columns"),
        ("key,name,email,name\na,A,,B\n", "people.csv:1: name: is named twice"),
        (f"{HEADER}a,A,\na,A,\n", "people.csv:3: key: “a” is also in line 2"),
        (
            f"{HEADER}a,{'x' * 10_000_000},\n",
            "people.csv:2: has a cell of more than 131,072 characters; is a quote never closed?",
        ),
        ("x," * 70, "people.csv:1: names 71 columns; 64 are allowed"),
        (
            "key,name,email,manager\na,A,,b\nb,B,,c\nc,C,,a\n",
            "people.csv:2: manager: A would answer to themselves",
        ),
    ],
    ids=["UTF-16", "cp1252", "quotes", "NUL", "ragged", "headers", "same-row", "10-MB-line", "wide", "cycle"],
)
def test_csv_that_is_broken(content: str | bytes, message: str) -> None:
    assert message in errors("people.csv", content)


def test_a_byte_order_mark_and_mixed_ends_of_lines_do_no_harm() -> None:
    found = plan("people.csv", b"\xef\xbb\xbfkey,name,email\r\na,A,\nb,B,\rc,C,\r\n")
    assert (found.errors, [row.new for row in found.rows]) == ((), [3])


def test_a_formula_is_a_text() -> None:
    found = plan("people.csv", f'{HEADER}a,"=HYPERLINK(""http://x"",""y"")",\n')
    assert found.operation is not None
    person = found.operation.apply(Org.empty()).find("person", "a")
    assert person.name == '=HYPERLINK("http://x","y")'  # type: ignore[union-attr]


def test_two_rows_with_one_email_are_said_before_anything_is_done() -> None:
    rows = f"{HEADER}a,A,x@example.org\nb,B,X@example.org\n"
    assert [str(notice) for notice in plan("people.csv", rows).notices] == [
        "people.csv:3: email: “X@example.org” is also in line 2"
    ]
    assert [str(error) for error in plan("people.csv", rows, Terms("email")).errors] == [
        "people.csv:3: email: “x@example.org” is also in line 2"
    ]


def test_someone_moved_twice() -> None:
    files = {
        "squads.csv": b"key,name\ns,S\nt,T\n",
        "people.csv": b"key,name,email,squad\na,A,,s\na,A,,t\n",
    }
    found = plan_import(files, Org.empty(), today=TODAY)
    assert [str(error) for error in found.errors] == ["people.csv:3: key: “a” is also in line 2"]


@pytest.mark.django_db
def test_200_thousand_rows_are_too_many_for_an_upload() -> None:
    found = uploads.plan({"people.csv": HEADER.encode() + b"a,A,\n" * 200_000}, Org.empty())
    assert [str(error) for error in found.errors] == [
        "people.csv:1: 200,001 lines are more than the 50,000 for an upload; use manage.py import_org"
    ]


# Workbooks


def test_a_zip_bomb_is_seen_in_its_directory() -> None:
    bomb = rebuilt(PEOPLE, xl_worksheets_sheet1_xml=b"<row/>" * 9_000_000)
    assert len(bomb) < 100_000
    assert errors("people.xlsx", bomb) == [
        XLSX + "would unpack to more than 50 MB, 100 files or 100 times its size; "
        "save it anew as XLSX, or as CSV under its own name"
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            f"{HEADER}a,A,\n".encode(),
            "cannot be opened as an XLSX workbook; save it anew as XLSX, or as CSV under its own name",
        ),
        (
            PEOPLE[: len(PEOPLE) // 2],
            "cannot be opened as an XLSX workbook; save it anew as XLSX, or as CSV under its own name",
        ),
        (b"", "cannot be opened as an XLSX workbook; save it anew as XLSX, or as CSV under its own name"),
        (
            rebuilt(PEOPLE, xl_externalLinks_externalLink1_xml=b"<externalLink/>"),
            "takes values from other workbooks; replace them by their values and save it again",
        ),
        (rebuilt(PEOPLE, xl_vbaProject_bin=b"x"), "holds macros; save it as XLSX without them"),
        (
            rebuilt(PEOPLE, xl_worksheets_sheet1_xml=b"<worksheet><sheet"),
            "is damaged; open it in a spreadsheet and save it again",
        ),
        (
            rebuilt(
                PEOPLE,
                xl_worksheets_sheet1_xml=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;&a;</worksheet>',
            ),
            "is damaged; open it in a spreadsheet and save it again",
        ),
        (workbook(), "is empty; its first line must name the columns"),
    ],
    ids=["CSV-named-xlsx", "truncated", "nothing", "external-links", "macros", "no-XML", "entities", "empty"],
)
def test_workbooks_that_are_broken(content: bytes, message: str) -> None:
    assert errors("people.xlsx", content) == [XLSX + message]


def test_cells_that_are_formulas_or_too_long_are_named() -> None:
    content = workbook(
        ["key", "name", "email"], ["ana", "=1+1", ""], ["ben", "x" * 2001, ""], ["cleo", "Cleo", "#REF!"]
    )
    assert errors("people.xlsx", content)[:3] == [
        "people.xlsx:2: B2: holds a formula; put its value there",
        "people.xlsx:2: name: name is missing",
        "people.xlsx:3: B3: has 2,001 characters; 2,000 are allowed",
    ]


def test_rows_and_columns_without_end() -> None:
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>key</t></is></c></row>'
    far_down = SHEET.format(header + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>')
    assert errors("people.xlsx", rebuilt(PEOPLE, xl_worksheets_sheet1_xml=far_down.encode()))[-1] == (
        "people.xlsx:50002: has more than 50,000 rows; leave out those that are empty, or use CSV"
    )
    far_right = SHEET.format('<row r="1"><c r="XFD1"><v>1</v></c></row>')
    assert errors("people.xlsx", rebuilt(PEOPLE, xl_worksheets_sheet1_xml=far_right.encode())) == [
        XLSX + "is empty; its first line must name the columns"
    ]
    assert errors("people.xlsx", workbook(["x"] * 65)) == [XLSX + "names 65 columns; 64 are allowed"]


# Catalogs


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: &x [1]\nb: *x\n", "catalog.yaml:1: uses an anchor or alias; write the value itself"),
        (
            "a: !!python/object/apply:os.system [x]\n",
            "catalog.yaml:1: uses the tag tag:yaml.org,2002:python/object",
        ),
        ("[" * 50, "catalog.yaml:1: is nested more than 12 deep"),
        ("kind: User\nkind: User\n", "catalog.yaml:2: says “kind” twice"),
        ("a: [1\nb: 2\n", "catalog.yaml:2: is no YAML: "),
        (b"\xff\xfe\x00", "catalog.yaml:1: is no YAML"),
        (
            "kind: Group\nmetadata: {name: x}\nspec: {type: planet}\n",
            "catalog.yaml:1: spec.type: “planet” is no kind",
        ),
        ("kind: User\nspec: {}\n", "catalog.yaml:1: metadata.name: is missing"),
        ("---\n" * 50_001, "catalog.yaml:50001: has more than 50,000 documents"),
    ],
    ids=["alias", "tag", "deep", "twice", "broken", "UTF-16", "type", "name", "many"],
)
def test_catalogs_that_are_broken(content: str | bytes, message: str) -> None:
    assert errors("catalog.yaml", content)[0].startswith(message)


# Size

MANY = 10_000  # of what repeats in a file


def repeated(header: str, line: str) -> str:
    return header + "".join(line.format(number) for number in range(MANY))


@pytest.mark.parametrize(
    ("name", "content", "terms", "new", "keys"),
    [
        (
            "catalog.yaml",
            repeated("", "---\nkind: Group\nmetadata: {{name: s{}}}\nspec: {{type: squad}}\n"),
            None,
            [("squads", 10_000)],
            {f"s{number}" for number in range(MANY)},
        ),
        (
            "people.csv",
            repeated("email,name\n", "p{}@kestrel.example,山田 太郎\n"),
            Terms(match="email"),
            [("people", 10_000)],
            {"person", *(f"person-{number}" for number in range(2, MANY + 1))},
        ),
        (
            "all.ndjson",
            repeated(
                '{"record": "squad", "key": "crew", "name": "Crew"}\n',
                '{{"key": "p{0}", "name": "P", "email": "", "squad": "crew", "role": "Sound Engineer"}}\n',
            ),
            None,
            [("people", 10_000), ("squads", 1), ("memberships", 10_000), ("roles", 1)],
            {"crew", "sound-engineer", *(f"p{number}" for number in range(MANY))},
        ),
    ],
    ids=["groups without a parent", "names without a letter for keys", "roles by name"],
)
def test_what_repeats_is_taken_in_whole(
    name: str,
    content: str,
    terms: Terms | None,
    new: list[tuple[str, int]],
    keys: set[str],
) -> None:
    found = plan(name, content, terms)
    assert [(row.label, row.new) for row in found.rows] == new
    assert found.operation is not None
    changed = [change.after or {} for change in found.operation.changes]
    assert {values["key"] for values in changed if "key" in values} == keys


# Memory

MEASURE = """
import sys
import django
django.setup()
from orgmodel.changes import uploads
from orgmodel.core.org import Org

def peak():
    [line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
    return int(line.split()[1])

content = sys.stdin.buffer.read()
before = peak()
plan = uploads.plan({sys.argv[1]: content}, Org.empty())
print((peak() - before) // 1024, plan.operation is None)
"""
MOST_MEGABYTES = 300  # for the largest file that is let in


def full() -> bytes:
    return HEADER.encode() + b"".join(b"k%d,%s,\n" % (number, b"x" * 190) for number in range(49_000))


def full_workbook() -> bytes:
    rows = ([f"k{number}", "x" * 150, "", "y" * 150] for number in range(49_000))
    return workbook(["key", "name", "email", "title"], *rows)


@pytest.mark.parametrize(
    ("name", "make", "is_refused"),
    [
        ("people.csv", lambda: HEADER.encode() + b"a,A,\n" * 200_000, True),
        ("people.csv", lambda: HEADER.encode() + b"a," + b"x" * 10_000_000 + b",\n", True),
        ("people.csv", full, False),
        ("catalog.yaml", lambda: b"a: [" + b"1," * 5_000_000 + b"1]", True),
        ("people.xlsx", lambda: rebuilt(PEOPLE, xl_worksheets_sheet1_xml=b"<row/>" * 9_000_000), True),
        ("people.xlsx", full_workbook, False),
    ],
    ids=["200k rows", "one line", "full CSV", "YAML", "bomb", "full workbook"],
)
def test_memory_is_bounded(name: str, make: Callable[[], bytes], is_refused: bool) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "orgmodel.settings", "DEBUG": "true", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", MEASURE, name]
    done = subprocess.run(command, input=make(), capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    megabytes, refused = done.stdout.decode().split()
    assert refused == str(is_refused)
    assert int(megabytes) < MOST_MEGABYTES
