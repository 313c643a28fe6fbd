"""Issues the certificate of an award, exactly once.

Order of things: sign and draw, save the row, write the files, tell. Nothing is saved that could not be drawn. A run
that stops after the row is saved is completed by the next one, with the same bytes, because a record always draws
the same page. The database's one-certificate-per-award rule decides between two runs at once.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lms_toolkit.certificate_events import tell as send
from lms_toolkit.certificate_files import are_there, digest, pdf_path, write_files
from lms_toolkit.certificate_records import achievement_of, record_of
from lms_toolkit.codes import normal_code
from lms_toolkit.config import CertificateConfig
from lms_toolkit.drafting import Draft, draft, draw
from lms_toolkit.errors import PlanRefused, StoreError
from lms_toolkit.model import Award, Certificate, Course, Edition, Learner
from lms_toolkit.revoking import replace_certificate, revoke, write_revocations
from lms_toolkit.verification_site import STATUS_PLACES
from lms_toolkit.verifying import RevocationList, read_revocations, verify

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store

__all__ = [
    "RevocationList",
    "certificates_of",
    "complete",
    "issue",
    "normal_code",
    "read_revocations",
    "replace_certificate",
    "require_earned",
    "revoke",
    "verify",
    "write_revocations",
]


def issue(
    award: Award,
    course: Course,
    edition: Edition,
    learner: Learner,
    certifier: Certifier,
    store: Store,
    config: CertificateConfig,
    plugins: Plugins,
    at: datetime | None = None,
) -> Certificate:
    """The certificate of an award: issued now, or the one it already has, its files restored if they are gone.

    Raises PlanRefused for an award that is not earned, ContentError for text that cannot be printed.
    """
    require_earned(award)
    issued_before = store.certificates.by_award(award.id)
    if issued_before:
        return complete(issued_before, certifier, config, store, plugins)
    at = at or datetime.now(UTC)
    record = record_of(award, course, edition, learner, config, at)
    [place] = store.certificates.reserve_places(1, STATUS_PLACES)
    drafted, pdf = draft(Draft(record, achievement_of(award, course, edition), place, at), certifier, config, plugins)
    saved = store.certificates.save(drafted)
    if saved.code != drafted.code:  # another run was first: its certificate is the award's
        return complete(saved, certifier, config, store, plugins, tell=False)
    write_files(saved, pdf, config)
    send("certificate.issued", [saved], at, store, plugins)
    return saved


def certificates_of(store: Store, edition: str | None = None) -> list[Certificate]:
    """Every certificate, or those of one edition."""
    return list(store.certificates.all(edition))


def require_earned(award: Award) -> None:
    """Raises PlanRefused for an award that is not earned, StoreError for one that is not saved."""
    if not award.earned:
        raise PlanRefused(f"award {award.id} is not earned, so there is nothing to certify; see its reasons")
    if not award.id:
        raise StoreError("an award must be saved before it is certified")


def complete(
    certificate: Certificate,
    certifier: Certifier,
    config: CertificateConfig,
    store: Store,
    plugins: Plugins,
    *,
    tell: bool = True,
) -> Certificate:
    """Write the files that an earlier run saved a row for and did not live to write, or that were lost since."""
    if are_there(certificate, config):
        return certificate
    if config.sign and (signed := _signed_before(certificate, certifier, config)):
        return signed
    pdf = draw(certificate.record, certificate.signed_json, certificate.credential_json, certifier, plugins)
    path = pdf_path(certificate.code, config)
    redrawn = replace(certificate, pdf_path=str(path), pdf_sha256=hashlib.sha256(pdf).hexdigest())
    if redrawn.pdf_sha256 == digest(path) and are_there(redrawn, config):
        return redrawn
    write_files(certificate, pdf, config)
    if redrawn.pdf_sha256 != certificate.pdf_sha256:
        # Drawn by another version than the first time. Its record and signature are the same, so it is as genuine.
        send("certificate.redrawn", [redrawn], datetime.now(UTC), store, plugins)
    elif tell and not _was_told(certificate, store):
        send("certificate.issued", [certificate], certificate.issued_at, store, plugins)
    return redrawn


def _signed_before(certificate: Certificate, certifier: Certifier, config: CertificateConfig) -> Certificate | None:
    """The certificate with the page that was drawn for it again, whose signature is another each time."""
    path = pdf_path(certificate.code, config)
    found = replace(certificate, pdf_path=str(path), pdf_sha256=digest(path) or "")
    if not are_there(found, config):
        return None
    verdict = certifier.verify(path.read_bytes())
    return found if (verdict.verdict, verdict.record) == ("valid", certificate.record) else None


def _was_told(certificate: Certificate, store: Store) -> bool:
    return any(event.data["code"] == certificate.code for event in store.events.all("certificate.issued"))
