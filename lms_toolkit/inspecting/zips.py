"""Opens a zip that may be hostile: looks at its directory first, then reads a bounded part of it into memory."""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from lms_toolkit.errors import PackageError
from lms_toolkit.model import Finding, OpenedPackage

MAX_ENTRIES = 20_000
MAX_TOTAL_BYTES = 4 << 30
MAX_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 1 << 20
MAX_NAME = 255
MAX_TEXT_BYTES = 5 << 20
MAX_ALL_TEXT_BYTES = 100 << 20

_TEXTS = frozenset({".css", ".dtd", ".htm", ".html", ".js", ".json", ".svg", ".xhtml", ".xml", ".xsd"})
_MAX_DIRECTORY_BYTES = 32 << 20
_END_RECORD = 22
_MAX_COMMENT = 1 << 16
_SYMLINK = 0o120000
_TYPE_BITS = 0o170000


def open_safely(path: Path) -> tuple[OpenedPackage | None, list[Finding]]:
    """The package, if it is safe to read, and what is wrong with the zip itself. Nothing is written anywhere."""
    try:
        too_big = _directory_too_big(path)
        if too_big:
            return None, [too_big]
        with zipfile.ZipFile(path) as archive:
            return _open(path, archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, ValueError, NotImplementedError) as error:
        message = f"this is not a zip that can be read ({error})"
        return None, [Finding("error", "not-a-zip", message, hint="upload or build the package again")]
    except OSError as error:
        raise PackageError(
            f"{path} cannot be read ({error.strerror or error}); check the name and its rights"
        ) from error


def _open(path: Path, archive: zipfile.ZipFile) -> tuple[OpenedPackage | None, list[Finding]]:
    entries = archive.infolist()
    dangers = list(_dangers(entries))
    findings = [*dangers, *_name_findings(entries)]
    if dangers:
        return None, findings
    files = {_name(entry): entry.file_size for entry in entries if not entry.is_dir()}
    texts, unreadable = _read_texts(archive, entries)
    return OpenedPackage(path, files, texts), [*findings, *unreadable]


def _name(entry: zipfile.ZipInfo) -> str:
    # ZipInfo.filename ends at the first NUL; the name as stored does not
    return entry.orig_filename


def _directory_too_big(path: Path) -> Finding | None:
    """Before anything parses the directory: a zip can announce millions of entries in a few megabytes."""
    with path.open("rb") as file:
        entries, directory_bytes = _announced(file)
    if entries > MAX_ENTRIES or directory_bytes > _MAX_DIRECTORY_BYTES:
        message = f"the zip announces {entries} entries in {directory_bytes} bytes"
        return Finding("error", "too-many-entries", message, hint=f"the limit is {MAX_ENTRIES} files")
    return None


def _announced(file: BinaryIO) -> tuple[int, int]:
    """Entries and bytes of the central directory, from the end record or its 64-bit form (APPNOTE 4.3.14, 4.3.16)."""
    size = file.seek(0, 2)
    start = max(0, size - _END_RECORD - _MAX_COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_RECORD:
        raise zipfile.BadZipFile("no end record")
    entries, directory_bytes = struct.unpack_from("<HI", tail, at + 10)
    locator = tail.rfind(b"PK\x06\x07", 0, at)
    if locator < 0 or (entries != 0xFFFF and directory_bytes != 0xFFFFFFFF):
        return entries, directory_bytes
    file.seek(struct.unpack_from("<Q", tail, locator + 8)[0])
    record = file.read(56)
    return struct.unpack_from("<QQ", record, 32)


def _dangers(entries: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    """What makes the content itself not worth touching."""
    if len(entries) > MAX_ENTRIES:
        yield _finding("too-many-entries", f"the zip has {len(entries)} entries; the limit is {MAX_ENTRIES}")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL_BYTES:
        yield _finding("zip-bomb", f"the files would take {total} bytes; the limit is {MAX_TOTAL_BYTES}")
    for entry in entries:
        yield from _entry_dangers(entry)
    yield from _overlaps(entries)


def _entry_dangers(entry: zipfile.ZipInfo) -> Iterator[Finding]:
    if entry.flag_bits & 0x1:
        yield _finding(
            "encrypted", "this file is encrypted", entry, "learning platforms cannot open it: zip it plainly"
        )
    is_bomb = entry.file_size > RATIO_MATTERS_FROM_BYTES and entry.file_size > MAX_RATIO * max(1, entry.compress_size)
    if is_bomb:
        message = f"{entry.compress_size} bytes would unpack to {entry.file_size}"
        yield _finding("zip-bomb", message, entry, f"more than {MAX_RATIO} times is not a course file")


def _overlaps(entries: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    """Entries that share bytes: the trick of bombs without a suspicious ratio."""
    ordered = sorted((entry for entry in entries if entry.compress_size), key=lambda entry: entry.header_offset)
    for entry, following in pairwise(ordered):
        # a local header takes at least 30 bytes before the data (APPNOTE 4.3.7)
        if following.header_offset < entry.header_offset + 30 + entry.compress_size:
            yield _finding("overlapping-entries", f"this file's data run into those of {_name(following)}", entry)


def _name_findings(entries: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    for entry in entries:
        problem = _name_problem(_name(entry))
        if problem:
            yield _finding("unsafe-name", f"the name {_name(entry)!r} {problem}", entry, "rename the file")
        if (entry.external_attr >> 16) & _TYPE_BITS == _SYMLINK:
            yield _finding("symlink", "this entry is a symbolic link", entry, "put the file itself into the zip")
    yield from _repeated(entries)


def _name_problem(name: str) -> str:
    if "\0" in name:
        return "holds a NUL character"
    if "\\" in name:
        return "holds a backslash"
    if name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        return "is absolute"
    if ".." in PurePosixPath(name).parts:
        return "leads out of the package"
    if len(name) > MAX_NAME:
        return f"is longer than {MAX_NAME} characters"
    return "" if name.isprintable() else "holds control characters"


def _repeated(entries: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    names = [_name(entry) for entry in entries if not entry.is_dir()]
    for name, count in Counter(names).items():
        if count > 1:
            message = f"{count} files have this name; which one a platform shows is chance"
            yield Finding("error", "duplicate-name", message, name, hint="keep one of them")
    folded: dict[str, set[str]] = {}
    for name in names:
        folded.setdefault(unicodedata.normalize("NFC", name).casefold(), set()).add(name)
    for alike in folded.values():
        if len(alike) > 1:
            first, *others = sorted(alike)
            message = f"differs only in capitals or accent coding from {', '.join(others)}"
            yield Finding("warning", "colliding-names", message, first, hint="on Windows one overwrites the other")


def _finding(rule: str, message: str, entry: zipfile.ZipInfo | None = None, hint: str = "") -> Finding:
    return Finding("error", rule, message, _name(entry) if entry else "", hint=hint)


def _read_texts(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]) -> tuple[dict[str, bytes], list[Finding]]:
    """The small files that rules look at, within a budget for all of them."""
    texts: dict[str, bytes] = {}
    findings: list[Finding] = []
    budget = MAX_ALL_TEXT_BYTES
    for entry in entries:
        is_text = PurePosixPath(_name(entry)).suffix.lower() in _TEXTS
        if not is_text or entry.file_size > min(MAX_TEXT_BYTES, budget):
            continue
        try:
            texts[_name(entry)] = _read(archive, entry)
            budget -= entry.file_size
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
            findings.append(_finding("corrupt-entry", f"cannot be read ({error})", entry, "zip the package again"))
    return texts, findings


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """At most the announced size, whatever the data turn out to be."""
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile(f"{entry.file_size} bytes announced, {len(content)} or more found")
    return content
