"""Tells whether anything that goes into a package has changed, without building it.

Two questions, two answers. A *state* says whether any file looks touched (size and times, nothing is read): with equal
states there is no need to read the course at all. A *fingerprint* says what a package is made of (SHA-256 of everything
that can reach its bytes, no path and no time): it is equal on any machine, whenever the package would be.
"""

from __future__ import annotations

import json
import os
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lms_toolkit.archive import sha256_file

if TYPE_CHECKING:
    from lms_toolkit.interfaces import PackageFormat, Shell
    from lms_toolkit.manager import Plugins
    from lms_toolkit.model import Course
    from lms_toolkit.units import Unit

FileState = tuple[int, int, int]
"""Size, time of change of the content and of the entry (nanoseconds)."""

_LIBRARIES = ("jinja2", "lxml", "markdown-it-py", "mdit-py-plugins", "nh3")
"""What turns text into bytes, beside ourselves."""
_PLACES = frozenset({"line", "body_line"})
"""Where a text is in its file: for messages alone."""
_AS_THEY_ARE = frozenset({str, bool, int, float, type(None)})
_TEXTS = frozenset({".md", ".yaml"})
_TOOLKIT = Path(__file__).parent
_NOT_OURS = frozenset({"__pycache__"})
_MANY_BYTES = 1 << 20
"""What is more is read piece by piece."""
_SETTLED_NS = 100_000_000
"""A file changed less than this before it was read may change again within one tick of the clock of its disk."""


def digest(value: Any) -> str:
    """The SHA-256 of records, mappings, lists and plain values; paths are left out, for they differ by machine."""
    return sha256(json.dumps(_plain(value), ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")).hexdigest()


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple or kind is list:
        return _plain_parts(value)
    values_of = _values_of(kind)  # type: ignore[arg-type]  # types are hashable, whatever the stubs say
    if values_of is not None:
        return [kind.__name__, *_plain_parts(values_of(value))]
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return _plain_parts(value)
    return None if isinstance(value, Path) else str(value)


def _plain_parts(values: Iterable[Any]) -> list[Any]:
    return [part if type(part) in _AS_THEY_ARE else _plain(part) for part in values]  # most are plain


@cache
def _values_of(kind: Any) -> Callable[[Any], Iterable[Any]] | None:
    """How to get what counts of a record, in the order of its fields; None for what is no record."""
    if not is_dataclass(kind):
        return None
    names = [entry.name for entry in fields(kind) if entry.name not in _PLACES]
    return attrgetter(*names) if len(names) > 1 else lambda record: [getattr(record, name) for name in names]


def file_state(path: Path | str) -> FileState | None:
    """How a file looks from outside; None when there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116  # a build looks at hundreds of files, and a Path costs more than the look
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


@dataclass
class FileDigests:
    """The SHA-256 of files, remembered from run to run as long as a file looks untouched."""

    known: dict[str, tuple[FileState, str]] = field(default_factory=dict)
    used: dict[str, tuple[FileState, str]] = field(default_factory=dict)

    def of(self, path: Path | str) -> str:
        """Raises OSError when the file cannot be read."""
        name = os.path.abspath(path)  # noqa: PTH100  # Path.absolute keeps `..`
        state = file_state(name)
        remembered = self.known.get(name)
        if remembered and remembered[0] == state:
            self.used[name] = remembered
            return remembered[1]
        found = sha256_file(Path(name)) if state and state[0] > _MANY_BYTES else _sha256(name)
        if state and time.time_ns() - max(state[1], state[2]) > _SETTLED_NS:
            self.known[name] = self.used[name] = (state, found)
        return found


def _sha256(name: str) -> str:
    with open(name, "rb") as file:  # noqa: PTH123  # as above
        return sha256(file.read()).hexdigest()


def _files_below(folder: str) -> Iterator[str]:
    """Every file below a folder, in order, hidden ones and byte code left out."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _NOT_OURS and not name.startswith("."))
        yield from (f"{root}{os.sep}{name}" for name in sorted(names) if not name.startswith("."))


def states(places: Iterable[Path]) -> list[tuple[str, FileState | None]]:
    """How some files, and every file below some folders, look; nothing is read. A folder that is not there has none."""
    names = (name for place in places for name in ([str(place)] if place.is_file() else _files_below(str(place))))
    return [(name, file_state(name)) for name in names]


def is_settled(states: Iterable[FileState | None]) -> bool:
    """Whether no file changed so lately that a further change might not show."""
    newest = max((max(state[1], state[2]) for state in states if state), default=0)
    return time.time_ns() - newest > _SETTLED_NS


def code_folders(plugins: Plugins, fmt: PackageFormat) -> tuple[Path, ...]:
    """Where the code is that makes a package: ours, the format's, and that of each plugin that renders lessons."""
    modules = (type(fmt).__module__, *plugins.modules_with("lms_render_lesson"))
    names = {name.partition(".")[0] for name in modules}
    files = (getattr(sys.modules.get(name), "__file__", None) for name in names)
    found = {Path(file) for file in files if file}
    return (_TOOLKIT, *sorted({path.parent if path.name == "__init__.py" else path for path in found} - {_TOOLKIT}))


class Fingerprints:
    """What the packages of one course are made of; what they share is looked at once."""

    def __init__(self, course: Course, shell: Shell, plugins: Plugins, digests: FileDigests) -> None:
        self._course = course
        self._shell = shell
        self._plugins = plugins
        self._digests = digests
        self._remembered: dict[tuple[str, ...], str] = {}

    def of(self, unit: Unit, language: str, fmt: PackageFormat) -> str:
        """The digest of the unit's texts and files, of what the course says of itself, and of the tools.

        Other modules of the course are not in it; a format is not shown them either. Raises OSError.
        """
        parts = (
            self._once(("tools", fmt.name), lambda: self._tools(fmt)),
            self._once(("course", language), lambda: self._about_the_course(language)),
            self._once(("unit", unit.slug, language), lambda: self._about_the_unit(unit, language)),
        )
        return digest(parts)

    def _once(self, key: tuple[str, ...], make: Callable[[], str]) -> str:
        if key not in self._remembered:
            self._remembered[key] = make()
        return self._remembered[key]

    def _tools(self, fmt: PackageFormat) -> str:
        """Code, templates, control documents, libraries."""
        parts = [*code_folders(self._plugins, fmt), *self._shell.templates]
        documents = self._shell.control_documents.items()
        return digest(
            {
                "format": fmt.name,
                "files": [_contents(part, self._digests) for part in parts],
                "control documents": {
                    name: [(file.name, sha256(file.read()).hexdigest()) for file in files] for name, files in documents
                },
                "libraries": {name: version(name) for name in _LIBRARIES},
                "zlib": zlib.ZLIB_RUNTIME_VERSION,
            }
        )

    def _about_the_course(self, language: str) -> str:
        """All but its modules, and the files that lie beside its languages, such as a logo."""
        course = self._course
        about = {entry.name: getattr(course, entry.name) for entry in fields(course)}
        del about["modules"], about["folder"]
        files = _contents(course.folder, self._digests, leave_out={*_TEXTS, ".toml"}, but=course.languages)
        return digest([language, _in_language(_plain(about), set(course.languages), language), files])

    def _about_the_unit(self, unit: Unit, language: str) -> str:
        modules = (unit.module, *unit.parts) if unit.is_joined else unit.parts
        known = set(self._course.languages)
        said = [_in_language(_plain(replace(module, content={})), known, language) for module in modules]
        texts = [module.content[language] for module in modules]
        folders = [part.content[language].folder for part in unit.parts]
        return digest([said, texts, [_contents(folder, self._digests, leave_out=_TEXTS) for folder in folders]])


def _contents(
    place: Path, digests: FileDigests, *, leave_out: Iterable[str] = (), but: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """Name and digest of every file below a folder, or of the one file; `but` are folders at its top to pass over."""
    if place.is_file():
        return [(place.name, digests.of(place))]
    suffixes, passed = tuple(leave_out), set(but)
    top = str(place)
    found = ((path[len(top) + 1 :].replace(os.sep, "/"), path) for path in _files_below(top))
    wanted = ((name, path) for name, path in found if not name.lower().endswith(suffixes))
    return [(name, digests.of(path)) for name, path in wanted if name.partition("/")[0] not in passed]


def _in_language(value: Any, languages: set[str], language: str) -> Any:
    """The same plain value in one language: of each text that is given per language, this one alone."""
    if isinstance(value, dict):
        is_translated = bool(value) and set(value) <= languages
        kept = {language: value[language]} if is_translated and language in value else {} if is_translated else value
        return {key: _in_language(text, languages, language) for key, text in kept.items()}
    return [_in_language(part, languages, language) for part in value] if isinstance(value, list) else value
