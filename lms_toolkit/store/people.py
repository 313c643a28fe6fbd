"""Keeps accounts, the learners behind them, and who was seen on which course page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Row, select

from lms_toolkit.model import Learner, User
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import enrolments, learners, users
from lms_toolkit.store.upsert import row_of, slices, upsert


class People:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save_learner(self, learner: Learner) -> None:
        """Add a person, or update the name."""
        with self._database.write() as connection:
            upsert(connection, learners, [row_of(learner)])

    def link(self, site: str, user: User, learner_id: str) -> None:
        """Add or update an account and say who is behind it; the learner must have been saved."""
        with self._database.write() as connection:
            upsert(connection, users, [_user_row(site, user, learner_id)])

    def save_accounts(self, site: str, accounts: Iterable[tuple[User, Learner]]) -> None:
        """`save_learner` and `link` for many, in one transaction."""
        accounts = list(accounts)
        with self._database.write() as connection:
            upsert(connection, learners, [row_of(learner) for _, learner in accounts])
            upsert(connection, users, [_user_row(site, user, learner.id) for user, learner in accounts])

    def save_enrolments(self, site: str, course_ref: str, user_refs: Iterable[str], seen_at: datetime) -> None:
        """Remember that accounts were seen on a course page, with or without a grade."""
        rows = [{"site": site, "course_ref": course_ref, "user_ref": ref, "seen_at": seen_at} for ref in user_refs]
        with self._database.write() as connection:
            upsert(connection, enrolments, rows)

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

    def find(self, text: str) -> list[Learner]:
        """Learners whose id, name, username, e-mail or idnumber contains the text, whatever the case and accents."""
        # Compared here, because LIKE folds É on neither database and a store holds thousands of people, not millions.
        wanted = _folded(text)
        columns = (users.c.username, users.c.email, users.c.idnumber)
        statement = select(learners, *columns).join(users, isouter=True).order_by(learners.c.id)
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        found = {row.id: _learner(row) for row in rows if any(wanted in _folded(value or "") for value in row)}
        return list(found.values())


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _user_row(site: str, user: User, learner_id: str) -> dict[str, str]:
    return {**row_of(user), "site": site, "learner_id": learner_id}


def _learner(row: Row[tuple[str, ...]]) -> Learner:
    return Learner(id=row.id, name=row.name)


def _user(row: Row[tuple[str, ...]]) -> User:
    return User(
        ref=row.ref,
        username=row.username,
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        idnumber=row.idnumber,
    )
