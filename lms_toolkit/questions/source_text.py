"""Reads the bytes of a question file as text, and says so where they had to be read in another way than UTF-8."""

from __future__ import annotations

import codecs
from pathlib import Path

from lms_toolkit.courses.sources import UNWRITABLE, place_in
from lms_toolkit.errors import ContentError
from lms_toolkit.questions.drafts import Log

MAX_BYTES = 200 << 20
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file a person named. Raises ContentError when it cannot be read, is empty or is too big."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ContentError(f"{path} has more than {MAX_BYTES >> 20} MB; split it")
        data = path.read_bytes()
    except OSError as error:
        raise ContentError(f"{path} cannot be read ({error.strerror}); check the name and its rights") from error
    if not data.strip():
        raise ContentError(f"{path} is empty; export the questions again")
    return data


def decode(path: Path, data: bytes, encoding: str, log: Log) -> str:
    """The text, with `\\n` for every line end. Nothing is guessed: what is not UTF-8 has a mark, or was named."""
    if data.startswith(_UTF_16):
        log.note("the file is UTF-16 text and was read as such", 1)
        encoding = "utf-16"
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"{path}:{line}: this is not {encoding} text (byte 0x{data[error.start]:02x})"
        raise ContentError(f"{message}; if an older Windows program saved it, add --encoding cp1252") from error
    except LookupError as error:
        raise ContentError(f"there is no encoding named {encoding!r}; try utf-8 or cp1252") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = UNWRITABLE.search(text)
    if found:
        line, column = place_in(text, found.start())
        raise ContentError(f"{path}:{line}:{column}: has the control character U+{ord(found[0]):04X}; delete it")
    return text
