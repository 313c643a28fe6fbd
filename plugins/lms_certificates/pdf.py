"""Draws a certificate: a record becomes one page of PDF/A-3, tagged, with the signed record attached.

The same record gives the same bytes. Data reach typst as JSON, never as source, so a name cannot become markup.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, time
from functools import cached_property
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

import segno
import typst

from lms_certificates.seal import ROOM
from lms_certificates.wording import lines_of, verification_url, words_for
from lms_toolkit.content import templates_path
from lms_toolkit.errors import ContentError
from lms_toolkit.model import CertificateRecord

_MISSING_GLYPH = re.compile(r'the text `"(.*?)"` could not be displayed')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Draughtsman:
    """Draws with one template, and keeps what typst has learnt of it: a second page takes milliseconds."""

    def __init__(self, template: Path | None = None) -> None:
        self.template = template or templates_path() / "certificates" / "achievement.typ"
        self._lock = Lock()  # a typst compiler holds the inputs of one document at a time

    @cached_property
    def _compiler(self) -> typst.Compiler:
        # A path, not bytes: a compiler made from bytes compiles only once.
        return typst.Compiler(self.template, root=self.template.parent, ignore_system_fonts=True)

    def draw(self, record: CertificateRecord, signed_json: str) -> bytes:
        """The PDF, with empty room for the seal. Raises ContentError for what cannot be printed."""
        _require_printable(record)
        data = {
            **lines_of(record, words_for(record.language)),
            "qr_svg": qr_svg(verification_url(record)),
            "seal": ROOM,
            "signed_json": signed_json,
        }
        return self._compile(data, datetime.combine(record.issued_on, time(), UTC))

    def _compile(self, data: Mapping[str, Any], timestamp: datetime) -> bytes:
        with self._lock:
            try:
                pdf, warnings = self._compiler.compile_with_warnings(
                    format="pdf",
                    sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                    pdf_standards=["a-3a", "ua-1"],
                    timestamp=timestamp,
                )
            except typst.TypstError as error:
                raise self._explained(error) from error
        if warnings:
            raise ContentError(f"{self.template.name}: {warnings[0].message}")
        assert isinstance(pdf, bytes)
        return pdf

    def _explained(self, error: typst.TypstError) -> ContentError:
        missing = sorted(set(_MISSING_GLYPH.findall(error.diagnostic or "") + _MISSING_GLYPH.findall(error.message)))
        if missing:
            shown = " ".join(missing)
            return ContentError(f"the certificate's font has no {shown}; write the text in letters it has")
        reason = error.message.removeprefix("assertion failed: ")  # what the template itself refuses
        return ContentError(f"{self.template.name}: {reason}")


def qr_svg(url: str) -> str:
    """The QR code of an address, as SVG, with the white margin that scanners need."""
    file = BytesIO()
    segno.make(url, error="m", micro=False).save(
        file, kind="svg", xmldecl=False, border=4, dark="#1b2a49", light="#fff"
    )
    return file.getvalue().decode("utf-8")


def _require_printable(record: CertificateRecord) -> None:
    """Refuse characters that do not print: a direction mark makes a name read otherwise than it was signed."""
    shown = (record.learner_name, record.course_title, record.certificate_title, record.issuer, record.edition)
    for text in (*shown, *record.modules):
        for character in text:
            if unicodedata.category(character) in _INVISIBLE:
                raise ContentError(f"the certificate has an invisible character U+{ord(character):04X}; remove it")
