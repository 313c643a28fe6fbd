"""The seal: the issuer's signature over every byte of a PDF, kept inside that PDF.

The record's own signature says that the words are ours; it cannot say that the page around it shows those words, for
a page can hide text as well as show it. So the whole file is signed too. Its room is a document keyword of fixed
length, drawn as zeros; the signature covers the file with the zeros in place, and is then written over them. A
changed byte anywhere breaks it, and no PDF has to be parsed to find out. A signature for readers of PDF is made after
the seal, so that the seal is over zeros in its place, too.
"""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from typing import Literal

from lms_certificates.keys import PublicKeys, SigningKey
from lms_certificates.pades import without_signature
from lms_toolkit.errors import PluginError

SealState = Literal["whole", "broken", "missing"]

# Letters and digits only: some programs that write PDF escape everything else.
_PREFIX = b"LmsToolkitSeal"
_SEAL = re.compile(_PREFIX + rb"([0-9a-f]{16})([0-9a-f]{128})")
_EMPTY = _PREFIX + b"0" * (16 + 128)
ROOM = _EMPTY.decode("ascii")
"""The room for a seal, the key's name and its signature in zeros: a keyword that stands in the PDF uncompressed."""


def apply_seal(pdf: bytes, key: SigningKey) -> bytes:
    """The same PDF, sealed. One drawn without room for it, by a plugin say, is given room among its properties."""
    pdf = with_room(pdf)
    signature = key.sign(_message(pdf)).hex().encode("ascii")
    return pdf.replace(_EMPTY, _PREFIX + key.kid.encode("ascii") + signature)


def with_room(pdf: bytes) -> bytes:
    """The same PDF, if it has room for a seal; else one that does."""
    return pdf if _has_room(pdf) else _given_room(pdf)


def _has_room(pdf: bytes) -> bool:
    """Whether there is empty room, and no seal already."""
    return set(_SEAL.findall(pdf)) == {(b"0" * 16, b"0" * 128)}


def _given_room(pdf: bytes) -> bytes:
    from pypdf import PdfWriter
    from pypdf.errors import PyPdfError

    if _SEAL.search(pdf):
        raise PluginError("the PDF is sealed already; seal it once, as it was drawn")
    file = BytesIO()
    try:
        writer = PdfWriter(clone_from=BytesIO(pdf))
        writer.add_metadata({"/Seal": ROOM})
        writer.write(file)
    except PyPdfError as error:
        raise PluginError(f"what was drawn is not a readable PDF ({error})") from error
    return file.getvalue()


def check_seal(pdf: bytes, keys: PublicKeys) -> SealState:
    """Whether the file is, byte for byte, one that the issuer sealed."""
    seals = set(_SEAL.findall(pdf))
    if not seals:
        return "missing"
    if len(seals) > 1:
        return "broken"
    kid, signature = (part.decode("ascii") for part in seals.pop())
    whole = keys.verifies(kid, bytes.fromhex(signature), _message(_SEAL.sub(_EMPTY, pdf)))
    return "whole" if whole else "broken"


def _message(pdf: bytes) -> bytes:
    # The prefix keeps this signature from ever being taken for one over a record, which begins with "{".
    return b"lms-toolkit-seal/1\n" + hashlib.sha256(without_signature(pdf)).digest()
