"""The status list as the issuer publishes it, signed, and what anybody's says about one place.

A list that is old, cut short, of another issuer or of another address is no evidence, and each is refused by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from datetime import UTC, datetime, timedelta
from typing import Any

from lms_certificates.faults import forged
from lms_certificates.keys import SigningKey
from lms_certificates.proof import add_proof
from lms_certificates.rdf import CREDENTIALS_V2
from lms_certificates.status_list import PLACES, encode_list, is_set
from lms_toolkit.certificate_config import CertificateConfig
from lms_toolkit.verification_site import status_list_url


def sign_status_list(
    number: int, revoked: Set[int], made_at: datetime, config: CertificateConfig, did: str, key: SigningKey
) -> str:
    """The list with this number as a signed credential; `revoked` are places counted through all lists."""
    address = status_list_url(config.verify_url, number)
    first = (number - 1) * PLACES
    places = [place - first for place in revoked if first <= place < first + PLACES]
    document = {
        "@context": [CREDENTIALS_V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": moment(made_at),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_list(places),
        },
    }
    if config.status_valid_days:
        document["validUntil"] = moment(made_at + timedelta(days=config.status_valid_days))
    return json.dumps(add_proof(document, key, f"{did}#{key.kid}", moment(made_at)), ensure_ascii=False, indent=1)


def is_revoked(document: Mapping[str, Any], address: str, place: int, purpose: object) -> bool:
    """What a list whose proof was checked says of a place. Raises Fault when it is not the list that is meant."""
    types = document.get("type")
    if not isinstance(types, list) or "BitstringStatusListCredential" not in types:
        raise forged("the status list is no BitstringStatusListCredential")
    if document.get("id") != address:
        raise forged(f"the status list is {str(document.get('id'))[:120]}, not the one the credential names, {address}")
    subject = document.get("credentialSubject")
    if not isinstance(subject, Mapping) or not _is_for(subject, purpose):
        raise forged(f"the status list is not about {str(purpose)[:40]}")
    return is_set(subject.get("encodedList"), place)


def _is_for(subject: Mapping[str, Any], purpose: object) -> bool:
    said = subject.get("statusPurpose")
    return purpose in said if isinstance(said, list) else purpose == said


def moment(at: datetime) -> str:
    """A time as XML Schema writes it, in UTC and to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(value: object) -> datetime:
    """Raises ValueError for what is not a time with its zone."""
    at = datetime.fromisoformat(str(value))
    if at.tzinfo is None:
        raise ValueError(f"{str(value)[:40]!r} has no time zone")
    return at
