"""Decides whether a learner earned an edition's certificate: the host's answer to `lms_decide_award`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from lms_toolkit.model import (
    Award,
    CertificateKind,
    Completion,
    Course,
    Decision,
    Edition,
    Grade,
    Learner,
    Module,
    Reason,
)
from lms_toolkit.rules.facts import Facts, Found, by_item, facts_of, shown, shown_percent
from lms_toolkit.rules.page import Entry, Page, page_of
from lms_toolkit.rules.requirements import requirement_reasons, was_done
from lms_toolkit.rules.totals import total_of


@dataclass(frozen=True, slots=True)
class _Standing:
    """One learner on one page: what was found, and the extensions that somebody decided."""

    page: Page
    found: Mapping[str, Found]
    extended: Mapping[str, datetime]

    def facts(self, entry: Entry) -> Facts:
        found = self.found.get(entry.key)
        if found is None:
            return Facts(entry.key)
        limit = self.page.limit(entry.slug, self.extended) if self.page.limits else None
        return facts_of(entry.key, found, limit)


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
    standing = _standing(page_of(course, edition, language), grades, completions, decisions)
    page = standing.page
    facts = {one.key: standing.facts(one) for one in page.assessments}
    total = total_of(page.weighted, facts)
    reasons = (
        *_recalculation(grades),
        *_assessment_reasons(page, facts),
        *_elective_reasons(standing),
        *(_required_reason(standing, slug) for slug in page.rule.required),
        *requirement_reasons(page, page.rule.requirements, standing.facts),
        _pass_mark_reason(page, total),
    )
    return _award(page, learner, reasons, "achievement", None if total is None else shown(total))


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
    standing = _standing(page_of(course, edition, language), grades, completions, decisions)
    rule = standing.page.rule.participation
    if rule is None:
        return None
    reasons = (
        *_recalculation(grades),
        *requirement_reasons(standing.page, rule.requirements, standing.facts),
    )
    return _award(standing.page, learner, reasons, "participation", None)


def _standing(
    page: Page, grades: Sequence[Grade], completions: Sequence[Completion], decisions: Sequence[Decision]
) -> _Standing:
    extended: dict[str, datetime] = {}
    for one in decisions:
        if one.stands and one.until is not None:
            extended[one.rule] = max(one.until, extended.get(one.rule, one.until))
    return _Standing(page, by_item(grades, completions), extended)


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


def _recalculation(grades: Sequence[Grade]) -> Iterator[Reason]:
    """A site that has not finished adding up may still change what it said."""
    for grade in grades:
        if grade.awaits_recalculation:
            source = f"{grade.site}: course {grade.course_ref}, user {grade.user_ref}, {grade.item} ({grade.source})"
            yield Reason("recalculated", False, "the site has still to add up its grades; pull again later", source)
            return


def _assessment_reasons(page: Page, facts: Mapping[str, Facts]) -> Iterator[Reason]:
    """How everything stands that all learners take; electives have reasons of their own, unless one cannot be read."""
    for one in page.assessments:
        found = facts[one.key]
        if page.edition.electives and page.edition.elective_block(one.slug) is not None:
            if found.unusable:
                yield _unusable(page, one, found)
        else:
            yield _assessment_reason(page, one, found)


def _assessment_reason(page: Page, one: Entry, facts: Facts) -> Reason:
    """How one graded module or activity stands, and whether that stands in the way of the award."""
    title = page.title(one.slug)
    if isinstance(one, Module) and not one.is_written(page.language):
        return Reason("written", False, f"{title} is not written in this language yet", facts.source, one.slug)
    if facts.unusable:
        return _unusable(page, one, facts)
    if isinstance(one, Module) and not facts.is_seen and not facts.late:
        fact = f"{title} is not in what the site reported for this learner"
        return Reason("deployed", False, fact, "", one.slug)
    met = facts.is_attempted or not page.rule.require_all_assessments
    late = f"; {facts.late}" if facts.late else ""
    return Reason("assessment", met, f"{title}: {_standing_of(facts)}{late}", facts.source, one.slug)


def _unusable(page: Page, one: Entry, facts: Facts) -> Reason:
    grade = facts.unusable
    assert grade is not None
    scale = f"on a scale from {grade.score_min:g} to {grade.score_max:g}"
    fact = f"{page.title(one.slug)} has a grade that cannot be counted: {grade.score} {scale}"
    return Reason("usable-grade", False, fact, facts.source, one.slug)


def _standing_of(facts: Facts) -> str:
    if facts.is_graded:
        return facts.score.text
    return "done without a grade, counts 0 %" if facts.is_attempted else "not done yet, counts 0 %"


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


def _pass_mark_reason(page: Page, total: Fraction | None) -> Reason:
    if total is None:
        return Reason("pass-mark", False, "nothing in this edition is graded, so there is no total to pass with")
    fact = f"weighted total {shown_percent(total)}, pass mark {shown_percent(page.mark)}"
    return Reason("pass-mark", total >= page.mark, fact)
