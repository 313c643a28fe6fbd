"""Reads a certificate's PDF back: the signed record attached to it, and what its page says.

These may be anybody's files: what is read is bounded, and whatever goes wrong in a hostile one is an answer, no crash.
The page's text only explains why a seal does not hold; no verdict of `valid` rests on it.
"""

from __future__ import annotations

import logging
import unicodedata
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

ATTACHMENT = "certificate.json"
MAX_PDF_BYTES = 20_000_000
MAX_CONTENT_BYTES = 2_000_000


def attached_record(pdf: bytes) -> bytes:
    """The bytes of `certificate.json`. Raises Fault when the PDF cannot be read or carries none."""
    if len(pdf) > MAX_PDF_BYTES:
        raise unknown(f"the PDF is larger than {MAX_PDF_BYTES // 1_000_000} MB; a certificate is not")
    try:
        found = _attachments(pdf)
    except Fault:
        raise
    except Exception as error:  # pypdf meets hostile files with whatever comes first
        raise unknown(f"not a readable PDF ({type(error).__name__})") from error
    if not found:
        raise unknown(f"this PDF carries no {ATTACHMENT}")
    if len(found) > 1:
        raise Fault("forged", f"this PDF carries {len(found)} files named {ATTACHMENT}")
    return found[0]


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


def _attachments(pdf: bytes) -> list[bytes]:
    found = [item.content for item in _open(pdf).attachment_list if item.name == ATTACHMENT]
    if any(len(content) > MAX_BYTES for content in found):
        raise Fault("forged", f"{ATTACHMENT} is larger than {MAX_BYTES} bytes")
    return found


def _plain(text: str) -> str:
    """Text without its line breaks, spaces and typographic variants: what is said, however it is set."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
