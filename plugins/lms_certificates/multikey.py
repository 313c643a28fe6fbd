"""Ed25519 keys and signatures as text, and keys' addresses: Multikey, base58btc, did:web.

https://www.w3.org/TR/cid-1.0/#Multikey, https://w3c-ccg.github.io/did-method-web/.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_SEGMENT = re.compile(r"[A-Za-z0-9._~-]+")
_MAX_TEXT = 200


def base58(data: bytes) -> str:
    """Multibase text: `z` and base58btc."""
    number = int.from_bytes(data, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = _ALPHABET[digit] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + _ALPHABET[0] * zeros + digits


def from_base58(text: str) -> bytes:
    """Raises ValueError for what is not multibase base58btc, or absurdly long."""
    if not text.startswith("z") or len(text) > _MAX_TEXT or any(digit not in _ALPHABET for digit in text[1:]):
        raise ValueError("not multibase base58btc")
    number = 0
    for digit in text[1:]:
        number = number * 58 + _ALPHABET.index(digit)
    zeros = len(text) - 1 - len(text[1:].lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multikey(public: Ed25519PublicKey) -> str:
    return base58(_ED25519 + public.public_bytes_raw())


def from_multikey(text: str) -> Ed25519PublicKey:
    """Raises ValueError for a key of another kind."""
    data = from_base58(text)
    if not data.startswith(_ED25519) or len(data) != 34:
        raise ValueError("not an Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(data[2:])


def did_web(url: str) -> str:
    """The DID of the web address under which a site is published: https://example.org/v/ → did:web:example.org:v.

    Raises ValueError for an address that cannot be one.
    """
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc) or parts.query or parts.fragment:
        raise ValueError(f"{url!r} is not a plain web address")
    return ":".join(["did:web", quote(parts.netloc, safe=""), *(quote(segment, safe="") for segment in segments)])


def did_web_document(did: str) -> str:
    """Where the document of a did:web is (https://w3c-ccg.github.io/did-method-web/). Raises ValueError."""
    method, _, rest = did.partition("did:web:")
    host, *segments = rest.split(":")
    host, segments = unquote(host), [unquote(segment) for segment in segments]
    if method or not _HOST.fullmatch(host) or not all(_SEGMENT.fullmatch(segment) for segment in segments):
        raise ValueError(f"{did[:_MAX_TEXT]!r} is not a did:web")
    if any(set(segment) == {"."} for segment in segments):
        raise ValueError(f"{did[:_MAX_TEXT]!r} is not a did:web")
    return f"https://{host}/{'/'.join(segments) + '/' if segments else '.well-known/'}did.json"
