"""What the certificate of an award says: award, course, edition and learner become a record, and its achievement."""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from datetime import date, datetime

from lms_toolkit.codes import new_code
from lms_toolkit.config import CertificateConfig
from lms_toolkit.errors import ContentError
from lms_toolkit.model import Achievement, Award, CertificateRecord, Course, Edition, Learner, Localized


def record_of(
    award: Award, course: Course, edition: Edition, learner: Learner, config: CertificateConfig, at: datetime
) -> CertificateRecord:
    """The record of a new certificate. Raises ContentError for a text that is missing."""
    language = award.language
    rule = course.rule_of(edition)
    is_participation = award.kind == "participation" and rule.participation is not None
    title = rule.participation.title if is_participation and rule.participation else rule.title
    return CertificateRecord(
        code=new_code(),
        award_id=award.id,
        learner_name=printed_name(learner.name, award),
        course_id=course.id,
        course_title=_said({**course.title, **edition.title}, language, "the course has no title"),
        certificate_title=_said(title, language, "the certificate has no title"),
        edition=edition.code,
        language=language,
        issued_on=at.date(),
        issuer=clean(config.issuer),
        learning_hours=round(edition.learning_hours, 2),
        verify_url=config.verify_url,
        score_percent=_shown_score(award) if rule.show_score else None,
        modules=tuple(
            _said(course.module(slug).title, language, f"module {slug} has no title")
            for phase in edition.phases
            for slug in phase.modules
            if course.module(slug).is_given_in(language)
        ),
        kind=award.kind,
        expires_on=months_after(at.date(), rule.valid_months) if rule.valid_months else None,
    )


def achievement_of(award: Award, course: Course, edition: Edition) -> Achievement:
    """What the certificate is for, in every language of the course."""
    takes_part = award.kind == "participation"
    return Achievement(
        titles={language: clean(text) for language, text in {**course.title, **edition.title}.items()},
        summaries={language: clean(text) for language, text in course.summary.items()},
        pass_mark_percent=None if takes_part else course.rule_of(edition).pass_mark_percent,
    )


def printed_name(name: str, award: Award) -> str:
    """A name as it is printed. Raises ContentError when there is none."""
    printed = clean(name)
    if not printed:
        raise ContentError(f"award {award.id}: its learner has no name; give the account one and pull again")
    return printed


def clean(text: str) -> str:
    """One spelling per text: é may also arrive as e + ´, and a name with a stray double space."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of a month that is too short for it."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _shown_score(award: Award) -> float | None:
    return None if award.score_percent is None else round(award.score_percent, 2)


def _said(texts: Localized, language: str, lacking: str) -> str:
    if not texts.get(language):
        raise ContentError(f"{lacking} in {language!r}; add it to course.toml")
    return clean(texts[language])
