"""Keeps what people decided by hand: who, when and why. Nothing is ever removed; what is revoked says so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Row, select, update

from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Decision
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import decisions
from lms_toolkit.store.undecided import mark_learner
from lms_toolkit.store.upsert import insert, row_of


class Decisions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, decision: Decision) -> Decision:
        """Keep a new decision; the answer has its id. The learner's awards are decided again by the next run."""
        kept = replace(decision, id=uuid4().hex)
        with self._database.write() as connection:
            connection.execute(insert(connection, decisions).values(row_of(kept)))
            mark_learner(connection, kept.learner_id)
        return kept

    def revoke(self, id: str, at: datetime, by: str, reason: str) -> Decision:
        """Let a decision count no more; revoking it again keeps the first time and reason.

        Raises ConfigError for a decision that there is not.
        """
        with self._database.write() as connection:
            statement = update(decisions).where(decisions.c.id == id, decisions.c.revoked_at.is_(None))
            connection.execute(statement.values(revoked_at=at, revoked_by=by, revocation_reason=reason))
            row = connection.execute(select(decisions).where(decisions.c.id == id)).first()
            if row is None:
                raise ConfigError(f"no decision has the id {id!r}; lms-toolkit certify decisions lists them")
            mark_learner(connection, row.learner_id)
        return _decision(row)

    def all(self, edition: str | None = None, learner_id: str | None = None) -> list[Decision]:
        """Decisions, revoked ones among them, oldest first."""
        statement = select(decisions).order_by(decisions.c.decided_at, decisions.c.id)
        if edition is not None:
            statement = statement.where(decisions.c.edition == edition)
        if learner_id is not None:
            statement = statement.where(decisions.c.learner_id == learner_id)
        with self._database.read() as connection:
            return [_decision(row) for row in connection.execute(statement)]

    def standing(self, course_id: str, edition: str) -> dict[str, list[Decision]]:
        """The decisions of an edition that count, by learner."""
        found: dict[str, list[Decision]] = defaultdict(list)
        for one in self.all(edition):
            if one.course_id == course_id and one.stands:
                found[one.learner_id].append(one)
        return dict(found)


def _decision(row: Row[tuple[object, ...]]) -> Decision:
    return Decision(**row._mapping)
