"""Puts the page shell around a rendered page: what a learner opens, without knowing the package format."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lms_toolkit.errors import ContentError
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import PackageFile, Question, RenderedModule, RenderedPage
from lms_toolkit.rendering.questions import key_data, memory_chars, question_view, reference
from lms_toolkit.rendering.reflections import MAX_CHARS, PLACEHOLDER, notes_chars, notes_reference
from lms_toolkit.rendering.wording import wording

if TYPE_CHECKING:
    from jinja2 import Environment, Template

ASSETS = "assets"
"""The folder of shared files in a package; `RenderedModule.media` keep the names they have in the module's folder."""

_RUNTIME = ("marking.js", "drawing.js", "questions.js", "saving.js", "lesson.js", "quiz.js", "blocks.js", "view.js")
_START = "start.js"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
MANY_HEADINGS = 4
_HEADING = re.compile(r'<h2 id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_EXPLANATION = re.compile(r'<span class="explanation".*?</strong>.*?</span>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_PLACEHOLDER = re.compile(r'<div data-self-check="([^"]*)">\s*</div>')


@dataclass(frozen=True, slots=True)
class _Place:
    """Which page of how many, from 1."""

    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Around:
    """Safe HTML that a format puts before and after the content of a page, such as links between pages."""

    before: Markup
    after: Markup


def page_document(module: RenderedModule, page: RenderedPage, shell: Shell, around: Around | None = None) -> bytes:
    """The complete HTML file of a page; it expects `page_assets` in the folder `assets/` beside it."""
    html = _template(shell, "page/page.html.j2").render(
        around=around,
        body=Markup(
            _with_notes(_with_self_checks(page, module.language, shell), page, module.language, shell)
        ),  # sanitised by the rendering step
        course=module.course,
        data=Markup(_data_json(module, page)),
        direction=text_direction(module.language),
        language=module.language,
        logo=_logo(module, shell),
        module=module.module,
        module_title=module.title,
        page=page,
        place=_Place(module.pages.index(page) + 1, len(module.pages)),
        quiz=[question_view(question, module.language) for question in page.questions] if page.kind == "quiz" else [],
        places=_places(page.html),
        quiz_length=page.quiz_settings.length(page.questions),
        words=_words(module.language),
    )
    return html.encode()


@dataclass(frozen=True, slots=True)
class _Logo:
    src: str
    alt: str


def _logo(module: RenderedModule, shell: Shell) -> _Logo | None:
    theme = module.course.theme
    return _Logo(shell.logo.name, theme.logo_alt.get(module.language, "")) if shell.logo and theme else None


def _places(html: str) -> list[tuple[str, str]]:
    """Id and text of the main headings of a long lesson, for its table of contents; nothing for a short one."""
    found = [(name, _TAG.sub("", _EXPLANATION.sub("", text))) for name, text in _HEADING.findall(html)]
    return [(name, unescape(text).strip()) for name, text in found] if len(found) >= MANY_HEADINGS else []


def page_assets(shell: Shell, adapter: str) -> tuple[PackageFile, ...]:
    """The style sheet and the script that all pages of a package share.

    `adapter` is the format's own script: it defines `lmsToolkit.adapter`, described in `runtime/saving.js`.
    """
    parts = [*(_text(shell, f"runtime/{name}") for name in _RUNTIME), adapter, _text(shell, f"runtime/{_START}")]
    style = _text(shell, "page/page.css") + shell.theme_css
    logo = () if shell.logo is None else (shell.logo,)
    return (
        PackageFile(f"{ASSETS}/page.css", style.encode()),
        PackageFile(f"{ASSETS}/page.js", "\n".join(parts).encode()),
        *logo,
    )


def memory_limit_exceeded(page: RenderedPage, limit: int) -> ContentError | None:
    """The error to raise when answers to a page's questions could outgrow the `limit` (characters) of saved state."""
    refs = {reference(question) for question in page.questions}
    if len(refs) < len(page.questions):
        return ContentError(f"page {page.slug}: two questions have the same short name; rename the id of one of them")
    frame = len('{"v":1,"a":{},"n":9999,"s":4294967295,"b":100.00,"d":1}')
    asked = page.quiz_settings.length(page.questions)
    # an attempt keeps the answers to what it asks, in the worst case to the longest ones
    needed = frame + sum(sorted((memory_chars(question) for question in page.questions), reverse=True)[:asked])
    needed += notes_chars(page.html)
    if needed <= limit:
        return None
    return ContentError(
        f"page {page.slug}: the answers to its {asked} questions can take {needed} characters and the format keeps"
        f" {limit}, notes included; use fewer written answers and notes, or split the page"
    )


def _data_json(module: RenderedModule, page: RenderedPage) -> str:
    """What the page's script needs to know, as JSON that no HTML parser takes for a tag or a comment."""
    reveal = page.kind == "lesson"  # a quiz can be taken again, so it says right or wrong and no more
    data = {
        "kind": page.kind,
        "language": module.language,
        "passMark": module.module.pass_mark_percent,
        "questions": [key_data(question, module.language, reveal=reveal) for question in page.questions],
        "quiz": {
            "attempts": page.quiz_settings.attempts,
            "draw": page.quiz_settings.draw,
            "shuffle": page.quiz_settings.shuffle,
        },
    }
    return f'{_script_json(data)[:-1]},"words":{_words_json(module.language)}}}'


@cache
def _words_json(language: str) -> str:
    """The words of a page's script: they are half of its data, and the same on every page."""
    return _script_json(wording(language)["runtime"])


def _script_json(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _with_self_checks(page: RenderedPage, language: str, shell: Shell) -> str:
    questions = {question.id: question for question in page.questions}
    template = _template(shell, "page/self-check.html.j2")
    shown: set[str] = set()

    def form(match: re.Match[str]) -> str:
        question = questions[match[1]]
        if question.id in shown:
            raise ContentError(f"page {page.slug}: the self-check {question.id!r} is there twice; use it once")
        shown.add(question.id)
        return _self_check(template, question, language)

    html = _PLACEHOLDER.sub(form, page.html)
    lost = sorted(set(questions) - shown) if page.kind == "lesson" else []
    if lost:
        raise ContentError(
            f'page {page.slug}: write an empty <div data-self-check="{lost[0]}"></div>, and nothing else in it'
        )
    return html


def _with_notes(html: str, page: RenderedPage, language: str, shell: Shell) -> str:
    template = _template(shell, "page/reflection.html.j2")
    shown: set[str] = set()

    def box(match: re.Match[str]) -> str:
        if match[1] in shown:
            raise ContentError(f"page {page.slug}: the reflection {match[1]!r} is there twice; rename one")
        shown.add(match[1])
        return template.render(ref=notes_reference(match[1]), max_length=MAX_CHARS, words=_words(language))

    return PLACEHOLDER.sub(box, html)


@cache
def _words(language: str) -> SimpleNamespace:
    """The strings of a language by attribute, as templates ask for them: each would be looked for in vain first."""
    return SimpleNamespace(**{section: SimpleNamespace(**texts) for section, texts in wording(language).items()})


def _self_check(template: Template, question: Question, language: str) -> str:
    return template.render(question=question_view(question, language), words=_words(language))


def text_direction(language: str) -> str:
    """`ltr` or `rtl`."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def template_html(shell: Shell, name: str, values: Mapping[str, Any]) -> Markup:
    """A template of the shell, filled; values are escaped as HTML."""
    return Markup(_template(shell, name).render(values))


def template_text(shell: Shell, name: str) -> str:
    """A file of the shell as it is, such as a script."""
    return _text(shell, name)


def _template(shell: Shell, name: str) -> Template:
    return _environment(shell.templates).get_template(name)


def _text(shell: Shell, name: str) -> str:
    environment = _environment(shell.templates)
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


@lru_cache
def _environment(templates: tuple[Path, ...]) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        keep_trailing_newline=True,
        loader=FileSystemLoader(templates),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["number"] = lambda value: f"{value:g}"
    return environment
