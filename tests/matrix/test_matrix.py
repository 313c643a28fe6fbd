"""Every format builds every course in every language and granularity: the same bytes, valid, nothing found."""

from __future__ import annotations

from collections import Counter

from lms_toolkit.inspecting import inspect_package
from lms_toolkit.manager import Plugins


def test_there_is_a_package_for_every_unit(built):
    course, language = built.cell.course, built.cell.language
    written = [module for module in course.modules if module.is_written(language)]
    lessons = [lesson for module in written for lesson in module.content[language].lessons]
    wanted = {"module": len(written), "course": 1, "lesson": len(lessons)}[built.cell.per]
    is_of_questions = Plugins().format(built.cell.format_name).single_file

    assert len(built.packages) >= (1 if is_of_questions else wanted)
    assert len({package.path.name for package in built.packages}) == len(built.packages)


def test_another_build_elsewhere_gives_the_same_bytes(built, moved, tmp_path):
    again = built.cell.build(tmp_path / "again", moved)

    assert [package.sha256 for package in again] == [package.sha256 for package in built.packages]
    for one, other in zip(built.packages, again, strict=True):
        assert one.path.read_bytes() == other.path.read_bytes()


def test_inspection_knows_the_format_and_finds_nothing(built):
    plugins = Plugins(strict=True)
    for package in built.packages:
        report = inspect_package(package.path, plugins)

        assert report.format == built.cell.format_name
        assert [f"{f.rule}: {f}" for f in report.findings if f.severity in ("error", "warning")] == []


def test_the_control_files_are_valid(built, schema_faults):
    faults = {package.path.name: schema_faults(package.path) for package in built.packages}

    assert {name: found for name, found in faults.items() if found} == {}


def test_identifiers_belong_to_the_text_and_not_to_its_place(built, reordered, tmp_path):
    """What an LMS keeps records of stays with its lesson when lessons and modules change their order."""
    after = built.cell.build(tmp_path / "reordered", reordered)

    assert _identities(after) == _identities(built.packages)


def _identities(packages) -> Counter[tuple[str, str, str]]:
    """Package, identifier and title of every item, in no order."""
    return Counter((p.path.name, item.identifier, item.title) for p in packages for item in p.items)
