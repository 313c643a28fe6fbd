"""Keeps decisions: one for each learner, course and edition, and an earned one for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from uuid import uuid4

from sqlalchemy import Connection, Row, select

from lms_toolkit.model import Award, Reason
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import awards
from lms_toolkit.store.upsert import insert, slices

_KEY = ("learner_id", "course_id", "edition")
_REPLACED = ("language", "earned", "score_percent", "reasons", "decided_at")


class Awards:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, award: Award) -> Award:
        """Keep a decision and return the one that now stands, with its id.

        An award that was not earned is replaced and keeps its id; one that was earned is final, whatever comes later.
        """
        return self.save_all([award])[0]

    def save_all(self, decided: Sequence[Award]) -> list[Award]:
        """`save` for many, in one transaction and in the same order."""
        with self._database.write() as connection:
            _upsert(connection, decided)
            return _standing(connection, decided)

    def get(self, learner_id: str, course_id: str, edition: str) -> Award | None:
        statement = select(awards).where(
            awards.c.learner_id == learner_id, awards.c.course_id == course_id, awards.c.edition == edition
        )
        with self._database.read() as connection:
            row = connection.execute(statement).first()
        return _award(row) if row else None

    def by_id(self, id: str) -> Award | None:
        with self._database.read() as connection:
            row = connection.execute(select(awards).where(awards.c.id == id)).first()
        return _award(row) if row else None

    def all(self, edition: str | None = None, course_id: str | None = None) -> list[Award]:
        statement = select(awards).order_by(awards.c.edition, awards.c.learner_id)
        if edition is not None:
            statement = statement.where(awards.c.edition == edition)
        if course_id is not None:
            statement = statement.where(awards.c.course_id == course_id)
        with self._database.read() as connection:
            return [_award(row) for row in connection.execute(statement)]


def _upsert(connection: Connection, decided: Sequence[Award]) -> None:
    if not decided:
        return
    statement = insert(connection, awards)
    replaced = {name: statement.excluded[name] for name in _REPLACED}
    statement = statement.on_conflict_do_update(
        index_elements=_KEY,
        set_=replaced,
        where=awards.c.earned.is_(False),
    )
    rows = [asdict(replace(award, id=award.id or uuid4().hex)) for award in decided]
    connection.execute(statement, [{**row, "reasons": list(row["reasons"])} for row in rows])


def _standing(connection: Connection, decided: Sequence[Award]) -> list[Award]:
    """What is stored under the keys of these awards, in their order."""
    stored: dict[tuple[str, ...], Award] = {}
    for course_id, edition in sorted({(award.course_id, award.edition) for award in decided}):
        of_edition = select(awards).where(awards.c.course_id == course_id, awards.c.edition == edition)
        for some in slices([award.learner_id for award in decided]):
            rows = connection.execute(of_edition.where(awards.c.learner_id.in_(some)))
            stored.update((_key(award), award) for award in map(_award, rows))
    return [stored[_key(award)] for award in decided]


def _key(award: Award) -> tuple[str, ...]:
    return award.learner_id, award.course_id, award.edition


def _award(row: Row[tuple[object, ...]]) -> Award:
    values = dict(row._mapping)
    values["reasons"] = tuple(Reason(**reason) for reason in values["reasons"])
    return Award(**values)
