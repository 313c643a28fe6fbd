"""Rules for what is inside the blocks of a lesson: what pages cannot be made of is told before a build meets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lms_toolkit.courses.prose import Link
from lms_toolkit.courses.sources import is_inside
from lms_toolkit.courses.subject import ModuleRule, Subject, error
from lms_toolkit.model import Finding
from lms_toolkit.rendering.blocks import CAPTIONS
from lms_toolkit.rendering.markdown import block_faults
from lms_toolkit.rendering.wording import languages_with_wording

_VTT = b"WEBVTT"  # https://www.w3.org/TR/webvtt1/#file-structure


def block_content(subject: Subject) -> Iterator[Finding]:
    """A block that lacks what it needs, and a term that the glossary does not explain."""
    if subject.content.language not in languages_with_wording():
        return  # no page can be made in it yet; a build says so
    glossary = subject.course.glossary.get(subject.content.language, ())
    for lesson in subject.content.lessons:
        for fault in block_faults(lesson.markdown, subject.content.language, glossary):
            yield error(fault.rule, str(fault), lesson.path, lesson.body_line + fault.line - 1, fault.hint)


def captions(subject: Subject) -> Iterator[Finding]:
    """Captions are WebVTT: browsers show nothing of any other file, and do not say so."""
    for prose in subject.prose:
        for link in prose.links:
            path = _captions_path(subject, link)
            if path and not _begins_as_webvtt(path):
                hint = "save the captions as WebVTT: their first line is WEBVTT"
                yield error("captions", f"{link.target} is no WebVTT file", prose.path, link.line, hint)


def _captions_path(subject: Subject, link: Link) -> Path | None:
    path = subject.content.folder / link.target
    is_ours = link.target.lower().endswith(CAPTIONS) and is_inside(path, subject.content.folder)
    return path if is_ours and path.is_file() else None


def _begins_as_webvtt(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16).removeprefix(b"\xef\xbb\xbf").startswith(_VTT)


BLOCK_RULES: tuple[ModuleRule, ...] = (block_content, captions)
