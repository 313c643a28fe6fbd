"""Reads one lesson: YAML front matter between `---` lines, then Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from lms_toolkit.courses.explaining import explain
from lms_toolkit.courses.places import Document, content_error, error_at
from lms_toolkit.courses.shapes import Line, Table
from lms_toolkit.courses.sources import read_text
from lms_toolkit.courses.yaml_reading import read_yaml
from lms_toolkit.model import Lesson

_FENCE = "---"
_HINT = "begin the file with a line ---, then title: and minutes:, then a line ---"


class LessonHead(Table):
    """What the front matter of a lesson says."""

    title: Line
    minutes: Annotated[int, Field(ge=1, le=120, description="Time to read and do it")]


def read_lesson(path: Path, root: Path) -> Lesson:
    """The lesson in `path`, in the course folder `root`; ContentError names every fault."""
    lines = read_text(path, root).split("\n")
    end = _head_end(path, lines)
    head = _head(read_yaml(path, "\n".join(lines[1:end]), first_line=2))
    markdown = "\n".join(lines[end + 1 :])
    if not markdown.strip():
        raise content_error(
            [error_at(path, "empty-lesson", "has no text after its front matter", (end + 1, 1), "write it")]
        )
    return Lesson(path.stem, head.title, head.minutes, markdown, path, body_line=end + 2)


def _head_end(path: Path, lines: list[str]) -> int:
    """The index of the line that closes the front matter."""
    if lines[0].rstrip() != _FENCE:
        raise content_error([error_at(path, "front-matter", "has no front matter", (1, 1), _HINT)])
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return index
    raise content_error([error_at(path, "front-matter", "has front matter that is never closed", (1, 1), _HINT)])


def _head(document: Document) -> LessonHead:
    if document.data is None:
        raise content_error([document.error("front-matter", "has empty front matter", hint=_HINT)])
    try:
        return LessonHead.model_validate(document.data)
    except ValidationError as error:
        raise explain(error, document, {"": LessonHead}) from error
