"""Adds up an edition's total exactly: a weighted mean in which what is not graded counts 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from lms_toolkit.rules.facts import WHOLE, Score
from lms_toolkit.rules.page import Weighted


class Total(NamedTuple):
    """A total in per cent: `above` divided by `below`, which many times faster than a fraction is as exact."""

    above: int
    below: int

    def reaches(self, mark: Fraction) -> bool:
        return self.above * mark.denominator >= mark.numerator * self.below

    @property
    def shown(self) -> float:
        """Two decimals, always downwards: a total that did not reach the mark must not look as if it had."""
        return self.above * 100 // self.below / 100


def total_of(entries: Sequence[Weighted], scores: Mapping[str, Score]) -> Total | None:
    """The weighted mean of assessments and categories; None where nothing weighs anything."""
    above, weight = 0, 0
    for entry in entries:
        parts = scores[entry.keys[0][1]].parts if entry.keep is None else None
        if parts is None:
            mean = _mean((one.weight, _value(one, scores)) for one in entries)
            return None if mean is None else Total(mean.numerator, mean.denominator)
        above += entry.weight * parts
        weight += entry.weight
    return Total(above, weight * WHOLE) if weight else None


def _value(entry: Weighted, scores: Mapping[str, Score]) -> Fraction:
    """An assessment's score, or the mean of the best ones that count in a category."""
    if entry.keep is None:
        return scores[entry.keys[0][1]].percent
    found = [(weight, scores[key].percent) for weight, key in entry.keys]
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
