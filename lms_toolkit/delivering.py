"""Brings certificates back to the site they were earned on: the PDF, as a file in its holder's own area.

Only where the settings say so. What was done is remembered after the site has done it, so a run that dies in between
does it once more, and the site finds it done. A file that its holder deleted is not brought back by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lms_toolkit.certificate_files import digest, pdf_path
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ConfigError, ContentError, Refused
from lms_toolkit.interfaces import NO_DELIVERY

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Platform
    from lms_toolkit.model import Deployment
    from lms_toolkit.store import Store
    from lms_toolkit.store.deliveries import Due


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one file: `created`, `updated`, `unchanged`, `removed`, or `failed` with the reason."""

    code: str
    user_ref: str
    outcome: str
    note: str = ""


def require_delivery(config: CertificateConfig) -> None:
    """Raises ConfigError where the institution has not said that it wants this."""
    if config.deliver == "off":
        raise ConfigError(
            'certificates are put into no learner\'s area; to want it, set deliver = "files" under [certificates]'
        )


def deliver(
    platform: Platform, page: Deployment, store: Store, config: CertificateConfig, *, again: bool = False
) -> Iterator[Delivery]:
    """Bring the learners' areas of a course page up to date, one file after the other; `again`: the known ones too.

    What goes wrong with one learner's file is its answer and stops no other. Raises Refused for a site on which nothing
    can be delivered, and other SiteErrors: they would meet everybody.
    """
    for one in store.deliveries.due(page, again=again):
        try:
            if one.action == "deliver":
                outcome = _deliver(platform, page, one, store, config)
            else:
                outcome = _remove(platform, page, one, store)
        except (ContentError, Refused) as error:
            if getattr(error, "errorcode", "") == NO_DELIVERY:
                raise
            yield Delivery(one.code, one.user_ref, "failed", " ".join(str(error).split()))
        else:
            yield Delivery(one.code, one.user_ref, outcome)


def _deliver(platform: Platform, page: Deployment, one: Due, store: Store, config: CertificateConfig) -> str:
    path = pdf_path(one.code, config)
    sha256 = digest(path)
    if sha256 is None:
        raise ContentError(f"{path} is not there; lms-toolkit certify {page.edition} --site {page.site} draws it again")
    outcome = platform.deliver_file(page.course_ref, one.user_ref, one.filename, path)
    store.deliveries.keep(page, one, sha256, datetime.now(UTC))
    return outcome


def _remove(platform: Platform, page: Deployment, one: Due, store: Store) -> str:
    outcome = platform.remove_file(page.course_ref, one.user_ref, one.filename)
    store.deliveries.forget(page, one)
    return outcome


def summary(done: list[Delivery]) -> str:
    """One line on what was done."""
    words = {
        "delivered": ("created", "updated", "unchanged"),
        "removed": ("removed",),
        "failed": ("failed",),
    }
    counts = {word: sum(one.outcome in outcomes for one in done) for word, outcomes in words.items()}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "nothing to deliver"
