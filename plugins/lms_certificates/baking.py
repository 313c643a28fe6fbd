"""Badges are pictures with their credential inside: the iTXt chunk `openbadgecredential` of a PNG.

https://www.imsglobal.org/spec/ob/v3p0/#png
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from lms_certificates.faults import forged, unknown

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
OLDER_KEYWORD = b"openbadges"
MAX_TEXT = 1_000_000


def bake(png: bytes, credential: str) -> bytes:
    """The picture with the credential in it, in place of one that was there."""
    kept = [(kind, data) for kind, data in _chunks(png) if not _is_credential(kind, data)]
    text = b"iTXt", KEYWORD + b"\0\0\0\0\0" + credential.encode("utf-8")
    header, *rest = kept
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in (header, text, *rest))


def baked(png: bytes) -> bytes:
    """The credential in a picture. Raises Fault when there is none, more than one, or it cannot be read."""
    found = [data for kind, data in _chunks(png) if _is_credential(kind, data)]
    if not found:
        raise unknown("this picture carries no credential")
    if len(found) > 1:
        raise forged(f"{len(found)} credentials are in this picture; a badge carries one")
    keyword, _, rest = found[0].partition(b"\0")
    if keyword == OLDER_KEYWORD:
        raise unknown("this is an Open Badge of version 2 or older; version 3 is supported")
    if len(rest) < 2:
        raise forged("the credential in this picture is damaged")
    is_packed, text = rest[0], rest[2:].split(b"\0", 2)[-1]
    return _unpacked(text) if is_packed else text


def _unpacked(text: bytes) -> bytes:
    inflating = zlib.decompressobj()
    try:
        data = inflating.decompress(text, MAX_TEXT)
    except zlib.error as error:
        raise forged("the credential in this picture is damaged") from error
    if not inflating.eof:
        raise forged("the credential in this picture is damaged, or absurdly long")
    return data


def _is_credential(kind: bytes, data: bytes) -> bool:
    return kind == b"iTXt" and data.partition(b"\0")[0] in (KEYWORD, OLDER_KEYWORD)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(SIGNATURE):
        raise unknown("this is no PNG picture")
    place = len(SIGNATURE)
    while place < len(png):
        head = png[place : place + 8]
        if len(head) < 8:
            raise unknown("this picture is cut short")
        length, kind = struct.unpack(">I4s", head)
        data, check = png[place + 8 : place + 8 + length], png[place + 8 + length : place + 12 + length]
        if len(data) != length or check != struct.pack(">I", zlib.crc32(kind + data)):
            raise unknown("this picture is damaged or cut short")
        yield kind, data
        place += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
