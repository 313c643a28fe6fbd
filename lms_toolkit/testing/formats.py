"""What every package format must do, as tests to inherit."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import ClassVar
from zipfile import ZipFile

import pytest

from lms_toolkit.building import build, make_shell
from lms_toolkit.errors import ContentError
from lms_toolkit.inspecting import inspect_package
from lms_toolkit.interfaces import PackageFormat
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Course, Package
from lms_toolkit.testing.courses import tiny_course


class FormatContract:
    """Inherit and name your class; your plugin must be installed, because its own checks judge what it builds."""

    format_class: ClassVar[type[PackageFormat]]

    @pytest.fixture
    def course(self, tmp_path: Path) -> Course:
        return tiny_course(tmp_path / "course")

    @pytest.fixture
    def plugins(self) -> Plugins:
        return Plugins(strict=True)

    def build(self, course: Course, out: Path, plugins: Plugins) -> Package:
        """One package, without control documents: a format must do without."""
        shell = make_shell(out / "no-data")
        return build(course, course.modules[0], "fr", self.format_class(), out, shell, plugins)

    def test_it_builds_a_package_whose_record_is_true(self, course: Course, plugins: Plugins, tmp_path: Path) -> None:
        package = self.build(course, tmp_path, plugins)

        assert package.format == self.format_class.name
        assert package.path.suffix == self.format_class.extension
        assert package.size_bytes == package.path.stat().st_size

    def test_the_same_course_gives_the_same_bytes_wherever_it_lies(
        self, course: Course, plugins: Plugins, tmp_path: Path
    ) -> None:
        elsewhere = tiny_course(tmp_path / "moved" / "deep")
        for path in elsewhere.folder.rglob("*"):
            os.utime(path, (1, 1))

        first = self.build(course, tmp_path / "one", plugins)
        second = self.build(elsewhere, tmp_path / "two", plugins)

        assert first.path.read_bytes() == second.path.read_bytes()
        assert first.sha256 == second.sha256

    def test_a_changed_lesson_gives_another_package_with_the_same_identifiers(
        self, course: Course, plugins: Plugins, tmp_path: Path
    ) -> None:
        module = course.modules[0]
        content = module.content["fr"]
        lesson = replace(content.lessons[1], title="Un autre titre", markdown="## Tout autre chose\n\nEncore.\n")
        changed_content = replace(content, lessons=(content.lessons[0], lesson))
        changed = replace(course, modules=(replace(module, content={"fr": changed_content}),))

        before = self.build(course, tmp_path / "one", plugins)
        after = self.build(changed, tmp_path / "two", plugins)

        assert before.sha256 != after.sha256
        assert [item.identifier for item in before.items] == [item.identifier for item in after.items]

    def test_the_package_opens_and_has_the_lessons_and_their_picture(
        self, course: Course, plugins: Plugins, tmp_path: Path
    ) -> None:
        package = self.build(course, tmp_path, plugins)

        with ZipFile(package.path) as archive:
            assert archive.testzip() is None
            everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
            assert any(name.endswith("pont.svg") for name in archive.namelist())
        assert "où naît l’œuvre" in everything

    def test_inspection_finds_no_error_in_it(self, course: Course, plugins: Plugins, tmp_path: Path) -> None:
        package = self.build(course, tmp_path, plugins)

        report = inspect_package(package.path, plugins)

        assert [str(finding) for finding in report.findings if finding.severity == "error"] == []
        assert report.sha256 == package.sha256

    def test_a_module_that_is_not_written_is_explained(self, course: Course, plugins: Plugins, tmp_path: Path) -> None:
        unwritten = replace(course, modules=(replace(course.modules[0], content={}),))

        with pytest.raises(ContentError, match="depart is not written in fr"):
            self.build(unwritten, tmp_path, plugins)

    def test_a_missing_picture_is_explained_with_its_place_and_leaves_no_package(
        self, course: Course, plugins: Plugins, tmp_path: Path
    ) -> None:
        (course.modules[0].content["fr"].folder / "media" / "pont.svg").unlink()

        with pytest.raises(ContentError, match=r"bienvenue\.md:\d+.*pont\.svg"):
            self.build(course, tmp_path / "out", plugins)
        assert not list(tmp_path.rglob(f"*{self.format_class.extension}"))
