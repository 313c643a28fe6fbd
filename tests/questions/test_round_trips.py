"""What goes out comes back in as it was: through Moodle XML, GIFT, our own YAML, and a real Moodle."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from lms_toolkit.courses.questions_file import read_questions
from lms_toolkit.model import Option, Pair, Question, Reply
from lms_toolkit.questions.drafts import Imported
from lms_toolkit.questions.from_html import markdown_of_html
from lms_toolkit.questions.gift_reading import read_gift
from lms_toolkit.questions.gift_writing import write_gift
from lms_toolkit.questions.importing import import_questions
from lms_toolkit.questions.losses import can_hold, gift_can_hold
from lms_toolkit.questions.moodlexml import write_moodle_xml
from lms_toolkit.questions.moodlexml_reading import read_moodle_xml
from lms_toolkit.questions.plain_text import block_literal, inline_literal, paragraph_html
from lms_toolkit.questions.yaml_writing import write_questions
from lms_toolkit.rendering.markdown import block_html, inline_html, plain_text

HERE = Path(__file__).parent
FILE = Path("bank")

# Every plane, right-to-left letters and all signs that mean something to GIFT, XML, HTML, YAML or Markdown.
LETTERS = st.one_of(
    st.sampled_from(list("abcé œßЖ中שلا😀\U0001f469\U00020000 \\#=~{}:%*<>&\"'[]()_`|!+-.^/@$?;,")),
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\u2028\u2029\ufeff\u0085"),
)


def _settled(text: str) -> str:
    return " ".join(text.split())


plain = st.text(LETTERS, min_size=1, max_size=40).map(_settled).filter(bool)
"""One line of plain text."""
slugs = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
markdown_lines = st.one_of(
    st.text(st.sampled_from("abcéЖ中ש 😀=~{}:%<>&#.,;?"), min_size=1, max_size=30).map(_settled).filter(str.strip),
    st.sampled_from(
        ["**gras** et *penché*", "`code`", "[lien](https://example.org/a)", "~~barré~~ {x}", "1 < 2 & 3 = 3"]
    ),
)
markdown_lines = markdown_lines.filter(lambda text: paragraph_html(text).strip() == f"<p>{inline_html(text, 'en')}</p>")
unmarked_lines = st.text(st.sampled_from("abcéЖ中ש 😀%.,;?"), min_size=1, max_size=20).map(_settled)
unmarked_lines = unmarked_lines.filter(lambda text: text not in ("", "0"))
"""One line of Markdown as authors write it: a paragraph, no heading, list or rule."""


def without_lines(questions: Sequence[Question]) -> list[Question]:
    """Questions without what may change on the way: where they stand, and the words for true and false."""
    return [replace(_plain_true_false(question), line=0) for question in questions]


def _plain_true_false(question: Question) -> Question:
    if question.kind != "true-false":
        return question
    return replace(question, options=tuple(replace(option, text="") for option in question.options))


def through_our_source(questions: Sequence[Question], folder: Path, language: str = "fr") -> list[Question]:
    """What an author's questions.yaml with these questions says."""
    path = folder / "questions.yaml"
    path.write_text(write_questions(questions), encoding="utf-8")
    return list(read_questions(path, folder, language).quiz)


def head(draw: st.DrawFn, texts: SearchStrategy[str]) -> dict[str, object]:
    return {"id": draw(slugs), "text": draw(texts), "feedback": draw(st.one_of(st.just(""), texts))}


def _hint(draw: st.DrawFn, texts: SearchStrategy[str]) -> str:
    return draw(st.one_of(st.just(""), texts))


@st.composite
def question(draw: st.DrawFn, kind: str, texts: SearchStrategy[str] = markdown_lines, whole: bool = True) -> Question:
    """A question of one kind; `texts` draws its Markdown. Only a `whole` one has points and a hint."""
    common = head(draw, texts) | {"points": draw(st.sampled_from([1.0, 2.0, 0.5])) if whole else 1.0}
    common["hint"] = _hint(draw, texts) if whole else ""
    return Question(kind=kind, **(common | _BODIES[kind](draw, texts)))  # type: ignore[arg-type]


def _options(draw: st.DrawFn, texts: SearchStrategy[str], right: int, wrong: int) -> dict[str, object]:
    flags = draw(st.permutations([True] * right + [False] * wrong))
    feedback = st.one_of(st.just(""), texts)
    return {"options": tuple(Option(draw(texts), flag, draw(feedback)) for flag in flags)}


def _numbers(draw: st.DrawFn) -> float:
    return draw(st.floats(-1e12, 1e12, allow_nan=False).map(lambda value: value + 0.0))


_BODIES = {
    "single": lambda draw, texts: _options(draw, texts, 1, draw(st.integers(1, 4))),
    "multiple": lambda draw, texts: _options(draw, texts, draw(st.integers(1, 10)), draw(st.integers(1, 3))),
    "true-false": lambda draw, texts: {
        "options": (
            Option("True", right := draw(st.booleans()), draw(st.one_of(st.just(""), texts))),
            Option("False", not right, draw(st.one_of(st.just(""), texts))),
        )
    },
    "matching": lambda draw, texts: {
        "pairs": tuple(Pair(draw(texts), draw(RIGHT_SIDES)) for _ in range(draw(st.integers(2, 4)))),
        "distractors": tuple(draw(st.lists(RIGHT_SIDES, max_size=2))),
    },
    "ordering": lambda draw, texts: {"items": tuple(draw(st.lists(texts, min_size=2, max_size=5)))},
    "fill-in": lambda draw, texts: {
        "answers": tuple(draw(st.lists(plain, min_size=1, max_size=4))),
        "case_sensitive": draw(st.booleans()),
        "accent_sensitive": draw(st.booleans()),
        "replies": tuple(Reply(f"{draw(plain)} ?", draw(texts)) for _ in range(draw(st.integers(0, 1)))),
    },
    "numeric": lambda draw, texts: {
        "answer": _numbers(draw),
        "tolerance": abs(_numbers(draw)),
        "replies": draw(REPLIES),
    },
    "short-text": lambda draw, texts: {"points": 0.0, "feedback": draw(texts)},
}
REPLIES = st.sampled_from([(), (Reply("-2.5e+20", "Trop peu."),)])
RIGHT_SIDES = (
    st.text(st.sampled_from("abcéЖ中ש 😀=~{}:%#.,;?"), min_size=1, max_size=20).map(_settled).filter(str.strip)
)
KINDS = tuple(_BODIES)


def problems(imported: Imported) -> list[str]:
    return [str(finding) for finding in imported.findings if finding.severity != "info"]


@pytest.mark.parametrize("kind", KINDS)
def test_moodle_xml_gives_back_what_it_was_given(kind: str) -> None:
    @given(question(kind))
    def holds(made: Question) -> None:
        imported = read_moodle_xml(FILE, write_moodle_xml([made], "Essai"))
        assert problems(imported) == []
        assert without_lines(imported.questions) == without_lines([made])

    holds()


@pytest.mark.parametrize("kind", KINDS)
def test_gift_gives_back_what_it_was_given(kind: str) -> None:
    texts = unmarked_lines if kind == "ordering" else markdown_lines  # GIFT's items are plain text

    @given(question(kind, texts, whole=False).filter(gift_can_hold))
    def holds(made: Question) -> None:
        imported = read_gift(FILE, write_gift([made], "Essai"))
        assert problems(imported) == [] or kind == "short-text"  # GIFT gives it a point
        assert without_lines(imported.questions) == without_lines([made])

    holds()


@pytest.mark.parametrize("kind", KINDS)
def test_questions_yaml_gives_back_what_it_was_given(kind: str) -> None:
    @given(st.lists(question(kind, texts=plain), min_size=1, max_size=3, unique_by=lambda made: made.id))
    def holds(made: list[Question]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            read = through_our_source(made, Path(folder), "en")
        assert without_lines(read) == without_lines(made)

    holds()


@given(plain)
def test_plain_text_of_any_letters_shows_as_itself(text: str) -> None:
    assert plain_text(inline_literal(text), "en") == text
    shown = re.sub(r"<[^>]*>", "", block_html(block_literal(text), "en")).strip()
    assert plain_text(inline_literal(text), "en") == text
    assert shown == inline_html(inline_literal(text), "en").strip()


@given(st.lists(markdown_lines, min_size=1, max_size=3).map("\n\n".join))
@example(":\n\n: :")
@example("Lundi\n: On écrit.\n\nMardi\n: On relit.")
def test_html_of_any_markdown_of_ours_renders_the_same_after_its_way_back(text: str) -> None:
    html = block_html(text, "en")
    back = markdown_of_html(html, {})
    assert back.lost == ()
    assert block_html(back.markdown, "en").split() == html.split()


def _sent_to_moodle(gift: bool) -> list[Question]:
    """What was imported into the Moodle that wrote the files beside this one."""
    right, wrong = Option("Vrai", False), Option("Faux", True)
    picture = "" if gift else "\n\n![Un carré noir](media/carre.svg)"
    return [
        Question(
            "capitale",
            "single",
            "Quelle ville est la **capitale** du Pérou ? 5 < 6 & {x} = y:z",
            options=(
                Option("Lima", True, "Oui, *Lima* #1."),
                Option("Cuzco", False, "Non ~ l’ancienne capitale."),
                Option("50% d’eau"),
                Option("% au début"),
            ),
            feedback="Lima compte dix millions d’habitants.\n\n- un\n- deux",
        ),
        Question(
            "fruits",
            "multiple",
            f"Quels sont des fruits ?{picture}",
            points=1 if gift else 2,
            options=(
                Option("La pomme", True),
                Option("La poire", True),
                Option("Le figuier", True),
                Option("Le poireau", False, "Un légume."),
            ),
        ),
        Question("plate", "true-false", "La Terre est plate.", options=(right, wrong), feedback="Faux."),
        Question(
            "pays",
            "matching",
            "Associez.",
            pairs=(Pair("*Lima*", "Pérou"), Pair("Quito", "Équateur"), Pair("La Paz", "Bolivie")),
            distractors=("Chili",),
        ),
        Question("taille", "ordering", "Rangez du plus petit au plus grand.", items=("Souris", "Chat", "Cheval & âne")),
        Question("accents", "fill-in", "Écrivez « été ».", answers=("été",), accent_sensitive=True),
        Question(
            "minutes",
            "numeric",
            "La moitié de 90 ?",
            answer=45.0,
            tolerance=0.5,
            unit="" if gift else "min",
        ),
        Question("petit", "numeric", "Très petit ?", answer=-1.5e-7, tolerance=1e-9),
    ]


@pytest.mark.parametrize(("name", "gift"), [("moodle-4.5.xml", False), ("moodle-4.5.gift", True)])
def test_what_moodle_exported_is_what_was_once_imported_into_it(name: str, gift: bool) -> None:
    imported = {question.id: question for question in import_questions(HERE / name).questions}
    sent = _sent_to_moodle(gift)
    assert without_lines([imported[question.id] for question in sent]) == without_lines(sent)
    assert len(imported) == 9


def test_the_picture_in_a_moodle_export_comes_along_whole() -> None:
    imported = import_questions(HERE / "moodle-4.5.xml")
    assert list(imported.media) == ["media/carre.svg"]
    assert imported.media["media/carre.svg"].startswith(b"<svg xmlns")


def test_a_moodle_export_loads_as_a_questions_file_of_ours(tmp_path: Path) -> None:
    imported = import_questions(HERE / "moodle-4.5.xml")
    assert without_lines(through_our_source(imported.questions, tmp_path)) == without_lines(imported.questions)


def _many(count: int) -> list[Question]:
    options = (Option("Un & *deux*", True, "Oui : #1"), Option("Trois", False, "Non"), Option("Quatre"))
    return [Question(f"q-{n}", "single", f"Combien font {n} + 1 ?", options=options) for n in range(count)]


@pytest.mark.parametrize(
    "there_and_back",
    [
        lambda made: read_moodle_xml(FILE, write_moodle_xml(made, "Essai")),
        lambda made: read_gift(FILE, write_gift(made, "Essai")),
    ],
)
def test_ten_thousand_questions_come_through(there_and_back: Callable[[list[Question]], Imported]) -> None:
    made = _many(10_000)
    imported = there_and_back(made)
    assert without_lines(imported.questions) == made
    lines = [question.line for question in imported.questions]
    assert lines == sorted(set(lines))


def test_no_question_that_can_be_held_is_missing_from_the_file() -> None:
    shared = [
        Question("q", "multiple", "x", options=tuple(Option(str(n), n < right) for n in range(right + 1)))
        for right in (10, 11, 20)
    ]
    assert [can_hold(made) for made in shared] == [True, False, True]
    assert len(read_moodle_xml(FILE, write_moodle_xml(shared, "x")).questions) == 2


def test_a_true_false_feedback_that_ends_in_a_hash_keeps_it() -> None:
    options = (Option("True", False, ""), Option("False", True, "see #"))
    made = Question("a", "true-false", "Is it?", options=options)
    (back,) = read_gift(FILE, write_gift([made], "Essai")).questions
    assert [option.feedback for option in back.options] == ["", "see #"]
