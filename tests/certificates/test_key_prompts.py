"""A passphrase typed at a terminal: twice where it is new, never shown, and the key opens with it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from lms_certificates.certifier import PdfCertifier
from lms_toolkit.config import CertificateConfig, Secret
from lms_toolkit.errors import ConfigError

FIRST, OTHER = "correct horse", "battery staple"


def type_at_terminal(folder: Path, command: list[str], answers: list[tuple[str, str]]) -> str:
    """Run a command at a terminal, type each answer once its question is there; what the terminal showed."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_TOOLKIT_KEY")}
    script = f"import sys; from lms_toolkit.cli import main; sys.exit(main({command!r}))"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=folder,
        env=environment,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        start_new_session=True,  # no terminal but ours can be asked
    ) as process:
        os.close(theirs)
        shown = ""
        for question, answer in answers:
            before = len(shown)
            while question not in shown[before:]:
                shown += os.read(ours, 1024).decode()
            os.write(ours, f"{answer}\n".encode())
        shown += read_to_end(ours)
        process.communicate(timeout=120)
    os.close(ours)
    assert process.returncode == 0, shown
    return shown


def read_to_end(terminal: int) -> str:
    found = b""
    try:
        while some := os.read(terminal, 1024):
            found += some
    except OSError:  # Linux says so when nobody is left at the other end
        pass
    return found.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lms-toolkit.toml").write_text('[certificates]\nfolder = "certificates"\n', encoding="utf-8")
    return tmp_path


def certifier(folder: Path, passphrase: str | None) -> PdfCertifier:
    secret = Secret(passphrase) if passphrase else None
    return PdfCertifier(CertificateConfig(folder / "certificates", passphrase=secret))


def test_a_new_passphrase_is_asked_for_twice_until_both_are_the_same(folder, record):
    shown = type_at_terminal(
        folder,
        ["certificates", "keys", "init", "--encrypt"],
        [
            ("New passphrase of the private key: ", FIRST),
            ("confirmation: ", OTHER),
            ("New passphrase of the private key: ", FIRST),
            ("confirmation: ", FIRST),
        ],
    )
    assert "do not match" in shown and FIRST not in shown and OTHER not in shown
    assert certifier(folder, FIRST).sign(record)
    with pytest.raises(ConfigError, match="does not open this private key"):
        certifier(folder, OTHER).sign(record)


def test_a_key_without_a_passphrase_is_rotated_into_one_that_has_one(folder, record):
    old = certifier(folder, None).sign(record)
    answers = [("New passphrase of the private key: ", FIRST), ("confirmation: ", FIRST)]
    type_at_terminal(folder, ["certificates", "keys", "rotate", "--encrypt", "--yes"], answers)
    assert [key.is_encrypted for key in certifier(folder, None).list_keys()] == [False, True]
    assert certifier(folder, FIRST).verify(old.encode()).verdict == "valid"
    with pytest.raises(ConfigError, match="is encrypted"):
        certifier(folder, None).sign(record)


def test_a_key_that_has_a_passphrase_is_rotated_with_the_same_one_asked_for_once(folder, record):
    certifier(folder, FIRST).init_key(Secret(FIRST))
    type_at_terminal(folder, ["certificates", "keys", "rotate", "--yes"], [("Passphrase of the private key: ", FIRST)])
    assert [key.is_current for key in certifier(folder, None).list_keys()] == [False, True]
    assert certifier(folder, FIRST).sign(record)
