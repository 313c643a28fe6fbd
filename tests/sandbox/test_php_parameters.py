"""Form bodies are read as PHP reads them, oddities included."""

from __future__ import annotations

import pytest

from lms_sandbox.php_params import parse_form


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"a=1&b=2", {"a": "1", "b": "2"}),
        (b"a=1&a=2", {"a": "2"}),  # the last one wins
        (b"a[0][b]=x&a[0][c]=y", {"a": {"0": {"b": "x", "c": "y"}}}),
        (b"a%5B0%5D%5Bb%5D=x+y%26z", {"a": {"0": {"b": "x y&z"}}}),
        (b"a[]=x&a[]=y", {"a": {"0": "x", "1": "y"}}),
        (b"a[5]=x&a[]=y", {"a": {"5": "x", "6": "y"}}),
        (b"a[0]=x&a=y", {"a": "y"}),
        (b"a=y&a[0]=x", {"a": {"0": "x"}}),
        (b"a.b c=1", {"a_b_c": "1"}),
        (b"a[b.c]=1", {"a": {"b.c": "1"}}),  # only the part before the bracket is cleaned
        (b"a[0]rest=1", {"a": {"0": "1"}}),
        (b"a[0=1", {"a_0": "1"}),
        (b"[0]=1&=2&c", {"c": ""}),
        (b"caf%C3%A9=%C3%A9", {"café": "é"}),
        (b"", {}),
    ],
)
def test_names_and_values_come_out_as_in_php(body: bytes, expected: dict[str, object]) -> None:
    assert parse_form(body) == expected


def test_what_is_above_max_input_vars_is_dropped_without_a_word() -> None:
    body = "&".join(f"a[{number}]=x" for number in range(12)).encode()

    assert len(parse_form(body, max_input_vars=10)["a"]) == 10  # type: ignore[arg-type]


def test_nesting_deeper_than_php_allows_is_dropped() -> None:
    assert parse_form(b"a" + b"[b]" * 65 + b"=1") == {}
