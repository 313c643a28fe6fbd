"""Reads what an activity says in one language: `activities/<slug>.md`, and the questions of a quiz beside it.

<language>/activities/<slug>.md       its text, Markdown; in place of `description` in course.toml
<language>/activities/<slug>.yaml     the questions of a quiz, as in a module's questions.yaml
<language>/activities/files/          files that learners get
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lms_toolkit.courses.places import content_error, error_at
from lms_toolkit.courses.questions_file import Questions, read_questions
from lms_toolkit.courses.sources import is_inside, read_text
from lms_toolkit.model import Activity, ActivityContent, Finding

ACTIVITIES_FOLDER = "activities"
FILES_FOLDER = "files"


def text_path(folder: Path, activity: Activity, language: str) -> Path:
    return folder / language / ACTIVITIES_FOLDER / f"{activity.slug}.md"


def questions_path(folder: Path, activity: Activity, language: str) -> Path:
    return folder / language / ACTIVITIES_FOLDER / f"{activity.slug}.yaml"


def file_path(folder: Path, name: str, language: str) -> Path:
    return folder / language / ACTIVITIES_FOLDER / FILES_FOLDER / name


def read_activity(folder: Path, activity: Activity, language: str) -> ActivityContent | None:
    """What the files of an activity say, None where there are none; ContentError names every fault."""
    text, quiz = text_path(folder, activity, language), questions_path(folder, activity, language)
    faults = list(_faults(folder, activity, language))
    if faults:
        raise content_error(faults)
    markdown = read_text(text, folder) if _is_there(text) else ""
    questions = read_questions(quiz, folder, language) if activity.kind == "quiz" else Questions((), ())
    if not markdown and activity.kind != "quiz":
        return None
    return ActivityContent(
        language=language,
        markdown=markdown,
        path=text if markdown else None,
        quiz=questions.quiz,
        questions_path=quiz if questions.quiz else None,
        quiz_settings=questions.settings,
    )


def _faults(folder: Path, activity: Activity, language: str) -> Iterator[Finding]:
    quiz = questions_path(folder, activity, language)
    if activity.kind == "quiz" and not _is_there(quiz):
        hint = "write its questions as in a module's questions.yaml"
        yield error_at(quiz, "missing-file", f"is missing: {activity.slug} is a quiz", hint=hint)
    for name in activity.files:
        path = file_path(folder, name, language)
        if not path.is_file():
            yield error_at(path, "missing-file", f"is missing: {activity.slug} gives it to learners", hint="add it")
        elif not is_inside(path, folder):
            yield error_at(path, "outside-course", "leads out of the course's folder", hint="copy it into the course")


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()
