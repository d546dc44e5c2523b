"""Files that come over the web, one by one or as a zip: take them apart within limits, and plan what they would do."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping

from django.utils import timezone

from orgmodel.changes.files.layout import KIND_OF
from orgmodel.changes.files.planning import Plan, plan_import
from orgmodel.changes.files.reading import Fault
from orgmodel.core.operations import Refused
from orgmodel.core.org import Org

MAX_UPLOAD = 10 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100  # a text that shrinks to less than a hundredth is made to fill memory, not to be read
MAX_LINES = 50_000
MAX_ENTRIES = 100
ENCRYPTED = 0x1


def plan(files: Mapping[str, bytes], org: Org, *, closes_missing: bool = False) -> Plan:
    """Return what files would change in an organization today, or everything that is wrong with them."""
    lines = sum(content.count(b"\n") for content in files.values())
    if lines > MAX_LINES:
        message = f"{lines:,} lines are more than the {MAX_LINES:,} for an upload; use manage.py import_org"
        return Plan(None, errors=(Fault(next(iter(files)), 1, "", message),))
    return plan_import(files, org, today=timezone.localdate(), closes_missing=closes_missing)


def unpack(uploads: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Return the CSV files among uploaded ones, those inside a zip included, by their plain names.

    Raises Refused for what is too large, cannot be opened or is there twice.
    """
    uploads = list(uploads)
    if not uploads:
        raise Refused("Choose a zip or the CSV files themselves.", field="files")
    if sum(len(content) for _, content in uploads) > MAX_UPLOAD:
        raise Refused(f"The files are larger than {MAX_UPLOAD // 1024**2} MB together.", field="files")
    found: dict[str, bytes] = {}
    for name, content in uploads:
        entries = _unzip(name, content) if name.lower().endswith(".zip") else [(_plain_name(name), content)]
        for entry, body in entries:
            if entry in found:
                raise Refused(f"{entry} is there twice.", field="files")
            found[entry] = body
    if not found:
        raise Refused(f"There is no CSV file in it. Expected are {', '.join(KIND_OF)}.", field="files")
    return found


def _unzip(name: str, content: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if _is_wanted(entry)]
            _check_sizes(name, archive.infolist(), len(content))
            return [(_plain_name(entry.filename), _read(name, archive, entry)) for entry in entries]
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ):
        raise Refused(f"{_plain_name(name)} cannot be opened as a zip file.", field="files") from None


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """Leave out folders and what systems add unasked, such as __MACOSX/._people.csv."""
    name = _plain_name(entry.filename)
    return not entry.is_dir() and name.lower().endswith(".csv") and not name.startswith((".", "_"))


def _check_sizes(name: str, entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse by what the directory of the zip declares, before anything is unpacked."""
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_UNPACKED or total > MAX_RATIO * max(packed, 1024):
        limit = f"{MAX_UNPACKED // 1024**2} MB, {MAX_ENTRIES} files or {MAX_RATIO} times its size"
        raise Refused(f"{_plain_name(name)} would unpack to more than {limit}.", field="files")


def _read(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & ENCRYPTED:
        raise Refused(f"{_plain_name(name)} is encrypted.", field="files")
    with archive.open(entry) as body:
        content = body.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise Refused(f"{_plain_name(name)} is not what its directory says.", field="files")
    return content


def _plain_name(name: str) -> str:
    """Return the last part of a name. Nothing is written by that name, so a path in front of it is only noise."""
    return name.replace("\\", "/").rsplit("/", 1)[-1][:100]
