"""Brings a backup to a Moodle site, where it becomes a new course in the site's own time."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from lms_moodle import companion_functions
from lms_moodle.backups import check_backup
from lms_moodle.companion_functions import Job, NewCourse
from lms_moodle.platform import MoodlePlatform
from lms_toolkit.archive import sha256_file
from lms_toolkit.config import Site
from lms_toolkit.errors import ConfigError

PAUSE_SECONDS = 5.0


def restore_backup(
    site: Site,
    backup: Path,
    idnumber: str,
    name: str,
    *,
    wait: bool,
    tell: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
) -> Job:
    """Upload the backup and queue its restore; with `wait`, come back when Moodle has done it or given up.

    An order given again, of the same backup under the same ID number, is the job of the first one. Raises PackageError
    for a file that no site should unpack, ConfigError where the companion is not, Refused `courseidnumbertaken` for
    another course's ID number, and SiteErrors.
    """
    check_backup(backup)
    platform = MoodlePlatform(site)
    info = platform.info()
    if companion_functions.RESTORE_BACKUP not in info.functions:
        raise ConfigError(
            f"{site.name} has no companion that restores backups; install it: lms-toolkit moodle companion"
        )
    draft = platform.client.upload(backup, backup.name, max_bytes=info.max_upload_bytes)
    course = NewCourse(platform.category(), idnumber, idnumber, name)
    number = companion_functions.restore_backup(platform.client, draft, sha256_file(backup), course)
    job = companion_functions.get_job(platform.client, number)
    while wait and job.state in ("queued", "running"):
        tell(f"job {number}: {job.state}; Moodle's cron does it")
        pause(PAUSE_SECONDS)
        job = companion_functions.get_job(platform.client, number)
    return job
