"""Remembers what was built, and from which source, so that a build with nothing new is skipped."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from sqlalchemy import ColumnElement, Row, select

from lms_toolkit.model import Package, PackageItem
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import packages
from lms_toolkit.store.upsert import upsert


class Packages:
    """One row for each module, language and format: the newest build."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, package: Package, source_sha256: str) -> None:
        """Remember a build; `source_sha256` is the digest of everything it was made from."""
        row = {
            **asdict(package),
            "path": str(package.path),
            "items": [asdict(item) for item in package.items],
            "notes": list(package.notes),
            "source_sha256": source_sha256,
        }
        with self._database.write() as connection:
            upsert(connection, packages, [row])

    def get(self, course_id: str, module_slug: str, language: str, format: str) -> Package | None:
        with self._database.read() as connection:
            row = connection.execute(select(packages).where(*_key(course_id, module_slug, language, format))).first()
        return _package(row) if row else None

    def source_sha256(self, course_id: str, module_slug: str, language: str, format: str) -> str | None:
        """The digest the newest build was made from; the same one again means there is nothing to build."""
        statement = select(packages.c.source_sha256).where(*_key(course_id, module_slug, language, format))
        with self._database.read() as connection:
            return connection.scalar(statement)

    def all(self, course_id: str | None = None) -> list[Package]:
        statement = select(packages).order_by(*packages.primary_key)
        if course_id is not None:
            statement = statement.where(packages.c.course_id == course_id)
        with self._database.read() as connection:
            return [_package(row) for row in connection.execute(statement)]


def _key(course_id: str, module_slug: str, language: str, format: str) -> tuple[ColumnElement[bool], ...]:
    values = {"course_id": course_id, "module_slug": module_slug, "language": language, "format": format}
    return tuple(packages.c[name] == value for name, value in values.items())


def _package(row: Row[tuple[object, ...]]) -> Package:
    values = dict(row._mapping)
    del values["source_sha256"]
    values["path"] = Path(values["path"])
    values["items"] = tuple(PackageItem(**item) for item in values["items"])
    values["notes"] = tuple(values["notes"])
    return Package(**values)
