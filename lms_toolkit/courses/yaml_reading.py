"""Reads YAML as authors mean it: text stays text, nothing is said twice, and each value knows its line and column.

YAML 1.1 turns `No`, `on`, `1:30` and `012` into False, True, 90 and 10. Here only `true`, `false`, `null`, `~` and
plain decimal numbers are more than text, as in JSON (https://yaml.org/spec/1.2.2/#102-json-schema).
Aliases, anchors and tags are refused: a questionnaire needs none, and aliases can make a small file fill the memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from lms_toolkit.courses.places import Document, Loc, Place, Places, content_error, error_at
from lms_toolkit.model import Finding

MAX_DEPTH = 20
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
# The C parser is 12 times faster; both give the same events.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path, text: str, first_line: int = 1) -> Document:
    """The one document in `text`, which begins at line `first_line` of `path`; ContentError names every fault."""
    builder = _Builder(path, first_line - 1)
    try:
        data = builder.document(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        raise content_error([*builder.findings, builder.syntax_error(error)]) from error
    if builder.findings:
        raise content_error(builder.findings)
    return Document(path, data, Places(builder.keys, builder.values))


def plain_value(text: str) -> str | int | float | bool | None:
    """What an unquoted scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


class _Builder:
    """Makes values from the parser's events, and notes the place of each."""

    def __init__(self, path: Path, line_offset: int) -> None:
        self.path = path
        self.line_offset = line_offset
        self.keys: dict[Loc, Place] = {}
        self.values: dict[Loc, Place] = {}
        self.findings: list[Finding] = []

    def document(self, events: Iterator[yaml.Event]) -> Any:
        data = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fault(event, "a second document begins here", "keep one document: remove the --- line")
            elif isinstance(event, yaml.NodeEvent):
                data = self.node(event, events, ())
        return data

    def node(self, event: Any, events: Iterator[yaml.Event], loc: Loc, key_place: Place | None = None) -> Any:
        self.values[loc] = self.place(event)
        if type(event) is yaml.AliasEvent:
            self.fault(event, f"the alias *{event.anchor} is not allowed", "write the text again, or quote it")
            return None
        if event.anchor or event.tag:
            self._refuse_anchor_and_tag(event)
        if type(event) is yaml.ScalarEvent:
            return plain_value(event.value) if event.implicit[0] else event.value
        if key_place:
            self.values[loc] = key_place
        if len(loc) > MAX_DEPTH:
            self.fault(event, f"lists and keys are nested more than {MAX_DEPTH} deep", "remove brackets")
            raise content_error(self.findings)
        is_list = type(event) is yaml.SequenceStartEvent
        return self._list(events, loc) if is_list else self._table(events, loc)

    def _list(self, events: Iterator[yaml.Event], loc: Loc) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if type(event) is yaml.SequenceEndEvent:
                break
            items.append(self.node(event, events, (*loc, len(items))))
        return items

    def _table(self, events: Iterator[yaml.Event], loc: Loc) -> dict[str, Any]:
        table: dict[str, Any] = {}
        for event in events:
            if type(event) is yaml.MappingEndEvent:
                break
            key, place = self._key(event, events, loc), self.place(event)
            if key in table:
                line = self.keys[(*loc, key)][0]
                self.fault(event, f"{key} is given twice (first in line {line})", "remove one", "duplicate-key")
            way = (*loc, key)
            self.keys.setdefault(way, place)
            table[key] = self.node(next(events), events, way, place)
        return table

    def _key(self, event: Any, events: Iterator[yaml.Event], loc: Loc) -> str:
        if type(event) is yaml.ScalarEvent:
            if event.anchor or event.tag:
                self._refuse_anchor_and_tag(event)
            return str(event.value)
        self.fault(event, "a key must be plain text", "quote texts that begin with *, [ or {")
        self.node(event, events, (*loc, "?"))
        return "?"

    def _refuse_anchor_and_tag(self, event: Any) -> None:
        if event.anchor:
            self.fault(event, f"the anchor &{event.anchor} is not allowed", "quote texts that begin with &")
        if event.tag:
            self.fault(event, f"the tag {event.tag} is not allowed", "quote texts that begin with !")

    def place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return (mark.line + 1 + self.line_offset, mark.column + 1) if mark else (0, 0)

    def fault(self, event: yaml.Event, message: str, hint: str, rule: str = "yaml") -> None:
        self.findings.append(error_at(self.path, rule, message, self.place(event), hint))

    def syntax_error(self, error: yaml.YAMLError) -> Finding:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        place = (mark.line + 1 + self.line_offset, mark.column + 1) if mark else (0, 0)
        return error_at(self.path, "yaml", f"is not valid YAML: {problem}", place, _hint(problem))


def _hint(problem: str) -> str:
    if "mapping values" in problem:
        return 'put a text that holds ": " in quotes'
    if "cannot start any token" in problem:
        return "indent with spaces, not tabs, and put texts that begin with @, ` or % in quotes"
    return "check quotes and indentation here and just above"
