"""Remembers what was built, deployed, pulled, decided and issued. What is told to anybody is saved here first.

with open_store("sqlite:///data/store.db") as store:
    store.people.find("amina")
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType

from lms_toolkit.store.awards import Awards
from lms_toolkit.store.certificates import Certificates
from lms_toolkit.store.deciding import Deciding
from lms_toolkit.store.decisions import Decisions
from lms_toolkit.store.deliveries import Deliveries
from lms_toolkit.store.deployments import Deployments
from lms_toolkit.store.engine import Database
from lms_toolkit.store.events import Events
from lms_toolkit.store.history import History
from lms_toolkit.store.journal import Journal, JournalEntry
from lms_toolkit.store.locks import Locks
from lms_toolkit.store.outbox import Outbox
from lms_toolkit.store.packages import Packages
from lms_toolkit.store.participations import Participations
from lms_toolkit.store.people import People
from lms_toolkit.store.pulls import Pulls
from lms_toolkit.store.results import Results
from lms_toolkit.store.runs import Runs
from lms_toolkit.store.undecided import Undecided
from lms_toolkit.store.upgrading import upgrade

__all__ = ["JournalEntry", "Store", "open_store"]


class Store:
    """An open store, by topic. Every method is one transaction, and raises StoreError when the database refuses."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.packages = Packages(database)
        self.deployments = Deployments(database)
        self.journal = Journal(database)
        self.people = People(database)
        self.participations = Participations(database)
        self.results = Results(database)
        self.pulls = Pulls(database)
        self.history = History(database)
        self.awards = Awards(database)
        self.decisions = Decisions(database)
        self.deciding = Deciding(database)
        self.undecided = Undecided(database)
        self.outbox = Outbox(database)
        self.runs = Runs(database, self.outbox)
        self.certificates = Certificates(database, self.outbox)
        self.deliveries = Deliveries(database)
        self.events = Events(database)
        self._locks = Locks(database)

    def __repr__(self) -> str:
        return f"Store({self.database.place})"

    def lock(self, name: str) -> AbstractContextManager[None]:
        """One writer at a time: `with store.lock("deploy:staging:SURE-FR"):`; StoreError if another one is at it."""
        return self._locks.hold(name)

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(url: str) -> Store:
    """Open the store at a URL such as `sqlite:///data/store.db`, making or upgrading its tables when needed.

    Raises StoreError: URL, driver, rights, disk, or a store written by a newer lms-toolkit.
    """
    database = Database(url)
    try:
        upgrade(database)
    except BaseException:
        database.close()
        raise
    return Store(database)
