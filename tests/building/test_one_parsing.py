"""A text is parsed once, for its page and for what `check` says of it; shortcuts give what the long way gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from lms_toolkit.content import content_path
from lms_toolkit.courses import load
from lms_toolkit.courses.prose import read_lesson_prose, read_prose
from lms_toolkit.model import Lesson
from lms_toolkit.rendering import markdown
from lms_toolkit.rendering.markdown import block_html, lesson_outline, plain_paragraph
from lms_toolkit.rendering.sanitising import cleaned, sanitise

PIECES = (
    *(
        "word ",
        "é",
        "a b",
        "\n",
        "\n\n",
        "  \n",
        "    ",
        "\t",
        "1. ",
        "- ",
        "> ",
        "# ",
        "## T\n",
        "---\n",
        "| a | b |\n",
    ),
    *(
        "|---|---|\n",
        "```\n",
        "~~~\n",
        ": ",
        "::: note\n",
        ":::\n",
        ":::: tabs\n",
        "::::\n",
        "::: item A\n",
        "::: gone\n",
    ),
    *("[x](y.md)", "![alt](media/a.svg)", "[x](javascript:a)", "[r]: file:a\n", "[r]: b.md\n", "[r]", "[w]{.term}"),
    *("{.a}", "{lang=fr}\n", "[w]{lang=fr", "}", "<b>", "<!-- c -->", "<https://a.org>", "&amp;", "\\", "*", "**", "`"),
    *("[^1]", "[^1]: note\n", "\u00a0", "\u2028", '"', "'", "~~", "^", "_", "!", "[", "]", "(", ")", "{", "\x0c"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def lesson(text: str) -> Lesson:
    return Lesson("one", "One", 5, text, Path("one.md"), body_line=5)


@given(texts.map(lambda text: text + "\n"))
@example("no line end")
@example("::: note\n[x](y.md)\n:::\n")
@example("::: note\n[x](y.md)\n")
@example("a <b>word</b>\n")
@example("[x](javascript:alert)\n")
@example("[r]\n\n[r]: file:a\n")
@example("{.term}\n## T\n")
@example("[see [x](y)\nand]{.term} [z](w)\n")
def test_the_outline_of_a_page_is_what_its_author_wrote(text: str) -> None:
    one = lesson(text)
    assert read_lesson_prose(one, "en", ()) == read_prose(text, one.path, 5, one)


@given(texts)
@example("Une phrase\u00a0: simple")
def test_a_paragraph_without_marks_needs_no_parser(text: str) -> None:
    plain = plain_paragraph(text)
    if plain is not None:
        assert plain == block_html(text, "en")


def test_lessons_of_a_real_course_are_parsed_once() -> None:
    contents = [content for module in load(content_path("sure")).modules for content in module.content.values()]
    lessons = [(one, content.language) for content in contents for one in content.lessons]
    shared = [lesson_outline(one.markdown, language) is not None for one, language in lessons]
    assert sum(shared) >= 0.9 * len(shared)


def test_a_lesson_is_parsed_once_for_its_check_and_every_format(bench: Any, make_course: Any) -> None:
    folder = make_course("cooking", languages=("fr",))
    lessons = sum(len(module.content["fr"].lessons) for module in load(folder).modules)
    markdown._lesson.cache_clear()
    assert len(bench.built(folder, "scorm12", "imscp", "web")) == 3
    assert markdown._lesson.cache_info().misses == lessons


EVERY_RULE = markdown._parser_that_asks_every_rule("fr")


@given(texts)
@example("a | b\n--|--\n1 | 2\n")
@example("term\n\n: what it means\n")
@example("title\n=====\n")
@example("- one\n- two\n\n  more\n1) three\n")
@example("> a\nb\n- c\n")
@example("2. a\n3. b\n\n+ c\n\n***\n___\n# d\n~~~\ne\n~~~\n\n    f\n\n<b>\n[g]: h\n{lang=fr}\ni\n::: note\nj\n:::\n")
@example("_a_ `b` ~~c~~ [d](e) [f]{lang=fr} ![g](h.svg){lang=fr} ^[i] [^1] <https://j.k> &amp; \\* l  \nm\n\n[^1]: n\n")
def test_rules_that_are_chosen_by_character_make_the_tokens_that_all_rules_make(text: str) -> None:
    assert markdown._parser("fr").parse(text, {}) == EVERY_RULE.parse(text, {})


MARKED = st.lists(
    st.sampled_from(
        ("a", "é", "\u00a0", "\ufeff", "\r", "&", "<", ">", "<em>", "</em>", "<strong>", "</strong>", "<b>")
    ),
    max_size=9,
).map("".join)


@given(MARKED)
@example("Un cycle <strong>complet</strong>\u00a0?")
def test_html_that_has_nothing_to_take_away_is_what_the_cleaner_gives(html: str) -> None:
    has_markup = any(mark in html for mark in "<>&\r\u00a0")
    assert sanitise(html) == (cleaned(html) if has_markup else html)
