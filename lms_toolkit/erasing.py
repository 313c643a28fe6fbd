"""Answers people who ask what is known of them, or want it erased; an issued certificate stays verifiable."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lms_toolkit.certificate_files import credential_path, json_path, pdf_path
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import PlanRefused, StoreError
from lms_toolkit.model import Learner
from lms_toolkit.revoking import revoke
from lms_toolkit.store.erasing import Erased, Erasing

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store

FORMAT = "lms-toolkit-person/1"
REVOKED_BECAUSE = "erased at the holder’s request"


def everything_about(learner: Learner, store: Store, at: datetime) -> dict[str, Any]:
    """All that the store knows of a learner, by table, as JSON can hold it. Raises ConfigError for one there is not."""
    return {
        "format": FORMAT,
        "exported_at": at.astimezone(UTC).isoformat(),
        "learner_id": learner.id,
        "known": Erasing(store.database).rows_about(learner.id),
    }


def export_person(learner: Learner, store: Store, out: Path, at: datetime) -> dict[str, int]:
    """Write all that is known of a learner to a new JSON file; the answer is how many rows of each table.

    Only its owner can read the file. Raises PlanRefused for one that is there already.
    """
    everything = everything_about(learner, store, at)
    text = json.dumps(everything, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise PlanRefused(f"{out} is there already, and is not overwritten; name another file") from error
    except OSError as error:
        raise StoreError(f"{out}: cannot be written ({error.strerror}); check rights and free space") from error
    return {name: len(rows) for name, rows in everything["known"].items()}


def erase_person(
    learner: Learner,
    store: Store,
    certifier: Certifier,
    config: CertificateConfig,
    plugins: Plugins,
    at: datetime,
    *,
    with_certificates: bool = False,
) -> Erased:
    """Erase all that is known of a learner, but the certificates, unless they are to go too.

    Those are revoked first, because a signature cannot be taken back: their documents then verify as revoked. A run
    that stops half-way has erased nothing but files, and is completed by the next one. Raises StoreError while a pull
    of a page is running on which the learner is enrolled.
    """
    erasing = Erasing(store.database)
    with ExitStack() as stack:
        for site, page in erasing.enrolled(learner.id):
            stack.enter_context(store.lock(f"pull:{site}:{page}"))
        if with_certificates:
            for code in erasing.codes_of(learner.id):
                revoke(code, REVOKED_BECAUSE, store, certifier, config, plugins, at)
                _remove_files(code, config)
        return erasing.erase(learner.id, at, with_certificates=with_certificates)


def _remove_files(code: str, config: CertificateConfig) -> None:
    for path in (pdf_path(code, config), json_path(code, config), credential_path(code, config)):
        try:
            with suppress(FileNotFoundError):
                path.unlink()
        except OSError as error:
            raise StoreError(f"{path}: cannot be removed ({error.strerror}); check rights, and erase again") from error
