"""Writes a certificate's badge: a picture that carries its digital credential."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.certificate_files import write
from lms_toolkit.errors import PlanRefused
from lms_toolkit.revoking import issued

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier
    from lms_toolkit.store import Store


def write_badge(code: str, out: Path | None, store: Store, certifier: Certifier) -> Path:
    """Write the badge of a certificate and return its path; `CODE.png` in the current folder when none is given.

    Raises ConfigError for an unknown code, PlanRefused for a certificate without a credential, or one that is revoked.
    """
    certificate = issued(code, store)
    if not certificate.credential_json:
        raise PlanRefused(f"{certificate.code} was issued before there were digital credentials; its PDF stays valid")
    if certificate.revoked_at:
        raise PlanRefused(f"{certificate.code} was revoked on {certificate.revoked_at:%Y-%m-%d}; it gets no badge")
    path = out or Path(f"{certificate.code}.png")
    write(path, certifier.badge(certificate))
    return path
