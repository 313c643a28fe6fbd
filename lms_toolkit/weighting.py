"""How the grades of an edition add up: a weighted mean of assessments and of categories, which are weighted means too.

Gradebooks on sites and the certification rule follow the same scheme, so that learners see the total that counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from lms_toolkit.model import Course, Edition, ElectiveBlock, GradeCategory, Localized


@dataclass(frozen=True, slots=True)
class WeightedItem:
    """An assessment; its weight is relative to the others beside it."""

    slug: str
    key: str
    weight: float


@dataclass(frozen=True, slots=True)
class WeightedCategory:
    """Assessments that weigh as one; with `keep_highest` only so many of the best grades count, 0 for all."""

    key: str
    title: str
    weight: float
    items: tuple[WeightedItem, ...]
    keep_highest: int = 0


Scheme = tuple[WeightedItem | WeightedCategory, ...]


Says = Callable[[Localized], str]
"""Puts a title into the language, or the languages, of a page."""


def scheme(course: Course, edition: Edition, language: str, says: Says | None = None) -> Scheme:
    """What the total of an edition's page in one language is made of, in the order learners meet it."""
    return tuple(_entries(course, edition, language, says or (lambda title: title[language])))


def with_variants(entries: Scheme, variants: Mapping[str, WeightedCategory]) -> Scheme:
    """The same total where some assessments are there once for each language, of which learners take one.

    `variants` maps slugs to what stands for them: the best of an assessment's variants. Within a category, as many of
    the best count as there are assessments in it, whose weights have to be the same.
    """
    return tuple(_with_variants(entry, variants) for entry in entries)


def _with_variants(
    entry: WeightedItem | WeightedCategory, variants: Mapping[str, WeightedCategory]
) -> WeightedItem | WeightedCategory:
    if isinstance(entry, WeightedItem):
        found = variants.get(entry.slug)
        return replace(found, weight=entry.weight) if found else entry
    items = tuple(
        replace(one, weight=item.weight)
        for item in entry.items
        for one in (variants[item.slug].items if item.slug in variants else (item,))
    )
    return replace(entry, items=items, keep_highest=entry.keep_highest or len(entry.items)) if items else entry


def items_of(entries: Scheme) -> Iterator[tuple[WeightedItem, str | None]]:
    """Every assessment, with the key of its category or None."""
    for entry in entries:
        if isinstance(entry, WeightedItem):
            yield entry, None
        else:
            yield from ((item, entry.key) for item in entry.items)


def _entries(course: Course, edition: Edition, language: str, says: Says) -> Iterator[WeightedItem | WeightedCategory]:
    items = [
        WeightedItem(one.slug, one.key, course.weights.get(one.slug, 1.0))
        for one in course.assessments(edition)
        if one.is_given_in(language)
    ]
    done: set[str] = set()
    for item in items:
        block = edition.elective_block(item.slug)
        category = None if block else _category_of(course, item.slug)
        if block is None and category is None:
            yield item
        elif block and block.slug not in done:
            done.add(block.slug)
            yield _electives(block, [one for one in items if one.slug in block.of], says)
        elif category and category.slug not in done:
            done.add(category.slug)
            yield _category(category, [one for one in items if one.slug in category.of], edition, says)


def _category_of(course: Course, slug: str) -> GradeCategory | None:
    return next((category for category in course.grade_categories if slug in category.of), None)


def _electives(block: ElectiveBlock, items: list[WeightedItem], says: Says) -> WeightedCategory:
    """Electives weigh as much as the heaviest of them that a learner must take."""
    weights = sorted((item.weight for item in items), reverse=True)
    weight = sum(weights[: block.choose])
    return WeightedCategory(block.category_key, says(block.title), weight, tuple(items), block.choose)


def _category(category: GradeCategory, items: list[WeightedItem], edition: Edition, says: Says) -> WeightedCategory:
    alone = tuple(item for item in items if edition.elective_block(item.slug) is None)
    return WeightedCategory(category.key, says(category.title), category.weight, alone)
