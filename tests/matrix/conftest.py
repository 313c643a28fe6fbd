"""Everything the toolkit can build: each registered format with each course, language and granularity.

A format or a course that is added to the registry is in the matrix the next time the tests run. Packages are built
without control documents, so that the matrix is the same on every machine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from lxml import etree

from lms_toolkit.building import build_unit, make_shell
from lms_toolkit.courses import load
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Course, Granularity, Module, Package
from lms_toolkit.units import GRANULARITIES, units_of


@cache
def plugins() -> Plugins:
    return Plugins(strict=True)


@cache
def course_of(folder: Path) -> Course:
    return load(folder)


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix."""

    format_name: str
    folder: Path
    language: str
    per: Granularity

    def __str__(self) -> str:
        return f"{self.format_name}-{self.folder.name}-{self.language}-per-{self.per}"

    @property
    def course(self) -> Course:
        return course_of(self.folder)

    def build(self, out: Path, course: Course | None = None) -> list[Package]:
        """Every package of the cell, of the course as it is or changed."""
        course = course or self.course
        fmt, shell = plugins().format(self.format_name), make_shell(out / "no-data")
        units = units_of(course, course.modules, self.language, self.per)
        if fmt.single_file:  # a file of questions: there is none of a lesson without
            units = tuple(unit for unit in units if _has_questions(unit.module, self.language))
        return [build_unit(course, unit, self.language, fmt, out, shell, plugins()) for unit in units]


def _has_questions(module: Module, language: str) -> bool:
    """Whether a question bank can hold any of its questions: a hotspot it cannot."""
    content = module.content[language]
    lessons = "".join(lesson.markdown for lesson in content.lessons)
    shown = (one for one in content.self_checks if f"::: self-check {one.id}\n" in lessons)
    return any(question.kind != "hotspot" for question in (*content.quiz, *shown))


def _cells() -> Iterator[Cell]:
    for source in plugins().course_sources().values():
        course = course_of(source.path)
        for language in course.languages:
            if any(module.is_written(language) for module in course.modules):
                for name in plugins().format_names():
                    yield from (Cell(name, source.path, language, per) for per in GRANULARITIES)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "cell" in metafunc.fixturenames:
        metafunc.parametrize("cell", list(_cells()), ids=str, scope="module")


@dataclass(frozen=True)
class Built:
    cell: Cell
    packages: list[Package]


@pytest.fixture(scope="module")
def built(cell: Cell, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(cell, cell.build(tmp_path_factory.mktemp("matrix")))


@pytest.fixture
def moved(cell: Cell, tmp_path: Path) -> Course:
    """The same course in another folder, every file with another time."""
    folder = shutil.copytree(cell.folder, tmp_path / "elsewhere" / cell.folder.name)
    for path in folder.rglob("*"):
        os.utime(path, (1, 1))
    return load(folder)


@pytest.fixture
def reordered(cell: Cell) -> Course:
    """The same course with its modules, and the lessons of each, the other way round."""
    return replace(cell.course, modules=tuple(_reversed(module) for module in reversed(cell.course.modules)))


def _reversed(module: Module) -> Module:
    content = {
        language: replace(text, lessons=tuple(reversed(text.lessons))) for language, text in module.content.items()
    }
    return replace(module, lessons=tuple(reversed(module.lessons)), content=content)


@cache
def _schema(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True, load_dtd=False)))


Faults = Callable[[Path], list[str]]


@pytest.fixture
def schema_faults(xsd_folder: Path) -> Faults:
    """What the schemas say against a package's control files. Skips where no set exists for them."""
    return partial(_faults, xsd_folder)


def _faults(sets: Path, package: Path) -> list[str]:
    if not is_zipfile(package):
        pytest.skip(f"{package.name}: no XSD set exists for this format")
    with ZipFile(package) as archive:
        checked = {name: _set_for(archive.read(name)) for name in archive.namelist() if name.endswith(".xml")}
        checked = {name: entry for name, entry in checked.items() if entry}
        if not checked:
            pytest.skip(f"{package.name}: no XSD set exists for this format")
        return [fault for name, entry in checked.items() for fault in _validate(name, archive.read(name), sets / entry)]


def _validate(name: str, xml: bytes, driver: Path) -> list[str]:
    schema = _schema(driver)
    if schema.validate(etree.fromstring(_as_cc11(xml))):
        return []
    return [f"{name}:{error.line}: {error.message}" for error in schema.error_log]


NAMESPACES = {
    "http://www.imsproject.org/xsd/imscp_rootv1p1p2": "scorm12/_driver.xsd",
    "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1": "cc-1.1/cc11libxml2validator.xsd",
    "http://www.imsglobal.org/xsd/imsccv1p1/imsdt_v1p1": "cc-1.1/ccv1p1_imsdt_v1p1.xsd",
    "http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1": "cc-1.1/ccv1p1_imswl_v1p1.xsd",
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p2": "cc-1.1/ccv1p1_qtiasiv1p2p1_v1p0.xsd",
    "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd": "cmi5/CourseStructure.xsd",
}
VERSIONS = {
    "2004 3rd Edition": "scorm2004-3rd/_driver.xsd",
    "2004 4th Edition": "scorm2004-4th/_driver.xsd",
    "1.1.4": "ims-cp-1.1.4/_driver.xsd",
}


def _set_for(xml: bytes) -> str | None:
    """The schema a control file is held to, by its namespace and what it says it is; None for other files."""
    root = etree.fromstring(_as_cc11(xml))
    namespace = etree.QName(root).namespace
    if namespace == "http://www.imsglobal.org/xsd/imscp_v1p1":
        return VERSIONS[root.findtext("{*}metadata/{*}schemaversion") or ""]
    return NAMESPACES.get(namespace or "")


def _as_cc11(xml: bytes) -> bytes:
    """Common Cartridge 1.3 has no set of its own: its names mapped to those of 1.1 are the nearest there is."""
    for newer, older in (
        (b"imsccv1p3", b"imsccv1p1"),
        (b">1.3.0<", b">1.1.0<"),
        (b"imscc_xmlv1p3", b"imscc_xmlv1p1"),
        (b"imsdt_xmlv1p3", b"imsdt_xmlv1p1"),
        (b"imswl_xmlv1p3", b"imswl_xmlv1p1"),
        (b"imsdt_v1p3", b"imsdt_v1p1"),
        (b"imswl_v1p3", b"imswl_v1p1"),
    ):
        xml = xml.replace(newer, older)
    return xml
