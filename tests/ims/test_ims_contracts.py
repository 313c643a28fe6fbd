"""Each format of the plugin keeps the contract that all formats keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from lms_ims.cartridge import ImsCc11, ImsCc13
from lms_ims.imscp import ImsCp
from lms_ims.moodle_bank import MoodleBank
from lms_toolkit.errors import ContentError
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Course
from lms_toolkit.testing import FormatContract


class TestImsCp(FormatContract):
    format_class = ImsCp


class TestImsCc11(FormatContract):
    format_class = ImsCc11


class TestImsCc13(FormatContract):
    format_class = ImsCc13


class TestMoodleBank(FormatContract):
    format_class = MoodleBank

    def test_a_changed_lesson_gives_another_package_with_the_same_identifiers(
        self, course: Course, plugins: Plugins, tmp_path: Path
    ) -> None:
        """A bank holds no lessons: it is a question that changes."""
        module = course.modules[0]
        content = module.content["fr"]
        changed = replace(content, quiz=(replace(content.quiz[0], text="Tout autre chose."), *content.quiz[1:]))

        before = self.build(course, tmp_path / "one", plugins)
        after = self.build(
            replace(course, modules=(replace(module, content={"fr": changed}),)), tmp_path / "two", plugins
        )

        assert before.sha256 != after.sha256
        assert [item.identifier for item in before.items] == [item.identifier for item in after.items]

    def test_the_package_opens_and_has_the_lessons_and_their_picture(
        self, course: Course, plugins: Plugins, tmp_path: Path
    ) -> None:
        """A bank has the questions instead, of the quiz and of the lessons."""
        root = etree.fromstring(self.build(course, tmp_path, plugins).path.read_bytes())

        assert [element.text for element in root.iterfind("question/idnumber")] == ["vrai", "moitie", "capitale"]

    def test_a_module_without_questions_is_explained(self, course: Course, plugins: Plugins, tmp_path: Path) -> None:
        module = course.modules[0]
        content = replace(module.content["fr"], quiz=(), lessons=module.content["fr"].lessons[1:])
        empty = replace(course, modules=(replace(module, content={"fr": content}),))

        with pytest.raises(ContentError, match="tiny: module depart has no question"):
            self.build(empty, tmp_path, plugins)
