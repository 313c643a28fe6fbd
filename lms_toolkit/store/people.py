"""Keeps accounts, the learners behind them, and who was seen on which course page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Row, func, select, update

from lms_toolkit.model import Learner, Merge, User
from lms_toolkit.people import BY_ADDRESS, Trace, account_id, folded, names_agree
from lms_toolkit.store.engine import Database
from lms_toolkit.store.enrolments import NO_READING, see
from lms_toolkit.store.merging import known, merge, split
from lms_toolkit.store.schema import enrolments, learners, merges, participations, users
from lms_toolkit.store.upsert import insert, row_of, slices, upsert


class People:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save_learner(self, learner: Learner) -> None:
        """Add a person, or update the name."""
        with self._database.write() as connection:
            save_learners(connection, [learner])

    def link(self, site: str, user: User, learner_id: str) -> None:
        """Add or update an account and say who is behind it; the learner must have been saved."""
        with self._database.write() as connection:
            upsert(connection, users, [_user_row(site, user, learner_id)])

    def save_accounts(self, site: str, accounts: Iterable[tuple[User, Learner]]) -> None:
        """`save_learner` and `link` for many, in one transaction.

        A learner who was merged is the one merged into. An account that is new, and has no more in common with a known
        learner than an e-mail address, becomes a learner of its own where the names differ: `propose` will ask.
        """
        with self._database.write() as connection:
            save_accounts(connection, site, list(accounts))

    def save_enrolments(self, site: str, course_ref: str, user_refs: Iterable[str], seen_at: datetime) -> None:
        """Remember that accounts were seen on a course page, with or without a grade."""
        with self._database.write() as connection:
            see(connection, site, course_ref, list(user_refs), seen_at, NO_READING)

    def learners(self) -> list[Learner]:
        with self._database.read() as connection:
            return [_learner(row) for row in connection.execute(select(learners).order_by(learners.c.id))]

    def users(self, site: str) -> list[User]:
        statement = select(users).where(users.c.site == site).order_by(users.c.ref)
        with self._database.read() as connection:
            return [_user(row) for row in connection.execute(statement)]

    def accounts(self, site: str, user_refs: Sequence[str]) -> dict[str, tuple[User, Learner]]:
        """The accounts among `user_refs` that are known, by their ref, with the person behind each."""
        of_site = select(users, learners).join(learners).where(users.c.site == site)
        with self._database.read() as connection:
            rows = [
                row for some in slices(user_refs) for row in connection.execute(of_site.where(users.c.ref.in_(some)))
            ]
        return {row.ref: (_user(row), _learner(row)) for row in rows}

    def learner_of(self, site: str, user_ref: str) -> Learner | None:
        """The person behind an account, None if the account is not known."""
        known = self.accounts(site, [user_ref])
        return known[user_ref][1] if user_ref in known else None

    def enrolled(self, site: str, course_ref: str) -> dict[str, Learner]:
        """Everybody who was ever seen on a course page, by account ref."""
        statement = (
            select(users.c.ref, learners)
            .join(learners)
            .join(enrolments, (enrolments.c.site == users.c.site) & (enrolments.c.user_ref == users.c.ref))
            .where(enrolments.c.site == site, enrolments.c.course_ref == course_ref)
            .order_by(learners.c.id, users.c.ref)
        )
        with self._database.read() as connection:
            return {row.ref: _learner(row) for row in connection.execute(statement)}

    def get(self, learner_id: str) -> Learner | None:
        """The learner of this id, or of one that was merged into it."""
        with self._database.read() as connection:
            merged = connection.scalar(select(merges.c.learner_id).where(merges.c.merged_id == learner_id))
            row = connection.execute(select(learners).where(learners.c.id == (merged or learner_id))).first()
        return _learner(row) if row else None

    def accounts_of(self, learner_id: str) -> list[tuple[str, User]]:
        """A learner's accounts, each with its site."""
        statement = select(users).where(users.c.learner_id == learner_id).order_by(users.c.site, users.c.ref)
        with self._database.read() as connection:
            return [(row.site, _user(row)) for row in connection.execute(statement)]

    def rename(self, learner_id: str, name: str | None) -> Learner:
        """The name as the learner wants it, whatever sites say; None goes back to what they say."""
        with self._database.write() as connection:
            known(connection, learner_id)
            connection.execute(update(learners).where(learners.c.id == learner_id).values(chosen_name=name))
            return Learner(learner_id, known(connection, learner_id))

    def merge(self, said: Merge) -> Learner:
        """Make two learners one: see `merging.merge`."""
        with self._database.write() as connection:
            merge(connection, said)
            return Learner(said.learner_id, known(connection, said.learner_id))

    def split(self, site: str, user_ref: str) -> tuple[Learner, Learner]:
        """Make the person behind an account somebody else; who it was before and who it is now."""
        with self._database.write() as connection:
            before, after = split(connection, site, user_ref)
            return Learner(before, known(connection, before)), Learner(after, known(connection, after))

    def merges(self) -> list[Merge]:
        """Who was made one with whom, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(merges).order_by(merges.c.merged_at, merges.c.merged_id))
            return [Merge(**row._mapping) for row in rows]

    def traces(self) -> list[Trace]:
        """Everything two learners may turn out to have in common."""
        named = func.coalesce(learners.c.chosen_name, learners.c.name)
        of_users = select(users, named.label("learner_name")).join(learners).order_by(users.c.site, users.c.ref)
        with self._database.read() as connection:
            found = [
                Trace(row.learner_id, row.learner_name, row.email, row.idnumber, row.username, f"{row.site} {row.ref}")
                for row in connection.execute(of_users)
            ]
            rows = connection.execute(select(participations).order_by(participations.c.id))
            found += [Trace(row.learner_id, row.name, row.email, row.idnumber, "", row.imported_from) for row in rows]
        return found

    def find(self, text: str) -> list[Learner]:
        """Learners whose id, name, username, e-mail or idnumber contains the text, whatever the case and accents."""
        # Compared here, because LIKE folds É on neither database and a store holds thousands of people, not millions.
        wanted = folded(text)
        columns = (users.c.username, users.c.email, users.c.idnumber)
        statement = select(learners, *columns).join(users, isouter=True).order_by(learners.c.id)
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        found = {row.id: _learner(row) for row in rows if any(wanted in folded(value or "") for value in row)}
        return list(found.values())


def save_accounts(connection: Connection, site: str, accounts: Sequence[tuple[User, Learner]]) -> None:
    """See `People.save_accounts`."""
    settled = _settled(connection, site, accounts)
    # In one order whatever the site's: two pulls that share people would else wait for each other's rows for ever,
    # which PostgreSQL ends by giving up one of them.
    save_learners(connection, sorted((learner for _, learner in settled), key=lambda learner: learner.id))
    rows = [_user_row(site, user, learner.id) for user, learner in settled]
    upsert(connection, users, sorted(rows, key=lambda row: row["ref"]))


def save_learners(connection: Connection, people: Iterable[Learner], *, rename: bool = True) -> None:
    """Add people, or update the names that sites give them; a name that somebody chose stays."""
    rows = [row_of(learner) for learner in people]
    if rows:
        statement = insert(connection, learners)
        change = statement.on_conflict_do_update(index_elements=["id"], set_={"name": statement.excluded.name})
        connection.execute(change if rename else statement.on_conflict_do_nothing(index_elements=["id"]), rows)


def _settled(connection: Connection, site: str, accounts: Sequence[tuple[User, Learner]]) -> list[tuple[User, Learner]]:
    linked = _linked(connection, site, [user.ref for user, _ in accounts])
    settled, names = [], _names(connection, [learner.id for _, learner in accounts])
    for user, learner in accounts:
        one = replace(learner, id=names.merged.get(learner.id, learner.id))
        if linked.get(user.ref) != one.id and names.differ(one):
            one = replace(one, id=account_id(site, user.ref))
        names.known.setdefault(one.id, (one.name,))
        settled.append((user, one))
    return settled


@dataclass(frozen=True, slots=True)
class _Names:
    """Learners that are known, with the names they go by, and those that were merged into another."""

    known: dict[str, tuple[str, ...]]
    merged: dict[str, str]

    def differ(self, learner: Learner) -> bool:
        """Whether an e-mail address is all that makes somebody a known learner, and the names say otherwise."""
        names = self.known.get(learner.id)
        return (
            learner.id.startswith(BY_ADDRESS)
            and names is not None
            and not any(names_agree(name, learner.name) for name in names)
        )


def _names(connection: Connection, ids: Sequence[str]) -> _Names:
    merged: dict[str, str] = {}
    for some in slices(ids):
        rows = connection.execute(select(merges).where(merges.c.merged_id.in_(some)))
        merged.update((row.merged_id, row.learner_id) for row in rows)
    known: dict[str, tuple[str, ...]] = {}
    for some in slices([*ids, *merged.values()]):
        for row in connection.execute(select(learners).where(learners.c.id.in_(some))):
            known[row.id] = tuple(name for name in (row.name, row.chosen_name) if name)
    return _Names(known, merged)


def _linked(connection: Connection, site: str, refs: Sequence[str]) -> dict[str, str]:
    statement = select(users.c.ref, users.c.learner_id).where(users.c.site == site)
    return {
        row.ref: row.learner_id
        for some in slices(refs)
        for row in connection.execute(statement.where(users.c.ref.in_(some)))
    }


def learner_for(connection: Connection, learner: Learner, else_id: str) -> Learner:
    """The learner to whom a past participation belongs: as for accounts, or one of its own."""
    names = _names(connection, [learner.id])
    one = replace(learner, id=names.merged.get(learner.id, learner.id))
    return replace(one, id=else_id) if names.differ(one) else one


def _user_row(site: str, user: User, learner_id: str) -> dict[str, str]:
    return {**row_of(user), "site": site, "learner_id": learner_id}


def _learner(row: Row[tuple[str, ...]]) -> Learner:
    return Learner(id=row.id, name=row.chosen_name or row.name)


def _user(row: Row[tuple[str, ...]]) -> User:
    return User(
        ref=row.ref,
        username=row.username,
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        idnumber=row.idnumber,
    )
