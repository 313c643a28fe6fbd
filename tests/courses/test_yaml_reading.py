"""YAML says what its author meant: text stays text, and nothing grows, runs or is said twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_toolkit.courses.sources import UNWRITABLE
from lms_toolkit.courses.yaml_reading import plain_value, read_yaml
from lms_toolkit.errors import ContentError

PATH = Path("q.yaml")
# JSON texts are YAML texts, but for line separators: to the YAML of 2005 they end a line.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\u2028\u2029")).filter(
    lambda text: not UNWRITABLE.search(text)
)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.none() | st.integers(-(10**17), 10**17),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def value(text):
    return read_yaml(PATH, text).data


def fault(text, first_line=1):
    with pytest.raises(ContentError) as caught:
        read_yaml(PATH, text, first_line)
    return caught.value.findings[0]


@pytest.mark.parametrize(
    "word", ["No", "no", "Yes", "on", "Off", "y", "True", "TRUE", "NULL", "1:30", "012", "0x1F", "0o17", "1_000", "+1"]
)
def test_words_that_old_yaml_changes_stay_text(word):
    assert value(f"a: {word}") == {"a": word}


@pytest.mark.parametrize("word", ["2027-01-31", "2027-01-31 10:00:00", "=", "<<", ".5", "5.", ".inf", "1e", "٣"])
def test_dates_and_odd_numbers_stay_text(word):
    assert value(f"a: {word}") == {"a": word}


@pytest.mark.parametrize(
    ("word", "meaning"),
    [("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("0", 0), ("-12", -12), ("1.50", 1.5)],
)
def test_plain_words_that_mean_more_than_text(word, meaning):
    assert value(f"a: {word}") == {"a": meaning}
    assert type(plain_value(word)) is type(meaning)


@given(TEXTS)
def test_any_quoted_text_comes_back_as_it_was(text):
    assert value(json.dumps({"a": text}, ensure_ascii=False)) == {"a": text}


@given(
    st.text("abcdefnoyNOYété0123456789._+-", min_size=1).filter(lambda text: text.strip("-.") and text[0] not in "-.")
)
def test_a_plain_word_is_the_same_text_or_the_number_it_writes(text):
    read = value(f"a: {text}")["a"]
    assert read == text or (not isinstance(read, str) and float(read) == float(text))


@given(VALUES)
def test_any_nested_value_comes_back_and_each_part_has_a_place(data):
    text = json.dumps(data, ensure_ascii=False, indent=1)
    document = read_yaml(PATH, text)
    assert document.data == data
    lines = text.split("\n")
    for line, column in (*document.places.keys.values(), *document.places.values.values()):
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1])


@given(st.text("ab: -[]{}&*!|>'\"#%@`\n\t,?1"))
def test_any_scribble_is_read_or_refused_with_a_place(text):
    try:
        read_yaml(PATH, text)
    except ContentError as error:
        assert all(finding.line for finding in error.findings)


def test_keys_are_text_whatever_they_look_like():
    assert value("on: a\n12: b\ntrue: c\nnull: d") == {"on": "a", "12": "b", "true": "c", "null": "d"}


def test_a_key_given_twice_is_refused_with_both_lines():
    found = fault("a: 1\nb:\n  c: 1\n  c: 2\n")
    assert (found.rule, found.line, found.column) == ("duplicate-key", 4, 3)
    assert "first in line 3" in found.message


def test_lines_count_from_the_first_line_of_the_text():
    assert fault("a: 1\na: 2", first_line=10).line == 11
    assert fault("a: b: c", first_line=10).line == 10
    assert read_yaml(PATH, "a: 1", first_line=10).places.of(("a",)) == (10, 4)


def test_an_alias_bomb_is_refused_before_it_grows():
    levels = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 30)]
    found = fault("\n".join(levels))
    assert (found.line, found.column) == (1, 5)
    assert "anchor" in found.message


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("a: *b", 4, "the alias *b"),
        ("a: &b c", 4, "the anchor &b"),
        ("a: !important", 4, "the tag !important"),
        ("a: !!python/object/apply:os.getcwd []", 4, "the tag tag:yaml.org,2002:python"),
        ("[a]: b", 1, "a key must be plain text"),
        ("a: b: c", 5, 'put a text that holds ": " in quotes'),
        ("a: @b", 4, "in quotes"),
        ("a: 'b", 6, "check quotes"),
        ("[" * 200, 22, "nested more than 20 deep"),
    ],
)
def test_what_a_questionnaire_never_needs_is_refused(text, column, words):
    found = fault(text)
    assert (found.line, found.column) == (1, column)
    assert words in str(found)


def test_a_second_document_is_refused():
    assert fault("a: 1\n---\nb: 2").line == 2


def test_every_fault_that_is_no_fault_of_syntax_is_told_at_once():
    with pytest.raises(ContentError) as caught:
        read_yaml(PATH, "a: &x 1\nb: *x\na: 2\n")
    assert [finding.line for finding in caught.value.findings] == [1, 2, 3]
