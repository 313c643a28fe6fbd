"""Puts the page shell around a rendered page: what a learner opens, without knowing the package format."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lms_toolkit.errors import ContentError
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import PackageFile, Question, RenderedModule, RenderedPage
from lms_toolkit.rendering.questions import key_data, memory_chars, question_view, reference
from lms_toolkit.rendering.wording import wording

if TYPE_CHECKING:
    from jinja2 import Environment, Template

ASSETS = "assets"
"""The folder of shared files in a package; `RenderedModule.media` keep the names they have in the module's folder."""

_RUNTIME = ("marking.js", "questions.js", "saving.js", "lesson.js", "quiz.js")
_START = "start.js"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_PLACEHOLDER = re.compile(r'<div data-self-check="([^"]*)">\s*</div>')


@dataclass(frozen=True, slots=True)
class _Place:
    """Which page of how many, from 1."""

    number: int
    total: int


def page_document(module: RenderedModule, page: RenderedPage, shell: Shell) -> bytes:
    """The complete HTML file of a page; it expects `page_assets` in the folder `assets/` beside it."""
    words = wording(module.language)
    html = _template(shell, "page/page.html.j2").render(
        body=Markup(_with_self_checks(page, module.language, shell)),  # sanitised by the rendering step
        course=module.course,
        data=Markup(_script_json(_page_data(module, page))),
        direction="rtl" if module.language in _RIGHT_TO_LEFT else "ltr",
        language=module.language,
        module=module.module,
        module_title=module.title,
        page=page,
        place=_Place(module.pages.index(page) + 1, len(module.pages)),
        quiz=[question_view(question, module.language) for question in page.questions] if page.kind == "quiz" else [],
        words=words,
    )
    return html.encode()


def page_assets(shell: Shell, adapter: str) -> tuple[PackageFile, ...]:
    """The style sheet and the script that all pages of a package share.

    `adapter` is the format's own script: it defines `lmsToolkit.adapter`, described in `runtime/saving.js`.
    """
    parts = [*(_text(shell, f"runtime/{name}") for name in _RUNTIME), adapter, _text(shell, f"runtime/{_START}")]
    return (
        PackageFile(f"{ASSETS}/page.css", _text(shell, "page/page.css").encode()),
        PackageFile(f"{ASSETS}/page.js", "\n".join(parts).encode()),
    )


def memory_limit_exceeded(page: RenderedPage, limit: int) -> ContentError | None:
    """The error to raise when answers to a page's questions could outgrow the `limit` (characters) of saved state."""
    refs = {reference(question) for question in page.questions}
    if len(refs) < len(page.questions):
        return ContentError(f"page {page.slug}: two questions have the same short name; rename the id of one of them")
    frame = len('{"v":1,"a":{},"n":9999,"b":100.00,"d":1}')
    needed = frame + sum(memory_chars(question) for question in page.questions)
    if needed <= limit:
        return None
    return ContentError(
        f"page {page.slug}: the answers to its {len(page.questions)} questions can take {needed} characters and the"
        f" format keeps {limit}; use fewer written answers or split the page"
    )


def _page_data(module: RenderedModule, page: RenderedPage) -> Mapping[str, Any]:
    reveal = page.kind == "lesson"  # a quiz can be taken again, so it says right or wrong and no more
    return {
        "kind": page.kind,
        "language": module.language,
        "passMark": module.module.pass_mark_percent,
        "questions": [key_data(question, module.language, reveal=reveal) for question in page.questions],
        "words": wording(module.language)["runtime"],
    }


def _script_json(data: Mapping[str, Any]) -> str:
    """JSON that no HTML parser takes for a tag or a comment."""
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


def _self_check(template: Template, question: Question, language: str) -> str:
    return template.render(question=question_view(question, language), words=wording(language))


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
