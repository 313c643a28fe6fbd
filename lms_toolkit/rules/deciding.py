"""Decides whether a learner earned an edition's certificate: the host's answer to `lms_decide_award`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lms_toolkit.model import (
    Award,
    CertificateKind,
    Completion,
    Course,
    Decision,
    Edition,
    Grade,
    Learner,
    Reason,
)
from lms_toolkit.result_rows import GradeRow, completion_rows, grade_rows
from lms_toolkit.rules.facts import Facts, Found, Score, source_of
from lms_toolkit.rules.page import Asked, Entry, Page, page_of
from lms_toolkit.rules.requirements import requirement_reasons, was_done
from lms_toolkit.rules.totals import Total, total_of


@dataclass(frozen=True, slots=True)
class _Standing:
    """One learner on one page: what was found, and the extensions that somebody decided."""

    page: Page
    found: Found
    extended: Mapping[str, datetime]

    def facts(self, entry: Entry) -> Facts:
        limit = self.page.limit(entry.slug, self.extended) if self.page.limits else None
        return self.found.facts(entry.key, limit)


def decide_award(
    course: Course,
    edition: Edition,
    language: str,
    learner: Learner,
    grades: Sequence[Grade],
    completions: Sequence[Completion],
    decisions: Sequence[Decision] = (),
) -> Award:
    """Apply the certification rule of `course.toml` to what one learner has done on one course page.

    `grades` and `completions` are those of all the learner's accounts there, and of no other course page. Of the
    `decisions`, extensions move deadlines here; `with_decisions` settles the others, for every rule alike.
    """
    page = page_of(course, edition, language)
    rows = grade_rows(grades)
    standing = _Standing(page, Found(rows, completion_rows(completions)), _extended(decisions))
    assessed, scores = _assessed(standing)
    total = total_of(page.weighted, scores)
    reasons = (
        *_recalculation(rows),
        *assessed,
        *_elective_reasons(standing),
        *(_required_reason(standing, slug) for slug in page.rule.required),
        *requirement_reasons(page, page.rule.requirements, standing.facts),
        _pass_mark_reason(page, total),
    )
    return _award(page, learner, reasons, "achievement", None if total is None else total.shown)


def decide_participation(
    course: Course,
    edition: Edition,
    language: str,
    learner: Learner,
    grades: Sequence[Grade],
    completions: Sequence[Completion],
    decisions: Sequence[Decision] = (),
) -> Award | None:
    """Apply the rule of the certificate of participation; None where the edition has none."""
    page = page_of(course, edition, language)
    rule = page.rule.participation
    if rule is None:
        return None
    rows = grade_rows(grades)
    standing = _Standing(page, Found(rows, completion_rows(completions)), _extended(decisions))
    reasons = (*_recalculation(rows), *requirement_reasons(page, rule.requirements, standing.facts))
    return _award(page, learner, reasons, "participation", None)


def _extended(decisions: Sequence[Decision]) -> dict[str, datetime]:
    extended: dict[str, datetime] = {}
    for one in decisions:
        if one.stands and one.until is not None:
            extended[one.rule] = max(one.until, extended.get(one.rule, one.until))
    return extended


def _award(
    page: Page, learner: Learner, reasons: tuple[Reason, ...], kind: CertificateKind, score: float | None
) -> Award:
    return Award(
        learner_id=learner.id,
        course_id=page.course.id,
        edition=page.edition.code,
        language=page.language,
        earned=all(reason.met for reason in reasons),
        score_percent=score,
        reasons=reasons,
        decided_at=datetime.now(UTC),
        kind=kind,
    )


def _recalculation(grades: Sequence[GradeRow]) -> Iterator[Reason]:
    """A site that has not finished adding up may still change what it said."""
    for where, item, _, source, _, _, _, waits in grades:
        if waits:
            fact = "the site has still to add up its grades; pull again later"
            yield Reason("recalculated", False, fact, f"{where}, {item} ({source})")
            return


def _assessed(standing: _Standing) -> tuple[list[Reason], dict[str, Score]]:
    """How everything stands that all learners take, and its score by key.

    Electives have reasons of their own, unless one cannot be read.
    """
    page, found = standing.page, standing.found
    reasons: list[Reason] = []
    scores: dict[str, Score] = {}
    for one in page.asked:
        facts = standing.facts(one.entry) if page.limits else found.facts(one.key)
        scores[one.key] = facts.score
        if facts.unusable or not one.is_elective:
            reasons.append(_assessment_reason(one, facts, page.rule.require_all_assessments))
    return reasons, scores


def _assessment_reason(one: Asked, facts: Facts, must_be_done: bool) -> Reason:
    """How one graded module or activity stands, and whether that stands in the way of the award."""
    if not one.is_written:
        return Reason("written", False, f"{one.title} is not written in this language yet", facts.source, one.slug)
    if facts.unusable:
        *_, score, low, high, _ = facts.unusable
        scale = f"on a scale from {float(low):g} to {float(high):g}"
        fact = f"{one.title} has a grade that cannot be counted: {score} {scale}"
        return Reason("usable-grade", False, fact, facts.source, one.slug)
    late, grade = f"; {facts.late}" if facts.late else "", facts.grade
    if grade is not None and grade[4] is not None:  # as nearly always
        return Reason("assessment", True, f"{one.title}: {facts.score.text}{late}", source_of(grade), one.slug)
    is_attempted = facts.is_attempted
    fact = f"{one.title}: {'done without a grade' if is_attempted else 'not done yet'}, counts 0 %{late}"
    return Reason("assessment", is_attempted or not must_be_done, fact, facts.source, one.slug)


def _elective_reasons(standing: _Standing) -> Iterator[Reason]:
    """For each block whether enough of its electives were done, and which."""
    page = standing.page
    for block in page.edition.electives:
        entries = [page.course.entry(slug) for slug in block.of]
        found = [(one, standing.facts(one)) for one in entries if one.is_given_in(page.language)]
        done = [(one, facts) for one, facts in found if was_done(one, facts)]
        named = f": {', '.join(page.title(one.slug) for one, _ in done)}" if done else ""
        fact = f"“{block.title[page.language]}”: {len(done)} of {block.choose} done{named}"
        sources = "; ".join(facts.source for _, facts in done)
        yield Reason("electives", len(done) >= block.choose, fact, sources, block.slug)


def _required_reason(standing: _Standing, slug: str) -> Reason:
    entry = standing.page.entries.get(slug)
    if entry is None:
        fact = f"“{slug}” must be completed and is not part of edition {standing.page.edition.code}"
        return Reason("required", False, fact, "", slug)
    facts = standing.facts(entry)
    source = facts._replace(grade=None, unusable=None).source
    late = f"; {facts.late}" if facts.late else ""
    fact = f"{standing.page.title(slug)} is {'' if facts.is_completed else 'not '}completed{late}"
    return Reason("required", facts.is_completed, fact, source, slug)


def _pass_mark_reason(page: Page, total: Total | None) -> Reason:
    if total is None:
        return Reason("pass-mark", False, "nothing in this edition is graded, so there is no total to pass with")
    fact = f"weighted total {total.shown:g} %, pass mark {page.mark_text}"
    return Reason("pass-mark", total.reaches(page.mark), fact)
