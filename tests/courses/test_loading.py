"""Loading gives the records that the author wrote, and the sample course loads as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lms_toolkit import content_path
from lms_toolkit.courses import check, load
from lms_toolkit.model import Option, Pair


def test_a_course_has_the_texts_its_author_wrote(tiny):
    course = tiny.load()
    assert (course.id, course.title["fr"], course.summary["fr"]) == ("tiny", "Petit cours", "Un cours d’essai")
    assert course.module("intro").objectives["fr"] == ("Savoir lire",)
    assert course.folder == tiny.path


def test_the_markdown_of_a_lesson_begins_at_its_body_line(tiny):
    lesson = tiny.load().module("intro").content["fr"].lessons[0]
    lines = lesson.path.read_text(encoding="utf-8").split("\n")
    assert lines[lesson.body_line - 1 :] == lesson.markdown.split("\n")
    assert (lesson.slug, lesson.title, lesson.minutes) == ("bonjour", "Bonjour", 5)


def test_lessons_come_in_the_order_of_the_course_file(tiny):
    tiny.write("fr/intro/a.md", "---\ntitle: A\nminutes: 1\n---\ntexte\n")
    tiny.replace("course.toml", '["bonjour"]', '["bonjour", "a"]')
    assert [lesson.slug for lesson in tiny.load().module("intro").content["fr"].lessons] == ["bonjour", "a"]


def test_a_module_without_a_folder_is_not_written(tiny):
    course = tiny.load()
    assert not course.module("suite").is_written("fr")
    assert course.module("intro").is_written("fr")


def test_a_module_without_questions_loads(tiny):
    (tiny.module / "questions.yaml").unlink()
    tiny.replace("fr/intro/bonjour.md", "::: self-check essai\n:::\n", "")
    content = tiny.load().module("intro").content["fr"]
    assert (content.quiz, content.self_checks, content.questions_path) == ((), (), None)


def test_marks_and_weights_have_the_documented_defaults(tiny):
    course = tiny.load()
    assert course.module("intro").pass_mark_percent == 70
    assert course.certification.pass_mark_percent == 60
    assert course.certification.require_all_assessments
    assert dict(course.weights) == {"intro": 1, "suite": 1}


def test_a_graded_activity_weighs_what_the_course_file_says(tiny):
    tiny.replace("course.toml", 'kind = "forum"', 'kind = "forum"\ngraded = true')
    tiny.replace("course.toml", "[certification]", "[grading.weights]\nforum = 2.5\n\n[certification]")
    course = tiny.load()
    assert dict(course.weights) == {"intro": 1, "suite": 1, "forum": 2.5}
    assert [part.slug for part in course.assessments(course.edition("TINY-1"))] == ["intro", "forum"]


def test_dates_of_editions_and_phases_are_dates(tiny):
    tiny.replace(
        "course.toml", "learning_hours = 1", "learning_hours = 1\nstarts_on = 2027-03-01\nends_on = 2027-03-31"
    )
    tiny.replace("course.toml", 'slug = "debut"', 'slug = "debut"\nstarts_on = 2027-03-02')
    edition = tiny.load().edition("TINY-1")
    assert (edition.starts_on, edition.ends_on) == (date(2027, 3, 1), date(2027, 3, 31))
    assert edition.phases[0].starts_on == date(2027, 3, 2)


def test_windows_line_ends_and_byte_order_marks_do_no_harm(tiny):
    before = tiny.load()
    for name in ("course.toml", "fr/intro/bonjour.md", "fr/intro/questions.yaml"):
        path = tiny.path / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert tiny.load() == before


@pytest.mark.parametrize(
    ("language", "words"), [("fr", ("Vrai", "Faux")), ("en", ("True", "False")), ("es-mx", ("Verdadero", "Falso"))]
)
def test_true_false_questions_have_the_words_of_their_language(tiny, language, words):
    for name in ("course.toml", "fr/intro/bonjour.md"):
        text = (tiny.path / name).read_text(encoding="utf-8")
        tiny.write(name, text.replace(".fr", f".{language}").replace('"fr"', f'"{language}"'))
    (tiny.path / "fr").rename(tiny.path / "spoken")
    (tiny.path / "spoken").rename(tiny.path / language)
    question = tiny.load().module("intro").content[language].self_check("essai")
    assert question.options == (Option(words[0]), Option(words[1], correct=True))


def test_each_kind_of_question_keeps_its_own_fields(quiz):
    def question(lines):
        return quiz(lines).load().module("intro").content["fr"].quiz[0]

    single = question("kind: single\ntext: T\noptions:\n- {text: A, correct: true, feedback: oui}\n- {text: B}")
    assert single.options == (Option("A", True, "oui"), Option("B"))
    assert single.points == 1
    assert question(
        "kind: matching\ntext: T\npairs: [{left: a, right: b}, {left: c, right: d}]\ndistractors: [e]"
    ).pairs == (
        Pair("a", "b"),
        Pair("c", "d"),
    )
    assert question("kind: ordering\ntext: T\nitems: [un, deux]").items == ("un", "deux")
    fill_in = question("kind: fill-in\ntext: T\nanswers: [été, No]\ncase_sensitive: true")
    assert (fill_in.answers, fill_in.case_sensitive, fill_in.accent_sensitive) == (("été", "No"), True, False)
    numeric = question("kind: numeric\ntext: T\npoints: 2.5\nanswer: -3\ntolerance: 0.5\nunit: °C")
    assert (numeric.answer, numeric.tolerance, numeric.unit, numeric.points) == (-3, 0.5, "°C", 2.5)


def test_a_question_knows_its_line(tiny):
    content = tiny.load().module("intro").content["fr"]
    lines = content.questions_path.read_text(encoding="utf-8").split("\n")
    for question in (*content.quiz, *content.self_checks):
        assert lines[question.line - 1].strip() == f"- id: {question.id}"


def test_loading_from_a_relative_folder_gives_relative_places(tiny, monkeypatch):
    monkeypatch.chdir(tiny.path.parent)
    tiny.write("fr/intro/bonjour.md", "rien")
    findings = check(Path("tiny"))
    assert [finding.where for finding in findings if finding.severity == "error"] == ["tiny/fr/intro/bonjour.md"]


def test_the_sure_course_has_its_first_module_written_and_no_error():
    course = load(content_path("sure"))
    assert [module.slug for module in course.modules] == [
        "cycles-migratoires",
        "services-publics-emploi",
        "acteurs-locaux",
        "accords-securite-sociale",
    ]
    content = course.module("cycles-migratoires").content["fr"]
    assert len(content.lessons) >= 5
    assert len(content.quiz) >= 12
    assert sum(len(lesson.markdown.split()) for lesson in content.lessons) >= 2500
    assert any("::: case" in lesson.markdown for lesson in content.lessons)
    assert [str(finding) for finding in check(content_path("sure")) if finding.severity == "error"] == []


def test_the_sure_course_has_an_edition_that_can_be_earned_with_module_1_alone():
    course = load(content_path("sure"))
    small, whole = course.edition("SURE-FR-M1"), course.edition("SURE-FR")
    assert [part.slug for part in course.assessments(small)] == ["cycles-migratoires"]
    assert [phase.modules for phase in whole.phases[:-1]] == [(module.slug,) for module in course.modules]
    assert whole.phases[-1].activities == ("ressources", "quiz-final")
    assert "pas une publication officielle" in " ".join(course.summary["fr"].split())
