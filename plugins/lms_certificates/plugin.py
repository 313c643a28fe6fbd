"""Certificates: registers the certifier that signs records and draws them as PDF."""

from __future__ import annotations

from lms_toolkit import hookimpl


@hookimpl
def lms_register_certifiers() -> dict[str, str]:
    return {"pdf": "lms_certificates.certifier:PdfCertifier"}
