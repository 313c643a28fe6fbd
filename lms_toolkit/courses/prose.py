"""Reads an author's Markdown for what the rules of `check` look at: headings, links, blocks, with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from lms_toolkit.model import Lesson, ModuleContent, Question
from lms_toolkit.rendering.blocks import NAMES, SELF_CHECK

BLOCKS = NAMES
__all__ = ["BLOCKS", "SELF_CHECK", "Block", "Heading", "Link", "Prose", "module_prose", "question_texts", "read_prose"]
_FENCE = ":::"
_BREAKS = ("softbreak", "hardbreak")
_PLAIN = re.compile(r"[^\w\s]")


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 2 for `##`."""

    level: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link or a picture; `target` is as written, `text` is the alternative text of a picture."""

    target: str
    text: str
    is_picture: bool
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A `:::` block: its kind, and its title or the question it shows."""

    kind: str
    argument: str
    closed: bool
    line: int


@dataclass(frozen=True, slots=True)
class Prose:
    """One Markdown text of a module, read; `lesson` is None for the texts of a question."""

    path: Path
    lesson: Lesson | None
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    blocks: tuple[Block, ...]
    html_lines: tuple[int, ...]


def module_prose(content: ModuleContent) -> tuple[Prose, ...]:
    """Every Markdown text of a module in one language: lessons, then questions."""
    lessons = (read_prose(lesson.markdown, lesson.path, lesson.body_line, lesson) for lesson in content.lessons)
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
    return any(mark in text for mark in ("](", "][", "<", _FENCE, "#"))


def read_prose(markdown: str, path: Path, first_line: int, lesson: Lesson | None = None) -> Prose:
    """The outline of a text that begins at `first_line` of `path`."""
    # Without a line end, the container plugin looks past the end of the text for its closing line.
    tokens = _parser().parse(markdown + "\n")
    return Prose(
        path=path,
        lesson=lesson,
        headings=tuple(_headings(tokens, first_line)),
        links=tuple(_links(tokens, first_line)),
        blocks=tuple(_blocks(tokens, markdown.split("\n"), first_line)),
        html_lines=tuple(_html_lines(tokens, first_line)),
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


def _headings(tokens: Iterable[Token], first_line: int) -> Iterator[Heading]:
    level = 0
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag.removeprefix("h"))
        elif level and token.type == "inline":
            yield Heading(level, token.content, _line(token, first_line))
            level = 0


def _links(tokens: Iterable[Token], first_line: int) -> Iterator[Link]:
    for child, line in _inline(tokens, first_line):
        if child.type == "link_open":
            yield Link(_target(child, "href"), "", False, line)
        elif child.type == "image":
            yield Link(_target(child, "src"), child.content, True, line)


def _target(token: Token, attribute: str) -> str:
    # A file cannot be called %00; asking the system for it raises.
    return unquote(str(token.attrGet(attribute) or "")).replace("\0", "\ufffd")


def _inline(tokens: Iterable[Token], first_line: int) -> Iterator[tuple[Token, int]]:
    """Each inline token with its line: that of its paragraph, and one more for each line break before it."""
    line = first_line
    for token in tokens:
        line = _line(token, first_line) if token.map else line
        breaks = 0
        for child in token.children or ():
            breaks += child.type in _BREAKS
            yield child, line + breaks


def _blocks(tokens: Iterable[Token], lines: Sequence[str], first_line: int) -> Iterator[Block]:
    ends = [len(lines)]  # where the blocks around this one end
    for token in tokens:
        if token.type == "container_block_open":
            kind, _, argument = token.info.strip().partition(" ")
            end = token.map[1] if token.map else len(lines)
            # A block that nobody closed ends with what is around it: another block, a list, a quotation, the text.
            closed = end < ends[-1] and lines[end].lstrip(" \t>").startswith(_FENCE)
            yield Block(kind, argument.strip(), closed, _line(token, first_line))
            ends.append(end)
        elif token.type == "container_block_close":
            ends.pop()


def _html_lines(tokens: Iterable[Token], first_line: int) -> Iterator[int]:
    tokens = list(tokens)
    yield from (_line(token, first_line) for token in tokens if token.type == "html_block" and not _is_comment(token))
    yield from (
        line for token, line in _inline(tokens, first_line) if token.type == "html_inline" and not _is_comment(token)
    )


def _is_comment(token: Token) -> bool:
    return token.content.lstrip().startswith("<!--")


def _line(token: Token, first_line: int) -> int:
    return first_line + (token.map[0] if token.map else 0)
