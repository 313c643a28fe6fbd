"""The digital credential: what it says, in which languages, and that nothing in it can be changed unnoticed."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lms_certificates.credential import hours_of, iso_duration
from lms_certificates.multikey import base58, did_web, did_web_document, from_base58, from_multikey, multikey
from lms_certificates.rdf import canonical_nquads, known_contexts
from lms_toolkit.model import Achievement
from lms_toolkit.verification_site import site_url

ABOUT = Achievement(
    {"fr": "La réinsertion, pas à pas", "en": "Reintegration, step by step"},
    {"fr": "Quatre modules.", "en": "Four modules.", "es": "Cuatro módulos."},
    60.0,
)


@pytest.fixture
def credential(certifier, record) -> dict[str, Any]:
    return json.loads(certifier.credential(record, ABOUT, 131_079))


def as_bytes(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def test_a_credential_is_valid_and_gives_the_whole_record_back(certifier, record, credential):
    verdict = certifier.verify(as_bytes(credential))
    assert (verdict.verdict, verdict.record) == ("valid", record)


@pytest.mark.parametrize(
    "changes",
    [
        {"score_percent": None, "modules": ()},
        {"kind": "participation", "learning_hours": 7.33},
        {"kind": "diploma", "expires_on": date(2031, 11, 20), "learner_name": "山田 O’Neill <b>"},
    ],
)
def test_every_kind_of_record_comes_back_from_its_credential(certifier, record, changes):
    changed = replace(record, **changes)
    assert certifier.verify(certifier.credential(changed, ABOUT, 1).encode()).record == changed


def test_it_says_what_was_achieved_how_and_in_what_time(credential):
    subject = credential["credentialSubject"]
    achievement = subject["achievement"]
    assert achievement["criteria"]["narrative"].endswith("au moins 60 %.")
    assert (achievement["timeRequired"], achievement["achievementType"]) == ("PT20H", "Certificate")
    assert subject["result"][0]["value"] == "78.5"
    assert achievement["resultDescription"][0]["requiredValue"] == "60"


def test_the_score_is_not_in_it_when_the_record_has_none(certifier, record):
    text = certifier.credential(replace(record, score_percent=None), ABOUT, 1)
    assert '"result"' not in text
    assert "78" not in json.dumps(json.loads(text)["credentialSubject"])


def test_other_languages_stand_beside_the_certificates_own(credential):
    achievement = credential["credentialSubject"]["achievement"]
    assert (achievement["inLanguage"], achievement["name"]) == ("fr", "La réinsertion, pas à pas")
    assert achievement["alternateName"] == {"en": "Reintegration, step by step"}
    assert achievement["abstract"] == {"en": "Four modules.", "es": "Cuatro módulos."}


def test_its_place_is_counted_through_all_status_lists(credential):
    status = credential["credentialStatus"]
    assert (status["statusListCredential"], status["statusListIndex"]) == (
        "https://verify.example.org/status/2.json",
        "7",
    )


def test_the_same_record_gives_the_same_bytes(certifier, record):
    assert certifier.credential(record, ABOUT, 1) == certifier.credential(record, ABOUT, 1)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(member, (*path, key))
    else:
        yield path


def test_a_change_to_any_value_is_not_valid(certifier, credential):
    paths = [path for path in leaves(credential) if path[0] != "@context"]
    assert len(paths) > 40
    for path in paths:
        changed = copy.deepcopy(credential)
        place = changed
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = True if place[path[-1]] is False else f"{place[path[-1]]}1"
        assert certifier.verify(as_bytes(changed)).verdict in ("forged", "unknown"), path


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda c: c.update(mark="A"), "the member 'mark', which no context defines"),
        (lambda c: c["credentialSubject"].update(rank="first"), "which no context defines"),
        (lambda c: c.pop("proof"), "no proof"),
        (lambda c: c["proof"][0].update(cryptosuite="bbs-2023"), "not supported: bbs-2023"),
        (lambda c: c["proof"][0].update(proofPurpose="authentication"), "another purpose"),
        (lambda c: c["@context"].append("https://example.org/own/v1"), "https://example.org/own/v1"),
        (lambda c: c.update(issuer="did:web:verify.example.org:other"), "signature does not match"),
        (lambda c: c["credentialSubject"].update(id="_:b0"), "blank node"),
    ],
)
def test_what_is_wrong_with_a_changed_credential_is_named(certifier, credential, change, detail):
    change(credential)
    verdict = certifier.verify(as_bytes(credential))
    assert verdict.verdict != "valid"
    assert detail in verdict.detail


def test_a_key_that_stands_twice_is_refused(certifier, credential):
    text = json.dumps(credential).replace('"name": "Attestation', '"name": "Diplôme", "name": "Attestation', 1)
    assert "stands twice" in certifier.verify(text.encode()).detail


def test_a_document_made_to_keep_us_busy_is_given_up(certifier, credential):
    credential["credentialSubject"]["identifier"] *= 12  # two alike, each with a dozen alike: 12! orders to try
    credential["credentialSubject"] = [credential["credentialSubject"]] * 2
    assert "look alike" in certifier.verify(as_bytes(credential)).detail


def test_the_bundled_contexts_are_those_that_were_published():
    for url in known_contexts():
        assert canonical_nquads({"@context": url, "@id": "https://example.org/"}) == b""


def test_canonical_nquads_are_those_of_the_specification():
    """The digest of the credential in the Data Integrity EdDSA Cryptosuites specification, appendix B.1."""
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2", {"@vocab": "https://www.w3.org/ns/credentials/examples#"}],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678",
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    }
    digest = hashlib.sha256(canonical_nquads(document)).hexdigest()
    assert digest == "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"


@pytest.mark.parametrize(("hours", "text"), [(20, "PT20H"), (7.5, "PT7H30M"), (0.33, "PT19M48S"), (0, "PT0H")])
def test_learning_hours_are_a_duration_and_back(hours, text):
    assert iso_duration(hours) == text
    assert hours_of(text) == hours


def test_base58_is_that_of_the_specification():
    """The key of https://w3c-ccg.github.io/did-key-spec/."""
    text = "z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"
    assert multikey(from_multikey(text)) == text
    assert from_base58(base58(b"\0\0\1")) == b"\0\0\1"


@pytest.mark.parametrize(
    ("verify_url", "did", "document"),
    [
        (
            "https://verify.example.org/c/",
            "did:web:verify.example.org",
            "https://verify.example.org/.well-known/did.json",
        ),
        ("https://example.org/fr/v/c/", "did:web:example.org:fr:v", "https://example.org/fr/v/did.json"),
        ("https://example.org:8443/v/c/", "did:web:example.org%3A8443:v", "https://example.org:8443/v/did.json"),
    ],
)
def test_the_issuer_is_named_after_the_address_of_the_site(verify_url, did, document):
    assert did_web(site_url(verify_url)) == did
    assert did_web_document(did) == document


@pytest.mark.parametrize("did", ["did:web:", "did:web:a/b", "did:web:host:..", "did:web:ho st", "did:web:host:%2e%2e"])
def test_a_did_that_would_lead_elsewhere_is_refused(did):
    with pytest.raises(ValueError, match="not a did:web"):
        did_web_document(did)
