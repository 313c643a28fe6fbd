"""Brings a question file of another system into our source: reads it, and writes what came in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Literal

from lms_toolkit.errors import ConfigError, ContentError
from lms_toolkit.questions.aiken_reading import read_aiken
from lms_toolkit.questions.drafts import Imported
from lms_toolkit.questions.gift_reading import read_gift
from lms_toolkit.questions.moodlexml_reading import read_moodle_xml
from lms_toolkit.questions.source_text import read_bytes
from lms_toolkit.questions.yaml_writing import QuestionList, write_questions

Source = Literal["gift", "moodlexml", "aiken"]


def import_questions(path: Path, source: Source | None = None, encoding: str = "utf-8") -> Imported:
    """The questions in `path`; without `source`, its content says what it is. Raises ContentError, never half reads."""
    data = read_bytes(path)
    source = source or recognise(data)
    if source == "moodlexml":
        return read_moodle_xml(path, data)
    readers: dict[str, Callable[[Path, bytes, str], Imported]] = {"gift": read_gift, "aiken": read_aiken}
    return readers[source](path, data, encoding)


def recognise(data: bytes) -> Source:
    """What a file is: XML begins with `<`, Aiken has lines `ANSWER: A`, anything else is read as GIFT."""
    start = data[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith((b"<?xml", b"<quiz", b"<!")):
        return "moodlexml"
    plain = data.replace(b"\0", b"")
    return "aiken" if b"\nANSWER:" in plain.replace(b"\r", b"\n") and b"{" not in plain else "gift"


def save(imported: Imported, out: Path, into: QuestionList = "quiz") -> tuple[Path, ...]:
    """Write the questions to `out` and their files beside it. Nothing that is there already is overwritten."""
    if not imported.questions:
        raise ContentError("no question came in; see what was left out")
    files = {out.parent / PurePosixPath(name): data for name, data in imported.media.items()}
    files[out] = write_questions(imported.questions, into).encode()
    taken = [path for path in files if path.exists() and path.read_bytes() != files[path]]
    if taken:
        raise ConfigError(f"{taken[0]} is there already; choose another name, or move it away")
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        raise ConfigError(f"{error.filename} cannot be written ({error.strerror}); choose another folder") from error
    return tuple(files)
