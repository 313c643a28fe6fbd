"""Gives out everything the store knows of a person, and erases it, all or nothing.

A certificate that was issued stays verifiable: what stays for that is the certificate, and a row for its award that
names nobody. What was erased is overwritten in the file of a SQLite store, not just let go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Table, and_, delete, func, or_, select, update

from lms_toolkit.errors import ConfigError
from lms_toolkit.store.caring import overwrite_leftovers
from lms_toolkit.store.engine import Database
from lms_toolkit.store.personal import ERASED, Person, condition, person, personal_tables, rows_about
from lms_toolkit.store.schema import awards, certificates, enrolments, events, learners, outbox, pull_cursors
from lms_toolkit.store.upsert import insert

ERASED_NAME = "(erased)"


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: how many rows of which table went, and which certificates stayed.

    `stands_in` is the id that the awards of those certificates have now, empty if there are none. `enrolled` are the
    course pages, each a site and its ref, on which the person was enrolled at the last pull.
    """

    learner_id: str
    rows: Mapping[str, int]
    certificates: tuple[str, ...]
    stands_in: str
    enrolled: tuple[tuple[str, str], ...]


class Erasing:
    def __init__(self, database: Database) -> None:
        self._database = database

    def rows_about(self, learner_id: str) -> dict[str, list[dict[str, Any]]]:
        """Every row about a learner, by table, as JSON can hold it. Raises ConfigError for a learner there is not."""
        with self._database.read() as connection:
            return rows_about(connection, _known(connection, learner_id))

    def codes_of(self, learner_id: str) -> list[str]:
        """The codes of a learner's certificates that are not erased, replaced ones among them."""
        of_learner = select(certificates.c.code).join(awards).where(awards.c.learner_id == learner_id)
        with self._database.read() as connection:
            return sorted(connection.scalars(of_learner.where(certificates.c.signed_json != "")))

    def enrolled(self, learner_id: str) -> list[tuple[str, str]]:
        """The course pages, each a site and its ref, that a learner was enrolled on at the last pull."""
        with self._database.read() as connection:
            return _enrolled(connection, _known(connection, learner_id))

    def erase(self, learner_id: str, at: datetime, *, with_certificates: bool = False) -> Erased:
        """Erase a person; certificates stay, unless they are to go too, which leaves their codes and that they are
        revoked. Raises ConfigError for a learner there is not.
        """
        with self._database.write() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete = ON")
            who = _known(connection, learner_id)
            erased = _erase(connection, who, at, with_certificates=with_certificates)
        overwrite_leftovers(self._database)
        return erased


def _known(connection: Connection, learner_id: str) -> Person:
    if connection.scalar(select(learners.c.id).where(learners.c.id == learner_id)) is None:
        raise ConfigError(f"no learner has the id {learner_id!r}; lms-toolkit people list shows them")
    return person(connection, learner_id)


def _erase(connection: Connection, who: Person, at: datetime, *, with_certificates: bool) -> Erased:
    pages = _enrolled(connection, who)
    kept = _certificates(connection, who)
    if with_certificates:
        for row in kept:
            _empty(connection, row)
    stands_in = who.learner_id if who.learner_id.startswith(ERASED) else f"{ERASED}{uuid4().hex}"
    _rename_in_events(connection, who, stands_in)
    _delete(connection, who, outbox)
    if kept and stands_in != who.learner_id:
        connection.execute(insert(connection, learners).values(id=stands_in, name=ERASED_NAME))
        _give_up_awards(connection, kept, stands_in, at)
    rows = _delete_rows(connection, who) if stands_in != who.learner_id else {}
    _read_everything_again(connection, pages)
    codes = () if with_certificates else tuple(sorted(row.code for row in kept if row.signed_json))
    return Erased(who.learner_id, rows, codes, stands_in if kept else "", tuple(pages))


def _enrolled(connection: Connection, who: Person) -> list[tuple[str, str]]:
    about = condition(enrolments, who)
    assert about is not None
    statement = select(enrolments.c.site, enrolments.c.course_ref).where(about, enrolments.c.left_at.is_(None))
    return sorted({(row.site, row.course_ref) for row in connection.execute(statement)})


def _certificates(connection: Connection, who: Person) -> list[Row[Any]]:
    statement = select(certificates, awards.c.score_percent).join(awards).where(awards.c.learner_id.in_(who.ids))
    return list(connection.execute(statement.order_by(certificates.c.code)))


def _empty(connection: Connection, row: Row[Any]) -> None:
    """Leave of a certificate what says that its code is revoked, and of which edition it was."""
    record = {**row.record, "learner_name": "", "score_percent": None}
    texts = ("signed_json", "credential_json", "pdf_path", "pdf_sha256", "revocation_reason")
    change = update(certificates).where(certificates.c.code == row.code)
    connection.execute(change.values(record=record, **dict.fromkeys(texts, "")))


def _give_up_awards(connection: Connection, kept: list[Row[Any]], stands_in: str, at: datetime) -> None:
    """The awards of certificates lead back to nobody, and say no more than the certificates do."""
    reason = {"rule": "erased", "met": True, "fact": f"the reasons were erased on request on {at:%Y-%m-%d}"}
    for row in kept:
        score = row.score_percent if row.record.get("score_percent") is not None and row.signed_json else None
        change = update(awards).where(awards.c.id == row.award_id)
        connection.execute(change.values(learner_id=stands_in, reasons=[reason], score_percent=score))


def _rename_in_events(connection: Connection, who: Person, stands_in: str) -> None:
    """What was told stays told, of nobody in particular."""
    named = select(events.c.id, events.c.data).where(events.c.data["learner_id"].as_string().in_(who.ids))
    for row in connection.execute(named).all():
        data = {**row.data, "learner_id": stands_in}
        connection.execute(update(events).where(events.c.id == row.id).values(data=data))


def _delete_rows(connection: Connection, who: Person) -> dict[str, int]:
    """Everything that is left, and how much it was; what refers to other rows first."""
    tables = [table for table in reversed(list(personal_tables())) if table is not events]
    counts = {table.name: _delete(connection, who, table) for table in tables}
    return {name: count for name, count in counts.items() if count}


def _delete(connection: Connection, who: Person, table: Table) -> int:
    about = condition(table, who)
    assert about is not None
    count = connection.scalar(select(func.count()).select_from(table).where(about)) or 0
    connection.execute(delete(table).where(about))
    return count


def _read_everything_again(connection: Connection, pages: list[tuple[str, str]]) -> None:
    """Whoever is still enrolled comes back whole or not at all: changes alone would bring half a person."""
    if pages:
        same = [and_(pull_cursors.c.site == site, pull_cursors.c.course_ref == page) for site, page in pages]
        connection.execute(update(pull_cursors).where(or_(*same)).values(cursor=""))
