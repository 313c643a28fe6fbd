"""Keeps certificates: exactly one that stands for an award, however many processes issue it at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from lms_toolkit.errors import StoreError
from lms_toolkit.model import Certificate, CertificateRecord
from lms_toolkit.store.engine import Database
from lms_toolkit.store.outbox import Outbox
from lms_toolkit.store.schema import STANDING, certificates, status_places
from lms_toolkit.store.upsert import insert, slices


class Certificates:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    def save(self, certificate: Certificate) -> Certificate:
        """Keep the certificate of an award, unless it has one; the answer is the one that is kept."""
        return self.save_all([certificate])[0]

    def save_all(self, issued: Sequence[Certificate]) -> list[Certificate]:
        """`save` for many, in one transaction and in the same order."""
        if not issued:
            return []
        with self._database.write() as connection:
            statement = insert(connection, certificates)
            statement = statement.on_conflict_do_nothing(index_elements=["award_id"], index_where=STANDING)
            connection.execute(statement, [_row(certificate) for certificate in issued])
            standing: dict[str, Certificate] = {}
            for some in slices([certificate.record.award_id for certificate in issued]):
                of_awards = select(certificates).where(certificates.c.award_id.in_(some), STANDING)
                standing.update((row.award_id, _certificate(row)) for row in connection.execute(of_awards))
            self._post(connection, [one for one in issued if standing[one.record.award_id].code == one.code])
        return [standing[certificate.record.award_id] for certificate in issued]

    def replace(self, code: str, by: Certificate, at: datetime, reason: str) -> Certificate:
        """Keep a certificate in place of another one of the same award, which is revoked; the answer is the new one.

        Raises StoreError when the other one does not stand any more.
        """
        standing = update(certificates).where(
            certificates.c.code == code, STANDING, certificates.c.award_id == by.record.award_id
        )
        with self._database.write() as connection:
            replaced = connection.execute(
                standing.values(
                    replaced_by=by.code,
                    revoked_at=func.coalesce(certificates.c.revoked_at, at),
                    revocation_reason=reason,
                )
            )
            if replaced.rowcount != 1:
                raise StoreError(f"the certificate {code} does not stand any more; somebody replaced it meanwhile")
            connection.execute(insert(connection, certificates).values(_row(by)))
            self._post(connection, [by])
        return by

    def _post(self, connection: Connection, issued: Sequence[Certificate]) -> None:
        """Put into the outbox that these were issued, in the transaction that keeps them."""
        by_time: dict[datetime, list[tuple[str, dict[str, str]]]] = {}
        for one in issued:
            told = {"code": one.code, **{name: getattr(one.record, name) for name in _TOLD}}
            by_time.setdefault(one.issued_at, []).append((one.code, told))
        for at, facts in by_time.items():
            self._outbox.post(connection, "certificate.issued", facts, at)

    def restore(self, certificate: Certificate) -> bool:
        """Keep a certificate that was issued before the store was lost; False when its code is known already."""
        with self._database.write() as connection:
            statement = insert(connection, certificates).values(_row(certificate))
            statement = statement.on_conflict_do_nothing(index_elements=["code"])
            # Of an insert, one of the drivers counts no rows; what was inserted is returned by both.
            if connection.execute(statement.returning(certificates.c.code)).first() is None:
                return False
            if certificate.status_index is not None:
                taken = insert(connection, status_places).values(place=certificate.status_index)
                connection.execute(taken.on_conflict_do_nothing(index_elements=["place"]))
        return True

    def by_award(self, award_id: str) -> Certificate | None:
        """The certificate that stands for an award: the last one, where one was replaced."""
        return self._one((certificates.c.award_id == award_id) & STANDING)

    def of_awards(self, award_ids: Sequence[str]) -> dict[str, Certificate]:
        """The certificates that stand for some awards, by award; nothing for an award that has none."""
        with self._database.read() as connection:
            return {
                row.award_id: _certificate(row)
                for some in slices(award_ids)
                for row in connection.execute(select(certificates).where(certificates.c.award_id.in_(some), STANDING))
            }

    def by_code(self, code: str) -> Certificate | None:
        return self._one(certificates.c.code == code)

    def _one(self, condition: ColumnElement[bool]) -> Certificate | None:
        with self._database.read() as connection:
            row = connection.execute(select(certificates).where(condition)).first()
        return _certificate(row) if row else None

    def all(self, edition: str | None = None) -> list[Certificate]:
        statement = select(certificates).order_by(certificates.c.issued_at, certificates.c.code)
        if edition is not None:
            statement = statement.where(certificates.c.edition == edition)
        with self._database.read() as connection:
            return [_certificate(row) for row in connection.execute(statement)]

    def reserve_places(self, count: int, per_list: int) -> list[int]:
        """So many places of the status lists, drawn by lot, that nobody else is given.

        By lot, because neighbours in a list would otherwise be people who finished on the same day. A new list is begun
        when the others are half full.
        """
        with self._database.write() as connection:
            if connection.dialect.name == "postgresql":
                # Two who draw at once see nothing of each other's lots; SQLite has one writer at a time anyway.
                connection.exec_driver_sql("LOCK TABLE status_places IN SHARE ROW EXCLUSIVE MODE")
            taken = set(connection.scalars(select(status_places.c.place)))
            room = per_list * ((len(taken) + count) * 2 // per_list + 1)
            drawn: list[int] = []
            while len(drawn) < count:
                place = secrets.randbelow(room)
                if place not in taken:
                    taken.add(place)
                    drawn.append(place)
            if drawn:
                connection.execute(insert(connection, status_places), [{"place": place} for place in drawn])
        return drawn

    def has_credentials(self) -> bool:
        """Whether any certificate has a place in a status list."""
        with self._database.read() as connection:
            found = connection.execute(
                select(certificates.c.code).where(certificates.c.status_index.is_not(None)).limit(1)
            )
            return found.first() is not None

    def last_place(self) -> int:
        """The highest place that was ever given, 0 when none was."""
        with self._database.read() as connection:
            return connection.scalar(select(func.max(status_places.c.place))) or 0

    def revoked_places(self) -> set[int]:
        """The places of the status lists whose certificates were revoked or replaced."""
        revoked = select(certificates.c.status_index).where(
            certificates.c.status_index.is_not(None), certificates.c.revoked_at.is_not(None)
        )
        with self._database.read() as connection:
            return set(connection.scalars(revoked))

    def revoke(self, code: str, at: datetime, reason: str) -> Certificate:
        """Mark a certificate as no longer valid. Revoking again changes nothing: the first time and reason stay."""
        unrevoked = update(certificates).where(certificates.c.code == code, certificates.c.revoked_at.is_(None))
        with self._database.write() as connection:
            connection.execute(unrevoked.values(revoked_at=at, revocation_reason=reason))
        revoked = self.by_code(code)
        if revoked is None:
            raise StoreError(f"no certificate has the code {code}; lms-toolkit certificates list shows those there are")
        return revoked


_DATES = ("issued_on", "expires_on")
_TOLD = ("course_id", "edition", "language", "kind")
"""What the outbox is told of a certificate: nothing about the person."""


def _row(certificate: Certificate) -> dict[str, object]:
    record = asdict(certificate.record)
    return {
        "code": certificate.code,
        "award_id": certificate.record.award_id,
        "edition": certificate.record.edition,
        "record": {**record, **{name: _text(record[name]) for name in _DATES}},
        "signed_json": certificate.signed_json,
        "pdf_path": certificate.pdf_path,
        "pdf_sha256": certificate.pdf_sha256,
        "issued_at": certificate.issued_at,
        "revoked_at": certificate.revoked_at,
        "revocation_reason": certificate.revocation_reason,
        "credential_json": certificate.credential_json,
        "status_index": certificate.status_index,
        "replaced_by": certificate.replaced_by,
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _certificate(row: Row[tuple[Any, ...]]) -> Certificate:
    dates = {name: date.fromisoformat(row.record[name]) for name in _DATES if row.record.get(name)}
    record = {**row.record, **dates}
    return Certificate(
        record=CertificateRecord(**{**record, "modules": tuple(record["modules"])}),
        signed_json=row.signed_json,
        pdf_path=row.pdf_path,
        pdf_sha256=row.pdf_sha256,
        issued_at=row.issued_at,
        revoked_at=row.revoked_at,
        revocation_reason=row.revocation_reason,
        credential_json=row.credential_json,
        status_index=row.status_index,
        replaced_by=row.replaced_by,
    )
