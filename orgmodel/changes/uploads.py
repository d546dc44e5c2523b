"""Files that come over the web, one by one or as a zip: take them apart within limits, and plan what they would do."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping

from django.utils import timezone

from orgmodel.changes.files.archives import BadArchive, opened, read_entry
from orgmodel.changes.files.layout import KIND_OF
from orgmodel.changes.files.planning import Plan, Terms, plan_import
from orgmodel.changes.files.reading import Fault
from orgmodel.changes.files.sources import ENDINGS, ending_of
from orgmodel.core.operations import Refused
from orgmodel.core.org import Org
from orgmodel.core.phrases import say

MAX_UPLOAD = 10 * 1024 * 1024
MAX_LINES = 50_000
TOO_LARGE = say("The files are larger than {size} MB together.", size=MAX_UPLOAD // 1024**2)
LINED = (".csv", ".ndjson", ".jsonl")  # formats with a record on each line


def plan(files: Mapping[str, bytes], org: Org, terms: Terms | None = None) -> Plan:
    """Return what files would change in an organization today, or everything that is wrong with them."""
    lines = sum(content.count(b"\n") for name, content in files.items() if ending_of(name) in LINED)
    if lines > MAX_LINES:
        message = say(
            "{lines:,} lines are more than the {most:,} for an upload; use {command}",
            lines=lines,
            most=MAX_LINES,
            command="manage.py import_org",
        )
        return Plan(None, errors=(Fault(next(iter(files)), 1, "", message),))
    return plan_import(files, org, today=timezone.localdate(), terms=terms)


def unpack(uploads: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Return the files among uploaded ones that can be imported, those inside a zip included, by their plain names.

    Raises Refused for what is too large, cannot be opened or is there twice.
    """
    uploads = list(uploads)
    if not uploads:
        raise Refused(say("Choose a zip or the CSV files themselves."), field="files")
    if sum(len(content) for _, content in uploads) > MAX_UPLOAD:
        raise Refused(TOO_LARGE, field="files")
    found: dict[str, bytes] = {}
    for name, content in uploads:
        entries = _unzip(name, content) if name.lower().endswith(".zip") else [(_plain_name(name), content)]
        for entry, body in entries:
            if entry in found:
                raise Refused(say("{file} is there twice.", file=entry), field="files")
            found[entry] = body
    if not found:
        expected = ", ".join(KIND_OF)
        raise Refused(say("There is no CSV file in it. Expected are {files}.", files=expected), field="files")
    return found


def _unzip(name: str, content: bytes) -> list[tuple[str, bytes]]:
    plain = _plain_name(name)
    try:
        with opened(content) as archive:
            entries = [entry for entry in archive.infolist() if _is_wanted(entry)]
            return [(_plain_name(entry.filename), read_entry(archive, entry)) for entry in entries]
    except BadArchive as bad:
        raise Refused(say("{file} {what}.", file=plain, what=bad.message), field="files") from None


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """Leave out folders and what systems add unasked, such as __MACOSX/._people.csv."""
    name = _plain_name(entry.filename)
    return not entry.is_dir() and ending_of(name) in ENDINGS and not name.startswith((".", "_"))


def _plain_name(name: str) -> str:
    """Return the last part of a name. Nothing is written by that name, so a path in front of it is only noise."""
    return name.replace("\\", "/").rsplit("/", 1)[-1][:100]
