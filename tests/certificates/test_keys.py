"""The issuer's keys: made once, kept private, listed in public, rotated without losing the past."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lms_certificates.certifier import PdfCertifier
from lms_certificates.keys import base64url, from_base64url, signing_key
from lms_toolkit.config import CertificateConfig, Secret
from lms_toolkit.errors import ConfigError


def test_the_first_signature_makes_a_private_key_that_only_its_owner_can_read(certifier, config, record):
    certifier.sign(record)
    mode = stat.S_IMODE((config.folder / "keys" / "signing.pem").stat().st_mode)
    assert mode == 0o600
    assert stat.S_IMODE((config.folder / "keys").stat().st_mode) == 0o700


def test_a_private_key_that_others_can_read_is_refused_with_the_command_that_helps(certifier, config, record):
    certifier.sign(record)
    path = config.folder / "keys" / "signing.pem"
    path.chmod(0o640)
    with pytest.raises(ConfigError, match=f"chmod 600 {path}"):
        PdfCertifier(config).sign(record)


def test_the_public_list_alone_is_enough_to_verify(certifier, config, record, tmp_path):
    signed = certifier.sign(record).encode()
    keys = tmp_path / "from-the-web.json"
    keys.write_bytes((config.folder / "public-keys.json").read_bytes())
    elsewhere = PdfCertifier(CertificateConfig(tmp_path / "nothing-here"))
    assert elsewhere.verify(signed, keys).verdict == "valid"
    assert not (tmp_path / "nothing-here").exists()


def test_the_public_list_holds_no_private_key(certifier, config, record):
    certifier.sign(record)
    [entry] = json.loads((config.folder / "public-keys.json").read_text())
    assert set(entry) == {"kid", "publicKey", "created"}
    assert len(from_base64url(entry["publicKey"])) == 32


def test_after_rotation_old_and_new_certificates_are_valid(certifier, config, record):
    old = certifier.sign(record)
    (config.folder / "keys" / "signing.pem").rename(config.folder / "keys" / "retired.pem")
    rotated = PdfCertifier(config)
    new = rotated.sign(replace(record, code="0000-0000-0000"))
    assert json.loads(old)["signature"]["kid"] != json.loads(new)["signature"]["kid"]
    assert [rotated.verify(signed.encode()).verdict for signed in (old, new)] == ["valid", "valid"]


def test_a_run_that_stopped_before_listing_its_key_is_repaired(certifier, config, record):
    certifier.sign(record)
    (config.folder / "public-keys.json").unlink()
    signed = PdfCertifier(config).sign(record)
    assert certifier.verify(signed.encode()).verdict == "valid"


def test_first_runs_at_once_agree_on_one_key(config):
    script = (
        "import sys; from pathlib import Path; from lms_certificates.keys import signing_key;"
        "sys.stdin.readline(); print(signing_key(Path(sys.argv[1])).kid)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(config.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        for _ in range(3)
    ]
    for run in runs:
        run.stdin.write("go\n")
        run.stdin.flush()
    kids = {run.communicate(timeout=60)[0].strip() for run in runs}
    assert kids == {signing_key(config.folder).kid}
    assert [entry["kid"] for entry in json.loads((config.folder / "public-keys.json").read_text())] == list(kids)
    assert [path.name for path in (config.folder / "keys").iterdir()] == ["signing.pem"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "is not JSON"),
        ("{}", "is not a list"),
        ('[{"kid": "aa", "publicKey": "AAAA", "created": "2026-11-21"}]', "not an Ed25519 public key"),
    ],
)
def test_a_damaged_public_list_is_a_configuration_error(certifier, config, record, text, message):
    signed = certifier.sign(record)
    (config.folder / "public-keys.json").write_text(text)
    with pytest.raises(ConfigError, match=message):
        certifier.verify(signed.encode())


def test_a_public_key_under_another_name_is_refused(certifier, stranger, config, record):
    kid = json.loads(certifier.sign(record))["signature"]["kid"]
    stranger.sign(record)
    entries = json.loads((stranger.config.folder / "public-keys.json").read_text())
    (config.folder / "public-keys.json").write_text(json.dumps([{**entries[0], "kid": kid}]))
    with pytest.raises(ConfigError, match="the file was altered"):
        certifier.verify(b"{}")


def test_without_public_keys_the_error_says_whom_to_ask(certifier):
    with pytest.raises(ConfigError, match=r"ask the issuer for public-keys\.json"):
        certifier.verify(b"{}")


def test_a_file_that_is_no_key_is_not_replaced(config, record):
    path = config.folder / "keys" / "signing.pem"
    path.parent.mkdir(parents=True)
    path.write_text("not a key")
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="restore it from your backup"):
        PdfCertifier(config).sign(record)
    assert path.read_text() == "not a key"


def test_base64url_has_one_spelling():
    assert from_base64url(base64url(b"\xff\xfe")) == b"\xff\xfe"
    with pytest.raises(ValueError, match="shortest form"):
        from_base64url("__9")  # the unused last bits are not zero


# --- made, encrypted and rotated on purpose


def test_a_key_may_be_encrypted_and_opens_only_with_its_passphrase(config, record):
    secret = Secret("correct horse")
    PdfCertifier(config).init_key(secret)
    pem = (config.folder / "keys" / "signing.pem").read_bytes()
    assert b"ENCRYPTED" in pem
    signed = PdfCertifier(replace(config, passphrase=secret)).sign(record)
    assert PdfCertifier(config).verify(signed.encode()).verdict == "valid"
    with pytest.raises(ConfigError, match="is encrypted; put its passphrase into LMS_TOOLKIT_KEY_PASSPHRASE"):
        PdfCertifier(config).sign(record)
    with pytest.raises(ConfigError, match="does not open this private key") as error:
        PdfCertifier(replace(config, passphrase=Secret("battery staple"))).sign(record)
    assert "battery" not in str(error.value)
    [key] = PdfCertifier(config).list_keys()
    assert (key.is_current, key.is_encrypted) == (True, True)


def test_a_second_first_key_and_a_rotation_of_none_are_refused(certifier):
    with pytest.raises(ConfigError, match="no key to rotate"):
        certifier.rotate_key(None)
    certifier.init_key(None)
    with pytest.raises(ConfigError, match="there is a key already"):
        certifier.init_key(None)


def test_rotating_makes_a_new_key_and_keeps_the_old_one_private_beside_it(certifier, config, record):
    old, first = certifier.sign(record), certifier.list_keys()
    kid = certifier.rotate_key(None)
    assert json.loads(certifier.sign(record))["signature"]["kid"] == kid
    assert [key.is_current for key in certifier.list_keys()] == [False, True]
    retired = config.folder / "keys" / f"retired-{first[0].kid}.pem"
    assert stat.S_IMODE(retired.stat().st_mode) == 0o600
    assert certifier.verify(old.encode()).verdict == "valid"


def test_a_key_that_others_can_read_is_not_rotated_either(certifier, config, record):
    certifier.sign(record)
    (config.folder / "keys" / "signing.pem").chmod(0o644)
    with pytest.raises(ConfigError, match="others can read this private key"):
        certifier.rotate_key(None)


def test_a_did_document_is_a_list_of_public_keys_too(certifier, record, tmp_path):
    signed = certifier.sign(record).encode()
    path = tmp_path / "did.json"
    path.write_text(certifier.issuer_document(), encoding="utf-8")
    assert PdfCertifier(CertificateConfig(tmp_path / "nothing-here")).verify(signed, path).verdict == "valid"
    path.write_text('{"verificationMethod": []}', encoding="utf-8")
    with pytest.raises(ConfigError, match="lists no Ed25519 key"):
        certifier.verify(signed, path)


# --- what an earlier version issued


@pytest.mark.parametrize("name", ["first.pdf", "first.json"])
def test_certificates_of_the_first_version_stay_valid(tmp_path, name):
    folder = Path(__file__).parent / "first_version"
    far_away = PdfCertifier(CertificateConfig(tmp_path))
    verdict = far_away.verify((folder / name).read_bytes(), folder / "public-keys.json")
    assert (verdict.verdict, verdict.record.kind) == ("valid", "achievement")
