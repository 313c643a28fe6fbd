"""Writes the verification site: pages from the certifier, keys, and lists of what is revoked, in one folder.

Any web server shows it, and so does a browser that opens the folder. Pages of certificates that are gone go too, so
only a folder of ours is written to.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.certificate_files import write
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import PlanRefused, StoreError
from lms_toolkit.revoking import STATUS_FOLDER, write_revocations, write_status_lists
from lms_toolkit.verification_site import folder_of_pages, site_url

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier
    from lms_toolkit.store import Store

MARK = ".lms-toolkit-site"


@dataclass(frozen=True, slots=True)
class Published:
    """What was written: so many pages about so many certificates, to be published at `url`."""

    out: Path
    url: str
    certificates: int
    pages: int


def publish(
    out: Path, store: Store, certifier: Certifier, config: CertificateConfig, at: datetime | None = None
) -> Published:
    """Write the site, as of now. Raises PlanRefused for a folder that holds something else."""
    folder = folder_of_pages(config.verify_url)
    at = at or datetime.now(UTC)
    _require_ours(out)
    certificates = store.certificates.all()
    pages = 0
    kept = {certificate.code for certificate in certificates}
    for name, data in certifier.site(certificates, at):
        _write_if_new(out / name, data)
        pages += name.endswith(".html")
    _remove_others(out / folder if folder else out, kept, is_own_folder=bool(folder))
    _write_lists(out, store, certifier, config, at)
    (out / MARK).touch()
    return Published(out, site_url(config.verify_url), len(certificates), pages)


def _write_lists(out: Path, store: Store, certifier: Certifier, config: CertificateConfig, at: datetime) -> None:
    paths = [write_revocations(store, certifier, config, at)]
    if store.certificates.has_credentials():
        paths += write_status_lists(store, certifier, config, at)
    for path in paths:
        place = out / STATUS_FOLDER / path.name if path.parent.name == STATUS_FOLDER else out / path.name
        place.parent.mkdir(exist_ok=True)
        place.parent.chmod(0o755)  # a web server may read it
        write(place, path.read_bytes())
        place.chmod(0o644)


def _require_ours(out: Path) -> None:
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise PlanRefused(f"{out} holds something that is no verification site; choose an empty folder with -o")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{out}: cannot be made ({error.strerror}); check rights") from error


def _write_if_new(path: Path, data: bytes) -> None:
    """Write a file that differs: what publishes the folder then uploads only what is new. A web server may read it."""
    try:
        if path.is_file() and path.read_bytes() == data:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror}); check rights and free space") from error


def _remove_others(folder: Path, kept: set[str], *, is_own_folder: bool) -> None:
    """Pages of certificates that the store does not know any more."""
    if not is_own_folder or not folder.is_dir():
        return
    for page in folder.iterdir():
        if page.is_dir() and page.name not in kept:
            shutil.rmtree(page)
