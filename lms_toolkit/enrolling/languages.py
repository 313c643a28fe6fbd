"""Puts people into the group of their language, where a course page has several: it opens what is in that language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lms_toolkit.enrolling.sheets import fault
from lms_toolkit.model import STUDENT, Deployment, Enrolment, Finding, language_group


def into_language_groups(
    people: Sequence[Enrolment], deployment: Deployment, path: Path, default: str | None = None
) -> tuple[list[Enrolment], list[Finding]]:
    """Learners with the group of their language among their groups, and those who are left out because they have none.

    `default` is the language of those of whom the list at `path` does not say it. Tutors see every language, and a page
    in one language needs no such groups.
    """
    if len(deployment.languages) == 1:
        return list(people), []
    placed: list[Enrolment] = []
    findings: list[Finding] = []
    for person in people:
        language = _language_of(person, deployment, default)
        if person.role != STUDENT:
            placed.append(person)
        elif language:
            group = language_group(language).partition(":")[2]
            placed.append(replace(person, groups=tuple(dict.fromkeys((*person.groups, group)))))
        else:
            findings += [_without(person, deployment, path, row) for row in person.rows or (0,)]
    return placed, findings


def _language_of(person: Enrolment, deployment: Deployment, default: str | None) -> str | None:
    """The page's language that is meant: `fr_ca` is French where no Canadian French is given."""
    if not person.language:
        return default
    wanted = person.language.lower().replace("_", "-")
    named = {language.lower().replace("_", "-"): language for language in deployment.languages}
    return named.get(wanted) or named.get(wanted.partition("-")[0])


def _without(person: Enrolment, deployment: Deployment, path: Path, row: int) -> Finding:
    given_in = ", ".join(deployment.languages)
    if person.language:
        message = f"is in {person.language}, and {deployment.edition} is given in {given_in}"
        return fault("language-not-given", message, path, row, "correct the column “language”")
    message = f"has no language, and the page of {deployment.edition} has several ({given_in})"
    return fault("missing-language", message, path, row, "fill the column “language”, or give --lang for all without")
