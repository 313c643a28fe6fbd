"""Credentials that others published to be tested with: the verdict is the one their authors name.

W3C's are the test vectors of Data Integrity EdDSA Cryptosuites, appendix B.1. 1EdTech's are the Open Badges 3.0 samples
of its public validator (digital-credentials-public-validator, Apache License 2.0), each as what differs from the first.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms_certificates.certifier import PdfCertifier
from lms_certificates.keys import SigningKey
from lms_certificates.multikey import from_base58, from_multikey, multikey
from lms_certificates.proof import add_proof, read_proof
from lms_toolkit.errors import Unreachable

W3C_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
W3C_SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"  # published, and worth nothing
ALUMNI = {
    # The context of examples, which only defines a vocabulary.
    "@context": ["https://www.w3.org/ns/credentials/v2", {"@vocab": "https://www.w3.org/ns/credentials/examples#"}],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}


@pytest.mark.parametrize(
    ("issuer", "value"),
    [
        (
            f"did:key:{W3C_KEY}",
            "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme",
        ),
        (
            "https://vc.example/issuers/5678",
            "z21EVs3eXERqTn4acNHT9viboqgzUaQ3kTmhPT3eA8qrVPE7CrQq78WkzctnMX5W4CrzcKnHw8V6dvy5pgWYCU5e9",
        ),
    ],
    ids=["recommendation", "draft"],
)
def test_our_signature_is_the_one_w3c_published_and_theirs_holds(issuer, value):
    private = Ed25519PrivateKey.from_private_bytes(from_base58(W3C_SECRET)[2:])
    assert multikey(private.public_key()) == W3C_KEY
    signed = add_proof(ALUMNI, SigningKey("", private), f"{issuer}#{W3C_KEY}", "2023-02-24T23:36:38Z")
    assert signed["proof"][0]["proofValue"] == value
    assert read_proof(signed).is_by(from_multikey(W3C_KEY))
    assert not read_proof({**signed, "name": "Alumni credential"}).is_by(from_multikey(W3C_KEY))


ISSUER = "https://example.com/issuers/876543"
KEY = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.{}.json"
SIMPLE: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", OPEN_BADGES.format(3)],
    "id": "http://example.com/credentials/3527",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Example Corp"},
    "validFrom": "2010-01-01T00:00:00Z",
    "name": "Teamwork Badge",
    "credentialSubject": {
        "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://example.com/achievements/21st-century-skills/teamwork",
            "type": ["Achievement"],
            "criteria": {
                "narrative": "Team members are nominated for this badge by their peers and recognized upon review by "
                "Example Corp management."
            },
            "description": "This badge recognizes the development of the capacity to collaborate within a group "
            "environment.",
            "name": "Teamwork",
        },
    },
    "proof": [
        {
            "type": "DataIntegrityProof",
            "created": "2010-01-01T19:23:24Z",
            "verificationMethod": f"{ISSUER}#{KEY}",
            "cryptosuite": "eddsa-rdfc-2022",
            "proofPurpose": "assertionMethod",
            "proofValue": "z41ZsNkz78FHSGkAD5J4b8EN49DkywMMJSL3UdUNffbsCAWmTLPvtnJpd3JGGooYX7TNrzgsTLkXUWiGsRRZ788ML",
        }
    ],
}


def sample(value: str = "", **changes: Any) -> dict[str, Any]:
    """The simple sample with some members changed, None for one that is left out, and the value of its proof."""
    made = {**copy.deepcopy(SIMPLE), **changes}
    if value:
        made["proof"][0]["proofValue"] = value
    return {name: member for name, member in made.items() if member is not None}


OTHER_KEY = "z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x"
OTHER_PROOF = {
    **SIMPLE["proof"][0],
    "created": "2024-03-20T14:53:19Z",
    "verificationMethod": f"{ISSUER}#{OTHER_KEY}",
    "proofValue": "z76jrNcyxHg5fV17h96yCRwqUaTQZD2QQivyNqHyLSvqu3aWGC3nLShzZEGbH3LvNFodwov9rPQxi3QRP7adCrzV",
}
SAMPLES = {
    "simple": (sample(), "valid", "signed by Example Corp (the key is the one that https://example.com/issuers/876543"),
    "simple-context-version": (
        sample(
            "zD8RrkKVSVEPYspwCe9T1a68NAVt2GyV566uR6QLdxCMdkg2b4rdUf9w1BC8ZEyhGdEz13kzkBwkjTTvoYAYsy15",
            **{"@context": [SIMPLE["@context"][0], OPEN_BADGES.format(2)]},
        ),
        "valid",
        "signed by Example Corp",
    ),
    "simple-multiple-proofs": (
        sample(proof=[{"type": "SomeProofType", "proofPurpose": "assertionMethod"}, *SIMPLE["proof"]]),
        "valid",
        "signed by Example Corp",
    ),
    "simple-err-expired": (
        sample(
            "z2mAP6ezimojRWSHDhS1VfJgDdMCqa4oPbmJT1tCs43t5bRiwsrrhHxrmTEeAF2EBjErrzxoJj3HCKsdkyVkno11f",
            validUntil="2010-01-01T00:00:00Z",
        ),
        "expired",
        "it was valid until 2010-01-01",
    ),
    "simple-err-proof-value": (sample(proof=[OTHER_PROOF]), "forged", "the signature does not match"),
    "simple-noproof": (sample(proof=None), "forged", "it carries no proof, so nobody signed it"),
    "simple-err-issuer": (sample(issuer=None), "forged", "it does not say who issued it"),
    "simple-err-type": (sample(type=["VerifiableCredential", "BadgeCredential"]), "unknown", "of another kind"),
    "simple-eddsa-2022": (
        sample(proof=[{**SIMPLE["proof"][0], "cryptosuite": "eddsa-2022"}]),
        "unknown",
        "of a kind that is not supported: eddsa-2022",
    ),
    "simple-err-context": (
        sample(**{"@context": SIMPLE["@context"][:1]}),
        "forged",
        "which no context defines, so no signature can cover it",
    ),
    "simple-err-proof-method-unknown-scheme": (
        sample(proof=[{**SIMPLE["proof"][0], "verificationMethod": f"xxx:{OTHER_KEY}"}]),
        "unknown",
        "its issuer is named in a way that is not supported",
    ),
}


class ShowsTheirKeys(PdfCertifier):
    """A web on which the issuer of the samples shows the keys that sign them."""

    def fetch(self, url: str) -> bytes:
        if url != ISSUER:
            raise Unreachable(f"{url} is not there")
        methods = [
            {"id": f"{ISSUER}#{key}", "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": key}
            for key in (KEY, OTHER_KEY)
        ]
        document = {"id": ISSUER, "verificationMethod": methods, "assertionMethod": [one["id"] for one in methods]}
        return json.dumps(document).encode()


@pytest.fixture
def online(config, record) -> ShowsTheirKeys:
    certifier = ShowsTheirKeys(config)
    certifier.sign(record)
    return certifier


@pytest.mark.parametrize("name", SAMPLES)
def test_the_verdict_on_a_sample_of_1edtech_is_the_one_it_stands_for(online, name):
    document, expected, detail = SAMPLES[name]
    verdict = online.verify(json.dumps(document).encode(), online=True)
    assert (verdict.verdict, verdict.record) == (expected, None), verdict.detail
    assert detail in verdict.detail


def test_each_value_of_the_sample_is_covered_by_its_signature(online):
    for name, changed in (
        ("name", "Teamwork badge"),
        ("validFrom", "2010-01-02T00:00:00Z"),
        ("issuer", {**SIMPLE["issuer"], "name": "Example Inc"}),
        ("id", "http://example.com/credentials/3528"),
    ):
        verdict = online.verify(json.dumps(sample(**{name: changed})).encode(), online=True)
        assert verdict.verdict == "forged", name


def test_without_the_web_a_sample_is_in_doubt_because_nobody_vouches_for_its_key(online):
    verdict = online.verify(json.dumps(SIMPLE).encode())
    assert verdict.verdict == "unknown" and verdict.detail.startswith("the signature holds, but whether the key")
