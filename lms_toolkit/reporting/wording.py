"""The words of a report, and its numbers and days as its language writes them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from lms_toolkit.content import templates_path

LANGUAGES = ("en", "fr", "es")


@lru_cache(maxsize=len(LANGUAGES))
def _texts(language: str) -> dict[str, str]:
    path = templates_path() / "report" / "strings.toml"
    texts: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))[language]
    return texts


@dataclass(frozen=True, slots=True)
class Wording:
    """What a report says in one language; times are shown in `timezone`."""

    language: str
    timezone: str

    @property
    def texts(self) -> dict[str, str]:
        return _texts(self.language)

    def say(self, key: str, **values: object) -> str:
        return self.texts[key].format(**values)

    def number(self, value: float, digits: int = 0) -> str:
        """A number with so many decimals, cut and never rounded up: 59.99 must not read as 60."""
        cut = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_DOWN)
        return _number(str(cut + 0), digits, self.language)  # + 0: there is no “-0”

    def percent(self, value: float) -> str:
        space = "" if self.language == "en" else "\u00a0"
        shown = self.number(value, 1)
        return f"{shown.removesuffix('.0').removesuffix(',0')}{space}%"

    def day(self, day: date) -> str:
        return _day(day, self.language)

    def moment(self, moment: datetime) -> str:
        there = moment.astimezone(ZoneInfo(self.timezone))
        return f"{_day(there.date(), self.language)}, {there:%H:%M}"

    def day_of(self, moment: datetime) -> str:
        """The day it was, where the edition is."""
        return _day(moment.astimezone(ZoneInfo(self.timezone)).date(), self.language)


def wording_for(language: str, timezone: str) -> Wording:
    """In the language of the course page; in English where there are no words in that one."""
    base = language.replace("_", "-").partition("-")[0]
    return Wording(base if base in LANGUAGES else LANGUAGES[0], timezone)


@lru_cache(maxsize=1 << 12)
def _day(day: date, language: str) -> str:
    from babel.dates import format_date

    return format_date(day, "d MMMM y" if language != "es" else "d 'de' MMMM 'de' y", locale=language)


@lru_cache(maxsize=1 << 12)
def _number(text: str, digits: int, language: str) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
    return format_decimal(Decimal(text), pattern, locale=language)
