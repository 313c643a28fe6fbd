"""Where things stand in a text file: the line and column of each key and value of a parsed document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms_toolkit.errors import ContentError
from lms_toolkit.model import Finding

Loc = tuple[str | int, ...]
"""The way to a value: names of keys and indexes of lists, `("modules", 0, "title", "fr")`."""
Place = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True, slots=True)
class Places:
    """`keys` has the place of each key, `values` of each value; a list or table stands where its key does."""

    keys: Mapping[Loc, Place]
    values: Mapping[Loc, Place]

    def known(self, loc: Loc) -> Loc:
        """`loc` without what is not in the file: a missing key, or the union tags that pydantic puts in between."""
        found: Loc = ()
        for part in loc:
            if (*found, part) in self.keys or (*found, part) in self.values:
                found = (*found, part)
        return found

    def of(self, loc: Loc) -> Place:
        """The place of a value, or of the nearest thing around it."""
        found = self.known(loc)
        return self.values.get(found) or self.keys.get(found) or (1, 1)

    def of_key(self, loc: Loc) -> Place:
        return self.keys.get(self.known(loc)) or self.of(loc)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its data, and where each part of it stands."""

    path: Path
    data: Any
    places: Places

    def error(self, rule: str, message: str, loc: Loc = (), hint: str = "", *, at_key: bool = False) -> Finding:
        place = self.places.of_key(loc) if at_key else self.places.of(loc)
        return error_at(self.path, rule, message, place, hint)


def error_at(path: Path, rule: str, message: str, place: Place = (0, 0), hint: str = "") -> Finding:
    return Finding("error", rule, message, where=str(path), line=place[0], column=place[1], hint=hint)


def content_error(findings: Iterable[Finding]) -> ContentError:
    """The error for these faults: its message is the first of them, and says how many more there are."""
    faults = tuple(findings)
    more = f"; {len(faults) - 1} more, see lms-toolkit check" if len(faults) > 1 else ""
    return ContentError(f"{faults[0]}{more}", faults)


def name_of(loc: Loc) -> str:
    """A way as people read it: `modules[0].title.fr`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
