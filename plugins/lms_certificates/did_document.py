"""The issuer's DID document: every public key, old ones included, under the name by which proofs refer to it.

https://www.w3.org/TR/did-1.0/ and https://w3c-ccg.github.io/did-method-web/. A rotated key stays an assertion method:
taken off the list, what it signed would no longer verify.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lms_certificates.faults import forged, unknown
from lms_certificates.keys import PublicKeys
from lms_certificates.multikey import did_web, from_multikey, multikey
from lms_toolkit.certificate_config import CertificateConfig
from lms_toolkit.errors import ConfigError
from lms_toolkit.verification_site import site_url


def issuer_did(config: CertificateConfig) -> str:
    """The issuer's identifier: the one that is set, or that of the address where the verification site is."""
    if config.did:
        return config.did
    try:
        return did_web(site_url(config.verify_url))
    except ValueError as error:
        raise ConfigError(
            f"certificates.verify_url {config.verify_url!r} cannot be an issuer's address; set certificates.did"
        ) from error


def did_document(did: str, keys: PublicKeys) -> dict[str, Any]:
    """What is published as did.json."""
    methods = [
        {
            "id": f"{did}#{kid}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multikey(public),
        }
        for kid, public in keys.by_kid.items()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def key_of_did_key(did: str, method: str) -> Ed25519PublicKey:
    """The key that a did:key is. Raises Fault."""
    try:
        public = from_multikey(did.removeprefix("did:key:"))
    except ValueError as error:
        raise unknown(f"its issuer's key, {did[:80]}, is {error}") from error
    if method not in (did, f"{did}#{did.removeprefix('did:key:')}"):
        raise forged(f"its proof names a key that {did[:80]} does not have")
    return public


def key_of_document(document: Mapping[str, Any], did: str, method: str) -> Ed25519PublicKey:
    """The key that a DID document lists under a name, for assertions. Raises Fault."""
    if document.get("id") != did:
        raise forged(f"the DID document found for {did[:120]} is that of {str(document.get('id'))[:120]}")
    listed = [entry for entry in _members(document, "verificationMethod") if _absolute(entry.get("id"), did) == method]
    allowed = document.get("assertionMethod")
    names = [_absolute(one.get("id") if isinstance(one, dict) else one, did) for one in allowed or []]
    if method in names and not listed:
        listed = [one for one in allowed or [] if isinstance(one, dict) and _absolute(one.get("id"), did) == method]
    if not listed or method not in names:
        raise forged(f"{did[:120]} does not list the key {method.partition('#')[2][:80]!r} for what it asserts")
    return _public(listed[0], method)


def _public(entry: Mapping[str, Any], method: str) -> Ed25519PublicKey:
    try:
        if "publicKeyJwk" in entry:
            return _from_jwk(entry["publicKeyJwk"])
        return from_multikey(str(entry["publicKeyMultibase"]))
    except (KeyError, TypeError, ValueError) as error:
        raise unknown(f"the key {method[:120]} is not an Ed25519 key that can be read") from error


def _from_jwk(jwk: Mapping[str, Any]) -> Ed25519PublicKey:
    from lms_certificates.keys import from_base64url

    if (jwk["kty"], jwk["crv"]) != ("OKP", "Ed25519"):
        raise ValueError("another kind of key")
    return Ed25519PublicKey.from_public_bytes(from_base64url(jwk["x"]))


def _members(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = document.get(name)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _absolute(name: object, did: str) -> str:
    return f"{did}{name}" if str(name).startswith("#") else str(name)
