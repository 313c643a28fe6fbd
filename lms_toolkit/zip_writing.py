"""Writes small zips fast: files that many packages share are compressed once in a run.

The layout is that of APPNOTE.TXT 6.3 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), sections 4.3.7,
4.3.12 and 4.3.16, without ZIP64: whoever calls has made sure that no number outgrows 32 bits. The bytes are those that
`zipfile` would write.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

LEVEL = 6
"""Of compression: 9 takes twice as long for a hundredth of the size."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION = 20  # 2.0: deflate
_MADE_BY = 3 << 8 | _VERSION  # Unix, wherever this runs
_TIME, _DATE = 0, 1 << 5 | 1  # 1 January 1980, the first day that a zip can tell
_MODE = 0o100644 << 16
_STORED, _DEFLATED = 0, 8
_UTF8 = 1 << 11


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a zip; `is_small` says that compressing would not make it smaller."""

    name: str
    content: bytes
    is_small: bool


def write_members(target: BinaryIO, members: Iterable[Member]) -> None:
    """Write a whole zip, in the order given."""
    directory: list[bytes] = []
    offset = 0
    for member in members:
        name, flags = _encoded(member.name)
        method = _STORED if member.is_small else _DEFLATED
        data = member.content if member.is_small else _deflated(member.content)
        sizes = (zlib.crc32(member.content), len(data), len(member.content))
        common = (_VERSION, flags, method, _TIME, _DATE, *sizes, len(name), 0)
        directory.append(_CENTRAL.pack(b"PK\1\2", _MADE_BY, *common, 0, 0, 0, _MODE, offset) + name)
        offset += target.write(_LOCAL.pack(b"PK\3\4", *common) + name)
        offset += target.write(data)
    entries = b"".join(directory)
    target.write(entries)
    target.write(_END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), len(entries), offset, 0))


def _encoded(name: str) -> tuple[bytes, int]:
    return (name.encode("ascii"), 0) if name.isascii() else (name.encode("utf-8"), _UTF8)


@lru_cache(maxsize=128)
def _deflated(content: bytes) -> bytes:
    """The style sheet, scripts and schemas are the same in every package of a run."""
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    return compressor.compress(content) + compressor.flush()
