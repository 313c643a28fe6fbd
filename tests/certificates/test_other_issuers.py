"""Open Badges of other issuers, and what is made to look like ours: the verdict names the first thing that is wrong."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pypdf import PdfWriter

from lms_certificates.baking import bake, baked
from lms_certificates.certifier import PdfCertifier
from lms_certificates.faults import Fault
from lms_certificates.keys import SigningKey, base64url, kid_of
from lms_certificates.multikey import multikey
from lms_certificates.proof import add_proof
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ConfigError, Unreachable
from lms_toolkit.issuing import verify
from lms_toolkit.model import Achievement
from lms_toolkit.verifying import Evidence

BADGE: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": "urn:uuid:2f1a2c9e-0000-4000-8000-000000000001",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Teamwork",
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {
        "id": "did:example:learner",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://other.example.org/teamwork",
            "type": ["Achievement"],
            "name": "Teamwork",
            "description": "Works well with others.",
            "criteria": {"narrative": "Three projects."},
        },
    },
}
MADE = "2026-01-01T00:00:00Z"
ABOUT = Achievement({})


@pytest.fixture
def other() -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
    return SigningKey(kid_of(private.public_key()), private)


@pytest.fixture
def issued(other) -> Callable[..., bytes]:
    """`issued(did, **changes)`: a badge of the other issuer, by their did:key unless a did:web is given."""

    def make(did: str = "", **changes: Any) -> bytes:
        own = multikey(other.private.public_key())
        issuer = did or f"did:key:{own}"
        document = {**BADGE, "issuer": {"id": issuer, "type": ["Profile"], "name": "Other Academy"}, **changes}
        return json.dumps(add_proof(document, other, f"{issuer}#{'key-1' if did else own}", MADE)).encode()

    return make


@pytest.fixture(autouse=True)
def keys_of_our_own(certifier, record) -> None:
    certifier.sign(record)


def test_a_badge_whose_issuer_is_a_key_is_valid_and_says_what_that_means(certifier, issued):
    verdict = certifier.verify(issued())
    assert (verdict.verdict, verdict.record) == ("valid", None)
    assert "signed by Other Academy (the key is all that is known of them" in verdict.detail
    assert verdict.said["achievement"] == "Teamwork"


def test_a_changed_badge_is_forged(certifier, issued):
    assert certifier.verify(issued().replace(b"Three projects", b"Four projects")).verdict == "forged"


class AsksTheWeb(PdfCertifier):
    """A certifier for which the web is a dictionary."""

    web: dict[str, bytes]

    def fetch(self, url: str) -> bytes:
        if url not in self.web:
            raise Unreachable(f"{url} is not there")
        return self.web[url]


DID = "did:web:other.example.org:academy"
ADDRESS = "https://other.example.org/academy/did.json"


@pytest.fixture
def online(config, other) -> AsksTheWeb:
    certifier = AsksTheWeb(config)
    method = {"id": f"{DID}#key-1", "type": "Multikey", "controller": DID}
    method["publicKeyMultibase"] = multikey(other.private.public_key())
    document = {"id": DID, "verificationMethod": [method], "assertionMethod": ["#key-1"]}
    certifier.web = {ADDRESS: json.dumps(document).encode()}
    return certifier


def test_a_web_issuer_is_asked_for_its_key_only_when_that_is_allowed(certifier, online, issued):
    refused = certifier.verify(issued(DID))
    assert refused.verdict == "unknown"
    assert f"with --online their key is asked for at {ADDRESS}" in refused.detail
    verdict = online.verify(issued(DID), online=True)
    assert verdict.verdict == "valid"
    assert f"the key is the one that {DID} shows" in verdict.detail


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda d: d.update(id="did:web:somebody.else"), "is that of did:web:somebody.else"),
        (lambda d: d.update(assertionMethod=[]), "does not list the key 'key-1' for what it asserts"),
        (lambda d: d["verificationMethod"][0].pop("publicKeyMultibase"), "not an Ed25519 key that can be read"),
        (
            lambda d: d["verificationMethod"][0].update(publicKeyMultibase=multikey(SOMEBODY)),
            "signature does not match",
        ),
    ],
)
def test_what_is_wrong_with_an_issuers_document_is_named(online, issued, change, detail):
    document = json.loads(online.web[ADDRESS])
    change(document)
    online.web[ADDRESS] = json.dumps(document).encode()
    assert detail in online.verify(issued(DID), online=True).detail


SOMEBODY = Ed25519PrivateKey.from_private_bytes(b"\1" * 32).public_key()


def test_a_key_written_as_a_jwk_is_read_too(online, issued, other):
    document = json.loads(online.web[ADDRESS])
    method = document["verificationMethod"][0]
    del method["publicKeyMultibase"]
    raw = other.private.public_key().public_bytes_raw()
    method |= {"type": "JsonWebKey", "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": base64url(raw)}}
    online.web[ADDRESS] = json.dumps(document).encode()
    assert online.verify(issued(DID), online=True).verdict == "valid"


def test_an_issuer_named_by_an_https_address_is_in_doubt_until_it_is_asked(online, other):
    """As in 1EdTech's samples: the key is spelt out in the name of the key, which anybody could write."""
    address, key = "https://other.example.org/issuer", multikey(other.private.public_key())
    method = f"{address}#{key}"
    badge = json.dumps(add_proof({**BADGE, "issuer": address}, other, method, MADE)).encode()
    found = online.verify(badge)
    assert (found.verdict, found.detail.startswith("the signature holds, but")) == ("unknown", True)
    assert online.verify(badge.replace(b"Three", b"Four")).verdict == "forged"
    listed = {
        "id": address,
        "verificationMethod": [{"id": method, "publicKeyMultibase": key}],
        "assertionMethod": [method],
    }
    online.web[address] = json.dumps(listed).encode()
    assert online.verify(badge, online=True).verdict == "valid"


def test_an_issuer_without_an_address_is_in_doubt(certifier, issued):
    found = certifier.verify(issued(issuer="urn:uuid:6f2e33e5-7a29-4155-840a-59483ba10164"))
    assert (found.verdict, "is no address that a key can belong to" in found.detail) == ("unknown", True)


def test_an_issuer_that_cannot_be_reached_is_unknown(online, issued):
    online.web = {}
    assert "the key of its issuer cannot be had" in online.verify(issued(DID), online=True).detail


def test_somebody_elses_credential_with_our_name_is_forged(certifier, issued, config):
    issuer = json.loads(issued())["issuer"]
    verdict = certifier.verify(issued(issuer={**issuer, "name": config.issuer.upper()}))
    assert verdict.verdict == "forged"
    assert "which is another one" in verdict.detail


def test_somebody_elses_credential_under_our_address_is_forged(certifier, issued):
    verdict = certifier.verify(issued("did:web:verify.example.org"))
    assert verdict.verdict == "forged"
    assert "which is none of did:web:verify.example.org" in verdict.detail


def test_a_credential_of_one_issuer_signed_by_another_is_forged(certifier, issued):
    verdict = certifier.verify(issued(issuer="did:web:university.example.org"))
    assert verdict.verdict == "forged"
    assert "it says it was issued by did:web:university.example.org, and is signed by did:key:" in verdict.detail


@pytest.mark.parametrize(
    ("changes", "verdict", "detail"),
    [
        ({"validUntil": "2026-02-01T00:00:00Z"}, "expired", "valid until 2026-02-01"),
        ({"validFrom": "2999-01-01T00:00:00Z"}, "unknown", "not valid before 2999-01-01"),
        ({"validUntil": "2025-01-01T00:00:00Z"}, "forged", "ends before it begins"),
        ({"validFrom": "2026-01-01T00:00:00"}, "forged", "no time zone"),
        ({"type": ["VerifiableCredential"]}, "unknown", "another kind than an Open Badge"),
        (
            {"issuer": "https://other.example.org"},
            "forged",
            "issued by https://other.example.org, and is signed by did:key",
        ),
    ],
)
def test_days_and_kinds_of_other_issuers_badges_are_judged(certifier, issued, changes, verdict, detail):
    found = certifier.verify(issued(**changes))
    assert found.verdict == verdict
    assert detail in found.detail


def test_a_jwt_is_refused_by_its_name(certifier):
    part = base64.urlsafe_b64encode(b'{"alg":"RS256"}').rstrip(b"=")
    assert "VC-JWT" in certifier.verify(part + b".e30.AAAA").detail


@pytest.mark.parametrize(
    "document",
    [
        b'{"@context":',
        b'{"@context": []}',
        b'["@context"]',
        b'{"@context": 1, "type": {}, "x": NaN}',
        b'{"@context":"' * 9,
    ],
)
def test_what_is_no_credential_is_unknown_and_not_a_crash(certifier, document):
    assert certifier.verify(document).verdict == "unknown"


# --- badges and pages


@pytest.fixture
def png(certifier, setting) -> bytes:
    return certifier.badge(setting.issue())


def test_a_badge_carries_its_credential_and_is_valid(certifier, png):
    assert certifier.verify(png).record.learner_name == "Amina Test"


def test_another_issuers_badge_is_checked_by_the_credential_inside(certifier, png, issued):
    assert certifier.verify(bake(png, issued().decode())).said["achievement"] == "Teamwork"


def test_a_badge_with_two_credentials_or_none_is_refused(certifier, png, issued):
    ours, other = bake(png, "{}"), bake(png, issued().decode())
    chunk = other[33 : 33 + 12 + int.from_bytes(other[33:37], "big")]
    assert "2 credentials" in certifier.verify(ours[:33] + chunk + ours[33:]).detail
    with pytest.raises(Fault, match="carries no credential"):
        baked(png[:33] + png[png.index(b"IDAT") - 4 :])
    assert certifier.verify(png[:-20]).detail == "this picture is damaged or cut short"


def with_attachment(name: str, content: bytes, pdf: bytes | None = None) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pdf)) if pdf else PdfWriter()
    if pdf is None:
        writer.add_blank_page(100, 100)
    for item in [item for item in writer.attachment_list if item.name == name]:
        item.content = content
    if pdf is None:
        writer.add_attachment(name, content)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def test_another_issuers_page_is_judged_by_its_attachment_and_says_so(certifier, issued):
    verdict = certifier.verify(with_attachment("badge.json", issued()))
    assert verdict.verdict == "valid"
    assert "not about the page" in verdict.detail


def test_our_credential_on_somebody_elses_page_is_forged(certifier, record):
    credential = certifier.credential(record, ABOUT, 1).encode()
    assert "no signed record and no seal" in certifier.verify(with_attachment("x.json", credential)).detail


def test_a_swapped_credential_in_our_page_is_forged_even_when_it_is_a_genuine_one(certifier, record, issued):
    signed = certifier.sign(record)
    page = certifier.render(record, signed, certifier.credential(record, ABOUT, 1))
    assert certifier.verify(certifier.seal(page)).verdict == "valid"
    other = certifier.credential(replace(record, learner_name="Jorge Prueba"), ABOUT, 2).encode()
    found = certifier.verify(with_attachment("credential.json", other, page))
    assert (found.verdict, "learner name differs" in found.detail) == ("forged", True)
    found = certifier.verify(with_attachment("credential.json", issued(), page))
    assert (found.verdict, "is of another issuer, Other Academy" in found.detail) == ("forged", True)


# --- status lists


@pytest.fixture
def ours(certifier, record) -> bytes:
    return certifier.credential(record, ABOUT, 7).encode()


def listed(certifier, revoked=(), number=1, days=0) -> bytes:
    return certifier.status_list(number, set(revoked), datetime.now(UTC) + timedelta(days=days)).encode()


def test_a_status_list_tells_whether_a_certificate_is_revoked_and_as_of_when(certifier, ours):
    assert certifier.verify(ours, status_lists=[listed(certifier)]).detail.endswith("UTC")
    revoked = certifier.verify(ours, status_lists=[listed(certifier, [7])])
    assert (revoked.verdict, revoked.revocation_checked_at is None) == ("revoked", False)
    assert certifier.verify(ours, status_lists=[listed(certifier, [6, 8])]).verdict == "valid"


def resigned(certifier, data: bytes, change) -> bytes:
    """A list that somebody with the key signed after a change: the form is judged, not the signature."""
    document = json.loads(data)
    del document["proof"]
    change(document)
    return json.dumps(add_proof(document, certifier._key, f"{certifier._did}#{certifier._key.kid}", MADE)).encode()


def test_a_list_that_is_no_evidence_is_refused_with_the_reason(certifier, stranger, ours, record):
    stranger.sign(record)
    cut = resigned(certifier, listed(certifier), lambda d: d["credentialSubject"].update(encodedList=SHORT))
    damaged = resigned(certifier, listed(certifier), lambda d: d["credentialSubject"].update(encodedList="uAAAA"))
    purpose = resigned(certifier, listed(certifier), lambda d: d["credentialSubject"].update(statusPurpose="message"))
    cases = {
        "signature does not match": listed(certifier, [7]).replace(b'"validFrom": "2', b'"validFrom": "3'),
        "is older than the credential": listed(certifier, days=-400),
        "is yet to come": listed(certifier, days=2),
        "not the one the credential names": listed(certifier, number=2),
        "is none of did:web:verify.example.org": listed(stranger),
        "is cut short": cut,
        "is damaged": damaged,
        "is not about revocation": purpose,
        "no BitstringStatusListCredential": ours,
    }
    for detail, data in cases.items():
        found = certifier.verify(ours, status_lists=[data])
        assert found.verdict in ("forged", "unknown"), detail
        assert detail in found.detail


SHORT = "u" + base64.urlsafe_b64encode(__import__("gzip").compress(bytes(100), mtime=0)).decode().rstrip("=")


def test_a_replayed_list_is_refused_when_it_must_not_be_old(certifier, record):
    old = certifier.credential(replace(record, issued_on=datetime(2026, 1, 1).date()), ABOUT, 7).encode()
    replayed = listed(certifier, days=-40)
    assert certifier.verify(old, status_lists=[replayed]).verdict == "valid"
    found = certifier.verify(old, status_lists=[replayed], max_age=timedelta(days=30))
    assert (found.verdict, "too old; get a new one" in found.detail) == ("unknown", True)
    short_lived = PdfCertifier(replace(certifier.config, status_valid_days=30))
    found = certifier.verify(old, status_lists=[listed(short_lived, days=-40)])
    assert (found.verdict, "too old" in found.detail) == ("unknown", True)


def test_online_the_list_is_asked_for_where_the_credential_says(online, ours):
    online.web["https://verify.example.org/status/1.json"] = listed(online, [7])
    assert online.verify(ours, online=True).verdict == "revoked"
    online.web = {}
    assert "its status list cannot be had" in online.verify(ours, online=True).detail


# --- addresses


def test_an_address_of_ours_is_a_code_and_another_one_is_fetched_only_when_allowed(setting, online, issued):
    code, ours = setting.issue().code, setting.config.verify_url
    assert verify(ours + code, online, setting.store, verify_url=ours).verdict == "valid"
    with pytest.raises(ConfigError, match="--online fetches it"):
        verify(f"https://other.example.org/{code}", online, setting.store, verify_url=ours)
    online.web["https://other.example.org/b"] = issued()
    found = verify("https://other.example.org/b", online, evidence=Evidence(online=True), verify_url=ours)
    assert found.said["issuer"] == "Other Academy"
    online.web["https://other.example.org/b"] = b"<!doctype html>"
    found = verify("https://other.example.org/b", online, evidence=Evidence(online=True), verify_url=ours)
    assert "this is a web page" in found.detail


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "https://127.0.0.1/x", "https://localhost/", "file:///etc/passwd"]
)
def test_only_public_https_addresses_are_fetched(certifier, url):
    with pytest.raises(Unreachable):
        certifier.fetch(url)


def test_old_certificates_verify_after_the_key_was_rotated(setting, tmp_path):
    certificate = setting.issue()
    rotated = PdfCertifier(setting.config)
    rotated.rotate_key(None)
    pdf = Path(certificate.pdf_path)
    for path in (pdf, pdf.with_suffix(".json"), pdf.with_suffix(".credential.json")):
        assert verify(path, rotated, setting.store).verdict == "valid"
    document = tmp_path / "did.json"
    document.write_text(rotated.issuer_document(), encoding="utf-8")
    assert len(json.loads(document.read_text())["assertionMethod"]) == 2
    far_away = PdfCertifier(CertificateConfig(tmp_path / "far-away"))
    assert verify(pdf, far_away, keys=document).verdict == "valid"
    assert rotated.status_list(1, set(), datetime.now(UTC)).count(rotated._key.kid) == 1


def test_the_place_of_a_key_does_not_matter_only_the_key(certifier, ours):
    """A credential issued before the site moved: another did:web, the same key."""
    moved = PdfCertifier(replace(certifier.config, verify_url="https://new.example.org/v/c/"))
    assert moved.verify(copy.copy(ours)).verdict == "valid"
