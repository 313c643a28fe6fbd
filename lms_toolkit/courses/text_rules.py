"""Rules for lessons and other Markdown: pictures, links, headings, `:::` blocks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from lms_toolkit.courses.prose import BLOCKS, SELF_CHECK, Block, Link, Prose
from lms_toolkit.courses.sources import is_inside
from lms_toolkit.courses.subject import ModuleRule, Subject, error, warning
from lms_toolkit.model import Finding

_WEB = ("http", "https")
_SAFE = (*_WEB, "mailto", "tel")
_SERVABLE = re.compile(r"[A-Za-z0-9._/-]*", re.ASCII)


def missing_alt(subject: Subject) -> Iterator[Finding]:
    """A picture says in words what it shows, for those who do not see it."""
    for prose, link in _links(subject):
        if link.is_picture and not link.text.strip():
            message = f"the picture {link.target} has no alternative text"
            yield error("missing-alt", message, prose.path, link.line, "say what it shows: ![what it shows](file)")


def unsafe_link(subject: Subject) -> Iterator[Finding]:
    """Links lead to pages and files; they run nothing."""
    for prose, link in _links(subject):
        scheme = _split(link).scheme.lower()
        if scheme and scheme not in _SAFE:
            yield error(
                "unsafe-link", f"links with {scheme}: are not allowed", prose.path, link.line, "use an https: address"
            )


def remote_media(subject: Subject) -> Iterator[Finding]:
    """A package shows its pictures without a network, and tells nobody who is reading."""
    for prose, link in _links(subject):
        parts = _split(link)
        if link.is_picture and (parts.scheme.lower() in _WEB or parts.netloc):
            hint = "put the file in the module's media folder"
            yield error("remote-media", f"the picture {link.target} is on another site", prose.path, link.line, hint)


def broken_link(subject: Subject) -> Iterator[Finding]:
    """A link to a file leads to a file of this module: a package takes along no others."""
    for prose, link in _links(subject):
        if not link.target:
            yield error("broken-link", "a link leads nowhere", prose.path, link.line, "name a file or an address")
    for prose, link in _local_links(subject):
        fault = _file_fault(subject, _split(link).path)
        if fault:
            yield error("broken-link", f"{link.target} {fault[0]}", prose.path, link.line, fault[1])


def _file_fault(subject: Subject, name: str) -> tuple[str, str] | None:
    if name.startswith("/") or "\\" in name:
        return "is not a relative link", "name the file from the lesson on: media/file.svg"
    path = subject.content.folder / name
    if not is_inside(path, subject.content.folder):
        return "is outside the module", "copy the file into the module's media folder"
    if not _is_file(path):
        return "does not exist", f"put the file at {os.path.relpath(path, subject.course.folder)}, or correct the link"
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for any file
        return False


def lesson_link(subject: Subject) -> Iterator[Finding]:
    """Each lesson is a unit of its own on the learning platform; a link from one to another would leave it."""
    for prose, link in _local_links(subject):
        if _split(link).path.lower().endswith(".md"):
            message = f"lessons cannot link to one another ({link.target})"
            yield error("lesson-link", message, prose.path, link.line, "name the lesson instead of linking to it")


def file_name(subject: Subject) -> Iterator[Finding]:
    """Some platforms cannot serve names with accents or spaces."""
    for prose, link in _local_links(subject):
        if not _SERVABLE.fullmatch(_split(link).path):
            message = f"{link.target} has a name that some platforms cannot serve"
            yield error("file-name", message, prose.path, link.line, "rename the file: letters a–z, digits, . _ and -")


def heading_order(subject: Subject) -> Iterator[Finding]:
    """The title of a lesson is its first heading, so its text begins with ##; readers by ear go by these levels."""
    for prose in subject.prose:
        above = 1
        for heading in prose.headings:
            if heading.level == 1:
                message, hint = f"# {heading.text} is a second title", "use ##: the title is in the front matter"
                yield error("heading-order", message, prose.path, heading.line, hint)
            elif heading.level > above + 1:
                message = f"{'#' * heading.level} {heading.text} skips a level"
                yield error("heading-order", message, prose.path, heading.line, f"use {'#' * (above + 1)}")
            above = max(heading.level, 2)


def raw_html(subject: Subject) -> Iterator[Finding]:
    """Lessons are Markdown; HTML would be shown to learners as it is written."""
    for prose in subject.prose:
        for line in dict.fromkeys(prose.html_lines):
            yield warning("raw-html", "HTML is not understood here", prose.path, line, "write Markdown, or \\< for a <")


def unknown_block(subject: Subject) -> Iterator[Finding]:
    for prose in subject.prose:
        for block in _worth_telling(prose.blocks):
            fault = _block_fault(block, prose)
            if fault:
                yield error("unknown-block", fault[0], prose.path, block.line, fault[1])


def _worth_telling(blocks: Sequence[Block]) -> Sequence[Block]:
    """A stray end is read as a beginning, and sets beginnings and ends at odds from there on: only names count then."""
    stray = next((index for index, block in enumerate(blocks) if not block.kind), len(blocks))
    return [*blocks[: stray + 1], *(block for block in blocks[stray + 1 :] if block.kind and block.kind not in BLOCKS)]


def _block_fault(block: Block, prose: Prose) -> tuple[str, str] | None:
    if not block.kind:
        return "this ::: closes nothing", "remove it; a block that holds another begins and ends with ::::"
    if block.kind not in BLOCKS:
        return f"there is no block {block.kind!r}", f"use {', '.join(BLOCKS)}"
    if not block.closed:
        return f"the block {block.kind} is never closed", "end it with a line :::"
    if block.kind == SELF_CHECK and prose.lesson is None:
        return "a question cannot show a self-check", "show it in a lesson"
    return None


def unknown_self_check(subject: Subject) -> Iterator[Finding]:
    quiz = {question.id for question in subject.content.quiz}
    for prose, block in _self_checks(subject):
        if subject.content.self_check(block.argument):
            continue
        message = (
            f"there is no self-check {block.argument!r}" if block.argument else "this self-check names no question"
        )
        known = ", ".join(question.id for question in subject.content.self_checks) or "none"
        hint = (
            "it is under quiz: move it under self_checks:" if block.argument in quiz else f"questions.yaml has: {known}"
        )
        yield error("unknown-self-check", message, prose.path, block.line, hint)


def unused_self_check(subject: Subject) -> Iterator[Finding]:
    shown = {block.argument for _prose, block in _self_checks(subject)}
    for question in subject.content.self_checks:
        if question.id not in shown:
            hint = f"add a block ::: self-check {question.id} to a lesson"
            yield warning(
                "unused-self-check", f"no lesson shows {question.id}", subject.questions_path, question.line, hint
            )


def unused_media(subject: Subject) -> Iterator[Finding]:
    used = {os.path.realpath(subject.content.folder / _split(link).path) for _prose, link in _local_links(subject)}
    folder = subject.content.folder / "media"
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")):
        if os.path.realpath(path) not in used:
            yield warning("unused-media", "no lesson or question uses this file", path, hint="use it, or remove it")


def _links(subject: Subject) -> Iterator[tuple[Prose, Link]]:
    yield from ((prose, link) for prose in subject.prose for link in prose.links)


def _local_links(subject: Subject) -> Iterator[tuple[Prose, Link]]:
    """Links to files: neither to another site nor to a place in the same page."""
    for prose, link in _links(subject):
        parts = _split(link)
        if parts.path and not parts.scheme and not parts.netloc:
            yield prose, link


def _self_checks(subject: Subject) -> Iterator[tuple[Prose, Block]]:
    for prose in subject.prose:
        if prose.lesson:
            yield from ((prose, block) for block in prose.blocks if block.kind == SELF_CHECK)


def _split(link: Link) -> SplitResult:
    try:
        return urlsplit(link.target)
    except ValueError:  # an IPv6 address that is none: treated as the name of a file, which will not exist
        return SplitResult("", "", link.target, "", "")


TEXT_RULES: tuple[ModuleRule, ...] = (
    missing_alt,
    unsafe_link,
    remote_media,
    broken_link,
    lesson_link,
    file_name,
    heading_order,
    raw_html,
    unknown_block,
    unknown_self_check,
    unused_self_check,
    unused_media,
)
