"""Finds what is wrong with a store and with the certificates beside it, before somebody needs them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.certificate_files import credential_path, json_path, pdf_path
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ToolkitError
from lms_toolkit.model import Award, Certificate, CertificateKind, Finding

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier
    from lms_toolkit.store import Store

RESTORED = "certificate"
"""The rule in the reasons of an award that `certificates import` made."""


def check_store(url: str, certifier: Certifier, config: CertificateConfig) -> list[Finding]:
    """What is wrong with the store at a URL; a damaged one, or one of another version, is asked nothing further.

    Nothing is written: the tables of an older version stay as they are. Raises StoreError where there is no store.
    """
    from lms_toolkit.store import Store
    from lms_toolkit.store.caring import damage, open_existing, orphans

    database = open_existing(url)
    try:
        found = damage(database)
        return found or [*orphans(database), *_certificates(Store(database), certifier, config)]
    finally:
        database.close()


def _certificates(store: Store, certifier: Certifier, config: CertificateConfig) -> Iterator[Finding]:
    certificates = {one.code: one for one in store.certificates.all() if not one.is_erased}
    awards = {award.id: award for award in store.awards.all()}
    for certificate in certificates.values():
        yield from _files(certificate, certifier, config)
    certified = {one.record.award_id for one in store.certificates.all()}
    for award in awards.values():
        if award.earned and award.id not in certified:
            message = f"award {award.id} of {award.edition} is earned and has no certificate"
            yield Finding("warning", "award-without-certificate", message, hint=_certify(award.edition, award.kind))
    yield from _events(store, certificates, awards)


def _files(certificate: Certificate, certifier: Certifier, config: CertificateConfig) -> Iterator[Finding]:
    """A certificate's documents are there, and those that were issued."""
    again = f"{_certify(certificate.record.edition, certificate.record.kind)} writes it again"
    path = pdf_path(certificate.code, config)
    drawn = _read(path, again)
    if isinstance(drawn, Finding):
        yield drawn
    elif not _is_as_issued(drawn, certificate, certifier):
        yield Finding(
            "error", "certificate-file-altered", "is not the certificate that was issued", str(path), hint=again
        )
    texts = {json_path(certificate.code, config): certificate.signed_json}
    if certificate.credential_json:
        texts[credential_path(certificate.code, config)] = certificate.credential_json
    for beside, text in texts.items():
        found = _read(beside, again)
        if isinstance(found, Finding):
            yield found
        elif found != text.encode("utf-8"):
            message = "is not the document that was issued"
            yield Finding("error", "certificate-file-altered", message, str(beside), hint=f"remove it; {again}")


def _read(path: Path, again: str) -> bytes | Finding:
    """A document, or why there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return Finding("error", "certificate-file-gone", "the document is not there", str(path), hint=again)
    except OSError as error:
        message = f"cannot be read ({error.strerror})"
        return Finding("error", "certificate-file-unreadable", message, str(path), hint="check the file and its rights")


def _certify(edition: str, kind: CertificateKind) -> str:
    is_diploma = kind == "diploma"
    return f"lms-toolkit certify {f'programme {edition}' if is_diploma else f'{edition} --site SITE'}"


def _is_as_issued(data: bytes, certificate: Certificate, certifier: Certifier) -> bool:
    if hashlib.sha256(data).hexdigest() == certificate.pdf_sha256:
        return True
    try:  # one that another version drew again has other bytes, under the same seal and with the same record
        return certifier.read_issued(data).signed_json == certificate.signed_json
    except ToolkitError:
        return False


def _events(store: Store, certificates: dict[str, Certificate], awards: dict[str, Award]) -> Iterator[Finding]:
    """Whatever was saved was told, and whatever was told of is there."""
    told = {event.data.get("code", "") for event in store.events.all("certificate.issued")}
    for code in sorted(told - {one.code for one in store.certificates.all()}):
        message = f"plugins were told of the certificate {code}, which the store does not know"
        yield Finding("error", "certificate-lost", message, hint="lms-toolkit certificates import brings it back")
    for code in sorted(set(certificates) - told):
        award = awards[certificates[code].record.award_id]
        if not any(reason.rule == RESTORED for reason in award.reasons):
            message = f"no plugin was told that the certificate {code} was issued"
            yield Finding(
                "warning", "certificate-untold", message, hint="the run that issued it was stopped: tell its holder"
            )
