"""Tells what kind of document somebody handed over (PDF, PNG badge, credential, signed record) and verifies it.

Ours carry several signatures that must agree: the record's, the credential's, and the seal over the whole page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time

from lms_certificates import reading, statement
from lms_certificates.baking import SIGNATURE as PNG
from lms_certificates.baking import baked
from lms_certificates.checking import Checked, Checks, check_proof, is_jwt, judge, with_status
from lms_certificates.credential import place_of, record_of, require_agreement
from lms_certificates.faults import Fault, forged, unknown
from lms_certificates.keys import PublicKeys
from lms_certificates.pades import with_signer
from lms_certificates.record import FIRST_KIND, KIND, from_values
from lms_certificates.seal import SealState, check_seal
from lms_toolkit.model import Certificate, CertificateRecord, Verdict


def verify_document(document: bytes, checks: Checks) -> Verdict:
    """The verdict on a document that is genuine. Raises Fault: the first thing that is wrong with one that is not."""
    if reading.is_pdf(document):
        return _verify_pdf(document, checks)
    if document.startswith(PNG):
        return _verify_credential(baked(document), checks)
    if _is_credential(document):
        return _verify_credential(document, checks)
    return _genuine(_read_record(document, checks.keys))


def read_issued(document: bytes, checks: Checks, sign: Callable[[CertificateRecord], str]) -> Certificate:
    """The certificate behind one of our documents. Raises Fault when it is not ours, or was changed.

    A credential alone holds everything its record says; the record is signed anew then.
    """
    if reading.is_pdf(document):
        return _issued_pdf(document, checks, sign)
    if document.startswith(PNG) or _is_credential(document):
        return _issued_credential(baked(document) if document.startswith(PNG) else document, checks, sign)
    record = _read_record(document, checks.keys)
    return _issued(record, document.decode("utf-8").removesuffix("\n"))


def _issued_pdf(pdf: bytes, checks: Checks, sign: Callable[[CertificateRecord], str]) -> Certificate:
    verify_document(pdf, replace(checks, fetch=None, status_lists=()))
    found = reading.attachments(pdf)
    if reading.RECORD not in found:
        raise forged("it was issued by somebody else")
    signed = reading.only(found, reading.RECORD)
    issued = _issued(_read_record(signed, checks.keys), signed.decode("utf-8"))
    if reading.CREDENTIAL in found:
        credential = _issued_credential(reading.only(found, reading.CREDENTIAL), checks, sign)
        issued = replace(issued, credential_json=credential.credential_json, status_index=credential.status_index)
    return replace(issued, pdf_sha256=hashlib.sha256(pdf).hexdigest())


def _issued_credential(document: bytes, checks: Checks, sign: Callable[[CertificateRecord], str]) -> Certificate:
    checked = check_proof(document, checks)
    if not checked.is_ours:
        raise forged("it was issued by somebody else")
    record = record_of(checked.document)
    issued = _issued(record, sign(record))
    return replace(issued, credential_json=document.decode("utf-8"), status_index=place_of(checked.document))


def _issued(record: CertificateRecord, signed: str) -> Certificate:
    return Certificate(record, signed, "", "", datetime.combine(record.issued_on, time(), UTC))


def _verify_pdf(pdf: bytes, checks: Checks) -> Verdict:
    found = reading.attachments(pdf)
    if reading.RECORD not in found:
        return _verify_foreign_pdf(found, checks)
    said = _read_record(reading.only(found, reading.RECORD), checks.keys)
    state = check_seal(pdf, checks.keys)
    credential = _attached_credential(found, said, checks)
    if state != "whole":
        raise _unsealed(pdf, said, state)
    verdict = with_signer(_genuine(said), pdf)
    return _with_status(verdict, credential, checks) if credential else verdict


def _is_credential(document: bytes) -> bool:
    """Whether a document is JSON-LD or a JWT; in our signed record, a quotation mark inside a text is escaped."""
    return b'"@context"' in document or is_jwt(document)


def _read_record(document: bytes, keys: PublicKeys) -> CertificateRecord:
    if not document.lstrip().startswith(b"{"):
        raise unknown("this is no PDF, no PNG badge, no signed record and no digital credential")
    kind = FIRST_KIND if statement.kind_of(document) == FIRST_KIND else KIND
    return from_values(statement.read_statement(kind, document, keys), kind)


def _genuine(said: CertificateRecord) -> Verdict:
    return Verdict("valid", f"signed by the issuer on {said.issued_on.isoformat()}", said)


def _verify_credential(document: bytes, checks: Checks) -> Verdict:
    checked = check_proof(document, checks)
    if checked.is_ours:
        return _with_status(_genuine(record_of(checked.document)), checked, checks)
    return judge(checked, checks)


def _verify_foreign_pdf(found: Mapping[str, list[bytes]], checks: Checks) -> Verdict:
    """Another issuer's page: what is attached to it can be checked, the page itself cannot."""
    documents = [content for name, some in found.items() if name.endswith((".json", ".jsonld")) for content in some]
    if len(documents) != 1:
        raise unknown(f"this PDF carries no {reading.RECORD}")
    checked = check_proof(documents[0], checks)
    if checked.is_ours:
        raise forged("the page around the credential was not made by the issuer: it has no signed record and no seal")
    verdict = judge(checked, checks)
    return replace(verdict, detail=f"{verdict.detail}; this is about the credential attached, not about the page")


def _attached_credential(found: Mapping[str, list[bytes]], said: CertificateRecord, checks: Checks) -> Checked | None:
    if reading.CREDENTIAL not in found:
        return None  # issued before there were credentials
    try:
        checked = check_proof(reading.only(found, reading.CREDENTIAL), checks)
    except Fault as fault:
        raise forged(f"{reading.CREDENTIAL} attached to this page: {fault.detail}") from fault
    if not checked.is_ours:
        raise forged(f"the {reading.CREDENTIAL} attached to this page is of another issuer, {checked.issuer[:120]}")
    require_agreement(checked.document, said)
    return checked


def _with_status(verdict: Verdict, checked: Checked, checks: Checks) -> Verdict:
    """Our own certificate's verdict with what a published status list says, where one is at hand."""
    if not checks.status_lists and checks.fetch is None:
        return verdict
    listed = with_status(checked, checks)
    if listed.revoked is None or listed.status_as_of is None:
        return verdict
    as_of = f"as of {listed.status_as_of:%Y-%m-%d %H:%M} UTC"
    words = "revoked" if listed.revoked else f"{verdict.detail}; not revoked"
    return replace(
        verdict,
        verdict="revoked" if listed.revoked else "valid",
        detail=f"{words} {as_of}",
        revocation_checked_at=listed.status_as_of,
    )


def _unsealed(pdf: bytes, said: CertificateRecord, state: SealState) -> Fault:
    """Says as much as can be known of a genuine record on a page that is not as it was issued."""
    missing = reading.unsaid(said, reading.page_text(pdf))
    if missing:
        return forged(f"the page does not say what was signed: {missing} differs")
    if state == "missing":
        return forged("the page around the signed record was not made by the issuer: it has no seal")
    return forged("the file was changed after it was issued; ask for the original, or check its code with the issuer")
