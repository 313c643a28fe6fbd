"""Turns awards into the rows that are kept of them, many times as fast as through the column types.

Of 100,000 awards there are more than a million reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from secrets import token_hex
from time import time_ns
from typing import NamedTuple, get_args

from lms_toolkit.model import Award, CertificateKind, Reason

# The kind of an award is kept beside its edition, where it is not the usual one: a code of an edition has no "#". The
# key of the table stays as it is, which SQLite could only change by dropping what certificates refer to.
USUAL: CertificateKind = "achievement"
_IDS_AT_ONCE = 100
_CHANCE_BYTES = 10


class AwardRow(NamedTuple):
    """A row of the table of awards; `edition` names the kind as well, `reasons` are JSON."""

    id: str
    learner_id: str
    course_id: str
    edition: str
    language: str
    earned: bool
    score_percent: float | None
    reasons: str
    decided_at: datetime

    @property
    def kind(self) -> CertificateKind:
        return kind_of(self.edition)


def award_row(award: Award, id: str = "", decided_at: datetime | None = None) -> AwardRow:
    """The row of an award, with this id and time where they are given; a new id where there is none."""
    return AwardRow(
        id or award.id or next(new_ids()),
        award.learner_id,
        award.course_id,
        stored_edition(award.edition, award.kind),
        award.language,
        award.earned,
        award.score_percent,
        encoded(award.reasons),
        decided_at or award.decided_at,
    )


def new_ids() -> Iterator[str]:
    """As many new ids as are asked for: the time in milliseconds, then chance, as in RFC 9562's UUID version 7.

    Ids of one run stand together, because a database is slow at rows that go everywhere in its index. The system is
    asked for chance once for many of them.
    """
    while True:
        now, digits = f"{time_ns() // 1_000_000:012x}", token_hex(_CHANCE_BYTES * _IDS_AT_ONCE)
        yield from (
            now + digits[start : start + 2 * _CHANCE_BYTES] for start in range(0, len(digits), 2 * _CHANCE_BYTES)
        )


def stored_edition(edition: str, kind: CertificateKind) -> str:
    return edition if kind == USUAL else f"{edition}#{kind}"


def edition_of(stored: str) -> str:
    """The code of the edition, without the kind."""
    return stored.partition("#")[0]


def kind_of(stored: str) -> CertificateKind:
    return _KINDS.get(stored.partition("#")[2], USUAL)


def kinds_of_edition(edition: str) -> dict[str, CertificateKind]:
    """The kinds of awards of an edition, by what stands in their column `edition`."""
    return {stored_edition(edition, kind): kind for kind in _KINDS.values()}


_KINDS: dict[str, CertificateKind] = {kind: kind for kind in get_args(CertificateKind)}


def encoded(reasons: Iterable[Reason]) -> str:
    """The reasons as JSON, each without what it does not say."""
    return f"[{', '.join([_reason(one) for one in reasons])}]"


def _reason(one: Reason) -> str:
    source = f', "source": {_quoted(one.source)}' if one.source else ""
    about = _about(one.subject, one.decision) if one.subject or one.decision else ""
    return f'{{{_rule(one.rule, one.met)}, "fact": {_quoted(one.fact)}{source}{about}}}'


@lru_cache(maxsize=1 << 10)
def _rule(rule: str, met: bool) -> str:
    return f'"rule": {_quoted(rule)}, "met": {"true" if met else "false"}'


@lru_cache(maxsize=1 << 10)
def _about(subject: str, decision: str) -> str:
    parts = (("subject", subject), ("decision", decision))
    return "".join(f', "{name}": {_quoted(text)}' for name, text in parts if text)
