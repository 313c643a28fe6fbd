"""Rules for course pages: what is written in which language, what pages can show, files that belong to nothing."""

from __future__ import annotations

from collections.abc import Iterator

from lms_toolkit.courses.activity_files import (
    ACTIVITIES_FOLDER,
    FILES_FOLDER,
    file_path,
    questions_path,
    text_path,
)
from lms_toolkit.courses.loading import COURSE_FILE
from lms_toolkit.courses.prose import read_prose
from lms_toolkit.courses.sources import is_inside
from lms_toolkit.courses.subject import CourseRule, error, warning
from lms_toolkit.model import Activity, ActivityContent, Course, Finding

NEEDS_TEXT = ("page", "text", "assignment", "group-work", "peer-assessment")


def activity_without_text(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Activities that are nothing without a text, in the languages they are given in."""
    for activity in course.activities:
        for language in languages:
            if activity.is_given_in(language) and activity.kind in NEEDS_TEXT and not activity.text(language):
                path = text_path(course.folder, activity, language)
                message = f"is missing: {activity.slug} ({activity.kind}) says nothing in {language}"
                yield warning("empty-activity", message, path, hint="write it, or a description in course.toml")


def activity_translations(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """A text or a question that an activity has in one language and not in another."""
    for activity in course.activities:
        given_in = [language for language in languages if activity.is_given_in(language)]
        written = [language for language in given_in if language in activity.content]
        for language in given_in:
            if written and language not in written:
                path = text_path(course.folder, activity, language)
                message = f"is missing: {activity.slug} has a text in {', '.join(written)}"
                yield warning("missing-translation", message, path, hint="translate it")
        yield from _missing_questions(course, activity, written)


def _missing_questions(course: Course, activity: Activity, written: list[str]) -> Iterator[Finding]:
    ids = {language: {question.id for question in activity.content[language].quiz} for language in written}
    for language in written:
        for question in activity.content[language].quiz:
            for other in (other for other in written if question.id not in ids[other]):
                path = questions_path(course.folder, activity, other)
                message = f"{question.id} is a question in {language}, and not in {other}"
                yield warning("missing-translation", message, path, hint="translate it, under the same id")


def activity_texts(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """What a course page cannot show: files beside the text, HTML, blocks of lessons."""
    for activity in course.activities:
        for language, content in activity.content.items():
            if language in languages and content.path:
                yield from _text_findings(content)


def _text_findings(content: ActivityContent) -> Iterator[Finding]:
    assert content.path is not None
    prose = read_prose(content.markdown, content.path, 1)
    for link in prose.links:
        if not link.target.startswith(("http://", "https://", "mailto:")) or link.is_picture:
            message = f"{'shows' if link.is_picture else 'links to'} {link.target!r}, which a course page cannot have"
            hint = "name the file in the activity's files, or put the text into a lesson"
            yield error("broken-link", message, content.path, link.line, hint)
    for line in prose.html_lines:
        yield warning("raw-html", "HTML is shown as it is written", content.path, line, "use Markdown")
    for block in prose.blocks:
        hint = "blocks are for lessons; use a heading and a list"
        yield error("unknown-block", f"has a block {block.kind!r}", content.path, block.line, hint)


def activity_files(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Files in `activities/` that nothing names."""
    for language in languages:
        folder = course.folder / language / ACTIVITIES_FOLDER
        known = {folder / FILES_FOLDER}
        for activity in course.activities:
            known |= {text_path(course.folder, activity, language)}
            known |= {file_path(course.folder, name, language) for name in activity.files}
            known |= {questions_path(course.folder, activity, language)} if activity.kind == "quiz" else set()
        for path in sorted((*folder.glob("*"), *folder.glob(f"{FILES_FOLDER}/*"))):
            if path not in known and not path.name.startswith("."):
                yield warning("unlisted-file", "belongs to no activity", path, hint=f"name it in {COURSE_FILE}")


def course_image(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """The picture that stands for the course on a site."""
    path = course.folder / course.image
    if course.image and not (path.is_file() and is_inside(path, course.folder)):
        message = f"the course has no image {course.image}"
        yield error("course-image", message, course.folder / COURSE_FILE, hint="add it beside course.toml")


ACTIVITY_RULES: tuple[CourseRule, ...] = (
    activity_without_text,
    activity_translations,
    activity_texts,
    activity_files,
    course_image,
)
