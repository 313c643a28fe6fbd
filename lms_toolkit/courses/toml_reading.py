"""Reads TOML, and finds where each key and value stands, which `tomllib` does not tell."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from pathlib import Path

from lms_toolkit.courses.places import Document, Loc, Place, Places, content_error, error_at
from lms_toolkit.model import Finding

_SPACE = re.compile(r"[ \t]*")
_BETWEEN = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")
_TEXT = re.compile(
    r'''"""(?:[^\\]|\\.)*?""""{0,2}|"(?:[^"\\]|\\.)*"'''  # in double quotes, where \ escapes
    r"""|'''.*?''''{0,2}|'[^']*'""",  # in single quotes, as it is
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\n]*")  # numbers, dates, true and false
_AT = re.compile(r"\s*\(at line (\d+), column (\d+)\)$")


def read_toml(path: Path, text: str) -> Document:
    """The data in `text`, which has `\\n` line ends, with its places; ContentError where it is not TOML."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise content_error([_syntax_error(path, text, str(error))]) from error
    except RecursionError as error:
        finding = error_at(path, "toml", "brackets are nested too deep", (1, 1), "remove brackets")
        raise content_error([finding]) from error
    return Document(path, data, find_places(text))


def _syntax_error(path: Path, text: str, message: str) -> Finding:
    found = _AT.search(message)
    place = (int(found[1]), int(found[2])) if found else (text.count("\n") + 1, 0)
    problem = _AT.sub("", message).removesuffix(" (at end of document)")
    return error_at(path, "toml", f"is not valid TOML: {problem}", place, "check quotes and brackets")


def find_places(text: str) -> Places:
    """Where each key and value of a TOML text stands; the text has been accepted by `tomllib` already."""
    scanner = _Scanner(text)
    scanner.scan()
    return Places(scanner.keys, scanner.values)


class _Scanner:
    """Walks over TOML without making values: it only needs to know where each ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.keys: dict[Loc, Place] = {}
        self.values: dict[Loc, Place] = {}
        self._tables: dict[Loc, int] = {}  # array of tables → how many it has so far
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def scan(self) -> None:
        table: Loc = ()
        self._skip(_BETWEEN)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BETWEEN)

    def _header(self) -> Loc:
        place = self._place()
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        names = self._dotted_key()
        self.at += 2 if is_array else 1
        loc: Loc = ()
        for name in names[:-1]:
            loc = self._inside((*loc, name), place)
        loc = (*loc, names[-1])
        if not is_array:
            return self._inside(loc, place)
        self.keys.setdefault(loc, place)
        self.values.setdefault(loc, place)
        loc = self._next_table(loc)
        self.values[loc] = place
        return loc

    def _inside(self, loc: Loc, place: Place) -> Loc:
        """A table as headers mean it: of an array of tables, its last one."""
        self.keys.setdefault(loc, place)
        self.values.setdefault(loc, place)
        return (*loc, self._tables[loc] - 1) if loc in self._tables else loc

    def _next_table(self, array: Loc) -> Loc:
        index = self._tables.get(array, 0)
        self._tables[array] = index + 1
        return (*array, index)

    def _pair(self, table: Loc) -> None:
        loc, place = table, self._place()
        for name in self._dotted_key():
            loc = (*loc, name)
            self.keys.setdefault(loc, place)
            self.values.setdefault(loc, place)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(loc, place)

    def _dotted_key(self) -> list[str]:
        names = [self._name()]
        while self.text[self.at] == ".":
            self.at += 1
            names.append(self._name())
        return names

    def _name(self) -> str:
        self._skip(_SPACE)
        raw = self._take(_KEY)
        self._skip(_SPACE)
        return str(tomllib.loads(f"key = {raw}")["key"]) if raw[0] in "\"'" else raw

    def _value(self, loc: Loc, key_place: Place) -> None:
        first = self.text[self.at]
        if first == "[":
            self.values[loc] = key_place
            self._array(loc)
        elif first == "{":
            self.values[loc] = key_place
            self._inline_table(loc)
        else:
            self.values[loc] = self._place()
            self._take(_TEXT if first in "\"'" else _BARE)

    def _array(self, loc: Loc) -> None:
        index = 0
        self._open()
        while self.text[self.at] != "]":
            self._value((*loc, index), self._place())
            index += 1
            self._comma()
        self.at += 1

    def _inline_table(self, loc: Loc) -> None:
        self._open()
        while self.text[self.at] != "}":
            self._pair(loc)
            self._comma()
        self.at += 1

    def _open(self) -> None:
        self.at += 1
        self._skip(_BETWEEN)

    def _comma(self) -> None:
        self._skip(_BETWEEN)
        if self.text[self.at] == ",":
            self._open()

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._take(pattern)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        assert found is not None, f"not TOML at character {self.at}"
        self.at = found.end()
        return found[0]

    def _place(self) -> Place:
        line = bisect_right(self._line_starts, self.at)
        return line, self.at - self._line_starts[line - 1] + 1
