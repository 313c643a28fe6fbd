"""A question on its way in: what a reader made of it, and what it had to leave out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lms_toolkit.model import Finding, Question

NOT_IMPORTED = "not-imported"
PARTLY_IMPORTED = "partly-imported"
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in: questions in their order, files they show (name in the module's folder → bytes), findings."""

    questions: tuple[Question, ...]
    findings: tuple[Finding, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict)


class NotExpressible(Exception):
    """A question that our source has no words for; the message says why, and it is left out."""


@dataclass(slots=True)
class Log:
    """Gathers the findings about one file."""

    path: Path
    findings: list[Finding] = field(default_factory=list)

    def left_out(self, what: str, why: str, line: int, hint: str = "") -> None:
        """A whole question, or another part of the file, that did not come in."""
        message = f"{what} is left out: {why}"
        self.findings.append(Finding("error", NOT_IMPORTED, message, str(self.path), line, hint=hint))

    def partly(self, what: str, lost: str, line: int) -> None:
        """A question that came in without a part of it."""
        message = f"{what} came in without a part of it: {lost}"
        self.findings.append(Finding("warning", PARTLY_IMPORTED, message, str(self.path), line))

    def note(self, message: str, line: int) -> None:
        self.findings.append(Finding("info", PARTLY_IMPORTED, message, str(self.path), line))


def with_own_ids(questions: Iterable[Question]) -> Iterator[Question]:
    """Each question under an id that is a slug and stands once in the file; an id that is one already stays."""
    questions = list(questions)
    taken = {question.id for question in questions if _SLUG.fullmatch(question.id)}
    used: set[str] = set()
    for question in questions:
        own = question.id if _SLUG.fullmatch(question.id) else slug_of(question.id or question.text)
        if own in used or (own != question.id and own in taken):
            own = _numbered(own, used | taken)
        used.add(own)
        yield replace(question, id=own)


def slug_of(text: str) -> str:
    """A slug from the first words of a text; `question` where there are no letters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rpartition("-")
    slug = (words[0] or words[2] if len(plain) > 40 else "".join(words)).strip("-")
    if not slug:
        return "question"
    return slug if slug[0].isalpha() else f"q-{slug}"


def _numbered(slug: str, taken: set[str]) -> str:
    number = 2
    while f"{slug[:50]}-{number}" in taken:
        number += 1
    return f"{slug[:50]}-{number}"
