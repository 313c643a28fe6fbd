"""Reads one text file of a course: UTF-8, of sane size, inside the course's folder."""

from __future__ import annotations

import codecs
import os
import re
import stat
from pathlib import Path

from lms_toolkit.courses.places import Place, content_error, error_at
from lms_toolkit.model import Finding

MAX_BYTES = 2_000_000
# XML 1.0 has no way to write most of these, and every package has a manifest; it discourages the rest, which YAML
# refuses (https://www.w3.org/TR/xml/#charsets).
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def read_text(path: Path, root: Path) -> str:
    """The text of `path`, with `\\n` line ends and no byte order mark; ContentError where it cannot be used.

    `root` is the course's folder: a link that leads out of it is refused, so that a course cannot read the machine.
    """
    if not is_inside(path, root):
        raise _refused(path, "outside-course", "leads out of the course's folder", "copy the file into the course")
    text = _decode(path, _read_bytes(path))
    if not text.strip():
        raise _refused(path, "empty-file", "is empty", "write it, or remove it from the course")
    _refuse_unwritable(path, text)
    return text


def is_inside(path: Path, root: Path) -> bool:
    """Whether `path` is in `root` once every link is followed."""
    if _is_plainly_inside(str(path), str(root)):
        return True
    # realpath, as Path.resolve raises on a loop of links in some Python versions and not in others.
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _is_plainly_inside(path: str, root: str) -> bool:
    """Whether nothing between `root` and `path` is a link: true of nearly all files, and seen without following any."""
    if not path.startswith(f"{root}{os.sep}"):
        return False
    at = root
    for name in path[len(root) + 1 :].split(os.sep):  # noqa: PTH206  # a Path for each part costs more than the look
        at = f"{at}{os.sep}{name}"
        if name == os.pardir or os.path.islink(at):  # noqa: PTH114  # as above
            return False
    return True


def _read_bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise _refused(path, "not-a-file", "is a folder where a file is needed", "rename the folder")
        if not stat.S_ISREG(status.st_mode):
            raise _refused(path, "not-a-file", "is not a regular file", "replace it by a text file")
        if status.st_size > MAX_BYTES:
            size = f"{status.st_size / 1_000_000:.1f} MB"
            raise _refused(path, "too-big", f"has {size}; a text may have 2 MB", "split it, or move media out of it")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _refused(path, "missing-file", "does not exist", "write it, or remove it from the course") from error
    except OSError as error:
        raise _refused(
            path, "unreadable", f"cannot be read ({error.strerror})", "check its rights and links"
        ) from error


def _decode(path: Path, data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _refused(path, "not-utf8", "is UTF-16 text", "save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")  # some editors begin UTF-8 files with a byte order mark
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        message = f"is not UTF-8 text (byte 0x{data[error.start]:02x})"
        raise _refused(path, "not-utf8", message, "save it as UTF-8", place_in(before, len(before))) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_unwritable(path: Path, text: str) -> None:
    found = UNWRITABLE.search(text)
    if found:
        message = f"has the control character U+{ord(found[0]):04X}"
        raise _refused(path, "control-character", message, "delete it", place_in(text, found.start()))


def place_in(text: str, index: int) -> Place:
    """Line and column of a position in a text."""
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


def _refused(path: Path, rule: str, message: str, hint: str, place: Place = (0, 0)) -> Exception:
    finding: Finding = error_at(path, rule, message, place, hint)
    return content_error([finding])
