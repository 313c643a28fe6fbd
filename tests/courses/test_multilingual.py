"""A text in several languages is one text, of which each reader sees their own."""

from __future__ import annotations

import pytest

from lms_toolkit.multilingual import beside, in_language, in_lines, together

BOTH = {"en": "Hello", "fr": "Bonjour"}


@pytest.mark.parametrize(
    ("language", "seen"),
    [("fr", "Bonjour"), ("fr_ca", "Bonjour"), ("FR-CA", "Bonjour"), ("en", "Hello"), ("es", "Hello")],
)
def test_a_reader_sees_their_own_language_or_the_first(language, seen):
    assert in_language(f"<h1>{together(BOTH)}</h1>", language) == f"<h1>{seen}</h1>"


def test_a_regional_language_comes_before_its_parent():
    assert in_language(together({"pt": "Comboio", "pt-br": "Trem"}), "pt_br") == "Trem"


@pytest.mark.parametrize(
    "texts", [{"en": "Forum", "fr": "Forum"}, {"en": "Forum", "fr": ""}, {"fr": "Forum"}, {"en": "", "fr": "Forum"}]
)
def test_what_needs_no_language_has_no_markup(texts):
    assert together(texts) == "Forum"


def test_nothing_in_any_language_is_nothing():
    assert together({"en": "", "fr": ""}) == together({}) == ""


def test_a_span_within_a_text_does_not_end_its_language():
    made = together({"en": 'The <span lang="fr">mot</span> of the day', "fr": "Le mot du jour"})
    assert in_language(made, "en") == 'The <i lang="fr">mot</i> of the day'
    assert in_language(made, "fr") == "Le mot du jour"


def test_several_texts_of_one_page_are_each_in_the_readers_language():
    page = f"{together(BOTH)} – {together({'en': 'Bye', 'fr': 'Salut'})}"
    assert in_language(page, "fr") == "Bonjour – Salut"


def test_side_by_side_the_same_word_stands_once():
    assert beside({"en": "Clear", "fr": "Clair", "es": "Clear"}) == "Clear / Clair"


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>One.</p>\n<p>Two.</p>", "One.<br><br>Two."),
        ("<p>Say:</p>\n<ul>\n<li>who</li>\n<li>why</li>\n</ul>", "Say:<br><br>– who<br>– why"),
        ("<h2>Head</h2>\n<p>A <strong>word</strong></p>", "Head<br><br>A <strong>word</strong>"),
        ("plain", "plain"),
    ],
)
def test_blocks_become_lines(html, lines):
    assert in_lines(html) == lines
