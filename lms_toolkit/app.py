"""What a command works with: settings, plugins, store, and a way to hand its result over for printing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lms_toolkit.config import Config
from lms_toolkit.errors import ConfigError
from lms_toolkit.manager import Plugins

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier, Platform
    from lms_toolkit.model import Course
    from lms_toolkit.store import Store


class Emit(Protocol):
    """Hands a result over: `data` for `--json` (records, or lists and dicts of them), `text` for people."""

    def __call__(self, data: Any, text: Any = None) -> None: ...


Advance = Callable[[int, int], None]
"""Told how much is done, and of how much; 0 while nobody knows."""


def _silent(title: str) -> AbstractContextManager[Advance]:
    return nullcontext(lambda done, total: None)


def _may_name(folder: Path, code: str) -> bool:
    """Whether it is worth reading a whole course for this edition."""
    path = folder / "course.toml"
    return not path.is_file() or code.encode() in path.read_bytes()


class App:
    """One run of the toolkit. Everything in it is made when first used.

    `emit` takes results (stdout), `tell` takes progress and advice in one line (stderr), `progress` opens a progress
    bar: `with app.progress("Uploading") as advance: advance(done, total)`.
    """

    def __init__(
        self,
        config: Config,
        *,
        plugins: Plugins | None = None,
        emit: Emit = lambda data, text=None: None,
        tell: Callable[[str], None] = lambda line: None,
        progress: Callable[[str], AbstractContextManager[Advance]] = _silent,
        interactive: bool = False,
    ) -> None:
        self.config = config
        self.emit = emit
        self.tell = tell
        self.progress = progress
        self.interactive = interactive
        self._plugins = plugins

    @cached_property
    def plugins(self) -> Plugins:
        return self._plugins or Plugins(self.config.disabled_plugins, warn=self.tell)

    @cached_property
    def store(self) -> Store:
        from lms_toolkit.store import open_store

        store = open_store(self.config.database_url)
        store.outbox.routes = self.config.notifications.routes()
        return store

    def close(self) -> None:
        """Close the store, if it was opened."""
        if "store" in self.__dict__:
            self.store.close()
            del self.__dict__["store"]

    def course_folders(self) -> dict[str, Path]:
        """Where each known course is: those of plugins, then those of the configuration, which win.

        Raises ConfigError for a folder of the configuration that is no course and holds none.
        """
        folders = {course_id: source.path for course_id, source in self.plugins.course_sources().items()}
        for named in self.config.course_folders:
            files = [path for path in (named / "course.toml", *sorted(named.glob("*/course.toml"))) if path.is_file()]
            if not files:
                raise ConfigError(f"courses.folders: {named} is no folder of courses: no course.toml is in it or below")
            folders.update({path.parent.name: path.parent for path in files})
        return folders

    def course_folder(self, name: str) -> Path:
        """The folder of a course named by its id, or by the path of its folder."""
        folders = self.course_folders()
        if name in folders:
            return folders[name]
        if (Path(name) / "course.toml").is_file():
            return Path(name)
        known = ", ".join(sorted(folders)) or "none"
        raise ConfigError(f"no course is named {name!r} and no folder {name!r} holds a course.toml (known: {known})")

    def course(self, name: str) -> Course:
        """Load a course; raises ContentError with every fault."""
        from lms_toolkit.courses import load

        return load(self.course_folder(name))

    def course_of_edition(self, code: str) -> Course:
        """The course that declares an edition."""
        for name, folder in sorted(self.course_folders().items()):
            if not _may_name(folder, code):
                continue
            course = self.course(name)
            if any(edition.code == code for edition in course.editions):
                return course
        raise ConfigError(f"no course declares an edition {code!r}; lms-toolkit courses lists them")

    def platform(self, site: str) -> Platform:
        platform = self.plugins.platform(self.config.site(site))
        platform.tell = self.tell
        return platform

    @cached_property
    def certifier(self) -> Certifier:
        return self.plugins.certifier(self.config.certificates)
