"""The tables of a page as rows: what someone sees is what they get."""

from __future__ import annotations

import csv
import io

import openpyxl
import orjson
from django.utils.translation import override

from orgmodel.exports.formats import as_csv, as_json, as_xlsx
from orgmodel.exports.tables import Table, tables_of, title_of

PAGE = """<html><head><title>People &amp; more · Kestrel</title></head><body>
<h1>People</h1>
<h2>Members <span>3</span></h2>
<table>
<thead><tr>
  <th><input type=checkbox></th><th>Person</th><th>Since</th><th><span class="vh">Size</span></th><th>Act</th>
</tr></thead>
<tbody>
<tr>
  <td><input type=checkbox></td>
  <th><span aria-hidden="true">AL</span><a href="/x"><svg><title>no</title></svg>Ana <b>Lima</b></a></th>
  <td><time datetime="2026-01-05">5 Jan</time></td><td>1,204</td><td><button>Go</button></td>
</tr>
<tr>
  <td></td><th>Ben<br></th><td><span class="vh">not known</span></td><td>\N{MINUS SIGN}3</td>
  <td><form><select><option>x</option></select></form></td>
</tr>
<tr><td></td><th><ul><li>Cleo</li><li>Dan</li></ul></th><td colspan=2>=1+1</td></tr>
</tbody></table>
<table><caption>Nothing</caption><tbody><tr><td></td></tr></tbody></table>
</body></html>"""

MEMBERS = Table(
    "Members 3",
    ("Person", "Since", "Size"),
    (("Ana Lima", "2026-01-05", 1204), ("Ben", "not known", -3), ("Cleo; Dan", "=1+1", "")),
)


def test_a_table_is_what_its_page_shows() -> None:
    assert tables_of(PAGE) == [MEMBERS]
    assert title_of(PAGE) == "People & more"


def test_a_caption_names_a_table() -> None:
    [table] = tables_of("<h2>One</h2><table><caption>Two</caption><tr><td>x</td></tr></table>")
    assert table == Table("Two", ("",), (("x",),))


def test_what_stands_side_by_side_in_a_cell_stays_apart() -> None:
    [table] = tables_of("<table><tr><td><a>Search</a><span>7</span> people<td>squad<b>s</b></table>")
    assert table.rows == (("Search 7 people", "squads"),)


def test_a_column_of_nothing_but_links_to_act_is_left_out() -> None:
    [table] = tables_of(
        "<table><thead><tr><th>Role<th class='num acts'><span class=vh>Change</span><th>People</thead>"
        "<tbody><tr><td>Coach<td><a>Edit</a> <a>Remove</a><td>3<tr><td colspan=3>nobody</table>"
    )
    assert table == Table("", ("Role", "People"), (("Coach", 3), ("nobody", "")))


def test_names_and_values_in_a_cell_stay_pairs() -> None:
    [table] = tables_of("<table><tr><td><dl><dt>from</dt><dd>8</dd><dt>to</dt><dd>9</dd></dl></table>")
    assert table.rows == (("from 8; to 9",),)


def test_lines_of_a_cell_stay_apart() -> None:
    [table] = tables_of("<table><tr><td>Ana Lima<br>Vacant: <a>Engineer</a><br><td>One.<br>Two.</table>")
    assert table.rows == (("Ana Lima; Vacant: Engineer", "One. Two."),)


def test_the_way_on_beside_a_heading_is_no_part_of_a_name() -> None:
    [table] = tables_of("<h2>People <span>15</span><a>All 15</a></h2><table><tr><td>x</table>")
    assert table.title == "People 15"
    [table] = tables_of("<h2><a>Search</a></h2><table><tr><td>x</table>")
    assert table.title == "Search"


def test_numbers_are_read_as_the_language_of_the_page_writes_them() -> None:
    row = "<table><tr><td>1&nbsp;204<td><i>+1</i> 204<td>50&nbsp;%<td>1,204</table>"
    with override("sv"):
        assert tables_of(row)[0].rows == ((1204, "+1 204", "50 %", "1,204"),)
    assert tables_of(row)[0].rows == (("1 204", "+1 204", "50 %", 1204),)


def test_broken_markup_gives_what_can_be_read() -> None:
    assert tables_of("<table><tr><td>a<td>b</table></td></tr>") == [Table("", ("", ""), (("a", "b"),))]


def test_csv_marks_what_a_spreadsheet_would_calculate() -> None:
    lines = as_csv([MEMBERS]).decode("utf-8-sig").split("\r\n")
    assert lines == [
        "Person,Since,Size",
        "Ana Lima,2026-01-05,1204",
        "Ben,not known,-3",
        "Cleo; Dan,'=1+1,",
        "",
    ]


def test_several_tables_are_told_apart_in_csv() -> None:
    rows = list(csv.reader(io.StringIO(as_csv([MEMBERS, MEMBERS]).decode("utf-8-sig"))))
    assert [rows[0], rows[5], rows[6]] == [["Members 3"], [], ["Members 3"]]


def test_a_workbook_has_a_sheet_for_each_table_and_no_formulas() -> None:
    long = Table("A title: with [signs] and more than 31 characters", ("a\x00b",), (("x\x0b\ufffe",),))
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([MEMBERS, MEMBERS, long])))
    assert book.sheetnames == ["Members 3", "Members 3 2", "A title  with  signs  and more"]
    sheet = book["Members 3"]
    assert [cell.value for cell in sheet[2]] == ["Ana Lima", "2026-01-05", 1204]
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=1+1", "s")
    assert [cell.value for cell in book.worksheets[2]["A"]] == ["ab", "x"]


def test_json_keeps_numbers() -> None:
    [table] = orjson.loads(as_json([MEMBERS]))["tables"]
    assert table["columns"] == ["Person", "Since", "Size"]
    assert table["rows"][1] == ["Ben", "not known", -3]
