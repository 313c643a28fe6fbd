"""Where the store keeps something about a person: worked out from the tables, so that a new one is not forgotten.

A row is about a person when it names the learner, one of the learner's accounts, or a row that does. Tables without any
of these are in `ABOUT_NOBODY`, each with its reason; a test lets no table be in neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, false, or_, select

from lms_toolkit.store.schema import awards, certificates, learners, merges, metadata, users

ABOUT_NOBODY = {
    "decided_pages": "by which rule a course page was decided",
    "deployments": "what is on a site",
    "journal": "what was written to a site",
    "locks": "which process is at work",
    "packages": "what was built",
    "pull_cursors": "where a pull goes on",
    "pulls": "how much a pull read",
    "status_places": "numbers, without whose they are",
    "sync_runs": "how a run went",
}
"""Tables without people, and what is in them."""

ERASED = "erased:"
"""How the id of a learner begins of whom nothing is left but certificates."""
TOLD = ("events", "outbox")
"""Tables whose column `data` names people by the ids of learners and awards, and by the codes of certificates."""


@dataclass(frozen=True, slots=True)
class Person:
    """A learner with the ids of those who were merged into it, and the accounts, each a site and its ref."""

    learner_id: str
    ids: tuple[str, ...]
    accounts: tuple[tuple[str, str], ...]


def person(connection: Connection, learner_id: str) -> Person:
    """Everything a learner goes by."""
    merged = connection.scalars(select(merges.c.merged_id).where(merges.c.learner_id == learner_id))
    of_learner = select(users.c.site, users.c.ref).where(users.c.learner_id == learner_id)
    accounts = tuple((row.site, row.ref) for row in connection.execute(of_learner.order_by(users.c.site, users.c.ref)))
    return Person(learner_id, (learner_id, *sorted(merged)), accounts)


def personal_tables() -> Iterator[Table]:
    """The tables with people in them, those that others refer to first."""
    nobody = Person("", (), ())
    for table in metadata.sorted_tables:
        if condition(table, nobody) is not None:
            yield table


def condition(table: Table, who: Person) -> ColumnElement[bool] | None:
    """Which rows of a table are about a person, None for a table that has no place for people."""
    if table.name in ABOUT_NOBODY:
        return None
    if table is learners:
        return learners.c.id.in_(who.ids)
    if table.name in TOLD:
        return _in_data(table, who)
    ways = [*_by_account(table, who), *_by_reference(table, who)]
    if "learner_id" in table.c and not table.c.learner_id.foreign_keys:
        ways.append(table.c.learner_id.in_(who.ids))
    return or_(*ways) if ways else None


def _by_account(table: Table, who: Person) -> Iterator[ColumnElement[bool]]:
    if {"site", "user_ref"} <= set(table.c.keys()):
        same = (and_(table.c.site == site, table.c.user_ref == ref) for site, ref in who.accounts)
        yield or_(false(), *same)


def _by_reference(table: Table, who: Person) -> Iterator[ColumnElement[bool]]:
    for column in table.columns:
        for key in column.foreign_keys:
            parent = key.column.table
            inner = condition(parent, who)
            if parent is learners:
                yield column.in_(who.ids)
            elif parent is not table and inner is not None:
                yield column.in_(select(key.column).where(inner))


def _in_data(table: Table, who: Person) -> ColumnElement[bool]:
    own_awards = select(awards.c.id).where(awards.c.learner_id.in_(who.ids))
    own_codes = select(certificates.c.code).where(certificates.c.award_id.in_(own_awards))
    return or_(
        table.c.data["learner_id"].as_string().in_(who.ids),
        table.c.data["award_id"].as_string().in_(own_awards),
        table.c.data["code"].as_string().in_(own_codes),
    )


def rows_about(connection: Connection, who: Person) -> dict[str, list[dict[str, Any]]]:
    """Every row about a person by the name of its table, as JSON can hold it; tables without any are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in personal_tables():
        about = condition(table, who)
        assert about is not None
        rows = connection.execute(select(table).where(about).order_by(*table.primary_key.columns))
        if some := [{name: _plain(value) for name, value in row._mapping.items()} for row in rows]:
            found[table.name] = some
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return str(value)  # JSON has no word for it
    return value
