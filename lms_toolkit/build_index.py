"""Remembers, beside the packages of a folder, what they were made from: `.lms-toolkit-build.json`.

The file may be deleted at any time, and a damaged one is as good as none: packages are then built once more. It is
written whole or not at all; two builds into one folder keep each other's entries unless they build the same package.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lms_toolkit.archive import sha256_file
from lms_toolkit.errors import PackageError
from lms_toolkit.fingerprints import FileDigests, FileState, file_state
from lms_toolkit.model import Package, PackageItem, Step

FILE_NAME = ".lms-toolkit-build.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class BuiltPackage:
    """A package, the fingerprint of what it was made from, and what a designer wants to know of it."""

    package: Package
    fingerprint: str
    questions: int
    findings: int
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """A whole build that left nothing to do: how its sources looked, its packages' names, and what it skipped."""

    state: str
    names: tuple[str, ...]
    skipped: tuple[Step, ...]


@dataclass
class BuildIndex:
    """The index of one folder. Nothing is written before `save`."""

    folder: Path
    digests: FileDigests = field(default_factory=FileDigests)
    _packages: dict[str, dict[str, Any]] = field(default_factory=dict)
    _runs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def find(self, path: Path, fingerprint: str | None = None) -> BuiltPackage | None:
        """The package at `path`, if it is still the one that was built, and from this fingerprint."""
        entry = self._packages.get(path.name)
        if entry is None or fingerprint not in (None, entry["fingerprint"]) or not _is_untouched(path, entry):
            return None
        return _built_package(entry, path)

    def put(self, built: BuiltPackage) -> None:
        self._packages[built.package.path.name] = _entry(built)

    def run(self, key: str, state: str) -> Run | None:
        """What a build with these options gave while its sources looked like this."""
        entry = self._runs.get(key)
        if entry is None or entry["state"] != state:
            return None
        return Run(state, tuple(entry["names"]), tuple(Step(**step) for step in entry["skipped"]))

    def put_run(self, key: str, run: Run) -> None:
        skipped = [{name: getattr(step, name) for name in _STEP} for step in run.skipped]
        self._runs[key] = {"state": run.state, "names": list(run.names), "skipped": skipped}

    def save(self) -> None:
        """Write it beside the packages. Raises PackageError when the folder cannot be written."""
        others = _read(self.folder)
        files = {path: [*state, digest] for path, (state, digest) in self.digests.used.items()}
        packages = {**others["packages"], **self._packages}
        data = {
            "version": _VERSION,
            "packages": {name: entry for name, entry in packages.items() if (self.folder / name).is_file()},
            "runs": {**others["runs"], **self._runs},
            "files": {path: entry for path, entry in {**others["files"], **files}.items() if file_state(path)},
        }
        draft = self.folder / f"{FILE_NAME}.{uuid.uuid4().hex}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
            draft.replace(self.folder / FILE_NAME)
        except OSError as error:
            raise PackageError(f"{self.folder} cannot be written ({error.strerror}); choose another folder") from error
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


_STEP = ("action", "kind", "key", "title", "reason")


def open_index(folder: Path) -> BuildIndex:
    """The index of a folder; an empty one when there is none that can be read."""
    data = _read(folder)
    known: dict[str, tuple[FileState, str]] = {
        path: ((size, changed, moved), digest) for path, (size, changed, moved, digest) in data["files"].items()
    }
    return BuildIndex(folder, FileDigests(known), data["packages"], data["runs"])


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        data = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        if data["version"] == _VERSION:
            _probe(data)
            return {name: data[name] for name in ("packages", "runs", "files")}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        pass  # building everything once more is the remedy, and what the caller does with an empty index
    return {"packages": {}, "runs": {}, "files": {}}


def _probe(data: Mapping[str, Any]) -> None:
    """Raises what a damaged entry raises, so that it is met here and nowhere else."""
    for name, entry in data["packages"].items():
        _built_package(entry, Path(name))
        _ = (entry["size"] + entry["mtime_ns"], entry["fingerprint"] + entry["sha256"])
    for entry in data["runs"].values():
        _ = (entry["state"] + "", [Step(**step) for step in entry["skipped"]], [Path(name) for name in entry["names"]])
    for size, changed, moved, digest in data["files"].values():
        _ = (size + changed + moved, digest + "")


def _entry(built: BuiltPackage) -> dict[str, Any]:
    package, state = built.package, file_state(built.package.path)
    return {
        "fingerprint": built.fingerprint,
        "questions": built.questions,
        "findings": built.findings,
        "course_id": package.course_id,
        "module_slug": package.module_slug,
        "language": package.language,
        "format": package.format,
        "sha256": package.sha256,
        "size": package.size_bytes,
        "mtime_ns": state[1] if state else 0,
        "items": [[item.identifier, item.title] for item in package.items],
        "notes": list(package.notes),
    }


def _built_package(entry: Mapping[str, Any], path: Path) -> BuiltPackage:
    package = Package(
        course_id=entry["course_id"],
        module_slug=entry["module_slug"],
        language=entry["language"],
        format=entry["format"],
        path=path,
        sha256=entry["sha256"],
        size_bytes=entry["size"],
        items=tuple(PackageItem(identifier, title) for identifier, title in entry["items"]),
        notes=tuple(entry["notes"]),
    )
    return BuiltPackage(package, entry["fingerprint"], entry["questions"], entry["findings"], is_new=False)


def _is_untouched(path: Path, entry: Mapping[str, Any]) -> bool:
    """By size and time; a copy of the folder has other times, and is read to be sure."""
    state = file_state(path)
    if state is None or state[0] != entry["size"]:
        return False
    return bool(state[1] == entry["mtime_ns"] or sha256_file(path) == entry["sha256"])
