"""Does something to many although Moodle refuses whole batches: halves a refused one until the culprits are alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from lms_moodle.parameters import MAX_VARIABLES
from lms_toolkit.errors import Refused

EVERYBODY = frozenset(
    {"wsnoinstance", "wsusercannotassign", "wscannotenrol", "coursenotfound", "errorcoursecontextnotvalid"}
)
"""Refusals that have nothing to do with the person."""

T = TypeVar("T")


def refusals(entries: Sequence[T], act: Callable[[Sequence[T]], None], *, variables: int) -> dict[T, str]:
    """Act on all entries; why some were refused. `variables` is how many fields of a form one entry takes.

    Raises the Refused that concerns everybody, and any other SiteError.
    """
    size = MAX_VARIABLES // variables
    pieces = (entries[start : start + size] for start in range(0, len(entries), size))
    return dict(refusal for piece in pieces for refusal in _halve(piece, act))


def _halve(entries: Sequence[T], act: Callable[[Sequence[T]], None]) -> Iterator[tuple[T, str]]:
    try:
        act(entries)
    except Refused as error:
        if error.errorcode in EVERYBODY:
            raise
        if len(entries) == 1:
            yield entries[0], str(error)
            return
        middle = len(entries) // 2
        yield from _halve(entries[:middle], act)
        yield from _halve(entries[middle:], act)
