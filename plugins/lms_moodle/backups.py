"""Looks into a backup before it goes to a site: what would fill its disk, or lead out of its folder, stays here.

Moodle unpacks a whole backup before it looks at it. Its .mbz is a tar in gzip (lib/filestorage/tgz_packer.php) or a zip
(backup/util/helper/backup_file_manager.class.php), and a cartridge is a zip.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from lms_toolkit.errors import PackageError
from lms_toolkit.inspecting.zips import open_safely

MAX_ENTRIES = 200_000
"""Moodle keeps every file of a course once; a site's largest courses have some tens of thousands."""
MAX_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 16 << 20
"""What is smaller fills no disk, however well it was packed."""
MAX_NAME = 4096

_BLOCK = 512
_CHUNK = 1 << 20
_ZIP, _GZIP = b"PK", b"\x1f\x8b"
_FILES, _FOLDER, _LINKS = b"0\0", b"5", b"12"
_ABOUT_THE_NEXT = b"LKxg"
"""Types of GNU and POSIX tar that hold the name of the entry behind them, or other facts."""


def check_backup(path: Path) -> None:
    """Raises PackageError for what is no backup, and for one that is dangerous to unpack; nothing is written."""
    try:
        with path.open("rb") as file:
            start = file.read(2)
        if start == _ZIP:
            _check_zip(path)
        elif start == _GZIP:
            _check_tar(path)
        else:
            raise _refused(path, "is neither a tar in gzip nor a zip", "make the backup again (.mbz or .imscc)")
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise _refused(path, f"cannot be unpacked ({error})", "copy or make it again") from error
        raise PackageError(f"{path} cannot be read ({error.strerror or error}); check its rights") from error
    except (EOFError, zlib.error) as error:
        raise _refused(path, "ends too early or is damaged", "copy or make it again") from error


def _check_zip(path: Path) -> None:
    _, findings = open_safely(path)
    worst = next((finding for finding in findings if finding.severity == "error"), None)
    if worst:
        where = f"{worst.where}: " if worst.where else ""
        raise _refused(path, f"must not be unpacked: {where}{worst.message}", worst.hint or "make the backup again")


def _check_tar(path: Path) -> None:
    packed = path.stat().st_size
    most = max(RATIO_MATTERS_FROM_BYTES, MAX_RATIO * packed)
    seen: set[str] = set()
    with gzip.open(path) as content:
        for number, entry in enumerate(_entries(path, cast(BinaryIO, content), most), start=1):
            if number > MAX_ENTRIES:
                raise _dangerous(path, f"it has more than {MAX_ENTRIES} files")
            _check_entry(path, entry)
            seen.add(entry.name.removeprefix("./"))
    if "moodle_backup.xml" not in seen:
        raise _refused(path, "has no moodle_backup.xml", "it is no backup of a Moodle course")


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    type: bytes
    size: int


def _entries(path: Path, content: BinaryIO, most: int) -> Iterator[_Entry]:
    """The entries of a tar, read through piece by piece; refused as soon as it grows beyond `most` bytes.

    See POSIX.1-2017, pax, "ustar Interchange Format". Long names are those of GNU tar (L) and pax (path=).
    """
    total, long_name = 0, ""
    while any(header := content.read(_BLOCK)):
        entry = _entry(path, header, long_name)
        total += _BLOCK + entry.size
        if total > most:
            raise _dangerous(path, f"{path.stat().st_size} bytes would unpack to more than {most}")
        if entry.type in (b"L", b"x"):
            if entry.size > MAX_NAME + _BLOCK:
                raise _dangerous(path, "it has a name of more than 4096 characters")
            long_name = _long_name(entry.type, _read(content, entry.size)) or long_name
            continue
        yield entry
        long_name = long_name if entry.type in _ABOUT_THE_NEXT else ""
        _read(content, entry.size, keep=False)


def _entry(path: Path, header: bytes, long_name: str) -> _Entry:
    if len(header) < _BLOCK:
        raise EOFError
    if sum(header[:148]) + sum(header[156:]) + 8 * 32 != _number(path, header[148:156]):
        raise _refused(path, "is no tar in gzip", "make the backup again")
    name = _text(header[:100])
    prefix = _text(header[345:500]) if header[257:263] == b"ustar\0" else ""
    return _Entry(
        long_name or (f"{prefix}/{name}" if prefix else name), header[156:157], _number(path, header[124:136])
    )


def _number(path: Path, field: bytes) -> int:
    """Octal digits, or from 8 GiB on the number itself (GNU tar)."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError as error:
        raise _refused(path, "is no tar in gzip", "make the backup again") from error


def _text(field: bytes) -> str:
    return field.split(b"\0")[0].decode(errors="replace")


def _long_name(kind: bytes, content: bytes) -> str:
    if kind == b"L":
        return _text(content)
    lines = content.decode(errors="replace").split("\n")
    return next((line.partition("path=")[2] for line in lines if line.partition(" ")[2].startswith("path=")), "")


def _read(content: BinaryIO, size: int, *, keep: bool = True) -> bytes:
    """The bytes of an entry, without those that fill its last block; with `keep` off they are only passed over."""
    left, kept = -(-size // _BLOCK) * _BLOCK, b""
    while left:
        piece = content.read(min(left, _CHUNK))
        if not piece:
            raise EOFError
        left -= len(piece)
        kept += piece if keep else b""
    return kept[:size]


def _check_entry(path: Path, entry: _Entry) -> None:
    if entry.type in _LINKS:
        raise _dangerous(path, f"{entry.name} is a link")
    if entry.type not in _FILES and entry.type != _FOLDER and entry.type not in _ABOUT_THE_NEXT:
        raise _dangerous(path, f"{entry.name} is neither a file nor a folder")
    parts = PurePosixPath(entry.name).parts
    if not entry.name or entry.name.startswith("/") or ".." in parts or "\\" in entry.name or ":" in entry.name[:2]:
        raise _dangerous(path, f"the name {entry.name!r} leads out of the backup")


def _dangerous(path: Path, why: str) -> PackageError:
    return _refused(path, f"must not be unpacked: {why}", "make the backup again, or ask who sent it")


def _refused(path: Path, what: str, hint: str) -> PackageError:
    return PackageError(f"{path} {what}; {hint}")
