"""What a rule of `check` is shown, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lms_toolkit.courses.prose import Prose
from lms_toolkit.model import Course, Finding, Module, ModuleContent, Question


@dataclass(frozen=True, slots=True)
class Subject:
    """A module in one language, with its texts already read."""

    course: Course
    module: Module
    content: ModuleContent
    prose: tuple[Prose, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return (*self.content.quiz, *self.content.self_checks)

    @property
    def questions_path(self) -> Path:
        return self.content.questions_path or self.content.folder


ModuleRule = Callable[[Subject], Iterator[Finding]]
CourseRule = Callable[[Course, tuple[str, ...]], Iterator[Finding]]


def error(rule: str, message: str, path: Path, line: int = 0, hint: str = "") -> Finding:
    return Finding("error", rule, message, where=str(path), line=line, hint=hint)


def warning(rule: str, message: str, path: Path, line: int = 0, hint: str = "") -> Finding:
    return Finding("warning", rule, message, where=str(path), line=line, hint=hint)
