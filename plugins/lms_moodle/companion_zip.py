"""Writes the companion plugin as the zip that Moodle installs; the same plugin gives the same bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lms_toolkit.archive import sha256_file, write_zip
from lms_toolkit.model import PackageFile

FOLDER = Path(__file__).parent / "companion" / "local_lmstoolkit"
TOP = "lmstoolkit"
"""Moodle takes the name of the zip's only folder for the plugin's, without its type."""


@dataclass(frozen=True, slots=True)
class WrittenCompanion:
    """The zip, its version and its hash."""

    path: Path
    version: str
    sha256: str


def companion_files() -> list[PackageFile]:
    """The plugin's files under the names they have in the zip."""
    paths = sorted(path for path in FOLDER.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [PackageFile(f"{TOP}/{path.relative_to(FOLDER).as_posix()}", path) for path in paths]


def companion_version() -> str:
    """The release that version.php states."""
    text = (FOLDER / "version.php").read_text(encoding="utf-8")
    match = re.search(r"\$plugin->release = '([^']+)'", text)
    assert match, "version.php states no release"
    return match[1]


def write_companion(path: Path) -> WrittenCompanion:
    """Write the zip."""
    write_zip(path, companion_files())
    return WrittenCompanion(path, companion_version(), sha256_file(path))
