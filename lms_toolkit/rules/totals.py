"""Adds up an edition's total exactly: a weighted mean in which what is not graded counts 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from lms_toolkit.rules.facts import Facts
from lms_toolkit.rules.page import Weighted


def total_of(entries: Sequence[Weighted], facts: Mapping[str, Facts]) -> Fraction | None:
    """The weighted mean of assessments and categories; None where nothing weighs anything."""
    return _mean((entry.weight, _value(entry, facts)) for entry in entries)


def _value(entry: Weighted, facts: Mapping[str, Facts]) -> Fraction:
    """An assessment's score, or the mean of the best ones that count in a category."""
    if entry.keep is None:
        return facts[entry.keys[0][1]].score.percent
    found = [(weight, facts[key].score.percent) for weight, key in entry.keys]
    found.sort(key=lambda weighted: weighted[1], reverse=True)
    return _mean(found[: entry.keep]) or Fraction(0)


def _mean(weighted: Iterable[tuple[int, Fraction]]) -> Fraction | None:
    whole, above, below = 0, 0, 1
    for weight, value in weighted:
        whole += weight
        numerator, denominator = value.numerator, value.denominator
        if denominator == below:
            above += weight * numerator
        else:
            above, below = above * denominator + weight * numerator * below, below * denominator
    return Fraction(above, below * whole) if whole else None
