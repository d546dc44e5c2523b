"""From files of any format to one table for each kind of record, with columns as they are called here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from orgmodel.changes.files import catalog, objects, workbooks
from orgmodel.changes.files.layout import kind_named
from orgmodel.changes.files.mapping import mapped
from orgmodel.changes.files.reading import Fault, Table, checked, read_csv, unknown_file
from orgmodel.core.phrases import say

READERS: Mapping[str, Callable[[str, bytes, list[Fault]], list[Table]]] = {
    ".xlsx": workbooks.read_workbook,
    ".json": objects.read_json,
    ".ndjson": objects.read_lines,
    ".jsonl": objects.read_lines,
    ".yaml": catalog.read_catalog,
    ".yml": catalog.read_catalog,
}
ENDINGS = (".csv", *READERS)


def ending_of(name: str) -> str:
    """Return the ending of a file's name, which says what format it has."""
    return name[name.rfind(".") :].lower() if "." in name else ""


def read_tables(files: Mapping[str, bytes], faults: list[Fault]) -> list[Table]:
    """Return what is in files, as they call it themselves. `kind` is "" where neither file nor sheet says it."""
    tables: list[Table] = []
    for file, content in files.items():
        reader = READERS.get(ending_of(file))
        if reader is not None:
            tables += reader(file, content, faults)
        elif (table := read_csv(file, kind_named(file), content, faults)) is not None:
            tables.append(table)
    return tables


def by_kind(
    tables: Iterable[Table], match: str, columns: Mapping[str, str] | None, faults: list[Fault]
) -> dict[str, Table]:
    """Return one table for each kind. With a mapping of columns, what is no other kind of record is people."""
    found: dict[str, Table] = {}
    for table in tables:
        if columns and table.kind in ("", "person"):
            table = mapped(table, columns, faults)  # noqa: PLW2901 - it is the same table from here on
        if not table.kind:
            faults.append(unknown_file(table.file))
        elif table.kind in found:
            first = found[table.kind].file
            message = say("holds the same kind of record as {file}", file=first)
            faults.append(Fault(table.file, table.line, "", message))
        elif (whole := checked(table, match, faults)) is not None:
            found[table.kind] = whole
    return found
