"""The place found for a key of a TOML file is where the file has it, however it is written."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_toolkit.courses.toml_reading import find_places, read_toml
from lms_toolkit.errors import ContentError

BARE = st.text("abcXYZ019_-", min_size=1, max_size=6)
NAMES = BARE | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=5)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)
LEAVES = WORDS | st.integers(-(10**9), 10**9) | st.booleans()
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
TABLES = st.dictionaries(NAMES, VALUES, max_size=4)


def key(name):
    bare = name and all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in name)
    return name if bare else json.dumps(name, ensure_ascii=False)


def inline(data, draw):
    """A value as TOML, written in one of the ways there are."""
    if isinstance(data, bool):
        return str(data).lower()
    if isinstance(data, str):
        quoted = json.dumps(data, ensure_ascii=False)
        plain = [f"'{data}'", f"'''\n{data}'''"] if "'" not in data else []
        return draw([quoted, f'""{quoted}""', f'"""\n{quoted[1:]}""', *plain])
    if isinstance(data, list):
        return (
            draw(["[", "[ # ]\n  "])
            + draw([", ", ",\n\t"]).join(inline(part, draw) for part in data)
            + draw(["]", "\n]"])
        )
    if isinstance(data, dict):
        return "{ " + ", ".join(f"{key(name)} = {inline(part, draw)}" for name, part in data.items()) + " }"
    return str(data)


def pick(data):
    return lambda choices: data.draw(st.sampled_from(choices))


def found_at(text, place):
    line, column = place
    return text.split("\n")[line - 1][column - 1 :]


@given(st.data(), TABLES)
def test_each_key_and_value_is_where_its_place_says(data, table):
    draw = pick(data)
    text = "".join(
        f"{draw(['', '  '])}{key(name)} {draw(['=', ' = '])}{inline(value, draw)} # c\n"
        for name, value in table.items()
    )
    assert tomllib.loads(text) == table
    places = find_places(text)
    assert {loc for loc in places.keys if len(loc) == 1} == {(name,) for name in table}
    check_places(text, places, table, ())


def check_places(text, places, value, loc):
    """Walks over the data, so that every part of it must have a place."""
    if isinstance(value, dict):
        for name, part in value.items():
            assert found_at(text, places.keys[(*loc, name)]).startswith(key(name))
            check_places(text, places, part, (*loc, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            assert (*loc, index) in places.values
            check_places(text, places, part, (*loc, index))
    elif isinstance(value, str):
        assert found_at(text, places.values[loc])[0] in "\"'"
    else:
        assert found_at(text, places.values[loc]).startswith(str(value).lower())


@given(st.lists(st.tuples(BARE, st.lists(st.tuples(BARE, BARE), max_size=3)), min_size=1, max_size=4))
def test_tables_in_lists_keep_their_own_places(modules):
    lines: list[str] = []
    expected = {}
    for index, (title, parts) in enumerate(modules):
        expected["modules", index, "title"] = len(lines) + 2
        lines += ["[[modules]]", f'title = "{title}"']
        for number, (name, text) in enumerate(parts):
            expected["modules", index, "parts", number, "deep", "name"] = len(lines) + 3
            lines += ["[[modules.parts]]", "[ modules . parts . deep ]", f'name = "{name}"', f'more."a.b".c = "{text}"']
            expected["modules", index, "parts", number, "deep", "more", "a.b", "c"] = len(lines)
    text = "\n".join(lines)
    tomllib.loads(text)
    places = find_places(text)
    assert {loc: places.of(loc)[0] for loc in expected} == expected
    assert places.of(("modules", 0)) == (1, 1)


def test_a_missing_key_is_placed_at_the_table_that_lacks_it():
    places = find_places('[[modules]]\nslug = "a"\n\n[[modules]]\nhours = 1\n')
    assert places.of(("modules", 1, "slug")) == (4, 1)
    assert places.of(("nothing",)) == (1, 1)


@pytest.mark.parametrize("value", ["1979-05-27 07:32:00", "07:32:00.5", "0xDEAD_BEEF", "-inf", "1e6", "1_000.5"])
def test_values_that_are_no_text_end_where_they_end(value):
    places = find_places(f"a = [{value}, {value}]\nb = {value} # c\nc = {{ d = {value} }}\n")
    assert places.of(("a", 1)) == (1, 8 + len(value))
    assert places.of(("b",)) == (2, 5)
    assert places.of(("c", "d")) == (3, 11)


def test_toml_nested_beyond_reason_is_refused():
    with pytest.raises(ContentError, match="nested too deep"):
        read_toml(Path("c.toml"), "a = " + "[" * 100_000)
