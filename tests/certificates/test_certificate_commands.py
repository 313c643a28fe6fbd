"""The commands around certificates, as somebody types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from lms_certificates.certifier import PdfCertifier
from lms_toolkit.cli import main
from lms_toolkit.config import load_config

SETTINGS = """
[store]
url = "{url}"

[certificates]
folder = "certificates"
issuer = "Institut d’essai"
public = ["name", "course"]
"""


@pytest.fixture
def run(setting, database_url, tmp_path, monkeypatch, capsys):
    """`run(…)`: a command in the folder of the setting; its exit code and what it printed."""
    (tmp_path / "lms-toolkit.toml").write_text(SETTINGS.format(url=database_url), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LMS_TOOLKIT_CONFIG", raising=False)

    def command(*arguments: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main(["certificates", *arguments])
        out, err = capsys.readouterr()
        return code, json.loads(out) if "--json" in arguments and out else out + err

    return command


def test_a_certificate_goes_through_its_whole_life(run, setting, tmp_path):
    code = setting.issue().code
    assert run("verify", code)[0] == 0
    assert run("verify", f"https://verify.example.org/c/{code}", "--json")[1]["verdict"] == "valid"
    assert run("badge", code, "-o", "badge.png") == (0, "badge.png\n")
    assert run("verify", "badge.png")[0] == 0
    status, new = run("replace", code, "--name", "Amina Essai", "--yes", "--json")
    assert (status, new["record"]["learner_name"]) == (0, "Amina Essai")
    for document in ("badge.png", code):
        status, verdict = run("verify", document, "--json")
        assert (status, verdict["verdict"]) == (1, "replaced")
    status, published = run("site", "-o", "public", "--json")
    assert (status, published["certificates"], published["url"]) == (0, 2, "https://verify.example.org/")
    page = (tmp_path / "public" / "c" / new["record"]["code"] / "index.html").read_text(encoding="utf-8")
    assert "Amina Essai" in page
    status_list = "public/status/1.json"
    keys = "public/did.json"
    pdf = f"certificates/{code}.pdf"
    for lists, expected in (
        (("--status", status_list, "--max-age", "1"), "revoked"),
        (("--revocations", "public/revocations.json"), "replaced"),
    ):
        assert run("verify", pdf, "--keys", keys, *lists, "--json")[1]["verdict"] == expected


def test_keys_are_made_listed_and_rotated(run, setting):
    assert run("keys", "list") == (0, "no key yet\n")
    status, made = run("keys", "init", "--json")
    assert status == 0
    assert run("keys", "init")[0] == 2
    status, rotated = run("keys", "rotate", "--yes", "--json")
    assert [(key["kid"], key["is_current"]) for key in run("keys", "list", "--json")[1]] == [
        (made["kid"], False),
        (rotated["kid"], True),
    ]


def test_an_encrypted_key_takes_its_passphrase_from_the_environment_and_never_shows_it(run, setting, monkeypatch):
    status, said = run("keys", "init", "--encrypt")
    assert (status, "LMS_TOOLKIT_KEY_PASSPHRASE" in said) == (2, True)
    monkeypatch.setenv("LMS_TOOLKIT_KEY_PASSPHRASE", "correct horse")
    assert run("keys", "init", "--encrypt")[0] == 0
    config = load_config(Path("lms-toolkit.toml")).certificates
    assert "horse" not in repr(config)
    certificate = setting.issue(certifier=PdfCertifier(config))
    assert run("verify", certificate.code)[0] == 0
    assert run("keys", "rotate", "--yes")[0] == 0
    monkeypatch.delenv("LMS_TOOLKIT_KEY_PASSPHRASE")
    assert run("verify", certificate.pdf_path)[0] == 0
    status, said = run("revoke", certificate.code, "--reason", "x", "--yes")
    assert (status, "is encrypted" in said) == (2, True)


def test_a_lost_store_is_imported_and_what_is_not_ours_is_named(run, setting, tmp_path):
    certificate = setting.issue()
    shutil.copytree(setting.config.folder, tmp_path / "backup")
    (tmp_path / "backup" / "notes.json").write_text("{}", encoding="utf-8")
    setting.store.close()
    for path in tmp_path.glob("store.db*"):
        path.unlink()
    status, said = run("import", "backup")
    assert status == 1
    assert "1 restored, 1 refused" in said
    assert "refused backup/notes.json: this JSON is not a document of lms-toolkit" in said
    assert run("verify", certificate.code)[0] == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('public = ["grades"]', "certificates.public must be a list of some of name, title"),
        ('logo = "logo.svg"', "certificates.logo needs file and alt"),
        ('logo = { file = "logo.gif", alt = "x" }', "certificates.logo must name a picture"),
        ("status_valid_days = 0", "status_valid_days must be a whole number of days above 0"),
        ('[certificates.courses.sure]\nlog = "x"', "unknown setting certificates.courses.sure.log"),
        ("[[certificates.signatures]]\nrole = 'x'", r"certificates.signatures[0] needs a name"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(run, settings, message):
    before, _, _ = Path("lms-toolkit.toml").read_text(encoding="utf-8").partition("public")
    Path("lms-toolkit.toml").write_text(f"{before}{settings}\n", encoding="utf-8")
    status, said = run("list")
    assert (status, message in said) == (2, True), said
