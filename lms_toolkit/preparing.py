"""Builds the packages an edition needs, and says which of its modules cannot be there yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.errors import ContentError
from lms_toolkit.model import Course, Edition, Module, Package, Step

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins


@dataclass(frozen=True, slots=True)
class Prepared:
    """The packages of a course or edition in one language, and a `skip` step for each module not written yet."""

    packages: tuple[Package, ...]
    skipped: tuple[Step, ...]


def modules_of(course: Course, edition: Edition) -> tuple[Module, ...]:
    return tuple(course.module(slug) for phase in edition.phases for slug in phase.modules)


def prepare(
    course: Course,
    modules: tuple[Module, ...],
    language: str,
    format_name: str,
    out: Path,
    data_folder: Path,
    plugins: Plugins,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Prepared:
    """Build each written module; raises ContentError when none of them is written."""
    from lms_toolkit.building import build, make_shell

    fmt, shell = plugins.format(format_name), make_shell(data_folder)
    written = [module for module in modules if module.is_written(language)]
    skipped = tuple(
        Step("skip", "module", module.key, module.title[language], f"not written in {language} yet")
        for module in modules
        if not module.is_written(language)
    )
    if modules and not written:
        raise ContentError(
            f"{course.id}: none of {len(modules)} modules is written in {language} yet; nothing to build"
        )
    packages = []
    for number, module in enumerate(written):
        advance(number, len(written))
        packages.append(build(course, module, language, fmt, out, shell, plugins))
    advance(len(written), len(written))
    return Prepared(tuple(packages), skipped)
