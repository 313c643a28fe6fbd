"""Joins the pages of several modules into one, so that nothing of one module is taken for another's.

Lessons become `<module>--<lesson>`, media move into a folder named by the module, question ids get the module in front;
whatever points at them in the text moves along.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from html import unescape
from typing import Any, TypeVar
from urllib.parse import urlsplit

from lms_toolkit.errors import ContentError
from lms_toolkit.model import Module, PackageFile, Question, RenderedModule, RenderedPage
from lms_toolkit.rendering.modules import page_links

T = TypeVar("T")

# Exact on sanitised HTML: there, text has no bare < and every value is in double quotes.
_TAG = re.compile(r'<[a-z][a-z0-9]*(?:\s+[^\s=>"]+(?:="[^"]*")?)*\s*/?>')
_POINTER = re.compile(r'(\s)(src|href|poster|data-self-check)="([^"]*)"')


def join(parts: Sequence[RenderedModule], whole: Module) -> RenderedModule:
    """One module with the pages of all parts. Raises ContentError for a file that cannot move along."""
    first = parts[0]
    return RenderedModule(
        course=replace(first.course, modules=(whole,)),
        module=whole,
        language=first.language,
        pages=tuple(_moved_page(page, part) for part in parts for page in part.pages),
        media=tuple(
            PackageFile(f"{part.module.slug}/{file.name}", file.content) for part in parts for file in part.media
        ),
    )


@dataclass(frozen=True, slots=True)
class _Move:
    """Where the pages of one module go."""

    prefix: str
    links: tuple[str, ...]

    def text(self, text: str) -> str:
        """Markdown that points at the files where they are now; a text that is a file's name is moved as well."""
        if text in self.links:
            return f"{self.prefix}/{text}"
        if not self.links:
            return text
        names = "|".join(re.escape(link) for link in sorted(self.links, key=len, reverse=True))
        pattern = rf"(\]\(\s*<?|^\s*\[[^\]\n]+\]:\s*<?)({names})(?=[\s)>#?]|$)"
        return re.sub(pattern, rf"\1{self.prefix}/\2", text, flags=re.MULTILINE)

    def html(self, html: str) -> str:
        return _TAG.sub(lambda tag: _POINTER.sub(self._pointer, tag[0]), html)

    def _pointer(self, match: re.Match[str]) -> str:
        space, name, value = match.groups()
        if name == "data-self-check":
            return f'{space}{name}="{self.prefix}--{value}"'
        parts = urlsplit(unescape(value))
        is_local = bool(parts.path) and not parts.scheme and not parts.netloc
        return f'{space}{name}="{self.prefix}/{value}"' if is_local else match[0]


def _moved_page(page: RenderedPage, part: RenderedModule) -> RenderedPage:
    move = _Move(part.module.slug, page.links)
    html = move.html(page.html)
    questions = tuple(_moved_question(question, move) for question in page.questions)
    is_quiz = page.kind == "quiz"
    moved = replace(
        page,
        slug=move.prefix if is_quiz else f"{move.prefix}--{page.slug}",
        title=f"{page.title} – {part.title}" if is_quiz else page.title,
        group=part.title,
        html=html,
        questions=questions,
        links=page_links(html, questions, part.language),
    )
    _refuse_lost_links(page, moved, move)
    return moved


def _moved_question(question: Question, move: _Move) -> Question:
    return replace(_moved(question, move), id=f"{move.prefix}--{question.id}")


def _moved(value: T, move: _Move) -> T:
    """The same value, with every text in it moved."""
    made: Any = value
    if isinstance(value, str):
        made = move.text(value)
    elif isinstance(value, tuple):
        made = tuple(_moved(entry, move) for entry in value)
    elif is_dataclass(value) and not isinstance(value, type):
        made = replace(value, **{field.name: _moved(getattr(value, field.name), move) for field in fields(value)})
    return made  # type: ignore[no-any-return]  # the same type as `value`


def _refuse_lost_links(page: RenderedPage, moved: RenderedPage, move: _Move) -> None:
    lost = {f"{move.prefix}/{link}" for link in page.links} ^ set(moved.links)
    if lost:
        name = min(lost).removeprefix(f"{move.prefix}/")
        raise ContentError(
            f"module {move.prefix}, page {page.slug}: the link to {name} cannot be moved into a package of the whole"
            " course; write it as ![…](file) or [text](file), or build --per module"
        )
