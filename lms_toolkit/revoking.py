"""Revokes certificates, replaces them by corrected ones, and writes the lists that tell the world.

A revoked certificate stays in the store; so does one that was replaced, with the code of the one in its place. The
published lists say neither names nor reasons, nor which certificate took another's place.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.certificate_events import tell
from lms_toolkit.certificate_files import write, write_files
from lms_toolkit.certificate_records import clean
from lms_toolkit.codes import new_code, normal_code
from lms_toolkit.config import CertificateConfig
from lms_toolkit.drafting import Draft, draft
from lms_toolkit.errors import ConfigError, ContentError, PlanRefused
from lms_toolkit.model import Certificate
from lms_toolkit.verification_site import STATUS_PLACES
from lms_toolkit.verifying import REVOCATIONS_KIND, REVOCATIONS_NAME

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store

STATUS_FOLDER = "status"


def revoke(
    code: str,
    reason: str,
    store: Store,
    certifier: Certifier,
    config: CertificateConfig,
    plugins: Plugins,
    at: datetime | None = None,
) -> Certificate:
    """Revoke a certificate and rewrite the published lists; revoking it again keeps the first day and reason.

    Raises ConfigError for a code that was never issued here.
    """
    found = issued(code, store)
    if found.revoked_at is None:
        at = at or datetime.now(UTC)
        found = store.certificates.revoke(found.code, at, reason)
        tell("certificate.revoked", [found], at, store, plugins)
    write_lists(store, certifier, config)
    return found


def replace_certificate(
    code: str,
    learner_name: str,
    store: Store,
    certifier: Certifier,
    config: CertificateConfig,
    plugins: Plugins,
    at: datetime | None = None,
) -> Certificate:
    """Issue a certificate with the corrected name in place of another one, which is revoked; the answer is the new one.

    Everything else is as it was, the days included. Raises ConfigError for a code that was never issued here,
    PlanRefused for a certificate that does not stand any more, ContentError for a name that cannot be printed.
    """
    old = issued(code, store)
    at = at or datetime.now(UTC)
    _require_standing(old, learner_name)
    record = replace(old.record, code=new_code(), learner_name=clean(learner_name), verify_url=config.verify_url)
    [place] = store.certificates.reserve_places(1, STATUS_PLACES)
    about = certifier.achievement_of(old)
    drafted, pdf = draft(Draft(record, about, place, at), certifier, config, plugins)
    new = store.certificates.replace(old.code, drafted, at, "the name was corrected")
    write_files(new, pdf, config)
    tell("certificate.issued", [new], at, store, plugins)
    tell("certificate.revoked", [old], at, store, plugins)
    write_lists(store, certifier, config)
    return new


def issued(code: str, store: Store) -> Certificate:
    """The certificate with a code. Raises ConfigError for one that was never issued here."""
    found = store.certificates.by_code(normal_code(code))
    if found is None:
        raise ConfigError(
            f"no certificate has the code {normal_code(code)!r}; lms-toolkit certificates list shows them"
        )
    return found


def write_lists(store: Store, certifier: Certifier, config: CertificateConfig) -> None:
    """Write everything that tells what is revoked: our own list, and the status lists of digital credentials."""
    write_revocations(store, certifier, config)
    if store.certificates.has_credentials():
        write_status_lists(store, certifier, config)


def write_revocations(
    store: Store, certifier: Certifier, config: CertificateConfig, at: datetime | None = None
) -> Path:
    """Write the signed list of what is revoked, codes and days only; people's reasons stay in the store."""
    path = config.folder / REVOCATIONS_NAME
    while True:
        revoked = _revoked(store)
        made_at = (at or datetime.now(UTC)).replace(microsecond=0)
        values = {
            "made_at": made_at.isoformat(),
            "revoked": [
                {"code": code, "revoked_on": day.isoformat(), **({"replaced": True} if was_replaced else {})}
                for code, (day, was_replaced) in sorted(revoked.items())
            ],
        }
        write(path, certifier.sign_statement(REVOCATIONS_KIND, values).encode("utf-8"))
        if _revoked(store) == revoked:  # else somebody revoked meanwhile, and our list may have replaced theirs
            return path


def write_status_lists(
    store: Store, certifier: Certifier, config: CertificateConfig, at: datetime | None = None
) -> list[Path]:
    """Write the status list of every digital credential that was issued, as of now."""
    while True:
        revoked = store.certificates.revoked_places()
        made_at = at or datetime.now(UTC)
        paths = []
        for number in range(1, store.certificates.last_place() // STATUS_PLACES + 2):
            paths.append(config.folder / STATUS_FOLDER / f"{number}.json")
            write(paths[-1], certifier.status_list(number, revoked, made_at).encode("utf-8"))
        if store.certificates.revoked_places() == revoked:  # as above
            return paths


def _require_standing(old: Certificate, learner_name: str) -> None:
    if old.replaced_by:
        raise PlanRefused(f"{old.code} was replaced already, by {old.replaced_by}; replace that one")
    if old.revoked_at:
        raise PlanRefused(f"{old.code} was revoked on {old.revoked_at:%Y-%m-%d}; what is revoked is not replaced")
    if not clean(learner_name):
        raise ContentError(f"{old.code}: the new name is empty")
    if clean(learner_name) == old.record.learner_name:
        raise PlanRefused(f"{old.code} has that name already, so there is nothing to replace")


def _revoked(store: Store) -> dict[str, tuple[date, bool]]:
    return {
        certificate.code: (certificate.revoked_at.date(), bool(certificate.replaced_by))
        for certificate in store.certificates.all()
        if certificate.revoked_at
    }
