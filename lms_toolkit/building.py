"""Turns a module, or another unit of a course, into a package an LMS accepts; the same unit gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit import archive, control_documents
from lms_toolkit.content import templates_path
from lms_toolkit.errors import ContentError
from lms_toolkit.interfaces import PackageFormat, Shell
from lms_toolkit.model import Course, Module, Package, RenderedModule
from lms_toolkit.units import Unit, render_unit

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins


def make_shell(data_folder: Path) -> Shell:
    """What formats put around pages: our templates, and the control documents installed in the data folder."""
    return Shell((templates_path(),), control_documents.load(data_folder))


def build(
    course: Course,
    module: Module,
    language: str,
    fmt: PackageFormat,
    out_dir: Path,
    shell: Shell,
    plugins: Plugins,
) -> Package:
    """Build the package of one module. Raises ContentError for faults of the course, PackageError for the disk's."""
    if not module.is_written(language):
        raise ContentError(f"{course.id}: module {module.slug} is not written in {language} yet")
    return build_unit(course, Unit(module, (module,)), language, fmt, out_dir, shell, plugins)


def build_unit(
    course: Course,
    unit: Unit,
    language: str,
    fmt: PackageFormat,
    out_dir: Path,
    shell: Shell,
    plugins: Plugins,
) -> Package:
    """Build the package of one unit, whatever was built before. Raises as `build` does."""
    return pack(course, render_unit(course, unit, language, plugins), unit, fmt, out_dir, shell)


def pack(
    course: Course, rendered: RenderedModule, unit: Unit, fmt: PackageFormat, out_dir: Path, shell: Shell
) -> Package:
    """Write the package of a unit whose pages are rendered. Raises as `build` does."""
    from lms_toolkit.rendering.theme import themed

    shell = themed(shell, course)
    path = out_dir / package_name(course, unit.module, rendered.language, fmt)
    write = archive.write_file if fmt.single_file else archive.write_zip
    write(path, fmt.files(rendered, shell))
    return Package(
        course_id=course.id,
        module_slug=unit.slug,
        language=rendered.language,
        format=fmt.name,
        path=path,
        sha256=archive.sha256_file(path),
        size_bytes=path.stat().st_size,
        items=fmt.items(rendered),
        notes=fmt.notes(rendered, shell),
    )


def package_name(course: Course, module: Module, language: str, fmt: PackageFormat) -> str:
    return f"{course.id}-{module.slug}-{language}-{fmt.name}{fmt.extension}"
