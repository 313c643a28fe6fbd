"""Writes what a message says, from templates by language; a course, and an institution, may have their own.

A template is `<name>.<language>.txt`: a line `Subject: …`, an empty line, and the text, with Jinja's `{{ … }}`. It runs
in Jinja's sandbox, because a course is data: its texts reach nothing but the values they are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lms_toolkit.content import templates_path
from lms_toolkit.errors import ContentError

COURSE_TEMPLATES = "mail"
"""The folder of a course that holds its own texts."""
_SUBJECT = "Subject: "


@dataclass(frozen=True, slots=True)
class Text:
    """`subject` is one line."""

    subject: str
    body: str

    def __repr__(self) -> str:
        return "Text()"  # it names a person


def write_text(name: str, language: str, values: Mapping[str, str], folders: Sequence[Path]) -> Text:
    """The text of a message; the first folder that has the template counts, then the toolkit's own.

    Raises ContentError for a language nobody has translated it into, and for a template with a fault.
    """
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    path = _find(name, language, [*folders, templates_path() / "mail"])
    head, _, body = _read(path).partition("\n\n")
    if not head.startswith(_SUBJECT) or "\n" in head or not body.strip():
        raise ContentError(f"{path}: begin with a line “Subject: …”, an empty line, and the text")
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
    try:
        subject = environment.from_string(head.removeprefix(_SUBJECT)).render(values)
        return Text(one_line(subject), environment.from_string(body).render(values))
    except TemplateError as error:
        raise ContentError(f"{path}: {' '.join(str(error).split())}") from error
    except Exception as error:  # of what the template does; its words may hold the values, which are people's
        raise ContentError(f"{path}: an expression in it cannot be worked out ({type(error).__name__})") from error


def one_line(text: str) -> str:
    """A text as it may stand in a header: one line, and nothing in it that does not show."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: cannot be read as UTF-8; check its rights, and save it as UTF-8") from error


def _find(name: str, language: str, folders: Sequence[Path]) -> Path:
    """`es-mx` has its own text or that of `es`."""
    for code in dict.fromkeys((language, language.partition("-")[0])):
        for folder in folders:
            if (path := folder / f"{name}.{code}.txt").is_file():
                return path
    raise ContentError(f"there is no text “{name}” in {language!r}; write {name}.{language}.txt, see docs/syncing.md")
