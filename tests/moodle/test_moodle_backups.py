"""A backup is looked into before it goes up: what would fill a site's disk, or lead out of its folder, stays here."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest

from lms_moodle.backups import check_backup
from lms_toolkit.errors import PackageError

MAIN = "moodle_backup.xml"


def tar_of(path, *entries, main=MAIN):
    """A backup as Moodle writes it; an entry is a TarInfo, or a name."""
    with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT) as tar:
        for entry in (main, *entries):
            info = entry if isinstance(entry, tarfile.TarInfo) else tarfile.TarInfo(entry)
            content = b"<moodle_backup/>" if info.type == tarfile.REGTYPE else b""
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def entry_of(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.fixture
def path(tmp_path):
    return tmp_path / "course.mbz"


def test_a_backup_as_moodle_makes_them_is_let_through(path):
    folder = entry_of("files", tarfile.DIRTYPE)
    check_backup(tar_of(path, ".ARCHIVE_INDEX", folder, f"files/{'x' * 120}/{'y' * 120}"))


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_every_common_form_of_tar_is_read(path, form):
    with tarfile.open(path, "w:gz", format=form) as tar:
        for name in (f"activities/{'é' * 70}/module.xml", MAIN):
            tar.addfile(tarfile.TarInfo(name))
    check_backup(path)


@pytest.mark.parametrize(
    ("hostile", "why"),
    [
        (entry_of("files/a", tarfile.SYMTYPE, "/etc/passwd"), "files/a is a link"),
        (entry_of("files/a", tarfile.LNKTYPE, "config.php"), "files/a is a link"),
        (entry_of("files/a", tarfile.FIFOTYPE), "neither a file nor a folder"),
        (entry_of("../../config.php", tarfile.REGTYPE), "leads out of the backup"),
        (entry_of(f"{'a/' * 80}../../x", tarfile.REGTYPE), "leads out of the backup"),
        (entry_of("/var/www/x.php", tarfile.REGTYPE), "leads out of the backup"),
        (entry_of("n" * 9000, tarfile.REGTYPE), "name of more than"),
    ],
)
def test_what_leads_out_of_the_backup_is_refused_by_name(path, hostile, why):
    with pytest.raises(PackageError, match=why) as caught:
        check_backup(tar_of(path, hostile))
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.fixture
def small_limits(monkeypatch):
    monkeypatch.setattr("lms_moodle.backups.RATIO_MATTERS_FROM_BYTES", 1 << 16)
    monkeypatch.setattr("lms_moodle.backups.MAX_ENTRIES", 20)


def test_a_backup_that_grows_beyond_reason_is_refused_before_it_is_unpacked(path, small_limits):
    info = tarfile.TarInfo("files/zeros")
    info.size = 8 << 30  # announced; nothing of it is there to be read
    path.write_bytes(gzip.compress(info.tobuf(tarfile.GNU_FORMAT)))
    with pytest.raises(PackageError, match=r"bytes would unpack to more than"):
        check_backup(path)


def test_a_backup_of_too_many_files_is_refused(path, small_limits):
    with pytest.raises(PackageError, match="more than 20 files"):
        check_backup(tar_of(path, *(f"files/{number}" for number in range(30))))


def test_a_hostile_zip_is_refused_with_what_is_wrong_in_it(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("moodle_backup.xml", "<moodle_backup/>")
        archive.writestr("files/zeros", b"\0" * (2 << 20))
    with pytest.raises(PackageError, match=r"files/zeros: \d+ bytes would unpack to 2097152"):
        check_backup(path)


NO_BACKUPS = {
    "a document": (b"%PDF-1.7", "neither a tar in gzip nor a zip"),
    "no zip": (b"PK is no zip", "not a zip that can be read"),
    "no gzip": (b"\x1f\x8b is no gzip", "cannot be unpacked"),
    "no tar": (gzip.compress(b"no tar" * 200), "is no tar in gzip"),
    "half a header": (gzip.compress(b"short"), "ends too early"),
    "half a gzip": (gzip.compress(b"")[:-4], "ends too early"),
    "nothing in it": (gzip.compress(b""), "has no moodle_backup.xml"),
}


@pytest.mark.parametrize("name", NO_BACKUPS)
def test_what_is_no_backup_is_told_in_one_line(path, name):
    content, why = NO_BACKUPS[name]
    path.write_bytes(content)
    with pytest.raises(PackageError, match=why) as caught:
        check_backup(path)
    assert "\n" not in str(caught.value)


def test_a_backup_that_was_cut_off_is_told(path):
    whole = tar_of(path, "files/a").read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PackageError, match="ends too early or is damaged"):
        check_backup(path)


def test_a_backup_that_is_not_there_is_told(path):
    with pytest.raises(PackageError, match="cannot be read"):
        check_backup(path)
