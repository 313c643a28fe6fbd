"""Draws a certificate: a record becomes one page of PDF/A-3, tagged, with what is signed attached.

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

from lms_certificates.fonts import BASE, families_in, further_folders
from lms_certificates.pictures import Studio
from lms_certificates.seal import ROOM
from lms_certificates.wording import lines_of, verification_url, words_for
from lms_toolkit.certificate_config import CertificateConfig
from lms_toolkit.errors import ContentError
from lms_toolkit.model import CertificateRecord

_MISSING_GLYPH = re.compile(r'the text `"(.*?)"` could not be displayed')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
_JOINED = ("ARABIC", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER")
"""Scripts in which a joiner between two letters is part of how a name is written."""
BADGE_PPI = 288


class Draughtsman:
    """Draws with the templates of a folder, and keeps what typst has learnt: a second page takes milliseconds."""

    def __init__(self, config: CertificateConfig, templates: Path | None = None) -> None:
        self._config = config
        self._studio = Studio(config, templates)
        self._easels: dict[tuple[str, bool], Easel] = {}
        self._lock = Lock()  # a typst compiler holds the inputs of one document at a time

    @cached_property
    def _further(self) -> tuple[list[Path], list[str]]:
        folders = further_folders(self._config.fonts)
        return folders, families_in(folders)

    def draw(self, record: CertificateRecord, signed_json: str, credential_json: str = "") -> bytes:
        """The PDF, with empty room for the seal. Raises ContentError for what cannot be printed."""
        _require_printable(record)
        words = words_for(record.language)
        data = {
            **lines_of(record, words),
            **self._studio.pictures_of(record, words),
            "qr_svg": qr_svg(verification_url(record)),
            "seal": ROOM,
            "signed_json": signed_json,
            "credential_json": credential_json,
        }
        at = datetime.combine(record.issued_on, time(), UTC)
        return self._draw(record.kind, data, {"format": "pdf", "pdf_standards": ["a-3a", "ua-1"], "timestamp": at})

    def draw_badge(self, record: CertificateRecord) -> bytes:
        """A round picture (PNG) that names the course and the issuer, and no person."""
        _require_printable(record)
        data = {**lines_of(record, words_for(record.language)), "logos": [], "signatures": []}
        return self._draw("badge", data, {"format": "png", "ppi": BADGE_PPI})

    def _draw(self, template: str, data: Mapping[str, Any], how: Mapping[str, Any]) -> bytes:
        """Draw with typst's own typefaces, which are there at once; with the others only for letters these lack."""
        with self._lock:
            try:
                return self._easel(template, further=False).draw(data, how)
            except MissingLetters as missing:
                if not self._further[1]:
                    raise _unprintable(missing) from missing
            try:
                return self._easel(template, further=True).draw(data, how)
            except MissingLetters as missing:
                raise _unprintable(missing) from missing

    def _easel(self, template: str, *, further: bool) -> Easel:
        if (template, further) not in self._easels:
            folders, families = self._further if further else ([], [])
            path = self._studio.folder / f"{template}.typ"
            self._easels[template, further] = Easel(path, folders, [*BASE, *families])
        return self._easels[template, further]


class MissingLetters(Exception):
    """Letters that none of the typefaces has."""

    def __init__(self, letters: list[str]) -> None:
        super().__init__(" ".join(letters))


class Easel:
    """One template with one set of typefaces."""

    def __init__(self, template: Path, folders: list[Path], families: list[str]) -> None:
        self._template = template
        self._families = families
        # A path, not bytes: a compiler made from bytes compiles only once.
        fonts: list[str] = [str(folder) for folder in folders]
        self._compiler: typst.Compiler = typst.Compiler(
            str(template), root=str(template.parent), font_paths=fonts, ignore_system_fonts=True
        )

    def draw(self, data: Mapping[str, Any], how: Mapping[str, Any]) -> bytes:
        """The document. Raises MissingLetters, or ContentError for what the template refuses."""
        inputs = {"data": json.dumps({**data, "fonts": self._families}, ensure_ascii=False)}
        try:
            drawn, warnings = self._compiler.compile_with_warnings(sys_inputs=inputs, **how)
        except typst.TypstError as error:
            raise self._explained(error) from error
        if warnings:
            missing = _missing(warnings[0].message)
            raise MissingLetters(missing) if missing else ContentError(f"{self._template.name}: {warnings[0].message}")
        assert isinstance(drawn, bytes)
        return drawn

    def _explained(self, error: typst.TypstError) -> Exception:
        missing = sorted({*_missing(error.diagnostic or ""), *_missing(error.message)})
        if missing:
            return MissingLetters(missing)
        reason = error.message.removeprefix("assertion failed: ")  # what the template itself refuses
        return ContentError(f"{self._template.name}: {reason}")


def _missing(message: str) -> list[str]:
    return _MISSING_GLYPH.findall(message)


def _unprintable(missing: MissingLetters) -> ContentError:
    return ContentError(
        f"the certificate's font has no {missing}; install lms-toolkit[fonts], name a folder of typefaces in "
        "[certificates] fonts, or write the text in letters it has"
    )


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
        for place, character in enumerate(text):
            if unicodedata.category(character) in _INVISIBLE and not _is_joiner(text, place):
                raise ContentError(f"the certificate has an invisible character U+{ord(character):04X}; remove it")


def _is_joiner(text: str, place: int) -> bool:
    """Whether this is a joiner between two letters of a script that writes with them, as in Persian and Hindi."""
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    is_inside = len(around) == 2 and all(unicodedata.name(letter, "").startswith(_JOINED) for letter in around)
    return text[place] in _JOINERS and is_inside
