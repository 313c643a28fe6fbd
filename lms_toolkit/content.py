"""Where the toolkit's own data is: `course_packages/` and `templates/`, in a checkout or an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _data(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def content_path(course_id: str) -> Path:
    """The folder of a first-party course."""
    return _data("course_packages") / course_id


def templates_path() -> Path:
    """The folder of page shells, scripts and certificate faces."""
    return _data("templates")
