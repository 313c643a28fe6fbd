"""Column types that keep what the records promise: aware UTC times, and numbers exactly as they were given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times in, aware UTC times out, also on SQLite, which knows no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("the store takes aware times only; add tzinfo=UTC")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Remembers times: a run writes the same one into 100,000 rows, and SQLite's texts are slow to make."""
        process = super().bind_processor(dialect)
        return lru_cache(maxsize=1 << 10)(process) if process else None

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactNumber(TypeDecorator[float]):
    """A number as the shortest text that gives it back.

    Rules compare decimal text (59.99 is not 60), and SQLite turns "not a number" into NULL: a grade no rule may accept
    would come back as one that was never given.
    """

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: float | None, _dialect: Dialect) -> str | None:
        return None if value is None else repr(float(value))

    def process_result_value(self, value: Any, _dialect: Dialect) -> float | None:
        return None if value is None else float(value)
