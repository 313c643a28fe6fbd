"""What a digital credential says beyond the certificate's record, and what is known of the keys that sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

CertificateKind = Literal["achievement", "participation", "diploma"]
"""What is certified: that something was achieved, that somebody took part, or that a whole programme was completed."""


@dataclass(frozen=True, slots=True)
class Achievement:
    """What a certificate is for, in every language the course is told in; language code → text.

    `pass_mark_percent` is the result it takes; None where taking part is enough.
    """

    titles: Mapping[str, str]
    summaries: Mapping[str, str] = field(default_factory=dict)
    pass_mark_percent: float | None = None


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A key of the issuer, without its secret. `is_current`: it is the one that signs now."""

    kid: str
    created: date
    is_current: bool
    is_encrypted: bool = False
