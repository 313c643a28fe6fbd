"""Zips are whole or not there, and the same whenever their files are."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from lms_toolkit.archive import sha256_file, write_zip
from lms_toolkit.errors import PackageError
from lms_toolkit.model import PackageFile


def test_names_are_sorted_with_the_manifest_first_and_times_and_rights_are_fixed(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.zip"
    write_zip(path, [PackageFile(name, b"x") for name in ("é.html", "b/c.js", "imsmanifest.xml", "a.html")])
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["imsmanifest.xml", "a.html", "b/c.js", "é.html"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {oct(entry.external_attr >> 16) for entry in entries} == {"0o100644"}


def test_a_file_from_the_disk_and_the_same_bytes_make_the_same_zip(tmp_path: Path) -> None:
    content = b"same " * 50_000
    (tmp_path / "a.js").write_bytes(content)
    os.utime(tmp_path / "a.js", (1, 1))
    (tmp_path / "a.js").chmod(0o600)
    write_zip(tmp_path / "1.zip", [PackageFile("a.js", content)])
    write_zip(tmp_path / "2.zip", [PackageFile("a.js", tmp_path / "a.js")])
    with zipfile.ZipFile(tmp_path / "2.zip") as archive:
        assert archive.read("a.js") == content
    assert sha256_file(tmp_path / "1.zip") == sha256_file(tmp_path / "2.zip")


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x", "a\\b", "", "."])
def test_unsafe_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackageError, match="no safe name"):
        write_zip(tmp_path / "a.zip", [PackageFile(name, b"")])


def test_names_that_differ_only_in_capitals_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="two files of the package"):
        write_zip(tmp_path / "a.zip", [PackageFile("A.html", b""), PackageFile("a.html", b"")])


def test_a_source_that_vanished_leaves_no_half_zip_and_keeps_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"old")
    with pytest.raises(PackageError, match=r"gone\.css cannot be read"):
        write_zip(path, [PackageFile("a.html", b"x"), PackageFile("gone.css", tmp_path / "gone.css")])
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.zip"]


def test_a_disk_that_takes_no_more_is_one_line(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
        with pytest.raises(PackageError) as caught:
            write_zip(tmp_path / "a.zip", [PackageFile("a.png", os.urandom(50_000))])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert "cannot be written (File too large)" in str(caught.value)
    assert list(tmp_path.iterdir()) == []
