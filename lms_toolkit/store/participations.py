"""Keeps courses that people completed elsewhere or long ago, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from sqlalchemy import Row, select

from lms_toolkit.model import Learner, Participation
from lms_toolkit.store.engine import Database
from lms_toolkit.store.people import learner_for, save_learners
from lms_toolkit.store.schema import participations
from lms_toolkit.store.upsert import insert, row_of


class Participations:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, past: Iterable[Participation]) -> list[Participation]:
        """Keep these, all or none; the answer is those that were not known yet, with the learner each belongs to.

        A row that was imported before stays as it was, so importing a file twice changes nothing.
        """
        new = []
        with self._database.write() as connection:
            for one in past:
                learner = learner_for(connection, Learner(one.learner_id, one.name), f"import:{_key(one)}")
                kept = replace(one, id=_key(one), learner_id=learner.id)
                known = connection.scalar(select(participations.c.id).where(participations.c.id == kept.id))
                if known is None:
                    save_learners(connection, [learner], rename=False)
                    connection.execute(insert(connection, participations).values(row_of(kept)))
                    new.append(kept)
        return new

    def all(self, learner_id: str | None = None) -> list[Participation]:
        statement = select(participations).order_by(participations.c.completed_on, participations.c.id)
        if learner_id is not None:
            statement = statement.where(participations.c.learner_id == learner_id)
        with self._database.read() as connection:
            return [_participation(row) for row in connection.execute(statement)]


def _key(one: Participation) -> str:
    """What makes a row the same when it is imported again: the person as the file has it, course, edition and day."""
    parts = (one.idnumber, one.email.lower(), one.name, one.course_id, one.edition, one.completed_on.isoformat())
    return sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _participation(row: Row[tuple[object, ...]]) -> Participation:
    return Participation(**row._mapping)
