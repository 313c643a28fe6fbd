"""Saves that something happened to certificates, then tells the plugins; names of people are never told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lms_toolkit.model import Certificate, Event

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store


def tell(name: str, certificates: Sequence[Certificate], at: datetime, store: Store, plugins: Plugins) -> None:
    """Save one event for each certificate, then tell the plugins of each."""
    events = [_event(name, certificate, at) for certificate in certificates]
    store.events.save(*events)
    for event in events:
        plugins.tell(event)


def _event(name: str, certificate: Certificate, at: datetime) -> Event:
    record = certificate.record
    data = {
        "code": record.code,
        "award_id": record.award_id,
        "course_id": record.course_id,
        "edition": record.edition,
        "language": record.language,
    }
    return Event(name, at, data)
