"""Reads a certificate's PDF back: the signed record and the credential attached to it, and what its page says.

These may be anybody's files: what is read is bounded, and whatever goes wrong in a hostile one is an answer, no crash.
The page's text only explains why a seal does not hold; no verdict of `valid` rests on it.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from lms_certificates.canonical import MAX_BYTES
from lms_certificates.faults import Fault, unknown
from lms_certificates.wording import words_for
from lms_toolkit.errors import ContentError
from lms_toolkit.model import CertificateRecord

if TYPE_CHECKING:
    from pypdf import PdfReader

# pypdf logs each oddity of a broken file; the verdict is one line, so these go only to whoever set up logging.
logging.getLogger("pypdf").addHandler(logging.NullHandler())

RECORD = "certificate.json"
CREDENTIAL = "credential.json"
MAX_PDF_BYTES = 20_000_000
MAX_CONTENT_BYTES = 2_000_000


def is_pdf(document: bytes) -> bool:
    return b"%PDF-" in document[:1024]


def attachments(pdf: bytes) -> dict[str, list[bytes]]:
    """The files attached to a PDF, by name. Raises Fault when it cannot be read."""
    if len(pdf) > MAX_PDF_BYTES:
        raise unknown(f"the PDF is larger than {MAX_PDF_BYTES // 1_000_000} MB; a certificate is not")
    try:
        return _attachments(pdf)
    except Fault:
        raise
    except Exception as error:  # pypdf meets hostile files with whatever comes first
        raise unknown(f"not a readable PDF ({type(error).__name__})") from error


def only(found: Mapping[str, Sequence[bytes]], name: str) -> bytes:
    """The one file attached under a name. Raises Fault when there are more: which one would a reader open?"""
    if len(found[name]) > 1:
        raise Fault("forged", f"this PDF carries {len(found[name])} files named {name}")
    return found[name][0]


def page_text(pdf: bytes) -> str:
    """The text of the first page, empty when there is none to be had."""
    try:
        page = _open(pdf).pages[0]
        contents = page.get_contents()
        if contents is None or len(contents.get_data()) > MAX_CONTENT_BYTES:
            return ""
        return page.extract_text()
    except Exception:  # as above; no text is an answer too, and a mismatch
        return ""


def unsaid(record: CertificateRecord, text: str) -> str | None:
    """The first thing of the record that the text does not say, or None when it says everything."""
    told = _plain(text)
    expected = {
        "the learner's name": record.learner_name,
        "the course": record.course_title,
        "the date": _long_date(record),
        "the code": record.code,
    }
    return next((what for what, value in expected.items() if _plain(value) not in told), None)


def _long_date(record: CertificateRecord) -> str:
    try:
        return words_for(record.language).long_date(record.issued_on)
    except ContentError:
        return ""  # a language that only a newer version knows: the date goes unread, the verdict is forged anyway


def _open(pdf: bytes) -> PdfReader:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(pdf))
    if reader.is_encrypted:
        raise unknown("the PDF is encrypted; a certificate is not")
    return reader


def _attachments(pdf: bytes) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for item in _open(pdf).attachment_list:
        if len(item.content) > MAX_BYTES and item.name in (RECORD, CREDENTIAL):
            raise Fault("forged", f"{item.name} is larger than {MAX_BYTES} bytes")
        found.setdefault(item.name, []).append(item.content)
    return found


def _plain(text: str) -> str:
    """Text without its line breaks, spaces and typographic variants: what is said, however it is set."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
