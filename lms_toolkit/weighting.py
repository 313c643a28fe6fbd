"""How the grades of an edition add up: a weighted mean of assessments and of categories, which are weighted means too.

Gradebooks on sites and the certification rule follow the same scheme, so that learners see the total that counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lms_toolkit.model import Course, Edition, ElectiveBlock, GradeCategory


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


def scheme(course: Course, edition: Edition, language: str) -> Scheme:
    """What the total of an edition's page in one language is made of, in the order learners meet it."""
    return tuple(_entries(course, edition, language))


def items_of(entries: Scheme) -> Iterator[tuple[WeightedItem, str | None]]:
    """Every assessment, with the key of its category or None."""
    for entry in entries:
        if isinstance(entry, WeightedItem):
            yield entry, None
        else:
            yield from ((item, entry.key) for item in entry.items)


def _entries(course: Course, edition: Edition, language: str) -> Iterator[WeightedItem | WeightedCategory]:
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
            yield _electives(block, [one for one in items if one.slug in block.of], language)
        elif category and category.slug not in done:
            done.add(category.slug)
            yield _category(category, [one for one in items if one.slug in category.of], edition, language)


def _category_of(course: Course, slug: str) -> GradeCategory | None:
    return next((category for category in course.grade_categories if slug in category.of), None)


def _electives(block: ElectiveBlock, items: list[WeightedItem], language: str) -> WeightedCategory:
    """Electives weigh as much as the heaviest of them that a learner must take."""
    weights = sorted((item.weight for item in items), reverse=True)
    weight = sum(weights[: block.choose])
    return WeightedCategory(block.category_key, block.title[language], weight, tuple(items), block.choose)


def _category(category: GradeCategory, items: list[WeightedItem], edition: Edition, language: str) -> WeightedCategory:
    alone = tuple(item for item in items if edition.elective_block(item.slug) is None)
    return WeightedCategory(category.key, category.title[language], category.weight, alone)
