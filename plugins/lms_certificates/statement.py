"""A signed statement: {"type", "record", "signature"}, where the signature covers the canonical {"type", "record"}.

Certificates and the list of revocations are both statements; the type is signed, so one never passes for the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms_certificates.canonical import canonical_json, parse_canonical
from lms_certificates.faults import forged, unknown
from lms_certificates.keys import PublicKeys, SigningKey, base64url, from_base64url

ALGORITHM = "Ed25519"
PREFIX = "lms-toolkit-"


def sign_statement(kind: str, record: Mapping[str, Any], key: SigningKey) -> str:
    """The canonical JSON text of a signed statement. Raises ValueError for values canonical JSON cannot hold."""
    said = {"type": kind, "record": dict(record)}
    signature = {"alg": ALGORITHM, "kid": key.kid, "value": base64url(key.sign(canonical_json(said)))}
    return canonical_json({**said, "signature": signature}).decode("utf-8")


def kind_of(document: bytes) -> str:
    """The type a document gives itself; not checked yet. Raises Fault for what is not canonical JSON."""
    return str(parse_canonical(document).get("type"))


def read_statement(kind: str, document: bytes, keys: PublicKeys) -> dict[str, Any]:
    """The record of a statement whose signature holds. Raises Fault: what is wrong, first thing first."""
    value = parse_canonical(document)
    _require_kind(value.get("type"), kind)
    _require_keys(value, {"type", "record", "signature"}, "the document")
    kid, signature = _signature(value["signature"])
    if not keys.knows(kid):
        raise unknown(f"it is signed with the key {kid}, which is not in {keys.path.name}; the issuer may be another")
    if not isinstance(value["record"], dict):
        raise forged("record is not an object")
    said = canonical_json({"type": value["type"], "record": value["record"]})
    if not keys.verifies(kid, signature, said):
        raise forged("the signature does not match: the record was changed after it was signed")
    record: dict[str, Any] = value["record"]
    return record


def _require_kind(found: object, kind: str) -> None:
    if not isinstance(found, str) or not found.startswith(PREFIX):
        raise unknown("this JSON is not a document of lms-toolkit")
    if found != kind:
        raise unknown(f"this is a {found!r}, not a {kind!r}")


def _signature(value: object) -> tuple[str, bytes]:
    if not isinstance(value, dict):
        raise forged("signature is not an object")
    _require_keys(value, {"alg", "kid", "value"}, "signature")
    if value["alg"] != ALGORITHM:
        raise forged(f"signature.alg is {value['alg']!r}, not {ALGORITHM}")
    try:
        return str(value["kid"]), from_base64url(str(value["value"]))
    except ValueError as error:
        raise forged(f"signature.value is {error}") from error


def _require_keys(value: Mapping[str, Any], expected: set[str], where: str) -> None:
    if set(value) - expected:
        raise forged(f"{where} has an unknown key {min(set(value) - expected)!r}")
    if expected - set(value):
        raise forged(f"{where} lacks {min(expected - set(value))!r}")
