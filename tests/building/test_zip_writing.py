"""Packages are the zips that Python's own library would write, made faster."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_toolkit import archive, zip_writing
from lms_toolkit.archive import write_zip
from lms_toolkit.model import PackageFile

FILES = [
    PackageFile("imsmanifest.xml", b"<manifest/>" * 50),
    PackageFile("médias/réunion.txt", "été".encode() * 400),
    PackageFile("empty.txt", b""),
    PackageFile("photo.png", bytes(range(256)) * 20),
]


def test_the_bytes_are_those_of_the_way_for_big_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_disk = tmp_path / "film.svg"
    on_disk.write_bytes(b"<svg/>" * 900)
    files = [*FILES, PackageFile("film.svg", on_disk)]
    write_zip(tmp_path / "small.zip", files)
    monkeypatch.setattr(archive, "_MANY_BYTES", 0)
    write_zip(tmp_path / "big.zip", files)
    assert (tmp_path / "small.zip").read_bytes() == (tmp_path / "big.zip").read_bytes()


@given(st.dictionaries(st.text(st.characters(exclude_characters="/\\\0", codec="utf-8"), min_size=1), st.binary()))
def test_whatever_goes_in_comes_out(tmp_path_factory: pytest.TempPathFactory, contents: dict[str, bytes]) -> None:
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    members = [zip_writing.Member(f"x{name}", content, is_small=False) for name, content in contents.items()]
    with path.open("wb") as target:
        zip_writing.write_members(target, members)
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        assert {name[1:]: opened.read(name) for name in opened.namelist()} == contents


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("unzip", ("-tqq",)),
        ("php", ("-r", "exit((new ZipArchive)->open($argv[1], ZipArchive::CHECKCONS) === true ? 0 : 1);", "--")),
    ],
)
def test_other_programs_open_it(tmp_path: Path, program: str, arguments: tuple[str, ...]) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    write_zip(tmp_path / "a.zip", FILES)
    ran = subprocess.run([program, *arguments, str(tmp_path / "a.zip")], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, b"")


def test_what_packages_share_is_compressed_once(tmp_path: Path) -> None:
    zip_writing._deflated.cache_clear()
    for number in range(3):
        page = PackageFile("page.html", f"<p>{number}</p>".encode())
        write_zip(tmp_path / f"{number}.zip", [page, PackageFile("page.css", b"p { color: red }" * 9)])
    assert zip_writing._deflated.cache_info().misses == 4
