"""Keeps certificates: exactly one for an award, however many processes issue it at once."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from lms_toolkit.errors import StoreError
from lms_toolkit.model import Certificate, CertificateRecord
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import certificates
from lms_toolkit.store.upsert import insert


class Certificates:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, certificate: Certificate) -> Certificate:
        """Keep the certificate of an award, unless it has one; the answer is the one that is kept."""
        award_id = certificate.record.award_id
        with self._database.write() as connection:
            statement = insert(connection, certificates).values(_row(certificate))
            connection.execute(statement.on_conflict_do_nothing(index_elements=["award_id"]))
            return _certificate(
                connection.execute(select(certificates).where(certificates.c.award_id == award_id)).one()
            )

    def by_award(self, award_id: str) -> Certificate | None:
        return self._one(certificates.c.award_id == award_id)

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

    def revoke(self, code: str, at: datetime, reason: str) -> Certificate:
        """Mark a certificate as no longer valid. Revoking again changes nothing: the first time and reason stay."""
        unrevoked = update(certificates).where(certificates.c.code == code, certificates.c.revoked_at.is_(None))
        with self._database.write() as connection:
            connection.execute(unrevoked.values(revoked_at=at, revocation_reason=reason))
        revoked = self.by_code(code)
        if revoked is None:
            raise StoreError(f"no certificate has the code {code}; lms-toolkit certificates list shows those there are")
        return revoked


def _row(certificate: Certificate) -> dict[str, object]:
    record = asdict(certificate.record)
    return {
        "code": certificate.code,
        "award_id": certificate.record.award_id,
        "edition": certificate.record.edition,
        "record": {**record, "issued_on": certificate.record.issued_on.isoformat()},
        "signed_json": certificate.signed_json,
        "pdf_path": certificate.pdf_path,
        "pdf_sha256": certificate.pdf_sha256,
        "issued_at": certificate.issued_at,
        "revoked_at": certificate.revoked_at,
        "revocation_reason": certificate.revocation_reason,
    }


def _certificate(row: Row[tuple[Any, ...]]) -> Certificate:
    record = {**row.record, "issued_on": date.fromisoformat(row.record["issued_on"])}
    return Certificate(
        record=CertificateRecord(**{**record, "modules": tuple(record["modules"])}),
        signed_json=row.signed_json,
        pdf_path=row.pdf_path,
        pdf_sha256=row.pdf_sha256,
        issued_at=row.issued_at,
        revoked_at=row.revoked_at,
        revocation_reason=row.revocation_reason,
    )
