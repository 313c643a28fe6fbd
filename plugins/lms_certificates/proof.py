"""Data Integrity proofs of Verifiable Credentials with Ed25519: the cryptosuite eddsa-rdfc-2022.

https://www.w3.org/TR/vc-di-eddsa/#eddsa-rdfc-2022: the signature is over two digests one after the other, that of the
proof's own options and that of the document, each in canonical N-Quads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lms_certificates.faults import forged, unknown
from lms_certificates.keys import SigningKey
from lms_certificates.multikey import base58, from_base58
from lms_certificates.rdf import canonical_nquads

MAX_BYTES = 1_000_000
CRYPTOSUITE = "eddsa-rdfc-2022"


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof of a document, read and not yet checked."""

    verification_method: str
    created: str
    signature: bytes
    digest: bytes

    @property
    def controller(self) -> str:
        """The DID that the key is said to belong to."""
        return self.verification_method.partition("#")[0]

    @property
    def key_name(self) -> str:
        return self.verification_method.partition("#")[2]

    def is_by(self, public: Ed25519PublicKey) -> bool:
        try:
            public.verify(self.signature, self.digest)
        except InvalidSignature:
            return False
        return True


def add_proof(document: Mapping[str, Any], key: SigningKey, verification_method: str, created: str) -> dict[str, Any]:
    """The document with a proof; `created` is the time of signing, as XML Schema writes it."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": created,
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(_digest(document, options))
    return {**document, "proof": [{**options, "proofValue": base58(signature)}]}


def read_proof(document: Mapping[str, Any]) -> Proof:
    """The first proof that this version can check. Raises Fault: why there is none."""
    proofs = document.get("proof")
    listed = proofs if isinstance(proofs, list) else [proofs] if proofs else []
    if not listed:
        raise forged("it carries no proof, so nobody signed it")
    usable = [proof for proof in listed if _is_usable(proof)]
    if not usable:
        raise unknown(f"its proof is of a kind that is not supported: {_kinds(listed)}; supported is {CRYPTOSUITE}")
    return _read(document, usable[0])


def _read(document: Mapping[str, Any], proof: Mapping[str, Any]) -> Proof:
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    if options.get("proofPurpose") != "assertionMethod":
        raise forged("its proof is made for another purpose than to assert what it says (assertionMethod)")
    method, created = options.get("verificationMethod"), options.get("created", "")
    if not isinstance(method, str) or not isinstance(created, str):
        raise forged("its proof does not name the key it was made with")
    try:
        signature = from_base58(str(proof.get("proofValue")))
    except ValueError as error:
        raise forged(f"proof.proofValue is {error}") from error
    said = {name: value for name, value in document.items() if name != "proof"}
    return Proof(method, created, signature, _digest(said, options))


def parse_document(data: bytes) -> dict[str, Any]:
    """A JSON object in which no key stands twice. Raises Fault."""
    if len(data) > MAX_BYTES:
        raise unknown(f"the document is larger than {MAX_BYTES} bytes; no credential is")
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise unknown(f"it is not well-formed JSON ({error})") from error
    if not isinstance(value, dict):
        raise unknown("it is not a JSON object")
    return value


def _digest(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    with_context = {"@context": document.get("@context"), **options}
    said = hashlib.sha256(canonical_nquads(document)).digest()
    return _digest_of_options(json.dumps(with_context, sort_keys=True)) + said


@lru_cache(maxsize=64)
def _digest_of_options(options: str) -> bytes:
    """Those of all credentials that are issued in one go are the same."""
    return hashlib.sha256(canonical_nquads(json.loads(options))).digest()


def _is_usable(proof: object) -> bool:
    is_integrity = isinstance(proof, dict) and proof.get("type") == "DataIntegrityProof"
    return is_integrity and isinstance(proof, dict) and proof.get("cryptosuite") == CRYPTOSUITE


def _kinds(proofs: Sequence[object]) -> str:
    named = [proof for proof in proofs if isinstance(proof, dict)]
    kinds = {str(proof.get("cryptosuite") or proof.get("type"))[:60] for proof in named}
    return ", ".join(sorted(kinds)) or "unnamed"


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {min(name for name in names if names.count(name) > 1)!r} stands twice")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
