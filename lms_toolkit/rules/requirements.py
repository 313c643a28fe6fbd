"""How a learner stands with each requirement of a rule: met or not, and every fact behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from lms_toolkit.model import Activity, Reason, Requirement
from lms_toolkit.rules.facts import Facts, exact, shown_percent
from lms_toolkit.rules.page import Entry, Page

FactsOf = Callable[[Entry], Facts]

_DONE = {"completed": "completed", "done": "done", "scored": "reached", "attended": "attended"}


def requirement_reasons(page: Page, requirements: Sequence[Requirement], facts_of: FactsOf) -> list[Reason]:
    return [_reason(page, one, facts_of) for one in requirements]


def _reason(page: Page, one: Requirement, facts_of: FactsOf) -> Reason:
    if one.kind != "any":
        return _plain(page, one, facts_of)
    parts = [_plain(page, part, facts_of) for part in one.any_of]
    met = sum(part.met for part in parts)
    needed = one.at_least or len(parts)
    lines = "; ".join(f"{'✓' if part.met else '✗'} {part.fact}" for part in parts)
    fact = f"{_name(page, one)}{met} of {len(parts)} met, {needed} needed: {lines}"
    sources = "; ".join(part.source for part in parts if part.source)
    return Reason("requirement", met >= needed, fact, sources, one.slug)


def _plain(page: Page, one: Requirement, facts_of: FactsOf) -> Reason:
    strange = [slug for slug in one.of if slug not in page.entries]
    if strange:
        named = ", ".join(f"“{slug}”" for slug in strange)
        fact = f"{_name(page, one)}{named} is not part of edition {page.edition.code}"
        return Reason("requirement", False, fact, "", one.slug)
    offered = [page.entries[slug] for slug in one.of if page.entries[slug].is_given_in(page.language)]
    found = [(entry, facts_of(entry)) for entry in offered]
    done = [_is_met(one, entry, facts) for entry, facts in found]
    met, asked = _enough(one, sum(done), len(found))
    details = ", ".join(_detail(page, one, entry, facts, ok) for (entry, facts), ok in zip(found, done, strict=True))
    fact = f"{_name(page, one)}{sum(done)} of {len(found)} {_DONE[one.kind]}, {asked} needed: {details or 'none given'}"
    sources = "; ".join(facts.source for _, facts in found if facts.source)
    return Reason("requirement", met, fact, sources, one.slug)


def _enough(one: Requirement, done: int, offered: int) -> tuple[bool, str]:
    """Whether so many are enough, and how many it takes. Nothing offered is never enough."""
    if one.kind == "attended":
        share = exact(one.percent)
        return offered > 0 and Fraction(done * 100) >= share * offered, shown_percent(share)
    needed = offered if one.at_least is None else one.at_least
    return offered > 0 and done >= needed, f"{needed}"


def _is_met(one: Requirement, entry: Entry, facts: Facts) -> bool:
    if one.kind == "completed":
        return facts.is_completed
    if one.kind == "scored":
        return facts.is_graded and facts.score.percent >= exact(one.percent)
    if one.kind == "attended":
        return was_attended(entry, facts)
    return was_done(entry, facts)


def was_attended(entry: Entry, facts: Facts) -> bool:
    """A grade says who was there; 0 is an absence, although the site calls it graded and complete."""
    if not facts.is_graded:
        return facts.is_completed
    least = exact(entry.pass_mark_percent)
    return facts.score.percent > 0 and facts.score.percent >= least


def was_done(entry: Entry, facts: Facts) -> bool:
    """Handed in, taken or attended; whatever came of it."""
    if isinstance(entry, Activity) and entry.kind == "attendance":
        return was_attended(entry, facts)
    return facts.is_attempted


def _detail(page: Page, one: Requirement, entry: Entry, facts: Facts, ok: bool) -> str:
    said = f" {facts.score.text}" if facts.is_graded else ""
    late = f" ({facts.late})" if facts.late else ""
    least = f" of {shown_percent(exact(one.percent))}" if one.kind == "scored" else ""
    return f"{'✓' if ok else '✗'} {page.title(entry.slug)}{said}{least if said else ''}{late}"


def _name(page: Page, one: Requirement) -> str:
    title = one.title.get(page.language, "")
    return f"“{title}”: " if title else ""
