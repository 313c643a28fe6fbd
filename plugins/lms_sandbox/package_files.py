"""Keeps packages as the zips they came in and reads them there: nothing is ever unpacked, so nothing can escape."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, NoReturn
from urllib.parse import unquote

from lms_sandbox.errors import Refusal
from lms_sandbox.gates import Activity
from lms_sandbox.manifest import MAX_MANIFEST_BYTES, Manifest, plain_pages, read_manifest

MAX_ENTRIES = 20_000
MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 1_000_000
BLOCK = 1 << 16
FRONT_PAGE = "index.html"


@dataclass(frozen=True, slots=True)
class KeptFile:
    sha256: str
    size_bytes: int


class PackageFiles:
    """A folder of files named by their SHA-256.

    `takes_plain_pages` also lets in what Moodle's SCORM activity would refuse: a folder of pages with no manifest, for
    `preview`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.takes_plain_pages = False
        self._trees: dict[str, Activity] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, stream: IO[bytes]) -> KeptFile:
        """Save a stream under its hash, at once or not at all."""
        digest, size = hashlib.sha256(), 0
        with NamedTemporaryFile(dir=self._folder, prefix="incoming-", delete=False) as file:
            try:
                while block := stream.read(BLOCK):
                    digest.update(block)
                    size += len(block)
                    file.write(block)
                file.close()
                os.replace(file.name, self._path(digest.hexdigest()))  # noqa: PTH105 - a NamedTemporaryFile has a str name
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        return KeptFile(digest.hexdigest(), size)

    def forget_all_but(self, needed: set[str]) -> None:
        """Delete what nothing refers to any more."""
        for path in self._folder.iterdir():
            if path.stem not in needed:
                with suppress(FileNotFoundError):
                    path.unlink()

    def manifest(self, sha256: str) -> Manifest:
        """Check that a package is safe and playable, and read its manifest; raises Refusal `manifestinvalid`."""
        with _opened(self._path(sha256)) as archive:
            _check(archive)
            names = set(archive.namelist())
            if "cmi5.xml" in names and "imsmanifest.xml" not in names:
                _invalid("it is a cmi5 package, which needs a learning record store (LRS), and the sandbox has none")
            if self.takes_plain_pages and "imsmanifest.xml" not in names and FRONT_PAGE in names:
                return plain_pages(_title_of(archive), FRONT_PAGE)
            manifest = read_manifest(_read(archive, "imsmanifest.xml"))
            for launch in manifest.launches:
                if unquote(launch.file) not in names:
                    _invalid(f"{launch.identifier} leads to {launch.file}, which is not in the package")
            return manifest

    def tree(self, sha256: str) -> Activity:
        """The items of a package that was let in, with the rules that close them. Read once for each SHA-256."""
        if sha256 not in self._trees:
            self._trees[sha256] = self.manifest(sha256).tree
        return self._trees[sha256]

    def open(self, sha256: str, name: str) -> tuple[int, Iterator[bytes]]:
        """The size of one file of a package and its bytes; raises KeyError when there is none."""
        archive = zipfile.ZipFile(self._path(sha256))
        try:
            entry = archive.getinfo(name)
        except KeyError:
            archive.close()
            raise
        return entry.file_size, _blocks(archive, entry)

    def _path(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.zip"


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive, archive.open(entry) as file:
        while block := file.read(BLOCK):
            yield block


def _invalid(why: str) -> NoReturn:
    raise Refusal("manifestinvalid", f"The package cannot be played: {why}")


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile):
        _invalid("it is not a zip file")


def _check(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        _invalid(f"it has more than {MAX_ENTRIES} files")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        _invalid(f"unpacked it is larger than {MAX_UNPACKED_BYTES} bytes")
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename  # as written; `filename` has been cut at a NUL
    if "\\" in name or "\0" in name or name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/"):
        _invalid(f"the name {name!r} points outside the package")
    if entry.flag_bits & 0x1:
        _invalid(f"{name} is encrypted")
    if entry.file_size > RATIO_MATTERS_FROM_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        _invalid(f"{name} unpacks to more than {MAX_RATIO} times its size")


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small file; one byte more than allowed tells the reader that it is too large."""
    try:
        with archive.open(name) as file:
            return file.read(MAX_MANIFEST_BYTES + 1)
    except KeyError:
        _invalid(f"it has no {name} at its root")
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        _invalid(f"{name} cannot be read ({error})")


def _title_of(archive: zipfile.ZipFile) -> str:
    html = _read(archive, FRONT_PAGE).decode("utf-8", "replace")
    found = re.search(r"<title[^>]*>([^<]*)</title>", html, re.IGNORECASE)
    return unescape(found[1]).strip() if found and found[1].strip() else FRONT_PAGE
