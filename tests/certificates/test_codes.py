"""Certificate codes survive being read out, typed in and printed."""

from __future__ import annotations

from itertools import combinations

import pytest

from lms_toolkit.codes import is_code, is_mistyped, new_code, normal_code


def test_a_new_code_is_three_groups_of_four_and_not_mistyped():
    code = new_code()
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert normal_code(code) == code
    assert not is_mistyped(code)


def test_codes_do_not_repeat():
    assert len({new_code() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("typed", ["7k3mq2xf9abc", " 7K3M Q2XF 9ABC ", "https://verify.example.org/c/7K3M-Q2XF-9ABC"])
def test_a_code_is_understood_however_it_is_typed(typed):
    assert normal_code(typed) == "7K3M-Q2XF-9ABC"


def test_look_alike_letters_are_read_as_the_digits_they_look_like():
    assert normal_code("oil0-OIL0-oIl0") == "0110-0110-0110"


def test_every_single_wrong_character_is_noticed():
    code = new_code().replace("-", "")
    for place, right in enumerate(code):
        for wrong in set("0123456789ABCDEFGHJKMNPQRSTVWXYZ") - {right}:
            assert is_mistyped(code[:place] + wrong + code[place + 1 :])


def test_every_two_characters_that_change_places_are_noticed():
    code = new_code().replace("-", "")
    for first, second in combinations(range(12), 2):
        swapped = list(code)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        assert is_mistyped("".join(swapped)) == (code[first] != code[second])


@pytest.mark.parametrize("text", ["", "certificate.pdf", "7K3M-Q2XF-9AB", "7K3M-Q2XF-9ABU", "ＡＡＡＡ-Q2XF-9ABC"])
def test_what_cannot_be_a_code_is_not_taken_for_one(text):
    assert not is_code(text)
    assert normal_code(text) == text
