"""The signed record: one spelling per record, and no change goes unnoticed."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_certificates.canonical import canonical_json
from lms_certificates.record import decimal_text, from_values, to_values
from lms_toolkit.errors import ContentError
from lms_toolkit.model import CertificateRecord

OTHER = {
    "issued_on": "2026-11-22",
    "learning_hours": "21",
    "score_percent": "98.5",
    "modules": ["Cycles migratoires"],
    "expires_on": "2027-11-21",
}


def rewritten(signed: str, change) -> bytes:
    """The document after `change` was made to its values, written canonically again."""
    document = json.loads(signed)
    change(document)
    return canonical_json(document)


def test_a_signed_record_is_valid_and_gives_the_record_back(certifier, record):
    verdict = certifier.verify(certifier.sign(record).encode())
    assert (verdict.verdict, verdict.record) == ("valid", record)


def test_signing_twice_gives_the_same_text(certifier, record):
    assert certifier.sign(record) == certifier.sign(record)


def test_what_is_signed_has_no_floats_and_sorted_keys(certifier, record):
    signed = certifier.sign(record)
    document = json.loads(signed)
    assert list(document["record"]) == sorted(document["record"])
    assert (document["record"]["learning_hours"], document["record"]["score_percent"]) == ("20", "78.5")
    assert signed.encode() == canonical_json(document)


@pytest.mark.parametrize("name", [field.name for field in fields(CertificateRecord)])
def test_a_change_to_any_field_is_forged(certifier, record, name):
    def change(document):
        document["record"][name] = OTHER.get(name) or document["record"][name] + "x"

    verdict = certifier.verify(rewritten(certifier.sign(record), change))
    assert (verdict.verdict, verdict.record) == ("forged", None)
    assert "signature does not match" in verdict.detail


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda d: d["record"].update(mark="A"), "signature does not match"),
        (lambda d: d.update(note="A"), "unknown key 'note'"),
        (lambda d: d["signature"].update(note="A"), "unknown key 'note'"),
        (lambda d: d.pop("record"), "lacks 'record'"),
        (lambda d: d["signature"].pop("kid"), "lacks 'kid'"),
        (lambda d: d["signature"].update(alg="none"), "signature.alg"),
        (lambda d: d["signature"].update(value="AAAA"), "signature does not match"),
        (lambda d: d["signature"].update(value="not base64!"), "not base64url"),
        (lambda d: d.update(signature=None), "signature is not an object"),
        (lambda d: d.update(record=[]), "record is not an object"),
    ],
)
def test_a_document_of_another_shape_is_forged_and_says_why(certifier, record, change, detail):
    verdict = certifier.verify(rewritten(certifier.sign(record), change))
    assert verdict.verdict == "forged"
    assert detail in verdict.detail


@pytest.mark.parametrize(
    ("respell", "detail"),
    [
        (lambda text: json.dumps(json.loads(text), indent=2), "not in canonical form"),
        (lambda text: json.dumps(json.loads(text), separators=(",", ":")), "not in canonical form"),
        (lambda text: text.replace('"edition":', '"edition":"X","edition":'), "'edition' stands twice"),
        (lambda text: text.replace('"20"', "20.0"), "not a whole number"),
        (lambda text: text.replace('"20"', "NaN"), "NaN is not JSON"),
        (lambda text: text[:-1], "not well-formed JSON"),
        (lambda text: "{" * 100_000, "not well-formed JSON"),
        (lambda text: text + " " * 1_000_001, "larger than"),
    ],
)
def test_another_spelling_of_the_same_record_is_forged(certifier, record, respell, detail):
    verdict = certifier.verify(respell(certifier.sign(record)).encode())
    assert verdict.verdict == "forged"
    assert detail in verdict.detail


def test_a_final_newline_does_no_harm(certifier, record):
    assert certifier.verify(certifier.sign(record).encode() + b"\n").verdict == "valid"


def test_a_record_signed_by_somebody_else_is_unknown_and_names_their_key(certifier, stranger, record):
    certifier.sign(record)
    signed = stranger.sign(record)
    verdict = certifier.verify(signed.encode())
    assert verdict.verdict == "unknown"
    assert json.loads(signed)["signature"]["kid"] in verdict.detail


def test_somebody_elses_signature_under_our_keys_name_is_forged(certifier, stranger, record):
    kid = json.loads(certifier.sign(record))["signature"]["kid"]
    verdict = certifier.verify(rewritten(stranger.sign(record), lambda d: d["signature"].update(kid=kid)))
    assert verdict.verdict == "forged"


def test_a_list_of_revocations_does_not_pass_for_a_certificate(certifier, record):
    statement = certifier.sign_statement("lms-toolkit-revocations/1", to_values(record))
    assert certifier.verify(statement.encode()).verdict == "unknown"


def test_a_certificate_does_not_pass_for_a_list_of_revocations(certifier, record):
    with pytest.raises(ContentError, match="lms-toolkit-revocations/1"):
        certifier.read_statement("lms-toolkit-revocations/1", certifier.sign(record).encode())


@pytest.mark.parametrize("document", [b"", b"{}", b'{"type":"invoice"}', b"\x00\xff", b"hello"])
def test_what_is_not_ours_is_unknown(certifier, record, document):
    certifier.sign(record)
    assert certifier.verify(document).verdict == "unknown"


@pytest.mark.parametrize(
    ("name", "value", "detail"),
    [
        ("learning_hours", "20.0", "plain decimal"),
        ("learning_hours", 20, "not text"),
        ("score_percent", "1e2", "plain decimal"),
        ("issued_on", "20261121", "YYYY-MM-DD"),
        ("issued_on", "2026-02-30", "not a date"),
        ("modules", "Cycles", "list of texts"),
        ("learner_name", None, "not text"),
    ],
)
def test_even_a_signed_record_is_read_strictly(certifier, record, name, value, detail):
    values = {**to_values(record), name: value}
    verdict = certifier.verify(certifier.sign_statement("lms-toolkit-certificate/2", values).encode())
    assert verdict.verdict == "forged"
    assert detail in verdict.detail


@given(st.floats(min_value=0, max_value=100_000_000, allow_nan=False))
def test_a_number_keeps_its_value_and_has_one_spelling(number):
    text = decimal_text(number)
    assert float(text) == round(number, 6)
    assert decimal_text(float(text)) == text


@given(st.text(), st.lists(st.text()), st.dates(min_value=date(1900, 1, 1)))
def test_any_text_and_any_date_come_back(name, modules, day):
    base = CertificateRecord("c", "a", name, "c", "t", "t", "e", "fr", day, "i", 1.5, "u", None, tuple(modules))
    assert from_values(json.loads(canonical_json(to_values(base)))) == base


def test_negative_hours_cannot_be_signed(certifier, record):
    with pytest.raises(ValueError, match="cannot stand on a certificate"):
        certifier.sign(replace(record, learning_hours=-1))
