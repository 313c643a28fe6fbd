"""Signs records, draws and seals their PDF, and says whether a document is genuine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from lms_certificates import reading, statement
from lms_certificates.faults import Fault, forged, unknown
from lms_certificates.keys import PUBLIC_NAME, PublicKeys, SigningKey, public_keys, signing_key
from lms_certificates.record import KIND, from_values, to_values
from lms_certificates.seal import SealState, apply_seal, check_seal
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ContentError
from lms_toolkit.interfaces import Certifier
from lms_toolkit.model import CertificateRecord, Verdict

if TYPE_CHECKING:
    from lms_certificates.pdf import Draughtsman


class PdfCertifier(Certifier):
    """Ed25519 signatures and typst pages; keys are in the folder of the certificates."""

    name: ClassVar[str] = "pdf"

    def __init__(self, config: CertificateConfig) -> None:
        self.config = config

    @cached_property
    def _key(self) -> SigningKey:
        return signing_key(self.config.folder)

    @cached_property
    def _draughtsman(self) -> Draughtsman:
        from lms_certificates.pdf import Draughtsman

        return Draughtsman()

    def sign(self, record: CertificateRecord) -> str:
        return self.sign_statement(KIND, to_values(record))

    def sign_statement(self, kind: str, values: Mapping[str, Any]) -> str:
        return statement.sign_statement(kind, values, self._key)

    def render(self, record: CertificateRecord, signed_json: str) -> bytes:
        return self._draughtsman.draw(record, signed_json)

    def seal(self, pdf: bytes) -> bytes:
        return apply_seal(pdf, self._key)

    def read_statement(self, kind: str, document: bytes, keys: Path | None = None) -> Mapping[str, Any]:
        try:
            return statement.read_statement(kind, document, self._public(keys))
        except Fault as fault:
            raise ContentError(fault.detail) from fault

    def verify(self, document: bytes, keys: Path | None = None) -> Verdict:
        trusted = self._public(keys)
        try:
            said = _read_pdf(document, trusted) if _is_pdf(document) else _read_json(document, trusted)
        except Fault as fault:
            return Verdict(fault.kind, fault.detail)
        return Verdict("valid", f"signed by the issuer on {said.issued_on.isoformat()}", said)

    def _public(self, path: Path | None) -> PublicKeys:
        return public_keys(path or self.config.folder / PUBLIC_NAME)


def _is_pdf(document: bytes) -> bool:
    return b"%PDF-" in document[:1024]


def _read_json(document: bytes, keys: PublicKeys) -> CertificateRecord:
    if not document.lstrip().startswith(b"{"):
        raise unknown("this is neither a PDF nor a signed record")
    return from_values(statement.read_statement(KIND, document, keys))


def _read_pdf(pdf: bytes, keys: PublicKeys) -> CertificateRecord:
    said = _read_json(reading.attached_record(pdf), keys)
    state = check_seal(pdf, keys)
    if state != "whole":
        raise _unsealed(pdf, said, state)
    return said


def _unsealed(pdf: bytes, said: CertificateRecord, state: SealState) -> Fault:
    """Says as much as can be known of a genuine record on a page that is not as it was issued."""
    missing = reading.unsaid(said, reading.page_text(pdf))
    if missing:
        return forged(f"the page does not say what was signed: {missing} differs")
    if state == "missing":
        return forged("the page around the signed record was not made by the issuer: it has no seal")
    return forged("the file was changed after it was issued; ask for the original, or check its code with the issuer")
