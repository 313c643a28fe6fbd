"""Whether a digital credential is what it says, ours or another issuer's: the first thing that is wrong is named.

In this order: its form, the kind of its proof, whose key it is, the signature, who issued it, the days it holds, and
whether it was revoked. A key is ours when it is in the list that is trusted. Another issuer's key is the one its DID is
(did:key) or the one its web server shows (did:web, asked only when allowed to).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lms_certificates.did_document import key_of_did_key, key_of_document
from lms_certificates.faults import Fault, forged, unknown
from lms_certificates.keys import PublicKeys
from lms_certificates.multikey import did_web_document, from_multikey
from lms_certificates.proof import Proof, parse_document, read_proof
from lms_certificates.status_credential import is_revoked, read_moment
from lms_certificates.status_list import entries_of, place_in
from lms_toolkit.errors import Unreachable
from lms_toolkit.model import Verdict

Fetch = Callable[[str], bytes]
_BADGE_TYPES = {"OpenBadgeCredential", "AchievementCredential"}


@dataclass(frozen=True, slots=True)
class Checks:
    """What a credential is checked with.

    `keys` are those one trusts, and `dids` the identifiers of their owner, `issuer` the owner's name. `fetch` is None
    where the web must not be asked. `status_lists` are lists that somebody handed over, and none may be older than
    `max_age`.
    """

    keys: PublicKeys
    dids: Sequence[str]
    issuer: str
    now: datetime
    fetch: Fetch | None = None
    status_lists: Sequence[bytes] = ()
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A credential whose signature holds. `status` is what its status list says, None when there was none to ask."""

    document: Mapping[str, Any]
    is_ours: bool
    issuer: str
    key_is_known_by: str
    revoked: bool | None = None
    status_as_of: datetime | None = None
    why_no_status: str = ""


def check_proof(data: bytes, checks: Checks) -> Checked:
    """A credential whose form, proof and issuer hold. Raises Fault: what is wrong, first thing first."""
    if is_jwt(data):
        raise unknown("it is signed as a JWT (VC-JWT), which is not supported; supported is eddsa-rdfc-2022")
    document = parse_document(data)
    _require_credential(document)
    proof = read_proof(document)
    issuer = issuer_of(document)
    key, is_ours, doubt = _key(proof, checks)
    if not proof.is_by(key):
        raise forged("the signature does not match: the credential was changed after it was signed")
    if proof.controller != issuer:
        raise _of_another(issuer, proof)
    if doubt:
        raise unknown(doubt)
    name = _name_of(document)
    if not is_ours and name.casefold() == checks.issuer.casefold():
        raise forged(f"it calls its issuer {name!r}, and is signed with a key of {issuer[:120]}, which is another one")
    return Checked(document, is_ours, name or issuer, _known_by(issuer, is_ours))


def judge(checked: Checked, checks: Checks) -> Verdict:
    """The verdict on another issuer's credential, with its days and its status."""
    said = describe(checked.document)
    try:
        checked = with_status(checked, checks)
        _require_days(checked.document, checks.now)
    except Fault as fault:
        return Verdict(fault.kind, fault.detail, said=said)
    if checked.revoked:
        return Verdict("revoked", f"revoked by its issuer, as of {_day(checked)}", None, checked.status_as_of, said)
    until = checked.document.get("validUntil")
    if until and read_moment(until) < checks.now:
        return Verdict("expired", f"it was valid until {str(until)[:10]}", None, checked.status_as_of, said)
    status = f"not revoked as of {_day(checked)}" if checked.status_as_of else checked.why_no_status
    detail = f"signed by {checked.issuer[:120]} ({checked.key_is_known_by}); {status}"
    return Verdict("valid", detail, None, checked.status_as_of, said)


def with_status(checked: Checked, checks: Checks) -> Checked:
    """What the status lists say, where there is one to ask. Raises Fault for a list that is no evidence."""
    entries = entries_of(checked.document)
    if not entries:
        return _without_status(checked, "its issuer publishes no status")
    state, as_of = False, None
    for entry in entries:
        if entry.get("type") == "1EdTechRevocationList":
            return _without_status(checked, "revocation not checked: 1EdTechRevocationList is not supported")
        address, place = place_in(entry)
        found = _status_list(address, checked, checks)
        if found is None:
            return _without_status(checked, f"revocation not checked (its list is {address[:120]})")
        document, made_at = found
        state = state or is_revoked(document, address, place, entry.get("statusPurpose"))
        as_of = min(as_of or made_at, made_at)
    return _replaced(checked, revoked=state, as_of=as_of)


def describe(document: Mapping[str, Any]) -> dict[str, str]:
    """What a credential says, for people: whom, what, by whom, when. Only texts, cut to a line."""
    subject = document.get("credentialSubject")
    subject = subject[0] if isinstance(subject, list) and subject else subject
    subject = subject if isinstance(subject, Mapping) else {}
    achievement = subject.get("achievement")
    achievement = achievement if isinstance(achievement, Mapping) else {}
    found = {
        "learner": _person(subject),
        "achievement": achievement.get("name"),
        "title": document.get("name"),
        "issuer": _name_of(document) or issuer_of(document),
        "valid_from": document.get("validFrom"),
        "valid_until": document.get("validUntil"),
    }
    return {name: " ".join(text.split())[:200] for name, text in found.items() if isinstance(text, str) and text}


def is_jwt(data: bytes) -> bool:
    parts = data.strip().split(b".")
    return len(parts) == 3 and parts[0].startswith(b"eyJ")


def issuer_of(document: Mapping[str, Any]) -> str:
    issuer = document.get("issuer")
    found = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    if not isinstance(found, str):
        raise forged("it does not say who issued it")
    return found


def _require_credential(document: Mapping[str, Any]) -> None:
    types = document.get("type")
    listed = set(types) if isinstance(types, list) and all(isinstance(one, str) for one in types) else {str(types)}
    if "VerifiableCredential" not in listed:
        raise unknown("this JSON is neither a signed record of ours nor a Verifiable Credential")
    if not listed & {*_BADGE_TYPES, "BitstringStatusListCredential"}:
        raise unknown("it is a Verifiable Credential of another kind than an Open Badge 3.0")
    if not isinstance(document.get("validFrom", document.get("issuanceDate")), str):
        raise forged("it does not say from when it is valid")


def _of_another(issuer: str, proof: Proof) -> Fault:
    if not issuer.startswith(("did:", "https://", "http://")):
        return unknown(f"the signature holds, but its issuer, {issuer[:120]}, is no address that a key can belong to")
    return forged(f"it says it was issued by {issuer[:120]}, and is signed by {proof.controller[:120]}")


def _key(proof: Proof, checks: Checks) -> tuple[Ed25519PublicKey, bool, str]:
    """The key a proof was made with, whether it is one of those trusted, and what stays in doubt if it matches."""
    did = proof.controller
    if checks.keys.knows(proof.key_name) and not did.startswith("did:key:"):
        return checks.keys.by_kid[proof.key_name], True, ""
    if did in checks.dids:
        raise forged(f"it is signed with the key {proof.key_name[:40]!r}, which is none of {did[:120]}")
    if did.startswith("did:key:"):
        return key_of_did_key(did, proof.verification_method), False, ""
    if did.startswith("did:web:"):
        return key_of_document(_did_document(did, checks), did, proof.verification_method), False, ""
    if did.startswith("https://"):
        return _key_of_address(proof, checks)
    raise unknown(f"its issuer is named in a way that is not supported, {did[:60]}; did:web, did:key and https are")


def _key_of_address(proof: Proof, checks: Checks) -> tuple[Ed25519PublicKey, bool, str]:
    """The key of an issuer who is named by an https address: what is there, or the key that its own name spells."""
    address = proof.controller
    if checks.fetch is not None:
        try:
            document = parse_document(checks.fetch(address))
        except Unreachable as error:
            raise unknown(f"the key of its issuer cannot be had: {error}") from error
        return key_of_document(document, address, proof.verification_method), False, ""
    doubt = f"whether the key belongs to {address[:120]} is not known; --online asks there"
    try:
        return from_multikey(proof.key_name), False, f"the signature holds, but {doubt}"
    except ValueError as error:
        raise unknown(f"its issuer is another one, and {doubt}") from error


def _did_document(did: str, checks: Checks) -> dict[str, Any]:
    try:
        address = did_web_document(did)
    except ValueError as error:
        raise forged(str(error)) from error
    if checks.fetch is None:
        raise unknown(
            f"its issuer, {did[:120]}, is another one; with --online their key is asked for at {address[:160]}"
        )
    try:
        return parse_document(checks.fetch(address))
    except Unreachable as error:
        raise unknown(f"the key of its issuer cannot be had: {error}") from error


def _status_list(address: str, checked: Checked, checks: Checks) -> tuple[Mapping[str, Any], datetime] | None:
    """The list at an address with its time: one that was handed over, else fetched. Raises Fault for a bad one."""
    if not checks.status_lists and checks.fetch is None:
        return None
    for data in checks.status_lists or [_fetched(address, checks)]:
        listed = check_proof(data, checks)
        if listed.document.get("id") == address or len(checks.status_lists) < 2:
            return listed.document, _require_evidence(listed, checked, checks)
    return None


def _fetched(address: str, checks: Checks) -> bytes:
    assert checks.fetch is not None
    try:
        return checks.fetch(address)
    except Unreachable as error:
        raise unknown(f"its status list cannot be had: {error}") from error


def _require_evidence(listed: Checked, checked: Checked, checks: Checks) -> datetime:
    """When a list was made, once it is one that says something about this credential today."""
    if issuer_of(listed.document) != issuer_of(checked.document):
        raise forged(f"the status list is of another issuer, {issuer_of(listed.document)[:120]}")
    try:
        made_at = read_moment(listed.document["validFrom"])
        until = listed.document.get("validUntil")
        is_over = until is not None and read_moment(until) < checks.now
    except (KeyError, ValueError) as error:
        raise forged("the status list does not say when it was made") from error
    if made_at > checks.now + timedelta(minutes=5):
        raise forged(f"the status list is dated {made_at:%Y-%m-%d %H:%M} UTC, which is yet to come")
    if made_at.date() < _from(checked.document).date():
        raise unknown(f"the status list of {made_at:%Y-%m-%d} is older than the credential, and proves nothing")
    if is_over or (checks.max_age and made_at < checks.now - checks.max_age):
        raise unknown(f"the status list of {made_at:%Y-%m-%d} is too old; get a new one from the issuer")
    return made_at


def _require_days(document: Mapping[str, Any], now: datetime) -> None:
    try:
        begins = _from(document)
        ends = read_moment(document["validUntil"]) if document.get("validUntil") else None
    except ValueError as error:
        raise forged(f"its days cannot be read: {error}") from error
    if begins > now + timedelta(days=1):  # dates are often written as midnight somewhere else
        raise unknown(f"it is not valid before {begins:%Y-%m-%d}")
    if ends and ends < begins:
        raise forged("it ends before it begins")


def _from(document: Mapping[str, Any]) -> datetime:
    return read_moment(document.get("validFrom") or document.get("issuanceDate"))


def _name_of(document: Mapping[str, Any]) -> str:
    issuer = document.get("issuer")
    name = issuer.get("name") if isinstance(issuer, Mapping) else None
    return " ".join(name.split()) if isinstance(name, str) else ""


def _person(subject: Mapping[str, Any]) -> object:
    identifiers = subject.get("identifier")
    for one in identifiers if isinstance(identifiers, list) else [identifiers]:
        if isinstance(one, Mapping) and one.get("identityType") == "name" and not one.get("hashed"):
            return one.get("identityHash")
    return subject.get("name")


def _known_by(issuer: str, is_ours: bool) -> str:
    if is_ours:
        return "the issuer's own key"
    if issuer.startswith("did:key:"):
        return "the key is all that is known of them; ask them whether it is theirs"
    return f"the key is the one that {issuer[:120]} shows"


def _without_status(checked: Checked, why: str) -> Checked:
    return Checked(checked.document, checked.is_ours, checked.issuer, checked.key_is_known_by, why_no_status=why)


def _replaced(checked: Checked, *, revoked: bool, as_of: datetime | None) -> Checked:
    return Checked(checked.document, checked.is_ours, checked.issuer, checked.key_is_known_by, revoked, as_of)


def _day(checked: Checked) -> str:
    return f"{checked.status_as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if checked.status_as_of else "now"
