"""Takes the questions of a module out to another system, and names what stays behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Course, Finding, ModuleContent, Question
from lms_toolkit.questions.gift_writing import write_gift
from lms_toolkit.questions.losses import can_hold, gift_can_hold, gift_losses, moodle_xml_losses
from lms_toolkit.questions.moodlexml import write_moodle_xml

Target = Literal["gift", "moodlexml"]
Part = Literal["quiz", "self-checks"]


@dataclass(frozen=True, slots=True)
class Exported:
    """A file for another system: its bytes, how many questions are in it, and what is not."""

    data: bytes
    questions: int
    findings: tuple[Finding, ...]


def export_questions(course: Course, slug: str, language: str, target: Target, part: Part = "quiz") -> Exported:
    """The quiz of a module, or its self-checks, in one language."""
    content = _content(course, slug, language)
    questions = content.quiz if part == "quiz" else content.self_checks
    title = course.module(slug).title[language].replace("/", "//")  # Moodle's way to write / in a category's name
    category = f"{course.id}/{title}"
    path = content.questions_path or content.folder
    if target == "gift":
        held = sum(map(gift_can_hold, questions))
        findings = gift_losses(questions, path, language)
        return Exported(write_gift(questions, category, language=language), held, tuple(findings))
    data = write_moodle_xml(questions, category, language=language, folder=content.folder)
    return Exported(data, _held(questions), tuple(moodle_xml_losses(questions, path, language)))


def _held(questions: tuple[Question, ...]) -> int:
    return sum(map(can_hold, questions))


def _content(course: Course, slug: str, language: str) -> ModuleContent:
    slugs = [module.slug for module in course.modules]
    if slug not in slugs:
        raise ConfigError(f"{course.id} has no module {slug!r} (it has {', '.join(slugs)})")
    module = course.module(slug)
    if language not in module.content:
        written = ", ".join(module.content) or "no language yet"
        raise ConfigError(f"{course.id}: module {slug} is not written in {language} (it is in {written})")
    return module.content[language]
