"""The verification site as a web server sees it: every file can be read by whoever serves it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from lms_toolkit.publishing import publish


def test_a_web_server_of_another_user_reads_the_whole_site_but_no_key(office: Any, tmp_path: Path) -> None:
    office.issue()
    before = os.umask(0o022)
    try:
        publish(tmp_path / "site", office.desk.store, office.certifier, office.config)
        (tmp_path / "site" / "status").chmod(0o700)  # as it used to be
        publish(tmp_path / "site", office.desk.store, office.certifier, office.config)
    finally:
        os.umask(before)
    everything = [tmp_path / "site", *(tmp_path / "site").rglob("*")]
    assert tmp_path / "site" / "status" / "1.json" in everything
    for path in everything:
        needed = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0)
        assert path.stat().st_mode & needed == needed, path
    assert not [path for path in everything if path.suffix == ".pem"]
    assert stat.S_IMODE((office.config.folder / "keys").stat().st_mode) & 0o077 == 0
