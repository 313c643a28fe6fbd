"""What `check` says of lessons that are hard to read, quizzes that give themselves away, and words that drift."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.building import build, make_shell
from lms_toolkit.courses import check
from lms_toolkit.courses.against_package import check_against
from lms_toolkit.courses.reading_rules import lix
from lms_toolkit.manager import Plugins

LESSON = "---\ntitle: Bonjour\nminutes: {minutes}\n---\n\n{text}\n\n::: self-check essai\n:::\n"
LAW = (
    "Nonobstant l’inapplicabilité présumée des dispositions réglementaires susmentionnées, l’administration "
    "territorialement compétente procédera immédiatement, conformément aux prescriptions constitutionnelles, "
    "à l’enregistrement contradictoire des réclamations individuelles concernant exclusivement l’établissement "
    "professionnel préalablement immatriculé. "
)
EASY = "Il fait beau. Nous allons au marché. Elle vend des fruits. Tu viens avec moi ? "


def lesson(tiny: Any, text: str, minutes: int = 100) -> None:
    tiny.write("fr/intro/bonjour.md", LESSON.format(text=text, minutes=minutes))


def test_the_language_of_laws_is_named_and_plain_words_are_not(tiny: Any) -> None:
    lesson(tiny, LAW * 6)
    assert [tiny.where(finding) for finding in tiny.found("reading-level")] == ["fr/intro/bonjour.md:5"]
    lesson(tiny, EASY * 20)
    assert tiny.found("reading-level") == []


def test_lix_is_words_a_sentence_and_the_share_of_long_words() -> None:
    assert lix("un deux trois quatre septante. " * 25) == 5 + 20
    assert lix("mot " * 99) == 0


def test_addresses_code_and_blocks_do_not_count_as_words() -> None:
    text = "un deux trois quatre septante. " * 25
    assert lix(f"{text}```\n{'longidentifier ' * 50}\n```\n") == lix(text)


@pytest.mark.parametrize(("words", "minutes", "found"), [(2600, 100, 1), (1300, 3, 1), (1100, 3, 0)])
def test_a_lesson_that_is_too_long_for_its_minutes_or_for_anybody_is_named(
    tiny: Any, words: int, minutes: int, found: int
) -> None:
    lesson(tiny, "mot et mot. " * (words // 3), minutes)
    assert len(tiny.found("lesson-length")) == found


def choices(right: str, wrong: str, *, first: bool = False, count: int = 6) -> str:
    """A quiz of choices; the right option is the first, or the place changes."""
    lines = ["quiz:"]
    for n in range(count):
        options = [f'      - text: "{wrong} {letter}{n}"' for letter in "abc"]
        options.insert(0 if first else n % 4, f'      - text: "{right} {n}"\n        correct: true')
        lines += [f"  - id: q{n}", "    kind: single", f'    text: "Question {n} ?"', '    feedback: "Voilà."']
        lines += ["    options:", *options]
    lines += ["self_checks:", "  - id: essai", "    kind: true-false", '    text: "Oui ?"', "    answer: true"]
    return "\n".join([*lines, '    feedback: "Oui."', ""])


def test_the_longest_option_being_right_everywhere_is_named_once(tiny: Any) -> None:
    tiny.write("fr/intro/questions.yaml", choices("Une réponse bien plus longue", "Non"))
    assert [tiny.where(finding) for finding in tiny.found("key-pattern")] == ["fr/intro/questions.yaml:2"]


def test_options_of_one_length_in_changing_places_show_no_pattern(tiny: Any) -> None:
    tiny.write("fr/intro/questions.yaml", choices("Oui", "Non"))
    assert tiny.found("key-pattern") == []


def test_the_first_option_being_right_everywhere_is_noted_because_only_exports_show_it(tiny: Any) -> None:
    tiny.write("fr/intro/questions.yaml", choices("Oui", "Non", first=True))
    assert [finding.severity for finding in tiny.found("key-pattern")] == ["info"]
    tiny.write("fr/intro/questions.yaml", choices("Oui", "Non", first=True, count=4))
    assert tiny.found("key-pattern") == []


def statements(answers: list[bool]) -> str:
    lines = ["quiz:"]
    for n, answer in enumerate(answers):
        lines += [
            f"  - id: q{n}",
            "    kind: true-false",
            f'    text: "Phrase {n}."',
            f"    answer: {str(answer).lower()}",
        ]
        lines += ['    feedback: "Voilà."']
    return "\n".join([*lines, "self_checks:", *choices("a", "b").split("self_checks:\n")[1].split("\n")])


def test_statements_that_are_all_true_are_named_and_guessing_passes_such_a_quiz(tiny: Any) -> None:
    tiny.write("fr/intro/questions.yaml", statements([True] * 6))
    assert len(tiny.found("key-pattern")) == 1
    assert "guessing earns 50 %" in tiny.found("easy-to-guess")[0].message


def test_four_options_a_question_are_not_easy_to_guess(tiny: Any) -> None:
    tiny.write("fr/intro/questions.yaml", choices("Oui", "Non"))
    assert tiny.found("easy-to-guess") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Toutes les réponses ci-dessus", 1),
        ("Aucune de ces réponses", 1),
        ("All of the above", 1),
        ("None of the above.", 1),
        ("Todas las anteriores", 1),
        ("Ninguna de las respuestas anteriores", 1),
        ("Toutes les personnes migrantes", 0),
        ("Les années antérieures", 0),
    ],
)
def test_an_option_that_speaks_of_those_above_is_named(quiz: Callable[[str], Any], text: str, found: int) -> None:
    options = f'options:\n  - text: "{text}"\n  - text: "Ici"\n    correct: true'
    tiny = quiz(f'kind: single\ntext: "Où ?"\nfeedback: "Ici."\n{options}')
    assert len(tiny.found("all-of-the-above")) == found


def test_answers_that_no_platform_could_keep_are_named_before_a_build(tiny: Any) -> None:
    lines = ["quiz:"]
    for n in range(20):
        lines += [f"  - id: q{n}", "    kind: fill-in", f'    text: "Mot {n} ?"', f'    answers: ["{"x" * 200}"]']
        lines += ['    feedback: "Voilà."']
    tail = choices("a", "b").split("self_checks:\n")[1].split("\n")
    tiny.write("fr/intro/questions.yaml", "\n".join([*lines, "self_checks:", *tail]))
    found = tiny.found("memory-budget")
    assert [finding.severity for finding in found] == ["warning"]
    assert "the format keeps 4096" in found[0].message


def test_a_language_without_words_for_the_pages_is_an_error(tiny: Any) -> None:
    tiny.replace(
        "course.toml", 'languages = ["fr"]\ntitle.fr = "Petit cours"', 'languages = ["fr", "tr"]\ntitle.fr = "P"'
    )
    text = (tiny.path / "course.toml").read_text(encoding="utf-8")
    for key in ("title", "summary", "objectives"):
        text = "\n".join(_doubled(line, key) for line in text.split("\n"))
    tiny.write("course.toml", text)
    assert [tiny.where(finding) for finding in tiny.found("missing-wording")] == ["course.toml:3"]


def _doubled(line: str, key: str) -> str:
    return f"{line}\n{line.replace(f'{key}.fr', f'{key}.tr')}" if line.startswith(f"{key}.fr") else line


TERMS = '[reintegration]\nfr = "réinsertion"\navoid.fr = ["réintégration", "re-insertion sociale"]\n'


def test_an_avoided_form_is_named_with_its_line_and_the_word_to_write(tiny: Any) -> None:
    tiny.write("terms.toml", TERMS)
    lesson(tiny, "La Réintégration est longue.\n\nLa re-insertion\nsociale, et la désintégration.")
    found = tiny.found("avoided-term")
    assert [tiny.where(finding) for finding in found] == ["fr/intro/bonjour.md:6", "fr/intro/bonjour.md:8"]
    assert found[0].hint == "write réinsertion"


def test_an_avoided_form_in_a_question_is_named_too(tiny: Any) -> None:
    tiny.write("terms.toml", TERMS)
    tiny.replace("fr/intro/questions.yaml", "La terre est plate.", "La réintégration est facile.")
    assert [tiny.where(finding) for finding in tiny.found("avoided-term")] == ["fr/intro/questions.yaml:11"]


@pytest.mark.parametrize("text", ['[a]\nde = "x"\n', "[a]\navoid = 3\n", 'a = "x"\n', "[a\n", '[a]\navoid.fr = [""]\n'])
def test_a_faulty_list_of_terms_is_named_and_nothing_else_stops(tiny: Any, text: str) -> None:
    tiny.write("terms.toml", text)
    faults = [finding for finding in check(tiny.path) if finding.where.endswith("terms.toml")]
    assert [finding.severity for finding in faults] == ["error"]
    assert faults[0].line
    assert tiny.found("not-written")


def built(tiny: Any, folder: Path, plugins: Plugins) -> Path:
    course = tiny.load()
    shell = make_shell(folder / "data")
    return build(course, course.modules[0], "fr", plugins.format("scorm12"), folder / "dist", shell, plugins).path


def test_a_course_that_still_has_every_page_of_a_package_loses_nothing(tiny: Any, tmp_path: Path) -> None:
    plugins = Plugins()
    package = built(tiny, tmp_path, plugins)
    tiny.replace("fr/intro/bonjour.md", "title: Bonjour", "title: Bonsoir")
    assert check_against(tiny.load(), package, plugins) == []


def test_a_renamed_lesson_is_named_because_its_records_would_be_lost(tiny: Any, tmp_path: Path) -> None:
    plugins = Plugins()
    package = built(tiny, tmp_path, plugins)
    (tiny.module / "bonjour.md").rename(tiny.module / "salut.md")
    tiny.replace("course.toml", 'lessons = ["bonjour"]', 'lessons = ["salut"]')
    found = check_against(tiny.load(), package, plugins)
    assert [(finding.rule, finding.severity) for finding in found] == [("lost-tracks", "warning")]
    assert "lesson-bonjour" in found[0].message


def test_a_package_of_another_course_is_said_to_be_one(tiny: Any, tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.html", "")
    assert [finding.rule for finding in check_against(tiny.load(), path, Plugins())] == ["against-nothing"]


def test_text_after_a_block_is_read_too() -> None:
    hard = "Internationalization considerations necessitate institutional reorganization " * 20
    assert lix(f"::: note Read\nShort.\n:::\n\n{hard}.") > 60
