"""Writes zips that are the same, byte for byte, whenever their files are: sorted names, fixed times, normal rights."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from lms_toolkit.errors import PackageError
from lms_toolkit.model import PackageFile
from lms_toolkit.zip_writing import LEVEL, Member, write_members

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time a zip can tell
_MODE = 0o100644
_MANY_BYTES = 32_000_000
"""What is more, such as films, is copied to the zip piece by piece."""
_FIRST = "imsmanifest.xml"
_ALREADY_SMALL = frozenset(
    {".gif", ".jpeg", ".jpg", ".m4a", ".mp3", ".mp4", ".pdf", ".png", ".webm", ".webp", ".woff2"}
)
_CHUNK = 1 << 20


def write_zip(path: Path, files: Iterable[PackageFile]) -> None:
    """Write a zip, whole or not at all; an earlier file of that name is replaced only once the new one is complete.

    Raises PackageError for unsafe or repeated names, and when the disk is full or may not be written.
    """
    ordered = sorted(files, key=lambda file: (file.name != _FIRST, file.name))
    _refuse_bad_names(ordered)
    _replace(path, lambda draft: _write(draft, ordered))


def write_file(path: Path, files: Iterable[PackageFile]) -> None:
    """Write the only one of `files` as it is, whole or not at all. Raises PackageError as `write_zip` does."""
    (file,) = files
    _replace(path, lambda draft: _copy(file, draft))


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(draft)
        draft.replace(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PackageError(f"{path} cannot be written ({reason}); free some space or choose another folder") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _copy(file: PackageFile, path: Path) -> None:
    if isinstance(file.content, bytes):
        path.write_bytes(file.content)
        return
    with _open(file.content) as source, path.open("xb") as target:
        shutil.copyfileobj(source, target, _CHUNK)


def sha256_file(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_bad_names(files: list[PackageFile]) -> None:
    seen: set[str] = set()
    for file in files:
        parts = PurePosixPath(file.name).parts
        if not parts or file.name.startswith("/") or ".." in parts or "\\" in file.name:
            raise PackageError(f"{file.name!r} is no safe name for a file in a package; use a plain relative path")
        if file.name.casefold() in seen:
            raise PackageError(f"two files of the package are named {file.name!r}, give or take capitals; rename one")
        seen.add(file.name.casefold())


def _write(path: Path, files: list[PackageFile]) -> None:
    # decided by the files alone, so that the same files always give the same bytes
    if sum(map(_size, files)) <= _MANY_BYTES and len(files) < zipfile.ZIP_FILECOUNT_LIMIT:
        with path.open("xb") as target:
            write_members(target, (Member(file.name, _read(file), _is_small(file)) for file in files))
        return
    _write_big(path, files)


def _size(file: PackageFile) -> int:
    return len(file.content) if isinstance(file.content, bytes) else _state(file.content).st_size


def _state(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error


def _read(file: PackageFile) -> bytes:
    if isinstance(file.content, bytes):
        return file.content
    with _open(file.content) as source:
        return source.read()


def _is_small(file: PackageFile) -> bool:
    return PurePosixPath(file.name).suffix.lower() in _ALREADY_SMALL


def _write_big(path: Path, files: list[PackageFile]) -> None:
    with zipfile.ZipFile(path, "x", allowZip64=True) as archive:
        for file in files:
            _add(archive, file)


def _add(archive: zipfile.ZipFile, file: PackageFile) -> None:
    info = zipfile.ZipInfo(file.name, _EPOCH)
    info.create_system = 3  # Unix, wherever this runs
    info.external_attr = _MODE << 16
    is_small = _is_small(file)
    info.compress_type = zipfile.ZIP_STORED if is_small else zipfile.ZIP_DEFLATED
    if isinstance(file.content, bytes):
        archive.writestr(info, file.content, compresslevel=None if is_small else LEVEL)
        return
    info._compresslevel = None if is_small else LEVEL  # type: ignore[attr-defined]  # public only from Python 3.13
    with _open(file.content) as source, archive.open(info, "w", force_zip64=_needs_zip64(file.content)) as target:
        shutil.copyfileobj(source, target, _CHUNK)


def _needs_zip64(path: Path) -> bool:
    # decided by the file alone, so that the same file always gives the same bytes
    return path.stat().st_size >= zipfile.ZIP64_LIMIT


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> PackageError:
    return PackageError(f"{path} cannot be read ({error.strerror}); restore the file or its rights")
