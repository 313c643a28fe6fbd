"""Turns a certificate's record into its documents: signed record, digital credential, PDF. Nothing is saved here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from lms_toolkit.certificate_files import pdf_path
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ContentError, PluginError
from lms_toolkit.model import Achievement, Certificate, CertificateRecord

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier
    from lms_toolkit.manager import Plugins


@dataclass(frozen=True, slots=True)
class Draft:
    """What a certificate is made of. `place` is its own in the status lists."""

    record: CertificateRecord
    about: Achievement
    place: int
    issued_at: datetime


def draft(of: Draft, certifier: Certifier, config: CertificateConfig, plugins: Plugins) -> tuple[Certificate, bytes]:
    """The certificate and its PDF. Raises ContentError for text that cannot be printed."""
    signed = certifier.sign(of.record)
    credential = certifier.credential(of.record, of.about, of.place)
    pdf = draw(of.record, signed, credential, certifier, plugins)
    return (
        Certificate(
            record=of.record,
            signed_json=signed,
            pdf_path=str(pdf_path(of.record.code, config)),
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
            issued_at=of.issued_at,
            credential_json=credential,
            status_index=of.place if credential else None,
        ),
        pdf,
    )


def draw(record: CertificateRecord, signed: str, credential: str, certifier: Certifier, plugins: Plugins) -> bytes:
    """The sealed PDF, drawn by a plugin if one wants to."""
    try:
        drawn: bytes | None = plugins.ask(
            "lms_render_certificate", record=record, signed_json=signed, credential_json=credential
        )
        pdf = certifier.seal(drawn if drawn is not None else _render(record, signed, credential, certifier))
    except ContentError as error:
        raise ContentError(f"award {record.award_id}: {error}", error.findings) from error
    if drawn is not None and certifier.verify(pdf).record != record:
        raise PluginError(f"award {record.award_id}: the PDF drawn by a plugin does not carry its signed record")
    return pdf


def _render(record: CertificateRecord, signed: str, credential: str, certifier: Certifier) -> bytes:
    return certifier.render(record, signed, credential) if credential else certifier.render(record, signed)
