"""Keeps what is to be told to people and programs outside, each message once, from the fact on until it is delivered.

A message is written in the transaction of its fact: there is none without the fact, and no fact without it. It is
`waiting` until its time comes; `claimed` by the run that prepares it; `handed` while the receiver may have it and we do
not know yet. At the end it is `sent`; or `dropped`, when there is nobody to tell any more; or `dead`, when it was tried
often enough; or `unsure`, when a run died between handing it over and hearing that it was taken. Each step is its own
transaction, and only the run that claimed a message can take the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, func, select, update

from lms_toolkit.errors import ConfigError
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import outbox
from lms_toolkit.store.upsert import insert, slices

OutboxState = Literal["waiting", "claimed", "handed", "sent", "dropped", "dead", "unsure"]
NEEDS_A_PERSON: tuple[OutboxState, ...] = ("dead", "unsure")
UNDER_WAY: tuple[OutboxState, ...] = ("claimed", "handed")


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one receiver about one fact; `data` holds what names the fact, and nobody's name or address.

    `next_at` is when it is tried (again); `claim` is the run that is at it.
    """

    id: str
    event: str
    subject: str
    channel: str
    data: Mapping[str, str]
    state: OutboxState
    attempts: int
    created_at: datetime
    next_at: datetime
    claim: str = ""
    note: str = ""


class Outbox:
    """`routes` says which channels are told of an event; without it nothing is written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.routes: Mapping[str, Sequence[str]] = MappingProxyType({})

    def post(
        self, connection: Connection, event: str, facts: Sequence[tuple[str, Mapping[str, str]]], at: datetime
    ) -> None:
        """Write what is to be told of facts, in their own transaction; a fact is its subject and its data.

        A fact that was posted before is not posted again.
        """
        rows = [
            {
                "id": _id(event, subject, channel),
                "event": event,
                "subject": subject,
                "channel": channel,
                "data": dict(data),
                "state": "waiting",
                "attempts": 0,
                "created_at": at,
                "next_at": at,
                "claim": "",
                "note": "",
            }
            for subject, data in facts
            for channel in self.routes.get(event, ())
        ]
        if rows:
            connection.execute(insert(connection, outbox).on_conflict_do_nothing(index_elements=["id"]), rows)

    def claim(self, now: datetime, without: Collection[str] = ()) -> Notification | None:
        """Take the message that has waited longest, for this run alone; None when none is due.

        `without` are channels that take none now. Only for the run that holds the lock of the outbox.
        """
        with self._database.write() as connection:
            id = connection.scalar(_due(now, without).order_by(outbox.c.next_at, outbox.c.id).limit(1))
            if id is None:
                return None
            claimed = {"state": "claimed", "claim": uuid4().hex, "attempts": outbox.c.attempts + 1}
            changed = update(outbox).where(outbox.c.id == id, outbox.c.state == "waiting").values(claimed)
            row = connection.execute(changed.returning(*outbox.columns)).first()
        return _notification(row) if row else None

    def hand_over(self, taken: Notification) -> bool:
        """Note that the receiver may have it from now on; False when the message is not this run's any more."""
        return self._settle(taken, "claimed", state="handed")

    def settle(self, taken: Notification, state: OutboxState, note: str = "") -> bool:
        """Note how it ended."""
        return self._settle(taken, None, state=state, claim="", note=note)

    def postpone(self, taken: Notification, until: datetime, note: str) -> bool:
        """Try again later."""
        return self._settle(taken, None, state="waiting", claim="", note=note, next_at=until)

    def _settle(self, taken: Notification, only: OutboxState | None, **values: object) -> bool:
        changed = update(outbox).where(outbox.c.id == taken.id, outbox.c.claim == taken.claim)
        changed = changed.where(outbox.c.state == only) if only else changed.where(outbox.c.state.in_(UNDER_WAY))
        with self._database.write() as connection:
            return connection.execute(changed.values(**values)).rowcount == 1

    def abandoned(self) -> list[Notification]:
        """What a run that died had taken. Only for the run that holds the lock of the outbox."""
        return self._all(UNDER_WAY)

    def needing_a_person(self) -> list[Notification]:
        return self._all(NEEDS_A_PERSON)

    def waiting(self) -> list[Notification]:
        return self._all(("waiting",))

    def get(self, id: str) -> Notification:
        """The one message whose id begins so. Raises ConfigError."""
        statement = select(outbox).where(outbox.c.id.startswith(id, autoescape=True)).limit(2)
        with self._database.read() as connection:
            found = [_notification(row) for row in connection.execute(statement)]
        if len(found) != 1:
            problem = "several messages have" if found else "no message has"
            raise ConfigError(f"{problem} an id that begins with {id!r}; lms-toolkit notifications lists them")
        return found[0]

    def counts(self) -> dict[str, int]:
        """How many messages there are, by state."""
        statement = select(outbox.c.state, func.count()).group_by(outbox.c.state).order_by(outbox.c.state)
        with self._database.read() as connection:
            return {row.state: row[1] for row in connection.execute(statement)}

    def is_due(self, now: datetime, without: Collection[str] = ()) -> bool:
        """Whether `claim` would find something."""
        with self._database.read() as connection:
            return connection.scalar(_due(now, without).limit(1)) is not None

    def retry(self, ids: Sequence[str], at: datetime) -> int:
        """Let messages that are dead or unsure, or wait, be tried from the start; how many there were."""
        return self._decide(ids, (*NEEDS_A_PERSON, "waiting"), {"state": "waiting", "attempts": 0, "next_at": at})

    def drop(self, ids: Sequence[str], note: str) -> int:
        """Let messages that are dead or unsure rest, because somebody says so; how many there were."""
        return self._decide(ids, NEEDS_A_PERSON, {"state": "dropped", "note": note})

    def _decide(self, ids: Sequence[str], states: Sequence[OutboxState], values: Mapping[str, object]) -> int:
        changed = update(outbox).where(outbox.c.state.in_(states)).values(values)
        with self._database.write() as connection:
            return sum(connection.execute(changed.where(outbox.c.id.in_(some))).rowcount for some in slices(list(ids)))

    def _all(self, states: Sequence[OutboxState]) -> list[Notification]:
        statement = select(outbox).where(outbox.c.state.in_(states)).order_by(outbox.c.created_at, outbox.c.id)
        with self._database.read() as connection:
            return [_notification(row) for row in connection.execute(statement)]


def _due(now: datetime, without: Collection[str]) -> Select[tuple[str]]:
    due = select(outbox.c.id).where(outbox.c.state == "waiting", outbox.c.next_at <= now)
    return due.where(outbox.c.channel.not_in(sorted(without))) if without else due


def _id(event: str, subject: str, channel: str) -> str:
    """The same for the same message, whoever posts it: it also names it to its receiver, who may know it already."""
    return sha256(f"{event}\n{subject}\n{channel}".encode()).hexdigest()[:32]


def _notification(row: Row[tuple[Any, ...]]) -> Notification:
    return Notification(**row._mapping)
