"""Reads an author's Markdown for what the rules of `check` look at: headings, links, blocks, with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from lms_toolkit.model import Lesson, ModuleContent, Question, Term
from lms_toolkit.rendering.blocks import NAMES, SELF_CHECK
from lms_toolkit.rendering.markdown import lesson_outline
from lms_toolkit.rendering.outline import Block, Heading, Link, Outline, outline_of
from lms_toolkit.rendering.wording import languages_with_wording

BLOCKS = NAMES
__all__ = ["BLOCKS", "SELF_CHECK", "Block", "Heading", "Link", "Prose", "module_prose", "question_texts", "read_prose"]
_MARKUP = re.compile(r"[\]<:#](?:(?<=\])[(\[]|(?<=[<#])|(?<=:)::)")
"""`](`, `][`, `<`, `#` or `:::`."""
_PLAIN = re.compile(r"[^\w\s]")


@dataclass(frozen=True, slots=True)
class Prose:
    """One Markdown text of a module, read; `lesson` is None for the texts of a question."""

    path: Path
    lesson: Lesson | None
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    blocks: tuple[Block, ...]
    html_lines: tuple[int, ...]


def module_prose(content: ModuleContent, glossary: Sequence[Term]) -> tuple[Prose, ...]:
    """Every Markdown text of a module in one language: lessons, then questions."""
    lessons = (read_lesson_prose(lesson, content.language, glossary) for lesson in content.lessons)
    path = content.questions_path or content.folder
    questions = (
        read_prose(text, path, question.line)
        for question in (*content.quiz, *content.self_checks)
        for text in question_texts(question)
        if _may_hold_markup(text)
    )
    return (*lessons, *questions)


def question_texts(question: Question) -> Iterator[str]:
    """Every text of a question that learners see."""
    yield question.text
    yield question.feedback
    yield question.hint
    for option in question.options:
        yield from (option.text, option.feedback)
    for pair in question.pairs:
        yield from (pair.left, pair.right, pair.feedback)
    yield from (*question.distractors, *question.items)
    yield from (reply.feedback for reply in question.replies)
    if question.picture:
        yield f"![{_PLAIN.sub('', question.picture_alt)}](<{question.picture}>)"  # rules for pictures hold for it too


def _may_hold_markup(text: str) -> bool:
    """Spares the parser the many short texts in which no rule can find anything."""
    return bool(_MARKUP.search(text))


def read_lesson_prose(lesson: Lesson, language: str, glossary: Sequence[Term]) -> Prose:
    """The outline of a lesson; a page made of it later, or before, is made of the same parsing."""
    outline = lesson_outline(lesson.markdown, language, glossary) if language in languages_with_wording() else None
    if outline is None:
        return read_prose(lesson.markdown, lesson.path, lesson.body_line, lesson)
    return _prose(_moved(outline, lesson.body_line), lesson.path, lesson)


def read_prose(markdown: str, path: Path, first_line: int, lesson: Lesson | None = None) -> Prose:
    """The outline of a text that begins at `first_line` of `path`."""
    # Without a line end, the container plugin looks past the end of the text for its closing line.
    tokens = _parser().parse(markdown + "\n")
    return _prose(outline_of(tokens, markdown, first_line), path, lesson)


def _prose(outline: Outline, path: Path, lesson: Lesson | None) -> Prose:
    return Prose(path, lesson, outline.headings, outline.links, outline.blocks, outline.html_lines)


def _moved(outline: Outline, lines: int) -> Outline:
    """The same outline, further down in its file."""
    return Outline(
        headings=tuple(replace(heading, line=heading.line + lines) for heading in outline.headings),
        links=tuple(replace(link, line=link.line + lines) for link in outline.links),
        blocks=tuple(replace(block, line=block.line + lines) for block in outline.blocks),
        html_lines=tuple(line + lines for line in outline.html_lines),
    )


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin).use(deflist_plugin)
    # Every name and every address is let through here, so that the rules see the wrong ones too.
    parser.use(container_plugin, "block", validate=lambda _params, _markup: True)
    parser.validateLink = _any_link  # type: ignore[method-assign]  # markdown-it documents replacing it so
    return parser


def _any_link(url: str) -> bool:
    return True
