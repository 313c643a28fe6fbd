"""Keeps which certificates were put into whose area of which site, and works out what is left to do there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, and_, delete, or_, select

from lms_toolkit.model import Deployment
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import awards, certificates, deliveries, enrolments, users
from lms_toolkit.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Due:
    """A certificate that is to come to the area of an account, or to go from it."""

    action: Literal["deliver", "remove"]
    code: str
    user_ref: str
    filename: str


class Deliveries:
    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, page: Deployment, *, again: bool = False) -> list[Due]:
        """What is left to do for a course page; what has to go comes first.

        A certificate that stands is due in the accounts of its holder that are on the page, once; with `again`, also
        where it was put before. What was put there has to go when it is revoked or replaced, or when the account
        turned out to be somebody else's.
        """
        with self._database.read() as connection:
            return [*_to_remove(connection, page), *_to_deliver(connection, page, again=again)]

    def keep(self, page: Deployment, done: Due, sha256: str, at: datetime) -> None:
        """Remember that a file was put there; `sha256` is of its bytes."""
        row = {
            "site": page.site,
            "user_ref": done.user_ref,
            "code": done.code,
            "course_ref": page.course_ref,
            "filename": done.filename,
            "sha256": sha256,
            "delivered_at": at,
        }
        with self._database.write() as connection:
            upsert(connection, deliveries, [row])

    def forget(self, page: Deployment, done: Due) -> None:
        """Remember that a file is there no longer."""
        same = and_(
            deliveries.c.site == page.site, deliveries.c.user_ref == done.user_ref, deliveries.c.code == done.code
        )
        with self._database.write() as connection:
            connection.execute(delete(deliveries).where(same))


def filename_of(code: str) -> str:
    """The name under which its holder sees a certificate; the same for ever, so that it is found again."""
    return f"certificate-{code}.pdf"


def _to_remove(connection: Connection, page: Deployment) -> list[Due]:
    statement = (
        select(deliveries.c.code, deliveries.c.user_ref, deliveries.c.filename)
        .join(certificates, certificates.c.code == deliveries.c.code)
        .join(awards, awards.c.id == certificates.c.award_id)
        .outerjoin(users, (users.c.site == deliveries.c.site) & (users.c.ref == deliveries.c.user_ref))
        .where(
            deliveries.c.site == page.site,
            deliveries.c.course_ref == page.course_ref,
            certificates.c.edition == page.edition,
            or_(certificates.c.revoked_at.is_not(None), users.c.learner_id != awards.c.learner_id),
        )
        .order_by(deliveries.c.code, deliveries.c.user_ref)
    )
    return [Due("remove", row.code, row.user_ref, row.filename) for row in connection.execute(statement)]


def _to_deliver(connection: Connection, page: Deployment, *, again: bool) -> list[Due]:
    not_there = deliveries.c.code.is_(None)
    statement = (
        select(certificates.c.code, users.c.ref)
        .join(awards, awards.c.id == certificates.c.award_id)
        .join(users, (users.c.learner_id == awards.c.learner_id) & (users.c.site == page.site))
        .join(enrolments, (enrolments.c.site == users.c.site) & (enrolments.c.user_ref == users.c.ref))
        .outerjoin(
            deliveries,
            and_(
                deliveries.c.site == users.c.site,
                deliveries.c.user_ref == users.c.ref,
                deliveries.c.code == certificates.c.code,
            ),
        )
        .where(
            certificates.c.edition == page.edition,
            awards.c.course_id == page.course_id,
            certificates.c.revoked_at.is_(None),
            certificates.c.signed_json != "",
            enrolments.c.course_ref == page.course_ref,
            enrolments.c.left_at.is_(None),
            or_(not_there, deliveries.c.course_ref == page.course_ref) if again else not_there,
        )
        .order_by(certificates.c.issued_at, certificates.c.code, users.c.ref)
    )
    return [Due("deliver", row.code, row.ref, filename_of(row.code)) for row in connection.execute(statement)]
