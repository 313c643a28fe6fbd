"""Remembers where each edition was deployed, and what each step of it did."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Row, select

from lms_toolkit.model import Deployment, StepResult
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import deployments
from lms_toolkit.store.upsert import upsert


class Deployments:
    """One row for each site, edition and language: the newest deployment."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, deployment: Deployment) -> None:
        row = {**asdict(deployment), "results": [asdict(result) for result in deployment.results]}
        with self._database.write() as connection:
            upsert(connection, deployments, [row])

    def get(self, site: str, edition: str, language: str) -> Deployment | None:
        statement = select(deployments).where(
            deployments.c.site == site, deployments.c.edition == edition, deployments.c.language == language
        )
        with self._database.read() as connection:
            row = connection.execute(statement).first()
        return _deployment(row) if row else None

    def all(self) -> list[Deployment]:
        with self._database.read() as connection:
            rows = connection.execute(select(deployments).order_by(*deployments.primary_key))
            return [_deployment(row) for row in rows]


def _deployment(row: Row[tuple[object, ...]]) -> Deployment:
    values = dict(row._mapping)
    values["results"] = tuple(StepResult(**result) for result in values["results"])
    return Deployment(**values)
