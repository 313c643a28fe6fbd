"""What PHP reads is what we meant, and no call is larger than PHP takes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_moodle.parameters import chunked, flatten

names = st.text("abcdefghij_", min_size=1, max_size=6)
leaves = st.text(max_size=8) | st.integers()
nested = st.recursive(
    leaves,
    lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(names, inner, min_size=1, max_size=4),
    max_leaves=20,
)


def php_reads(fields: list[tuple[str, str]]) -> dict[str, Any]:
    """PHP's own reading of a form, where a list is an array with the keys 0, 1, …"""
    parsed: dict[str, Any] = {}
    for name, value in fields:
        *keys, last = re.findall(r"[^\[\]]+", name)
        place = parsed
        for key in keys:
            place = place.setdefault(key, {})
        place[last] = value
    return parsed


def as_php(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): as_php(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return {str(index): as_php(inner) for index, inner in enumerate(value)}
    return str(value)


@given(st.dictionaries(names, nested, max_size=4))
def test_php_reads_back_what_was_flattened(params):
    assert php_reads(flatten(params)) == as_php(params)


def test_nested_lists_become_php_arrays():
    assert flatten({"courses": [{"id": 3, "customfields": ({"shortname": "x"},)}]}) == [
        ("courses[0][id]", "3"),
        ("courses[0][customfields][0][shortname]", "x"),
    ]


def test_booleans_are_sent_as_0_and_1():
    assert flatten({"a": True, "b": False}) == [("a", "1"), ("b", "0")]


def test_times_are_sent_as_seconds_since_1970():
    assert flatten({"startdate": datetime(1970, 1, 2, tzinfo=UTC)}) == [("startdate", "86400")]


def test_nothing_and_empty_lists_are_left_out():
    assert flatten({"a": None, "b": [], "c": {}, "d": [None], "e": ""}) == [("e", "")]


@pytest.mark.parametrize(
    ("value", "error"),
    [(datetime(2026, 1, 1), ValueError), (float("nan"), ValueError), (b"x", TypeError), (object(), TypeError)],
)
def test_what_cannot_be_sent_is_refused_by_name(value, error):
    with pytest.raises(error, match=r"courses\[0\]\[x\]"):
        flatten({"courses": [{"x": value}]})


@given(st.lists(st.dictionaries(names, st.integers(), min_size=1, max_size=5), max_size=40))
def test_chunks_keep_every_entry_in_order_and_within_the_limit(entries):
    pieces = list(chunked(entries, limit=7))

    assert [entry for piece in pieces for entry in piece] == entries
    assert all(len(flatten({"users": piece})) <= 7 for piece in pieces)


def test_chunks_are_as_few_as_possible_for_equal_entries():
    users = [{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}] * 230

    assert [len(piece) for piece in chunked(users)] == [156, 74]


def test_one_entry_above_the_limit_is_refused():
    with pytest.raises(ValueError, match="one entry has 9 variables"):
        list(chunked([dict.fromkeys("abcdefghi", 1)], limit=8))
