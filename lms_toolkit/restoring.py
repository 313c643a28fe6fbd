"""Rebuilds the certificates of a store that was lost, from the documents that were issued: PDFs, records, credentials.

Each is verified with our own keys first, so nothing comes in that was not ours. What only the store knew is gone: who
the learner was on which site, the reasons of the award, and why something was revoked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lms_toolkit.certificate_files import read
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ConfigError, ContentError, ToolkitError
from lms_toolkit.issuing import complete
from lms_toolkit.model import Award, Certificate, CertificateRecord, Learner, Reason
from lms_toolkit.revoking import write_lists
from lms_toolkit.verifying import REVOCATIONS_NAME, RevocationList, read_revocations

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store

RestoreOutcome = Literal["restored", "known", "refused"]
_SUFFIXES = (".pdf", ".json", ".png")
_NOT_CERTIFICATES = {"public-keys.json", "did.json", REVOCATIONS_NAME}
REPLACED_BY_UNKNOWN = "unknown"
"""For a certificate that the signed list calls replaced, when the one in its place was not found."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of one certificate, or of one file that is none (`code` is empty then)."""

    outcome: RestoreOutcome
    code: str
    paths: tuple[Path, ...]
    note: str = ""


def restore(
    folder: Path, store: Store, certifier: Certifier, config: CertificateConfig, plugins: Plugins
) -> list[Restored]:
    """Bring in every certificate of ours in a folder, with the signed list of revocations if it is there too.

    Raises ConfigError for a folder that is not there, ContentError for a list of revocations that cannot be trusted.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder}: is not a folder")
    listed = _revocations(folder, certifier)
    found: dict[str, tuple[Certificate, list[Path]]] = {}
    outcomes: list[Restored] = []
    for path in _documents(folder):
        try:
            _gather(certifier.read_issued(read(path)), path, found)
        except ToolkitError as error:
            outcomes.append(Restored("refused", "", (path,), str(error)))
    successors = _successors([certificate for certificate, _ in found.values()], listed)
    for code, (certificate, paths) in sorted(found.items()):
        ready = _as_listed(certificate, listed, successors)
        is_new = _keep(ready, store)
        outcomes.append(Restored("restored" if is_new else "known", code, tuple(paths)))
        if is_new:
            complete(ready, certifier, config, store, plugins, tell=False)  # nobody is told a second time
    if any(one.outcome == "restored" for one in outcomes):
        write_lists(store, certifier, config)
    return outcomes


def _documents(folder: Path) -> list[Path]:
    """Files that may be certificates; status lists and keys stand beside them."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in _SUFFIXES
        and path.name not in _NOT_CERTIFICATES
        and path.parent.name not in ("status", "keys")
        and not path.name.startswith(".")
    )


def _revocations(folder: Path, certifier: Certifier) -> RevocationList | None:
    path = folder / REVOCATIONS_NAME
    return read_revocations(path, certifier) if path.is_file() else None


def _gather(read_now: Certificate, path: Path, found: dict[str, tuple[Certificate, list[Path]]]) -> None:
    """Put together what the documents of one certificate say. Raises ContentError when they contradict one another."""
    before, paths = found.get(read_now.code, (read_now, []))
    if before.record != read_now.record:
        raise ContentError(f"{path}: says something else than {paths[0]} under the same code {read_now.code}")
    together = replace(
        before,
        credential_json=before.credential_json or read_now.credential_json,
        status_index=read_now.status_index if before.status_index is None else before.status_index,
        pdf_sha256=before.pdf_sha256 or read_now.pdf_sha256,
    )
    found[read_now.code] = together, [*paths, path]


def _successors(certificates: Iterable[Certificate], listed: RevocationList | None) -> Mapping[str, str]:
    """Award → the certificate that stands for it, where the list says that another one was replaced."""
    replaced = listed.replaced if listed else frozenset()
    return {one.record.award_id: one.code for one in certificates if one.code not in replaced}


def _as_listed(certificate: Certificate, listed: RevocationList | None, successors: Mapping[str, str]) -> Certificate:
    if listed is None or certificate.code not in listed.revoked:
        return certificate
    was_replaced = certificate.code in listed.replaced
    return replace(
        certificate,
        revoked_at=datetime.combine(listed.revoked[certificate.code], time(), UTC),
        revocation_reason="restored from the published list",
        replaced_by=successors.get(certificate.record.award_id, REPLACED_BY_UNKNOWN) if was_replaced else "",
    )


def _keep(certificate: Certificate, store: Store) -> bool:
    if store.certificates.by_code(certificate.code):
        return False
    if store.awards.by_id(certificate.record.award_id) is None:
        _keep_award(certificate.record, store)
    return store.certificates.restore(certificate)


def _keep_award(record: CertificateRecord, store: Store) -> None:
    """The award a certificate was issued for, given to the one learner of that name, or to a learner of its own."""
    named = [learner for learner in store.people.learners() if learner.name == record.learner_name]
    own = Learner(f"certificate:{record.code}", record.learner_name)
    for learner in (*named[: len(named) == 1], own):
        if learner is own:
            store.people.save_learner(own)
        if store.awards.save(_award(record, learner)).id == record.award_id:
            return


def _award(record: CertificateRecord, learner: Learner) -> Award:
    return Award(
        learner_id=learner.id,
        course_id=record.course_id,
        edition=record.edition,
        language=record.language,
        earned=True,
        score_percent=record.score_percent,
        reasons=(Reason("certificate", True, f"issued as {record.code}", "restored from the signed certificate"),),
        decided_at=datetime.combine(record.issued_on, time(), UTC),
        id=record.award_id,
        kind=record.kind,
    )


def summary(outcomes: Sequence[Restored]) -> str:
    """How many came in, in one line."""
    counts = {kind: sum(one.outcome == kind for one in outcomes) for kind in ("restored", "known", "refused")}
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count) or "no certificate found"
