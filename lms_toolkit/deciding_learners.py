"""Decides for some learners of a course page at a time, from what the store knows of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from lms_toolkit.errors import PluginError
from lms_toolkit.model import (
    Award,
    CertificateKind,
    Completion,
    Course,
    Decision,
    Deployment,
    Edition,
    Grade,
    Learner,
)
from lms_toolkit.one_page_results import own_results
from lms_toolkit.result_rows import CompletionRow, GradeRow, Unread
from lms_toolkit.rules import concerns, decide_participation, is_over, with_decisions

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store
    from lms_toolkit.store.deciding import Seen

Final = Collection[tuple[str, CertificateKind]]
"""Learners and kinds of awards that are earned already."""

_Row = TypeVar("_Row", GradeRow, CompletionRow)


@dataclass(frozen=True, slots=True)
class CoursePage:
    """What a run is about: one edition in one language, where it was deployed, and what was decided there by hand."""

    course: Course
    edition: Edition
    deployment: Deployment
    plugins: Plugins
    now: datetime
    decisions: Mapping[str, Sequence[Decision]]


@dataclass(frozen=True, slots=True)
class _Results:
    """What one learner has on one course page, over all accounts, and what was decided by hand."""

    learner: Learner
    language: str
    grades: Sequence[Grade]
    completions: Sequence[Completion]
    decisions: Sequence[Decision]


def awards_of(page: CoursePage, store: Store, people: Sequence[Seen], final: Final) -> Iterator[Award]:
    """What is decided now of these learners, without a time; nothing of those whose award is final."""
    for found in _results(page, store, [one for one in people if (one.learner_id, "achievement") not in final]):
        results = _in_own_language(page, found) if page.edition.has_one_page else found
        award = _decide(page, results)
        yield award
        if not award.earned and (results.learner.id, "participation") not in final:
            yield from _participation(page, results)


def _in_own_language(page: CoursePage, results: _Results) -> _Results:
    """On a page in several languages, the results as rules know them, and the language of the award."""
    own = own_results(page.edition, results.grades, results.completions)
    return replace(results, language=own.language, grades=own.grades, completions=own.completions)


class _Records:
    """Grades and completions of some accounts as records, read when a plugin looks at the first of them."""

    def __init__(self, page: CoursePage, store: Store, refs: Sequence[str]) -> None:
        self._page, self._store, self._refs = page, store, refs

    @cached_property
    def _found(self) -> tuple[dict[str, list[Grade]], dict[str, list[Completion]]]:
        deployment = self._page.deployment
        return self._store.deciding.facts(deployment.site, deployment.course_ref, self._refs)

    def grades(self, refs: Sequence[str]) -> list[Grade]:
        return [grade for ref in refs for grade in self._found[0].get(ref, ())]

    def completions(self, refs: Sequence[str]) -> list[Completion]:
        return [completion for ref in refs for completion in self._found[1].get(ref, ())]


def _results(page: CoursePage, store: Store, people: Sequence[Seen]) -> Iterator[_Results]:
    """What each of these learners has on the course page, over all accounts."""
    refs = [ref for one in people for ref in one.refs]
    grades, completions = store.deciding.rows(page.deployment.site, page.deployment.course_ref, refs)
    records = _Records(page, store, refs)
    for one in people:
        yield _Results(
            Learner(one.learner_id, one.name),
            page.deployment.language,
            Unread(_together(grades, one.refs), _loading(records.grades, one.refs)),
            Unread(_together(completions, one.refs), _loading(records.completions, one.refs)),
            page.decisions.get(one.learner_id, ()),
        )


_Loaded = TypeVar("_Loaded")


def _loading(load: Callable[[Sequence[str]], _Loaded], refs: Sequence[str]) -> Callable[[], _Loaded]:
    return lambda: load(refs)


def _together(rows: Mapping[str, list[_Row]], refs: Sequence[str]) -> Sequence[_Row]:
    if len(refs) == 1:
        return rows.get(refs[0], ())
    return list(chain.from_iterable(rows.get(ref, ()) for ref in refs))


def _decide(page: CoursePage, results: _Results) -> Award:
    award: Award = page.plugins.ask(
        "lms_decide_award",
        course=page.course,
        edition=page.edition,
        language=results.language,
        learner=results.learner,
        grades=results.grades,
        completions=results.completions,
        decisions=results.decisions,
    )
    if (award.learner_id, award.course_id, award.edition) != (results.learner.id, page.course.id, page.edition.code):
        raise PluginError(
            f"the award decided for {results.learner.id} in {page.edition.code} is about {award.learner_id} in "
            f"{award.edition}; fix the plugin that implements lms_decide_award"
        )
    return with_decisions(award, results.decisions)


def _participation(page: CoursePage, results: _Results) -> Iterator[Award]:
    """Once an edition is over, those who did not earn its certificate may have earned one for taking part."""
    if not is_over(page.edition, page.now, results.decisions):
        return
    award = decide_participation(
        page.course,
        page.edition,
        results.language,
        results.learner,
        results.grades,
        results.completions,
        results.decisions,
    )
    if award is not None:
        own = [one for one in results.decisions if any(concerns(one, reason) for reason in award.reasons)]
        yield with_decisions(award, own)
