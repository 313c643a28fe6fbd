"""A line before each write to a site and after its answer: what has no end may or may not have happened there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, select, update

from lms_toolkit.model import Step
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import journal
from lms_toolkit.store.upsert import insert

FAILED = "failed"
SUPERSEDED = "superseded"
_SAME_STEP = ("site", "edition", "language", "kind", "key")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A step that was started. `outcome` is None until its answer came; times are aware, UTC."""

    id: int
    site: str
    edition: str
    language: str
    action: str
    kind: str
    key: str
    title: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    note: str


class Journal:
    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, site: str, edition: str, language: str, step: Step) -> int:
        """Write down that a step is about to be sent; the answer is its number for `finish` or `fail`."""
        row = {
            "site": site,
            "edition": edition,
            "language": language,
            "action": step.action,
            "kind": step.kind,
            "key": step.key,
            "title": step.title,
            "started_at": datetime.now(UTC),
            "note": "",
        }
        with self._database.write() as connection:
            number: int | None = connection.scalar(insert(connection, journal).values(row).returning(journal.c.id))
        assert number is not None
        return number

    def finish(self, id: int, outcome: str, note: str = "") -> None:
        """The site answered. Earlier starts of the same step that never ended are closed with it."""
        with self._database.write() as connection:
            _end(connection, journal.c.id == id, outcome, note)
            entry = connection.execute(select(journal).where(journal.c.id == id)).one()
            earlier = [journal.c[name] == entry._mapping[name] for name in _SAME_STEP]
            _end(connection, and_(*earlier, journal.c.id < id, journal.c.finished_at.is_(None)), SUPERSEDED)

    def fail(self, id: int, note: str) -> None:
        """The step ended in an error, which `note` tells."""
        with self._database.write() as connection:
            _end(connection, journal.c.id == id, FAILED, note)

    def last(self, site: str, edition: str, language: str) -> JournalEntry | None:
        """The latest step, however it ended."""
        statement = (
            select(journal)
            .where(journal.c.site == site, journal.c.edition == edition, journal.c.language == language)
            .order_by(journal.c.id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(statement).first()
        return JournalEntry(**row._mapping) if row else None

    def unfinished(self, site: str, edition: str, language: str) -> list[JournalEntry]:
        """What was started and has no end, oldest first: the process died, so nobody knows whether the site did it."""
        statement = (
            select(journal)
            .where(journal.c.site == site, journal.c.edition == edition, journal.c.language == language)
            .where(journal.c.finished_at.is_(None))
            .order_by(journal.c.id)
        )
        with self._database.read() as connection:
            return [JournalEntry(**row._mapping) for row in connection.execute(statement)]


def _end(connection: Connection, which: ColumnElement[bool], outcome: str, note: str = "") -> None:
    ended = {"finished_at": datetime.now(UTC), "outcome": outcome, "note": note}
    connection.execute(update(journal).where(which).values(ended))
