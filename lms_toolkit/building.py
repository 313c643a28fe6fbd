"""Turns a module into a package an LMS accepts; the same module gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit import archive, control_documents
from lms_toolkit.content import templates_path
from lms_toolkit.errors import ContentError
from lms_toolkit.interfaces import PackageFormat, Shell
from lms_toolkit.model import Course, Module, Package

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
    """Build one package into `out_dir`. Raises ContentError for faults of the course, PackageError for the disk's."""
    if not module.is_written(language):
        raise ContentError(f"{course.id}: module {module.slug} is not written in {language} yet")
    from lms_toolkit.rendering import render_module

    rendered = render_module(course, module, language, plugins)
    path = out_dir / package_name(course, module, language, fmt)
    archive.write_zip(path, fmt.files(rendered, shell))
    return Package(
        course_id=course.id,
        module_slug=module.slug,
        language=language,
        format=fmt.name,
        path=path,
        sha256=archive.sha256_file(path),
        size_bytes=path.stat().st_size,
        items=fmt.items(rendered),
        notes=fmt.notes(rendered, shell),
    )


def package_name(course: Course, module: Module, language: str, fmt: PackageFormat) -> str:
    return f"{course.id}-{module.slug}-{language}-{fmt.name}{fmt.extension}"
