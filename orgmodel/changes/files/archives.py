"""Zip archives, which workbooks are as well: looked at by their directory before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100  # a text that shrinks to less than a hundredth is made to fill memory, not to be read
MAX_ENTRIES = 100
ENCRYPTED = 0x1
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
)
"""What reading a damaged archive may raise."""


class BadArchive(Exception):
    """An archive that is too large, damaged or locked; the message begins with its name."""


@contextmanager
def opened(name: str, content: bytes, what: str = "a zip file") -> Iterator[zipfile.ZipFile]:
    """Open an archive whose directory declares sane sizes. Raises BadArchive, also for what the caller reads of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(name, archive.infolist(), len(content))
            yield archive
    except BROKEN:
        raise BadArchive(f"{name} cannot be opened as {what}.") from None


def read_entry(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as body:
        content = body.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise BadArchive(f"{name} is not what its directory says.")
    return content


def _check_directory(name: str, entries: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_UNPACKED or total > MAX_RATIO * max(packed, 1024):
        limit = f"{MAX_UNPACKED // 1024**2} MB, {MAX_ENTRIES} files or {MAX_RATIO} times its size"
        raise BadArchive(f"{name} would unpack to more than {limit}.")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise BadArchive(f"{name} is encrypted.")
