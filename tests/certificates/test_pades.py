"""A PDF signed for readers of PDF (PAdES B-B): another program finds it whole and trusts it, and ours says by whom."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from lms_certificates.certifier import PdfCertifier
from lms_toolkit.certificate_config import SignConfig
from lms_toolkit.cli import main
from lms_toolkit.config import CertificateConfig, Secret, load_config
from lms_toolkit.errors import ConfigError

PASSPHRASE = "correct horse"
Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def make_certificate(name: str, issuer: Pair | None = None, *, days: int = 30) -> Pair:
    """A certificate of an authority, or of somebody whom `issuer` vouches for until `days` from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    now, is_authority = datetime.now(UTC), issuer is None
    usage = x509.KeyUsage(not is_authority, not is_authority, *[False] * 3, is_authority, is_authority, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(issuer[0].subject if issuer else named(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(usage, critical=True)
    )
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256()), key


def write_identity(path: Path, pair: Pair, authority: Pair, passphrase: str = PASSPHRASE) -> Path:
    closed = BestAvailableEncryption(passphrase.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"", pair[1], pair[0], [authority[0]], closed))
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def authority() -> Pair:
    return make_certificate("Authority of Examples")


@pytest.fixture
def signing(config: CertificateConfig, authority: Pair, tmp_path: Path) -> CertificateConfig:
    """Settings with an identity that signs."""
    pair = make_certificate("Institute of Examples", authority)
    path = write_identity(tmp_path / "institute.p12", pair, authority)
    return replace(config, sign=SignConfig(path, passphrase=Secret(PASSPHRASE)))


def seal_and_sign(config: CertificateConfig, record: Any) -> bytes:
    certifier = PdfCertifier(config)
    return certifier.seal(certifier.render(record, certifier.sign(record)))


def test_another_program_finds_the_signature_whole_and_trusts_it_by_its_authority(signing, record, authority):
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    [signature] = PdfFileReader(BytesIO(seal_and_sign(signing, record))).embedded_signatures
    root = Certificate.load(authority[0].public_bytes(Encoding.DER))
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root], allow_fetching=False))
    assert status.bottom_line, status.summary()
    assert status.coverage.name == "ENTIRE_FILE"
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    attributes = {one["type"].native for one in signature.signer_info["signed_attrs"]}
    # EN 319 122-1: B-B names the certificate in what is signed, and the time stands in the PDF instead.
    assert "signing_certificate_v2" in attributes and "signing_time" not in attributes


def test_our_verdict_is_the_same_and_says_who_signed(signing, record):
    pdf = seal_and_sign(signing, record)
    verdict = PdfCertifier(replace(signing, sign=None)).verify(pdf)
    assert (verdict.verdict, verdict.record) == ("valid", record)
    signed_by = verdict.said["pdf_signed_by"]
    assert "Institute of Examples" in signed_by and "which was not checked" in signed_by


def test_any_byte_outside_the_signature_that_is_changed_breaks_our_seal(signing, record):
    pdf = seal_and_sign(signing, record)
    start = pdf.index(b"/ByteRange")
    for changed in (
        pdf.replace(b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached"),
        pdf + b"\n",
        pdf[:start] + b" " + pdf[start:],
    ):
        assert PdfCertifier(signing).verify(changed).verdict in ("forged", "unknown")


def test_a_signature_over_another_file_is_named(signing, record):
    mine = seal_and_sign(signing, record)
    other = seal_and_sign(signing, replace(record, learner_name="Jorge Prueba"))
    room = slice(mine.index(b"/Contents <3") + 11, mine.index(b"/Contents <3") + 11 + 16_384)
    from_other = other.index(b"/Contents <3") + 11
    swapped = mine[: room.start] + other[from_other : from_other + 16_384] + mine[room.stop :]
    verdict = PdfCertifier(signing).verify(swapped)
    assert (verdict.verdict, verdict.detail) == ("forged", "the signature (PAdES) in this PDF is not over this file")
    emptied = mine[: room.start] + b"0" * 16_384 + mine[room.stop :]
    assert "(PAdES) in this PDF cannot be read" in PdfCertifier(signing).verify(emptied).detail


def test_without_pyhanko_the_verdict_stands_and_signing_says_what_to_install(signing, record, monkeypatch):
    pdf = seal_and_sign(signing, record)
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyhanko"]:
        monkeypatch.setitem(sys.modules, name, None)
    verdict = PdfCertifier(signing).verify(pdf)
    assert (verdict.verdict, verdict.said["pdf_signed_by"]) == ("valid", "not read; pip install 'lms-toolkit[sign]'")
    with pytest.raises(ConfigError, match=r"certificates\.sign needs pyHanko: pip install 'lms-toolkit\[sign\]'"):
        seal_and_sign(signing, record)


def test_an_identity_that_cannot_be_used_is_refused_with_the_reason(signing, record, authority, tmp_path):
    path = signing.sign.file
    expired = write_identity(tmp_path / "old.p12", make_certificate("Institute", authority, days=-1), authority)
    binary = tmp_path / "binary.pass"
    binary.write_bytes(b"battery\xff\n")
    binary.chmod(0o600)
    cases = [
        (SignConfig(path, passphrase=Secret("battery staple")), "passphrase is another"),
        (SignConfig(path), "passphrase is another"),
        (SignConfig(path, passphrase_file=binary), "passphrase is another"),
        (SignConfig(tmp_path / "gone.p12"), "cannot be read"),
        (SignConfig(expired, passphrase=Secret(PASSPHRASE)), "the certificate expired on"),
    ]
    for identity, reason in cases:
        with pytest.raises(ConfigError, match=reason) as caught:
            seal_and_sign(replace(signing, sign=identity), record)
        assert "battery" not in str(caught.value)
    path.chmod(0o640)
    with pytest.raises(ConfigError, match=f"others can read this file, which signs for you; run: chmod 600 {path}"):
        seal_and_sign(signing, record)


def test_certificates_are_issued_signed_from_the_settings_and_verified_by_command(
    setting, authority, tmp_path, monkeypatch, capsys
):
    write_identity(tmp_path / "institute.p12", make_certificate("Institute of Examples", authority), authority)
    (tmp_path / "institute.pass").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    (tmp_path / "institute.pass").chmod(0o600)
    (tmp_path / "lms-toolkit.toml").write_text(
        '[certificates]\nfolder = "certificates"\nissuer = "Institut d’essai"\n'
        'sign = { file = "institute.p12", passphrase_file = "institute.pass" }\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    settings = load_config(Path("lms-toolkit.toml")).certificates
    assert PASSPHRASE not in repr(settings)
    certificate = setting.issue(certifier=PdfCertifier(settings))
    assert main(["certificates", "verify", certificate.pdf_path]) == 0
    assert "pdf signed by: Common Name: Institute of Examples" in capsys.readouterr().out


def test_a_signed_page_that_was_lost_is_drawn_again_once(setting, signing):
    one = replace(setting, config=signing)
    certificate = one.issue(certifier=PdfCertifier(signing))
    Path(certificate.pdf_path).unlink()
    again = one.issue(certifier=PdfCertifier(signing))
    assert again.pdf_sha256 != certificate.pdf_sha256  # each signature is another
    assert one.issue(certifier=PdfCertifier(signing)) == again
    assert len(one.store.events.all("certificate.redrawn")) == 1
