"""Keeps how each sync of a page or a programme went; the outbox learns of the first failure in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, select, update

from lms_toolkit.store.engine import Database
from lms_toolkit.store.outbox import Outbox
from lms_toolkit.store.schema import sync_runs

RunOutcome = Literal["synced", "failed", "interrupted"]
KEPT_DAYS = 30
"""Older runs are forgotten when the next one of the page starts."""


class Subject(Protocol):
    """What a run is about: a course page that was deployed; or a programme, whose site and language are empty."""

    @property
    def site(self) -> str: ...
    @property
    def edition(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class SyncRun:
    """One sync of one course page, or of one programme. `outcome` is None while it runs; a run that was killed is
    `interrupted` once the next one starts. `changed` results, `decided` news and `issued` certificates are what was
    new."""

    id: int
    site: str
    edition: str
    language: str
    started_at: datetime
    finished_at: datetime | None
    outcome: RunOutcome | None
    users: int
    changed: int
    decided: int
    issued: int
    note: str


class Runs:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    def start(self, subject: Subject, at: datetime) -> int:
        """Begin a run and return its number. Only for who holds the lock of the subject: what is open has died."""
        page = _page(subject.site, subject.edition, subject.language)
        died = update(sync_runs).where(page, sync_runs.c.outcome.is_(None))
        old = delete(sync_runs).where(page, sync_runs.c.started_at < at - timedelta(days=KEPT_DAYS))
        begun = sync_runs.insert().values(
            site=subject.site,
            edition=subject.edition,
            language=subject.language,
            started_at=at,
            users=0,
            changed=0,
            decided=0,
            issued=0,
            note="",
        )
        with self._database.write() as connection:
            connection.execute(died.values(outcome="interrupted"))
            connection.execute(old)
            return int(connection.execute(begun.returning(sync_runs.c.id)).scalar_one())

    def finish(self, id: int, outcome: RunOutcome, at: datetime, counts: Mapping[str, int], note: str = "") -> None:
        """End a run. The office is told when a page begins to fail, and not again until it went well once."""
        ended = update(sync_runs).where(sync_runs.c.id == id)
        ended = ended.values(outcome=outcome, finished_at=at, note=note, **counts)
        with self._database.write() as connection:
            row = connection.execute(ended.returning(*sync_runs.columns)).one()
            if outcome == "failed" and not _failed_before(connection, row):
                # With its time: SQLite gives a number again once the runs that had it, and all later ones, are gone.
                subject = f"{row.site}/{row.edition}/{row.language}#{id} {row.started_at:%Y-%m-%d %H:%M:%S}"
                data = {"site": row.site, "edition": row.edition, "language": row.language, "problem": note}
                self._outbox.post(connection, "sync.failed", [(subject, data)], at)

    def last(self, site: str, edition: str, language: str) -> SyncRun | None:
        """The newest run of a page."""
        statement = select(sync_runs).where(_page(site, edition, language)).order_by(sync_runs.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(statement).first()
        return SyncRun(**row._mapping) if row else None

    def latest(self) -> list[SyncRun]:
        """The newest run of each page and each programme."""
        newest = select(func.max(sync_runs.c.id)).group_by(sync_runs.c.site, sync_runs.c.edition, sync_runs.c.language)
        statement = select(sync_runs).where(sync_runs.c.id.in_(newest))
        order = (sync_runs.c.edition, sync_runs.c.language, sync_runs.c.site)
        with self._database.read() as connection:
            return [SyncRun(**row._mapping) for row in connection.execute(statement.order_by(*order))]


def _page(site: str, edition: str, language: str) -> ColumnElement[bool]:
    return and_(sync_runs.c.site == site, sync_runs.c.edition == edition, sync_runs.c.language == language)


def _failed_before(connection: Connection, run: Row[tuple[Any, ...]]) -> bool:
    """Whether the run before this one failed too; one that was killed says nothing."""
    page = _page(run.site, run.edition, run.language)
    before = (
        select(sync_runs.c.outcome)
        .where(page, sync_runs.c.id < run.id, sync_runs.c.outcome != "interrupted")
        .order_by(sync_runs.c.id.desc())
        .limit(1)
    )
    return connection.scalar(before) == "failed"
