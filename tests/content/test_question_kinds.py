"""Hotspots, short texts, hints and feedback on parts of a question: as authors write them and as learners meet them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from lms_toolkit.courses import load
from lms_toolkit.rendering.questions import key_data, question_view

QUESTIONS = """\
quiz:
  - id: soleil
    kind: hotspot
    text: "Où est le soleil ?"
    picture: media/carte.svg
    alt: "Un soleil à droite d’une montagne."
    hint: "Cherchez ce qui **brille**."
    points: 3
    areas:
      - {text: "Le sommet", x: 40, y: 8, width: 20, height: 30, feedback: "C’est le sommet."}
      - {text: "Le soleil", x: 65, y: 12, width: 20, height: 36, correct: true, feedback: "Oui, c’est lui."}
    feedback: "Le soleil est rond."
  - id: avis
    kind: short-text
    text: "Qu’en pensez-vous ?"
    feedback: "Par exemple : beaucoup de **bien**."
  - id: vrai
    kind: true-false
    text: "Le ciel est vert."
    answer: false
    feedback_true: "Regardez mieux."
    feedback_false: "En effet."
  - id: capitales
    kind: matching
    text: "Associez."
    pairs:
      - {left: "Maroc", right: "Rabat", feedback: "Rabat est au Maroc."}
      - {left: "Tunisie", right: "Tunis", feedback: "Tunis est en Tunisie."}
  - id: mot
    kind: fill-in
    text: "Le contraire de nuit ?"
    answers: ["jour"]
    replies: [{answer: "Soir", feedback: "Le soir n’est pas encore la nuit."}]
    feedback: "Jour."
  - id: moitie
    kind: numeric
    text: "La moitié de 25 ?"
    answer: 12.5
    replies: [{answer: 50, feedback: "C’est le double."}]
    feedback: "12,5."
"""


def spoiled(draft: Any, old: str, new: str) -> list[Any]:
    assert QUESTIONS.count(old) == 1
    findings: list[Any] = draft.questions(QUESTIONS.replace(old, new)).findings()
    return findings


def test_questions_of_every_new_kind_are_sound(draft: Any) -> None:
    assert [str(finding) for finding in draft.questions(QUESTIONS).findings()] == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("correct: true, ", "", "needs exactly one area with correct: true, and has 0"),
        ("x: 65", "x: 81", "quiz[0].areas[1] reaches beyond the picture"),
        ("width: 20, height: 30", "width: 0, height: 30", "width must be at least 1"),
        ('    alt: "Un soleil à droite d’une montagne."\n', "", "quiz[0].alt is missing"),
        ("media/carte.svg", "media/absente.svg", "media/absente.svg does not exist"),
        ("media/carte.svg", "https://example.org/a.svg", "is on another site"),
        ('    feedback: "Par exemple : beaucoup de **bien**."\n', "", "quiz[1].feedback is missing"),
        ('"Le soleil", x', '"Le sommet", x', "offers 'le sommet' twice"),
        ("C’est le double.", "[fiche](media/rien.pdf)", "media/rien.pdf does not exist"),
        ("Cherchez ce qui **brille**.", "![](media/carte.svg)", "has no alternative text"),
    ],
)
def test_a_fault_of_a_new_kind_is_told(draft: Any, old: str, new: str, words: str) -> None:
    findings = spoiled(draft, old, new)
    told = [finding for finding in findings if words in str(finding)]
    assert told, [str(finding) for finding in findings]
    assert all(finding.line for finding in told)


def test_a_quiz_of_short_texts_alone_gives_no_grade_and_check_says_so(draft: Any) -> None:
    draft.questions('quiz:\n  - {id: a, kind: short-text, text: "?", feedback: "Oui."}\n')
    assert [finding.rule for finding in draft.findings("no-quiz")] == ["no-quiz"]


def test_the_picture_of_a_hotspot_goes_into_the_package(draft: Any) -> None:
    assert [file.name for file in draft.questions(QUESTIONS).rendered().media] == ["media/carte.svg"]


def test_a_hotspot_is_reported_as_a_choice_and_a_short_text_has_no_points(draft: Any) -> None:
    draft.questions(QUESTIONS)
    hotspot, free = load(draft.folder).modules[0].content["fr"].quiz[:2]
    data = key_data(hotspot, "fr", reveal=False)
    assert (data["kind"], data["key"], data["points"]) == ("single", 1, 3)
    assert (free.points, key_data(free, "fr", reveal=True)["answerHtml"]) == (0, "")
    spots = question_view(hotspot, "fr").spots
    assert [spot.number for spot in spots] == [1, 2]
    assert {(spot.index, spot.area.x) for spot in spots} == {(0, 40), (1, 65)}


def test_a_picture_name_cannot_break_out_of_its_attribute(draft: Any) -> None:
    draft.questions(QUESTIONS)
    hotspot = load(draft.folder).modules[0].content["fr"].quiz[0]
    view = question_view(replace(hotspot, picture='x" onerror="x()', picture_alt='"><script>x()</script>'), "fr")
    assert re.fullmatch(r'<img src="[^"]*" alt="[^"]*">', view.picture)


def fill(reader: Any, *, soleil: str, maroc: str, mot: str, nombre: str) -> None:
    sco = reader.sco
    sco.get_by_role("radio", name=soleil).check()
    sco.get_by_label("Votre réponse", exact=True).first.fill("Du bien.\nEt plus.")
    sco.get_by_role("radio", name="Vrai").check()
    sco.get_by_label("Maroc").select_option(maroc)
    sco.get_by_label("Tunisie").select_option("Tunis")
    sco.get_by_label("Votre réponse", exact=True).last.fill(mot)
    sco.get_by_label("Votre réponse (un nombre)").fill(nombre)
    sco.get_by_role("button", name="Valider mes réponses").click()


@pytest.mark.browser
def test_each_part_answered_gets_its_own_feedback(draft: Any, read: Any) -> None:
    reader = read(draft.questions(QUESTIONS))
    reader.open("quiz.html")
    fill(reader, soleil="Le sommet", maroc="Tunis", mot="le soir ", nombre="50,0")
    told = reader.sco.locator("#lms-quiz").inner_text()
    for text in ("C’est le sommet.", "Regardez mieux.", "Rabat est au Maroc.", "C’est le double."):
        assert text in told
    assert "Tunis est en Tunisie." not in told  # that pair was found
    assert "Le soir n’est pas encore" not in told  # "le soir" is another answer than "Soir"
    assert reader.kept("cmi.core.score.raw") == "7.14"  # half a point of seven


@pytest.mark.browser
def test_a_reply_answers_its_answer_whatever_the_capitals(draft: Any, read: Any) -> None:
    reader = read(draft.questions(QUESTIONS))
    reader.open("quiz.html")
    fill(reader, soleil="Le soleil", maroc="Rabat", mot=" SOIR", nombre="12,5")
    assert reader.sco.get_by_text("Le soir n’est pas encore la nuit.").is_visible()


@pytest.mark.browser
def test_a_short_text_shows_the_model_answer_and_is_reported_neutral(draft: Any, read: Any) -> None:
    reader = read(draft.questions(QUESTIONS))
    reader.open("quiz.html")
    fill(reader, soleil="Le soleil", maroc="Rabat", mot="jour", nombre="12,5")
    field = reader.sco.locator(".kind-short-text")
    assert "Comparez votre réponse avec celle-ci" in field.inner_text()
    assert "beaucoup de bien" in field.inner_text()
    assert field.locator(".points").inner_text().strip(" ·") == "Non noté"
    assert reader.kept("cmi.interactions.1.type") == "fill-in"
    assert reader.kept("cmi.interactions.1.result") == "neutral"
    assert reader.kept("cmi.interactions.1.correct_responses.0.pattern") == ""
    assert reader.kept("cmi.interactions.1.student_response").startswith("Du bien.")
    assert reader.kept("cmi.interactions.0.type") == "choice"
    assert reader.kept("cmi.core.score.raw") == "85.71"  # six of seven points: the sky is not green


@pytest.mark.browser
def test_an_area_is_chosen_by_pointer_or_by_keys_and_both_show_it(draft: Any, read: Any) -> None:
    reader = read(draft.questions(QUESTIONS))
    sco = reader.open("quiz.html")
    sco.locator("[data-spot='1'] rect").click()
    assert sco.get_by_role("radio", name="Le soleil").is_checked()
    assert "is-chosen" in sco.locator("[data-spot='1']").get_attribute("class")
    reader.press("ArrowUp")  # the pointer left the focus in the list
    assert sco.get_by_role("radio", name="Le sommet").is_checked()
    assert "is-chosen" in sco.locator("[data-spot='0']").get_attribute("class")
    assert "is-chosen" not in sco.locator("[data-spot='1']").get_attribute("class")
    number = sco.locator("[data-spot='1'] text").text_content()
    assert sco.locator(".choice", has_text="Le soleil").inner_text() == f"{number}. Le soleil"


@pytest.mark.browser
def test_a_marked_picture_changes_nothing_any_more(draft: Any, read: Any) -> None:
    reader = read(draft.questions(QUESTIONS))
    sco = reader.open("quiz.html")
    fill(reader, soleil="Le sommet", maroc="Rabat", mot="jour", nombre="12,5")
    assert "chosen-wrong" in sco.locator("[data-spot='0']").get_attribute("class")
    sco.locator("[data-spot='1'] rect").click()
    assert sco.get_by_role("radio", name="Le sommet").is_checked()


@pytest.mark.browser
def test_a_hint_opens_by_keyboard(draft: Any, read: Any) -> None:
    reader = read(draft.questions(QUESTIONS))
    sco = reader.open("quiz.html")
    assert not sco.get_by_text("Cherchez ce qui").is_visible()
    sco.get_by_text("Un indice").focus()
    reader.press("Enter")
    assert sco.get_by_text("Cherchez ce qui").is_visible()
