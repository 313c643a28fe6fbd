"""What a certificate says, in its language: a record becomes the lines that the template sets.

The words are in `templates/certificates/strings.toml`, so that a translator needs neither Python nor typst.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from lms_certificates.record import decimal_text
from lms_toolkit.content import templates_path
from lms_toolkit.errors import ContentError
from lms_toolkit.model import CertificateRecord

_KEYS = (
    *(
        "certifies",
        "completed",
        "edition",
        "learning_time",
        "issued_on",
        "score",
        "modules",
        "code",
        "check",
        "offline",
    ),
    *("valid_until", "certifies_diploma", "completed_participation", "completed_diploma"),
    *(
        "signature_alt",
        "credential",
        "criteria_achievement",
        "criteria_participation",
        "criteria_diploma",
        "criteria_mark",
    ),
    *("qr_alt", "attachment", "decimal_point", "percent", "hours", "date", "first_day", "months"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """The wording of one language, checked to be complete."""

    language: str
    texts: Mapping[str, Any]

    def __getitem__(self, key: str) -> str:
        return str(self.texts[key])

    def long_date(self, day: date) -> str:
        """21 November 2026 · 1er janvier 2026 · 21 de noviembre de 2026."""
        number = self["first_day"] if day.day == 1 else str(day.day)
        return self["date"].format(day=number, month=self.texts["months"][day.month - 1], year=day.year)

    def number(self, value: float) -> str:
        return decimal_text(value).replace(".", self["decimal_point"])

    def percent(self, value: float) -> str:
        return self["percent"].format(number=self.number(value))

    def hours(self, value: float) -> str:
        return self["hours"].format(number=self.number(value))


def words_for(language: str, path: Path | None = None) -> Words:
    """The words of a language. Raises ContentError when there are none, or one is missing."""
    path = path or templates_path() / "certificates" / "strings.toml"
    tables = _tables(path)
    if language not in tables:
        known = ", ".join(sorted(tables))
        raise ContentError(f"certificates have no words in {language!r} (known: {known}); add [{language}] to {path}")
    texts = tables[language]
    for key in _KEYS:
        if key not in texts:
            raise ContentError(f"{path}: [{language}] lacks {key}; copy it from another language and translate it")
    if not (isinstance(texts["months"], list) and len(texts["months"]) == 12):
        raise ContentError(f"{path}: [{language}] months must list twelve names")
    return Words(language, texts)


@lru_cache(maxsize=4)
def _tables(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def verification_url(record: CertificateRecord) -> str:
    return f"{record.verify_url}{record.code}"


def lines_of(record: CertificateRecord, words: Words) -> dict[str, Any]:
    """Everything the template sets in type, worded."""
    url = verification_url(record)
    return {
        "language": record.language,
        "kind": record.kind,
        "document_title": f"{record.certificate_title} – {record.learner_name}",
        "issuer": record.issuer,
        "certificate_title": record.certificate_title,
        "learner_name": record.learner_name,
        "course_title": record.course_title,
        "facts": _facts(record, words),
        "modules": list(record.modules),
        "code": record.code,
        "url": url,
        "shown_url": url.removeprefix("https://"),
        "words": {
            **{key: words[key] for key in ("modules", "code", "check", "offline", "attachment", "credential")},
            "certifies": words["certifies_diploma" if record.kind == "diploma" else "certifies"],
            "completed": words["completed" if record.kind == "achievement" else f"completed_{record.kind}"],
            "qr_alt": words["qr_alt"].format(url=url),
        },
    }


def _facts(record: CertificateRecord, words: Words) -> list[tuple[str, str]]:
    facts = [
        (words["edition"], record.edition),
        (words["learning_time"], words.hours(record.learning_hours)),
        (words["issued_on"], words.long_date(record.issued_on)),
    ]
    if record.expires_on is not None:
        facts.append((words["valid_until"], words.long_date(record.expires_on)))
    if record.score_percent is not None:
        facts.append((words["score"], words.percent(record.score_percent)))
    return facts
