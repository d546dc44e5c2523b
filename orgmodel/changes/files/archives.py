"""Zip archives, which workbooks are as well: looked at by their directory before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from orgmodel.core.phrases import Phrase, say

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


NO_ZIP = say("cannot be opened as a zip file")


class BadArchive(Exception):
    """An archive that is too large, damaged or locked; the message says what it is or does, without its name."""

    def __init__(self, message: Phrase) -> None:
        super().__init__(message)
        self.message = message


@contextmanager
def opened(content: bytes, objection: Phrase = NO_ZIP) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose directory declares sane sizes. Raises BadArchive, also for what the caller reads of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(archive.infolist(), len(content))
            yield archive
    except BROKEN:
        raise BadArchive(objection) from None


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as body:
        content = body.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise BadArchive(say("is not what its directory says"))
    return content


def _check_directory(entries: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_UNPACKED or total > MAX_RATIO * max(packed, 1024):
        message = say(
            "would unpack to more than {size} MB, {files} files or {ratio} times its size",
            size=MAX_UNPACKED // 1024**2,
            files=MAX_ENTRIES,
            ratio=MAX_RATIO,
        )
        raise BadArchive(message)
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise BadArchive(say("is encrypted"))
