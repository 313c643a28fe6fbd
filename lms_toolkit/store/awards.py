"""Keeps decisions: one for each learner, course, edition and kind of certificate, and an earned one for good."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import JSON, Connection, Row, Text, bindparam, cast, exists, select

from lms_toolkit.model import Award, CertificateKind, Reason
from lms_toolkit.store.award_rows import (
    USUAL,
    AwardRow,
    award_row,
    edition_of,
    kind_of,
    kinds_of_edition,
    stored_edition,
)
from lms_toolkit.store.engine import Database
from lms_toolkit.store.personal import ERASED
from lms_toolkit.store.schema import STANDING, awards, certificates
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
            upsert_awards(connection, [award_row(award) for award in decided])
            return _standing(connection, decided)

    def get(self, learner_id: str, course_id: str, edition: str, kind: CertificateKind = USUAL) -> Award | None:
        statement = select(awards).where(
            awards.c.learner_id == learner_id,
            awards.c.course_id == course_id,
            awards.c.edition == stored_edition(edition, kind),
        )
        with self._database.read() as connection:
            row = connection.execute(statement).first()
        return _award(row) if row else None

    def by_id(self, id: str) -> Award | None:
        with self._database.read() as connection:
            row = connection.execute(select(awards).where(awards.c.id == id)).first()
        return _award(row) if row else None

    def of_learners(self, course_id: str, edition: str, learner_ids: Sequence[str]) -> list[Award]:
        """The awards of some learners in one edition, of every kind."""
        statement = select(awards).where(
            awards.c.course_id == course_id, awards.c.edition.in_(sorted(kinds_of_edition(edition)))
        )
        with self._database.read() as connection:
            return [
                _award(row)
                for some in slices(learner_ids)
                for row in connection.execute(statement.where(awards.c.learner_id.in_(some)))
            ]

    def of_learner(self, learner_id: str) -> list[Award]:
        """Everything decided about one learner, oldest first."""
        statement = select(awards).where(awards.c.learner_id == learner_id)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(awards.c.decided_at, awards.c.id))
            return [_award(row) for row in rows]

    def earned(self, course_ids: Sequence[str]) -> list[Award]:
        """The certificates' awards that were earned in any edition of these courses, without their reasons.

        Those of people who were erased lead to nothing further: nobody is there who could be given a diploma.
        """
        columns = [column for column in awards.columns if column.name != "reasons"]
        somebodys = awards.c.learner_id.not_like(f"{ERASED}%")
        statement = select(*columns).where(awards.c.earned, awards.c.edition.not_like("%#%"), somebodys)
        with self._database.read() as connection:
            return [
                _award(row)
                for some in slices(course_ids)
                for row in connection.execute(statement.where(awards.c.course_id.in_(some)).order_by(awards.c.id))
            ]

    def uncertified(self, course_id: str, edition: str) -> list[Award]:
        """The awards of an edition that were earned and have no certificate, of every kind."""
        has_one = exists().where(certificates.c.award_id == awards.c.id, STANDING)
        statement = select(awards).where(
            awards.c.course_id == course_id,
            awards.c.edition.in_(sorted(kinds_of_edition(edition))),
            awards.c.earned,
            ~has_one,
        )
        with self._database.read() as connection:
            return [_award(row) for row in connection.execute(statement.order_by(awards.c.learner_id, awards.c.id))]

    def all(self, edition: str | None = None, course_id: str | None = None) -> list[Award]:
        """Every award, or those of an edition or course, of every kind."""
        statement = select(awards).order_by(awards.c.edition, awards.c.learner_id)
        if edition is not None:
            statement = statement.where(awards.c.edition.in_(sorted(kinds_of_edition(edition))))
        if course_id is not None:
            statement = statement.where(awards.c.course_id == course_id)
        with self._database.read() as connection:
            return [_award(row) for row in connection.execute(statement)]


def upsert_awards(connection: Connection, decided: Sequence[AwardRow]) -> None:
    """Keep decisions in a transaction; an earned award stays as it is."""
    if not decided:
        return
    # The reasons are JSON already: only PostgreSQL has to be told.
    reasons = bindparam("reasons", type_=Text)
    given = reasons if connection.dialect.name == "sqlite" else cast(reasons, JSON)
    statement = insert(connection, awards).values(reasons=given)
    replaced = {name: statement.excluded[name] for name in _REPLACED}
    statement = statement.on_conflict_do_update(
        index_elements=_KEY,
        set_=replaced,
        where=awards.c.earned.is_(False),
    )
    connection.execute(statement, [row._asdict() for row in decided])


def _standing(connection: Connection, decided: Sequence[Award]) -> list[Award]:
    """What is stored under the keys of these awards, in their order."""
    stored: dict[tuple[str, ...], Award] = {}
    for course_id, edition in sorted({(award.course_id, award.edition) for award in decided}):
        of_edition = select(awards).where(
            awards.c.course_id == course_id, awards.c.edition.in_(sorted(kinds_of_edition(edition)))
        )
        for some in slices([award.learner_id for award in decided]):
            rows = connection.execute(of_edition.where(awards.c.learner_id.in_(some)))
            stored.update((_key(award), award) for award in map(_award, rows))
    return [stored[_key(award)] for award in decided]


def _key(award: Award) -> tuple[str, ...]:
    return award.learner_id, award.course_id, award.edition, award.kind


def _award(row: Row[tuple[object, ...]]) -> Award:
    values = dict(row._mapping)
    values["kind"] = kind_of(values["edition"])
    values["edition"] = edition_of(values["edition"])
    values["reasons"] = tuple(Reason(**reason) for reason in values.get("reasons", ()))
    return Award(**values)
