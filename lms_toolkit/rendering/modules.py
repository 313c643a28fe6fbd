"""Turns a module in one language into rendered pages, with exactly the media they use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lms_toolkit.errors import ContentError, PluginError
from lms_toolkit.model import (
    Course,
    Finding,
    Lesson,
    Module,
    ModuleContent,
    PackageFile,
    Question,
    RenderedModule,
    RenderedPage,
)
from lms_toolkit.rendering.markdown import BlockFault, lesson_html
from lms_toolkit.rendering.questions import key_data, question_view
from lms_toolkit.rendering.sanitising import Reference, references, sanitise
from lms_toolkit.rendering.wording import wording

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins

QUIZ_SLUG = "quiz"
_MINUTES_PER_QUESTION = 1
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/")


@dataclass(frozen=True, slots=True)
class _Source:
    """A text with its place, so that a fault in it can be found: lesson file or questions file."""

    path: Path
    text: str
    first_line: int

    def line_of(self, target: str) -> int:
        for number, line in enumerate(self.text.splitlines(), self.first_line):
            if target in line or unquote(target) in line:
                return number
        return self.first_line


def render_lesson(course: Course, lesson: Lesson, language: str) -> str:
    """The host's answer to `lms_render_lesson`: the lesson's Markdown as HTML. Raises ContentError with its line."""
    try:
        return lesson_html(lesson.markdown, language, course.glossary.get(language, ()))
    except BlockFault as fault:
        line = lesson.body_line + fault.line - 1
        finding = Finding("error", fault.rule, str(fault), str(lesson.path), line, hint=fault.hint)
        raise ContentError(str(finding), [finding]) from fault


def render_module(course: Course, module: Module, language: str, plugins: Plugins) -> RenderedModule:
    """Render every lesson and the quiz. Raises ContentError with every dangling self-check, picture or file."""
    content = module.content.get(language)
    if content is None:
        raise ContentError(f"{course.id}: module {module.slug} is not written in {language} yet")
    pages = [_lesson_page(course, content, lesson, plugins) for lesson in content.lessons]
    if content.quiz:
        pages.append(_quiz_page(content))
    findings = [finding for page in pages for finding in _faults(page, content)]
    if findings:
        raise ContentError(str(findings[0]), findings)
    return RenderedModule(course, module, language, tuple(pages), _media(content, pages))


def _lesson_page(course: Course, content: ModuleContent, lesson: Lesson, plugins: Plugins) -> RenderedPage:
    html = sanitise(_ask_for_html(course, lesson, content.language, plugins))
    found = references(html)
    wanted = dict.fromkeys(reference.target for reference in found if reference.kind == "self-check")
    questions = tuple(filter(None, (content.self_check(question_id) for question_id in wanted)))
    return RenderedPage(
        slug=lesson.slug,
        kind="lesson",
        title=lesson.title,
        html=html,
        minutes=lesson.minutes,
        questions=questions,
        links=_local_links([*found, *_question_references(questions, content.language)]),
    )


def _ask_for_html(course: Course, lesson: Lesson, language: str, plugins: Plugins) -> str:
    try:
        html = plugins.ask("lms_render_lesson", course=course, lesson=lesson, language=language)
    except PluginError as error:
        raise PluginError(f"{lesson.path}: {error}") from error
    if not isinstance(html, str):
        raise PluginError(f"{lesson.path}: no plugin rendered this lesson as HTML text")
    return html


def _quiz_page(content: ModuleContent) -> RenderedPage:
    return RenderedPage(
        slug=QUIZ_SLUG,
        kind="quiz",
        title=wording(content.language)["page"]["quiz_title"],
        html="",
        minutes=content.quiz_settings.length(content.quiz) * _MINUTES_PER_QUESTION,
        questions=content.quiz,
        links=_local_links(_question_references(content.quiz, content.language)),
        quiz_settings=content.quiz_settings,
    )


def _question_references(questions: Iterable[Question], language: str) -> list[Reference]:
    html: list[str] = []
    for question in questions:
        view = question_view(question, language)
        key = key_data(question, language, reveal=True)
        html += [view.legend, view.body, view.clue, view.picture, key["feedback"], *key["choiceFeedback"]]
        html += [key["answerHtml"], *(reply[1] for reply in key.get("replies", ()))]
        html += [choice.html for choice in view.choices]
    return [reference for text in html for reference in references(text)]


def page_links(html: str, questions: Iterable[Question], language: str) -> tuple[str, ...]:
    """The files of the module's folder that a page and its questions point at."""
    return _local_links([*references(html), *_question_references(questions, language)])


def _local_links(found: Iterable[Reference]) -> tuple[str, ...]:
    local = (
        reference.target
        for reference in found
        if reference.kind in ("link", "resource") and _is_local(reference.target)
    )
    return tuple(dict.fromkeys(unquote(urlsplit(target).path) for target in local))


def _is_local(target: str) -> bool:
    parts = urlsplit(target)
    return bool(parts.path) and not parts.scheme and not parts.netloc


def _faults(page: RenderedPage, content: ModuleContent) -> list[Finding]:
    source = _source(page, content)
    checked = [(reference.target, _reference_fault(reference, content)) for reference in references(page.html)]
    checked += [(link, _link_fault(link, content.folder)) for link in page.links]
    return [
        Finding("error", fault[0], fault[1], str(source.path), source.line_of(target), hint=fault[2])
        for target, fault in checked
        if fault
    ]


def _source(page: RenderedPage, content: ModuleContent) -> _Source:
    for lesson in content.lessons:
        if page.kind == "lesson" and lesson.slug == page.slug:
            return _Source(lesson.path, lesson.markdown, lesson.body_line)
    path = content.questions_path or content.folder / "questions.yaml"
    return _Source(path, path.read_text(encoding="utf-8") if path.is_file() else "", 1)


_Fault = tuple[str, str, str]
"""Rule, message and hint of a Finding that still has to get its place."""


def _reference_fault(reference: Reference, content: ModuleContent) -> _Fault | None:
    target = reference.target
    if reference.kind == "self-check" and content.self_check(target) is None:
        known = ", ".join(question.id for question in content.self_checks) or "none"
        return "missing-question", f"there is no self-check {target!r}", f"questions.yaml has: {known}"
    if reference.kind == "resource" and not _is_local(target):
        hint = "pages make no network calls: put the file in the module's media folder"
        return "remote-media", f"{target} is not a file of this module", hint
    return None


def _link_fault(link: str, folder: Path) -> _Fault | None:
    if link.endswith(".md"):
        hint = "each lesson is a unit of its own in the learning platform: name the lesson instead of linking to it"
        return "lesson-link", f"lessons cannot link to one another ({link})", hint
    if not set(link) <= _NAME_CHARACTERS:
        return (
            "file-name",
            f"{link!r} has a name that some platforms cannot serve",
            "use letters a–z, digits, . _ and -",
        )
    path = folder / link
    if not path.resolve().is_relative_to(folder.resolve()):
        return "outside-module", f"{link} is outside the module's folder", "copy the file into its media folder"
    if not path.is_file():
        return "missing-media", f"the file {link} does not exist", f"put it in {folder.name}/{Path(link).parent}"
    return None


def _media(content: ModuleContent, pages: Iterable[RenderedPage]) -> tuple[PackageFile, ...]:
    names = sorted({link for page in pages for link in page.links})
    return tuple(PackageFile(name, content.folder / name) for name in names)
