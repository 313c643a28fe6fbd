"""The program printed in docs/certificates.md checks a certificate with nothing of ours."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "certificates.md"


@pytest.fixture
def check(certifier, record, tmp_path):
    """Runs the documented program on a signed record, after `change`."""
    [program] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)

    def run(change=lambda text: text) -> subprocess.CompletedProcess[str]:
        (tmp_path / "certificate.json").write_text(change(certifier.sign(record)), encoding="utf-8")
        (tmp_path / "public-keys.json").write_bytes((certifier.config.folder / "public-keys.json").read_bytes())
        command = [sys.executable, "-I", "-c", program]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    return run


def test_a_genuine_record_passes(check):
    assert check().stdout == "valid: Amina Test\n"


def test_a_changed_record_does_not(check):
    ran = check(lambda text: text.replace("Amina", "Jorge"))
    assert ran.returncode == 1
    assert "InvalidSignature" in ran.stderr


def test_the_documented_settings_are_those_there_are(tmp_path):
    from lms_toolkit.config import load_config

    [settings] = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "lms-toolkit.toml"
    path.write_text(settings, encoding="utf-8")
    config = load_config(path, {"LMS_TOOLKIT_DATA_FOLDER": str(tmp_path)}).certificates
    assert (config.folder, config.issuer) == (tmp_path / "certificates", "Institute of Examples")
