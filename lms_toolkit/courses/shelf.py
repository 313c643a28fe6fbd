"""Keeps the texts of a few modules in memory and those of the others in a temporary file.

A course of a thousand modules is read whole before anything is built of it, so that no fault is met half way; this is
what keeps it from being held whole.
"""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from lms_toolkit.model import ModuleContent

ROOM = 48
"""Texts of so many modules, each in one language, are held in memory; courses are seldom larger."""


class Shelf:
    """What was read of one course. The temporary file has no name, and is gone with the shelf."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._at_hand: OrderedDict[int, ModuleContent] = OrderedDict()
        self._in_file: dict[int, int] = {}
        self._count = 0
        self._file: IO[bytes] | None = None

    def keep(self, contents: Mapping[str, ModuleContent]) -> Mapping[str, ModuleContent]:
        """The same contents, by language; each is at hand again when it is asked for."""
        return _Shelved(self, {language: self._add(content) for language, content in contents.items()})

    def take(self, number: int) -> ModuleContent:
        content = self._at_hand.pop(number, None) or self._read(number)
        self._put(number, content)
        return content

    def _add(self, content: ModuleContent) -> int:
        self._count += 1
        self._put(self._count, content)
        return self._count

    def _put(self, number: int, content: ModuleContent) -> None:
        self._at_hand[number] = content
        while len(self._at_hand) > self._room:
            self._put_away(*self._at_hand.popitem(last=False))

    def _put_away(self, number: int, content: ModuleContent) -> None:
        if number in self._in_file:
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="lms-toolkit-")  # noqa: SIM115  # closed with the shelf
            weakref.finalize(self, self._file.close)
        self._in_file[number] = self._file.seek(0, 2)
        pickle.dump(content, self._file, protocol=pickle.HIGHEST_PROTOCOL)

    def _read(self, number: int) -> ModuleContent:
        assert self._file is not None
        self._file.seek(self._in_file[number])
        content: ModuleContent = pickle.load(self._file)  # our own file, which nobody else can open
        return content


class _Shelved(Mapping[str, ModuleContent]):
    """The contents of one module; asking for the languages takes nothing from the shelf."""

    __slots__ = ("_numbers", "_shelf")

    def __init__(self, shelf: Shelf, numbers: Mapping[str, int]) -> None:
        self._shelf = shelf
        self._numbers = numbers

    def __getitem__(self, language: str) -> ModuleContent:
        return self._shelf.take(self._numbers[language])

    def __contains__(self, language: object) -> bool:
        return language in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Whoever gets a copy gets the contents."""
        return dict, (dict(self),)
