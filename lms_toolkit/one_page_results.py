"""Reads the results of a course page in several languages: in which one somebody learned, and how they did in it.

What is there once per language (`module:concepts.en`, `module:concepts.es`) is one thing to every rule
(`module:concepts`), of which a learner's best result counts, whichever language it is in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lms_toolkit.model import Completion, Edition, Grade


@dataclass(frozen=True, slots=True)
class OwnResults:
    """A learner's results under the keys that rules know, and the language they learned in."""

    language: str
    grades: tuple[Grade, ...]
    completions: tuple[Completion, ...]


def own_results(edition: Edition, grades: Sequence[Grade], completions: Sequence[Completion]) -> OwnResults:
    """The results of one learner of an edition that has one page."""
    return OwnResults(
        language=_language_of(edition, grades, completions),
        grades=tuple(replace(grade, item=_parts(grade.item, edition)[0]) for grade in grades),
        completions=tuple(replace(one, item=_parts(one.item, edition)[0]) for one in completions),
    )


def _language_of(edition: Edition, grades: Iterable[Grade], completions: Iterable[Completion]) -> str:
    """The one in which most was done, then most was graded; where nothing says it, the page's first."""
    done = Counter(_parts(one.item, edition)[1] for one in completions if one.state != "incomplete")
    graded = Counter(_parts(grade.item, edition)[1] for grade in grades if grade.score is not None)
    return max(edition.languages, key=lambda language: (done[language], graded[language]))


def _parts(item: str, edition: Edition) -> tuple[str, str]:
    """The key that rules know, and the language; none for what is there in all."""
    key, _, language = item.rpartition(".")
    return (key, language) if key and language in edition.languages else (item, "")
