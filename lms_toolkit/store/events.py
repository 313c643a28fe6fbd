"""Keeps what happened, before plugins are told of it."""

from __future__ import annotations

from sqlalchemy import select

from lms_toolkit.model import Event
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import events
from lms_toolkit.store.upsert import insert


class Events:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, *happened: Event) -> None:
        """Keep one event or several, all or none."""
        if not happened:
            return
        rows = [{"name": event.name, "at": event.at, "data": dict(event.data)} for event in happened]
        with self._database.write() as connection:
            connection.execute(insert(connection, events), rows)

    def all(self, name: str | None = None) -> list[Event]:
        """What happened, oldest first."""
        statement = select(events).order_by(events.c.id)
        if name is not None:
            statement = statement.where(events.c.name == name)
        with self._database.read() as connection:
            return [Event(row.name, row.at, row.data) for row in connection.execute(statement)]
