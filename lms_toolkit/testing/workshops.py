"""Builds small courses in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lms_toolkit.building import build, make_shell
from lms_toolkit.interfaces import PackageFormat, Shell
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Course, Package


@dataclass
class Workshop:
    """Makes courses with `make`, told their folder and what to change, and packages of them.

    Packages have no control documents, unless a `shell` with some is put in.
    """

    folder: Path
    make: Callable[..., Course]
    plugins: Plugins = field(default_factory=lambda: Plugins(strict=True))
    shell: Shell = field(init=False)

    def __post_init__(self) -> None:
        self.shell = make_shell(self.folder / "no-data")

    def course(self, **changes: Any) -> Course:
        return self.make(self.folder / "course", **changes)

    def package(self, fmt: PackageFormat | str, course: Course | None = None, out: str = "dist") -> Package:
        """The package of the course's first module; `fmt` may be the name of a plugin's format."""
        course = course or self.course()
        fmt = self.plugins.format(fmt) if isinstance(fmt, str) else fmt
        return build(course, course.modules[0], "fr", fmt, self.folder / out, self.shell, self.plugins)
