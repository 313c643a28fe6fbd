"""A cartridge keeps the rules that 1EdTech wrote into its schemas, and says what it had to leave out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from lms_ims import topics
from lms_ims.cartridge import ImsCc11, ImsCc13
from lms_ims.names import CC11
from lms_ims.qti import weights
from lms_toolkit.building import build_unit
from lms_toolkit.errors import ContentError
from lms_toolkit.inspecting import inspect_package
from lms_toolkit.model import Activity, Area, Option, Question, QuizSettings, RenderedModule
from lms_toolkit.rendering import render_module
from lms_toolkit.units import units_of

MANIFEST = "cc-1.1/cc11libxml2validator.xsd"
QTI = "cc-1.1/ccv1p1_qtiasiv1p2p1_v1p0.xsd"
TOPIC = "cc-1.1/ccv1p1_imsdt_v1p1.xsd"
LINK = "cc-1.1/ccv1p1_imswl_v1p1.xsd"
HOSTILE = "]]> <b>&amp; “x” עברית العربية \U0001f600 \U00020000 \U000e0041 \U0010fffd <!-- <script>alert(1)</script>"


def texts(root: etree._Element, path: str) -> list[str]:
    return [str(element.text) for element in root.iterfind(path)]


def test_every_file_validates_against_the_schemas_and_their_schematron(workshop: Any, faults: Any) -> None:
    cartridge = workshop.cartridge()
    assert faults(MANIFEST, cartridge.manifest) == []
    assert faults(QTI, cartridge.xml("quiz.xml")) == []
    assert faults(QTI, cartridge.xml("question-bank.xml")) == []
    assert faults(TOPIC, cartridge.xml("topic-presentations.xml")) == []
    links = [name for name in cartridge.names if name.startswith("link-")]
    assert [faults(LINK, cartridge.xml(name)) for name in links] == [[]]


def test_the_schematron_is_awake(workshop: Any, faults: Any) -> None:
    """A rule that no document can break would pass everything."""
    cartridge = workshop.cartridge()
    manifest = cartridge.manifest
    topic = next(one for one in manifest.iterfind(".//{*}resource") if one.get("type") == "imsdt_xmlv1p1")
    topic.set("href", "topic-presentations.xml")
    quiz = cartridge.xml("quiz.xml")
    labels = quiz.find(".//{*}render_choice")
    labels.remove(labels[-1])
    assert any("RULE 1c" in fault for fault in faults(MANIFEST, manifest))
    assert any("RULE 4d" in fault for fault in faults(QTI, quiz))


def test_version_1_3_is_version_1_1_under_other_names(workshop: Any, faults: Any) -> None:
    package = workshop.build(ImsCc13())
    text = type(workshop.cartridge())(package).read("imsmanifest.xml").decode()
    assert "<schemaversion>1.3.0</schemaversion>" in text
    for new, old in (("imsccv1p3", "imsccv1p1"), ("ccv1p3", "ccv1p1"), ("1.3.0", "1.1.0"), ("_xmlv1p3", "_xmlv1p1")):
        text = text.replace(new, old)
    assert faults(MANIFEST, etree.fromstring(text.encode())) == []
    assert package.notes[0].startswith("mapped on the 1.1 rules, not officially validated")


def test_all_files_are_listed_once_or_are_media_that_pages_name(workshop: Any) -> None:
    cartridge = workshop.cartridge()
    listed = [str(file.get("href")) for file in cartridge.manifest.iterfind(".//{*}file")]
    assert sorted(listed) == sorted(cartridge.names[1:])
    needs = {
        str(resource.get("identifier")): [one.get("identifierref") for one in resource.iterfind("{*}dependency")]
        for resource in cartridge.manifest.iterfind(".//{*}resource")
    }
    assert needs["resource-lesson-bienvenue"] == ["resource-media"]
    assert needs["resource-quiz"] == ["resource-media"]
    assert needs["resource-lesson-suite"] == []


def test_moodle_finds_the_namespace_at_the_start_of_the_file(workshop: Any) -> None:
    start = workshop.cartridge().read("imsmanifest.xml")[:1024].decode()
    assert 'xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"' in start


def test_contents_are_lessons_quiz_forum_and_a_folder_of_links(workshop: Any) -> None:
    (root,) = workshop.cartridge().manifest.findall(".//{*}organization/{*}item")
    assert root.find("{*}title") is None
    module, folder = root.findall("{*}item")
    assert [item.get("identifier") for item in module.findall("{*}item")] == [
        "lesson-bienvenue",
        "lesson-suite",
        "quiz",
        "topic-presentations",
        "topic-bilan",
    ]
    assert texts(folder, "{*}title") == ["Liens"]
    assert texts(folder, "{*}item/{*}title") == ["l’agence"]  # the same address twice is one link
    assert folder.get("identifierref") is None


def test_questions_have_the_profile_of_their_kind(workshop: Any) -> None:
    quiz = workshop.cartridge().xml("quiz.xml")
    profiles = {
        str(item.get("ident")): item.findtext(".//{*}qtimetadatafield[{*}fieldlabel='cc_profile']/{*}fieldentry")
        for item in quiz.iterfind(".//{*}item")
    }
    assert profiles == {
        "q-single": "cc.multiple_choice.v0p1",
        "q-multiple": "cc.multiple_response.v0p1",
        "q-true": "cc.true_false.v0p1",
        "q-fill": "cc.fib.v0p1",
        "q-numeric": "cc.fib.v0p1",
    }


def test_the_right_option_carries_its_mark_and_its_feedback_in_one_condition(workshop: Any) -> None:
    quiz = workshop.cartridge().xml("quiz.xml")
    (item,) = [item for item in quiz.iterfind(".//{*}item") if item.get("ident") == "q-single"]
    general, right = item.findall(".//{*}respcondition")
    assert (general.get("continue"), right.get("continue")) == ("Yes", "No")
    assert right.findtext(".//{*}varequal") == "option-2"
    assert right.findtext("{*}setvar") == "100"
    assert right.find("{*}displayfeedback").get("linkrefid") == "feedback-2"
    assert texts(item, "{*}itemfeedback/{*}flow_mat/{*}material/{*}mattext") == [
        "<p>La bonne réponse est la bonne.</p>\n",
        "Oui.",
    ]


def test_several_right_options_must_all_be_ticked_and_no_other(workshop: Any) -> None:
    quiz = workshop.cartridge().xml("quiz.xml")
    (item,) = [item for item in quiz.iterfind(".//{*}item") if item.get("ident") == "q-multiple"]
    (every,) = item.findall(".//{*}and")
    assert texts(every, "{*}varequal") == ["option-1", "option-3"]
    assert texts(every, "{*}not/{*}varequal") == ["option-2", "option-4"]
    assert len(item.findall(".//{*}setvar")) == 1  # no option earns the mark on its own


def test_a_false_statement_is_false(workshop: Any) -> None:
    quiz = workshop.cartridge().xml("quiz.xml")
    (item,) = [item for item in quiz.iterfind(".//{*}item") if item.get("ident") == "q-true"]
    marked = [
        one.findtext(".//{*}varequal") for one in item.iterfind(".//{*}respcondition") if one.findtext("{*}setvar")
    ]
    assert marked == ["false"]
    assert texts(item, ".//{*}response_label//{*}mattext") == ["Vrai", "Faux"]


def test_written_answers_count_without_their_accents_and_with_either_decimal_sign(workshop: Any) -> None:
    quiz = workshop.cartridge().xml("quiz.xml")
    answers = {item.get("ident"): texts(item, ".//{*}varequal") for item in quiz.iterfind(".//{*}item")}
    assert answers["q-fill"] == ["été", "hiver", "ete"]
    assert answers["q-numeric"] == ["12.5", "12,5"]


def test_pictures_of_questions_are_found_from_the_question_file(workshop: Any) -> None:
    asked = workshop.cartridge().xml("quiz.xml").findtext(".//{*}item/{*}presentation/{*}material/{*}mattext")
    assert 'src="$IMS-CC-FILEBASE$/media/cercle.svg"' in asked.replace("FILEBASE$media", "FILEBASE$/media")


def test_points_keep_their_proportion_as_whole_numbers() -> None:
    def asked(*points: float) -> list[Question]:
        return [Question(f"q{number}", "fill-in", "?", points=one) for number, one in enumerate(points)]

    assert weights(asked(1, 2)) == (1, 2)
    assert weights(asked(0.5, 1, 0.25)) == (2, 4, 1)
    assert weights(asked(1, 100)) is None


def test_what_has_no_place_in_a_cartridge_is_named(workshop: Any) -> None:
    pair = Question("deux", "single", "?", options=(Option("a", correct=True), Option("b")))
    course = workshop.course()
    quiz = course.modules[0].content["fr"].quiz
    notes = workshop.build(ImsCc11(), workshop.course(quiz=(*quiz, pair))).notes
    assert notes == (
        "q-matching is left out: Common Cartridge has no profile for matching questions",
        "q-ordering is left out: Common Cartridge has no profile for ordering questions",
        "deux is left out: Common Cartridge has no single question with 2 options; it asks for 3",
        "only the exact number counts as right, without tolerance: q-numeric",
        "all or nothing, for Common Cartridge knows no part of a mark: q-multiple",
    )


def test_a_quiz_keeps_the_number_of_attempts_that_cartridges_can_count(workshop: Any, faults: Any) -> None:
    course = workshop.course()
    module = course.modules[0]

    def built(**settings: Any) -> Any:
        content = replace(module.content["fr"], quiz_settings=QuizSettings(**settings))
        return workshop.cartridge(replace(course, modules=(replace(module, content={"fr": content}),)))

    def attempts(cartridge: Any) -> str:
        entry = ".//{*}assessment/{*}qtimetadata/{*}qtimetadatafield[{*}fieldlabel='cc_maxattempts']/{*}fieldentry"
        assert faults(QTI, cartridge.xml("quiz.xml")) == []
        return str(cartridge.xml("quiz.xml").findtext(entry))

    assert attempts(built()) == "unlimited"
    assert attempts(built(attempts=3)) == "3"
    many = built(attempts=9, draw=2)
    assert attempts(many) == "unlimited"
    assert many.package.notes[-2:] == (
        "quiz: every question is asked, Common Cartridge draws none",
        "quiz: attempts are not limited, Common Cartridge counts up to 5",
    )


def test_a_quiz_of_which_nothing_is_left_is_no_assessment(workshop: Any) -> None:
    ordering = Question("q", "ordering", "?", items=("a", "b"))
    cartridge = workshop.cartridge(workshop.course(quiz=(ordering,)))
    assert "quiz.xml" not in cartridge.names
    assert [item.identifier for item in cartridge.package.items] == ["lesson-bienvenue", "lesson-suite"]


def test_a_lesson_needs_no_script_and_no_style_sheet(workshop: Any) -> None:
    page = workshop.cartridge().read("lesson-bienvenue.html").decode()
    assert "<script" not in page and "<link" not in page and "<form" not in page
    assert page.index("La capitale du Maroc ?") < page.index("Réponse attendue") < page.index("Rabat est la capitale.")
    assert "<section" not in page and "<aside" not in page and "<figure" not in page
    assert '<img src="media/cercle.svg" alt="Un cercle bleu."' in page
    assert page.count("border-left:") == 3  # the block, the self-check and its answer keep their frame


def test_a_right_to_left_lesson_says_so_where_a_platform_keeps_it(workshop: Any, faults: Any) -> None:
    """Platforms cut out what is inside body; the direction must be said again in there."""
    page = workshop.cartridge().read("lesson-suite.html").decode()
    assert '<body>\n<div lang="fr" dir="ltr">' in page


def test_text_of_every_plane_comes_back_as_it_was(workshop: Any, faults: Any) -> None:
    quiz = tuple(
        Question(
            f"q-{kind}",
            kind,  # type: ignore[arg-type]
            HOSTILE,
            options=() if kind == "fill-in" else (Option(HOSTILE, correct=True), Option("b"), Option("c")),
            answers=(HOSTILE,) if kind == "fill-in" else (),
            feedback=HOSTILE,
        )
        for kind in ("single", "multiple", "fill-in")
    )
    cartridge = workshop.cartridge(workshop.course(text=HOSTILE, title=HOSTILE, quiz=quiz, self_checks=()))
    assert faults(MANIFEST, cartridge.manifest) == []
    assert faults(QTI, cartridge.xml("quiz.xml")) == []
    assert cartridge.manifest.findtext(".//{*}organization/{*}item/{*}item/{*}title") == HOSTILE
    assert HOSTILE in texts(cartridge.xml("quiz.xml"), ".//{*}varequal")
    asked = cartridge.xml("quiz.xml").findtext(".//{*}presentation/{*}material/{*}mattext")
    assert "\U0001f600 \U00020000 \U000e0041 \U0010fffd" in asked and "<script>" not in asked
    assert "<script>" not in cartridge.read("lesson-bienvenue.html").decode()
    assert inspect_package(cartridge.package.path, workshop.plugins).findings == ()


@pytest.mark.parametrize("character", ["\x0b", "\x00", "\ufffe"])
def test_a_character_that_xml_cannot_hold_is_refused_in_one_line(workshop: Any, character: str) -> None:
    with pytest.raises(ContentError, match="has a character that XML cannot hold") as caught:
        workshop.cartridge(workshop.course(title=f"a{character}b"))
    assert "\n" not in str(caught.value)


def rendered(workshop: Any, **changes: Any) -> RenderedModule:
    course = replace(workshop.course(), **changes)
    return render_module(course, course.modules[0], "fr", workshop.plugins)


def test_a_forum_comes_with_the_first_module_of_its_phase_only(workshop: Any) -> None:
    course = workshop.course()
    other = replace(course.modules[0], slug="autre")
    (edition,) = course.editions
    phase = replace(edition.phases[0], modules=("autre", "depart"))
    moved = replace(edition, phases=(phase, edition.phases[1]))
    module = rendered(workshop, modules=(course.modules[0], other), editions=(moved,))
    assert topics.forums(module) == ()
    assert [forum.slug for forum in topics.forums(replace(module, module=other))] == ["presentations", "bilan"]


def test_a_forum_of_a_later_phase_comes_with_the_module_of_that_phase(workshop: Any) -> None:
    course = workshop.course()
    other = replace(course.modules[0], slug="autre")
    (edition,) = course.editions
    later = replace(edition.phases[1], modules=("autre",))
    module = rendered(workshop, editions=(replace(edition, phases=(edition.phases[0], later)),))
    assert [forum.slug for forum in topics.forums(module)] == ["presentations"]
    assert [forum.slug for forum in topics.forums(replace(module, module=other))] == ["bilan"]


def test_a_forum_without_description_asks_its_title(faults: Any) -> None:
    topic = etree.fromstring(topics.topic(Activity("f", "forum", {"fr": "Et <vous> ?"}), "fr", CC11))
    assert faults(TOPIC, topic) == []
    assert topic.findtext("{*}text") == "<p>Et &lt;vous&gt; ?</p>"


def test_a_description_is_text_and_not_html(workshop: Any) -> None:
    topic = workshop.cartridge().xml("topic-presentations.xml")
    assert topic.findtext("{*}text") == "<p>Dites &lt;qui&gt; vous êtes.</p><p>Puis lisez.</p>"


def test_a_hotspot_is_a_list_below_its_picture_and_free_text_is_left_out(workshop: Any, faults: Any) -> None:
    options = (Option("En haut", correct=True), Option("Au milieu"), Option("En bas"))
    areas = tuple(Area(0, 30 * number, 20, 20) for number in range(3))
    spot = Question(
        "spot", "hotspot", "Où ?", options=options, picture="media/cercle.svg", picture_alt="x", areas=areas
    )
    cartridge = workshop.cartridge(workshop.course(quiz=(spot, Question("libre", "short-text", "Racontez."))))
    quiz = cartridge.xml("quiz.xml")
    assert faults(QTI, quiz) == []
    assert "cercle.svg" in quiz.findtext(".//{*}presentation/{*}material/{*}mattext")
    assert texts(quiz, ".//{*}response_label//{*}mattext") == ["En haut", "Au milieu", "En bas"]
    assert cartridge.package.notes == (
        "libre is left out: Common Cartridge has no short-text question that nobody marks",
        "the areas are a list below the picture: spot",
    )


def test_a_cartridge_of_the_whole_course_has_a_folder_for_each_module(
    workshop: Any, faults: Any, tmp_path: Path
) -> None:
    course = workshop.course()
    first = course.modules[0]
    second = replace(first, slug="encore", title={"fr": "Encore"})
    both = replace(course, modules=(first, second))
    (unit,) = units_of(both, both.modules, "fr", "course")
    package = build_unit(both, unit, "fr", ImsCc11(), tmp_path / "whole", workshop.shell, workshop.plugins)
    opened = type(workshop.cartridge())(package)
    folders = opened.manifest.findall(".//{*}organization/{*}item/{*}item")
    assert faults(MANIFEST, opened.manifest) == []
    assert [folder.findtext("{*}title") for folder in folders] == [
        "Le départ & l’arrivée",
        "Encore",
        "Petit cours",
        "Liens",
    ]
    assert [faults(QTI, opened.xml(name)) for name in ("quiz-depart.xml", "quiz-encore.xml", "question-bank.xml")] == [
        [],
        [],
        [],
    ]
    assert inspect_package(package.path, workshop.plugins).findings == ()


@given(st.text(min_size=1, max_size=40))
def test_any_title_is_written_as_it_is_or_refused(title: str) -> None:
    try:
        written = topics.web_link(topics.WebLink("https://example.org/", title), CC11)
    except ContentError:
        assert any(ord(sign) < 32 or ord(sign) in (0xFFFE, 0xFFFF) or 0xD800 <= ord(sign) < 0xE000 for sign in title)
    else:
        assert etree.fromstring(written).findtext("{*}title") == title
