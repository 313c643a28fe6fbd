"""Every fault of a questions.yaml is told with its line and column, and what to do."""

from __future__ import annotations

import pytest

OPTIONS = "options:\n- {text: A, correct: true}\n- {text: B}"


@pytest.mark.parametrize(
    ("lines", "place", "words"),
    [
        ("text: T", "2:5", "quiz[0].kind is missing"),
        ("kind: essay\ntext: T", "3:11", "must be one of 'single', 'multiple'"),
        (f"kind: single\n{OPTIONS}", "2:5", "quiz[0].text is missing"),
        (f"kind: single\ntext:\n{OPTIONS}", "4:10", "quiz[0].text must be text, not nothing (write a text)"),
        (f"kind: single\ntext: 1947\n{OPTIONS}", "4:11", "must be text, not 1947 (put it in quotes)"),
        (f"kind: single\ntext: true\n{OPTIONS}", "4:11", "must be text, not true (put it in quotes)"),
        (f"kind: single\ntext: T\npoints: 0\n{OPTIONS}", "5:13", "must be more than 0"),
        (f"kind: single\ntext: T\npoints: .nan\n{OPTIONS}", "5:13", "must be a number, not '.nan'"),
        (f"kind: single\ntext: T\nanswer: true\n{OPTIONS}", "5:5", "quiz[0].answer is unknown (known here:"),
        (f"kind: single\ntext: T\nfeedbak: F\n{OPTIONS}", "5:5", "did you mean feedback?"),
        ("kind: single\ntext: T\noptions:\n- {text: A, correct: true}", "5:5", "a list of at least 2"),
        (
            "kind: single\ntext: T\noptions: [A, {text: B, correct: true}]",
            "5:15",
            "options[0] must be a table, not 'A'",
        ),
        (
            "kind: single\ntext: T\noptions:\n- text: A\n- text: B",
            "2:5",
            "exactly one option with correct: true, and has 0",
        ),
        ("kind: single\ntext: T\noptions:\n- {text: A, correct: true}\n- {text: B, correct: true}", "2:5", "and has 2"),
        ("kind: single\ntext: T\noptions:\n- {text: A, correct: yes}\n- {text: B}", "6:26", "true or false, not 'yes'"),
        ("kind: single\ntext: T\noptions:\n- {text: A, corect: true}\n- {text: B}", "6:17", "did you mean correct?"),
        ("kind: multiple\ntext: T\noptions:\n- text: A\n- text: B", "2:5", "needs an option with correct: true"),
        ("kind: true-false\ntext: T", "2:5", "quiz[0].answer is missing"),
        ("kind: true-false\ntext: T\nanswer: vrai", "5:13", "must be true or false, not 'vrai'"),
        ("kind: matching\ntext: T\npairs:\n- {left: a, right: b}", "5:5", "a list of at least 2"),
        (
            "kind: matching\ntext: T\npairs:\n- {left: a}\n- {left: c, right: d}",
            "6:7",
            "quiz[0].pairs[0].right is missing",
        ),
        ("kind: ordering\ntext: T\nitems: [un]", "5:5", "a list of at least 2"),
        ("kind: ordering\ntext: T\nitems: [un, 2]", "5:17", "quiz[0].items[1] must be text, not 2"),
        ("kind: fill-in\ntext: T\nanswers: []", "5:5", "a list of at least 1"),
        ("kind: numeric\ntext: T\nanswer: 1,5", "5:13", "must be a number, not '1,5'"),
        ("kind: numeric\ntext: T\nanswer: 1\ntolerance: -1", "6:16", "must be at least 0"),
    ],
)
def test_a_wrong_question_is_told_at_its_place(quiz, lines, place, words):
    tiny = quiz(lines)
    fault = tiny.fault()
    # Columns are those of the file: the question's lines are indented by four.
    assert tiny.where(fault) == f"fr/intro/questions.yaml:{place}"
    assert words in str(fault)


def test_two_questions_with_one_id_are_refused_across_both_lists(tiny):
    tiny.replace("fr/intro/questions.yaml", "id: couleur", "id: essai")
    fault = tiny.fault()
    assert (fault.rule, tiny.where(fault)) == ("duplicate-question", "fr/intro/questions.yaml:11:9")
    assert "(the first in line 2)" in fault.message


def test_true_false_is_refused_in_a_language_without_the_words(tiny):
    tiny.replace("course.toml", 'languages = ["fr"]\ntitle', 'languages = ["fr", "it"]\ntitle')
    tiny.write("it/intro/bonjour.md", "---\ntitle: Ciao\nminutes: 1\n---\ntesto\n")
    tiny.write("it/intro/questions.yaml", "quiz:\n  - {id: q, kind: true-false, text: T, answer: true}\n")
    fault = next(fault for fault in tiny.faults() if fault.rule == "no-words")
    assert tiny.where(fault) == "it/intro/questions.yaml:2:19"
    assert "single" in fault.hint


@pytest.mark.parametrize("text", ["quiz:\n", "quiz: 3\n", "quiz: {}\n"])
def test_a_quiz_that_is_no_list_is_refused(tiny, text):
    tiny.write("fr/intro/questions.yaml", text)
    assert "quiz must be a list" in tiny.fault().message


def test_a_list_where_the_two_keys_belong_is_refused(tiny):
    tiny.write("fr/intro/questions.yaml", "- id: q\n")
    assert "the file must be a table, not a list of 1" in tiny.fault().message


def test_every_fault_of_a_question_is_told_at_once(quiz):
    tiny = quiz("kind: numeric\ntext: 3\nanswer: x\ntolerance: -1\nfeedbak: y")
    assert [tiny.where(fault).split(":")[1] for fault in tiny.faults()] == ["4", "5", "6", "7"]
