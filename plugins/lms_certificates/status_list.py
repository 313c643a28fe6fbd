"""A Bitstring Status List: one bit for each certificate, set once it is revoked, published as a signed credential.

https://www.w3.org/TR/vc-bitstring-status-list/. A list has 131,072 places whatever is issued, so that a place says
nothing about who stands beside whom.
"""

from __future__ import annotations

import base64
import gzip
import io
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from lms_certificates.faults import forged
from lms_toolkit.verification_site import STATUS_PLACES

PLACES = STATUS_PLACES
_MAX_BYTES = 2_000_000


def encode_list(places: Iterable[int]) -> str:
    """The bits as the credential carries them: gzip, base64url, `u` before it. The first place is the leftmost bit."""
    bits = bytearray(PLACES // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:  # no time in it: the same bits, the same bytes
        file.write(bits)
    return "u" + base64.urlsafe_b64encode(packed.getvalue()).decode("ascii").rstrip("=")


def is_set(encoded: object, place: int) -> bool:
    """Whether the bit of a place is set. Raises Fault for a list that is damaged, cut short or too short."""
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise forged("the status list is not written as multibase base64url")
    bits = _unpacked(encoded[1:])
    if len(bits) * 8 < PLACES:
        raise forged(f"the status list is cut short: {len(bits) * 8} places where {PLACES} is the least")
    if place >= len(bits) * 8:
        raise forged(f"the status list has no place {place}")
    return bool(bits[place // 8] & 0x80 >> place % 8)


def _unpacked(text: str) -> bytes:
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        inflating = zlib.decompressobj(wbits=31)
        bits = inflating.decompress(packed, _MAX_BYTES)
    except (ValueError, zlib.error) as error:
        raise forged("the status list is damaged") from error
    if not inflating.eof:
        raise forged("the status list is cut short, or absurdly long")
    return bits


def place_in(entry: object) -> tuple[str, int]:
    """The list that a credentialStatus entry names, and the place in it. Raises Fault."""
    if not isinstance(entry, Mapping) or entry.get("type") != "BitstringStatusListEntry":
        kind = entry.get("type") if isinstance(entry, Mapping) else type(entry).__name__
        raise forged(f"its status is of a kind that is not supported: {str(kind)[:60]}")
    index, address = entry.get("statusListIndex"), entry.get("statusListCredential")
    if not isinstance(address, str) or not (isinstance(index, str) and index.isdecimal() and len(index) < 12):
        raise forged("its status names no list and place")
    return address, int(index)


def entries_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The status entries that say whether a credential was revoked or suspended."""
    status = document.get("credentialStatus")
    listed = status if isinstance(status, list) else [status] if status else []
    return [entry for entry in listed if isinstance(entry, Mapping) and entry.get("statusPurpose") != "refresh"]
