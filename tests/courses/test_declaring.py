"""What an edition's course page should be follows from the course's files, in each language, kind by kind."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from lxml import etree

from lms_moodle.activities import MODNAMES
from lms_toolkit.courses import load
from lms_toolkit.declaring import declare, language_of, not_given
from lms_toolkit.declaring_activities import Page
from lms_toolkit.errors import ConfigError
from lms_toolkit.manager import Plugins
from lms_toolkit.model import ActivityKind, Condition, Course, DeclaredCourse, DeclaredModule, Package, PackageItem

COMPANION_PAGE = (Path(__file__).parents[2] / "docs/companion.md").read_text(encoding="utf-8")


@cache
def course_of(folder: Path) -> Course:
    return load(folder)


def pages() -> Iterator[object]:
    """Each edition of each registered course, in each of its languages."""
    for name, source in Plugins(strict=True).course_sources().items():
        table = tomllib.loads((source.path / "course.toml").read_text(encoding="utf-8"))
        for edition in table["editions"]:
            for language in edition["languages"]:
                yield pytest.param(source.path, edition["code"], language, id=f"{name}-{edition['code']}-{language}")


def packages_of(course: Course, language: str, fmt: str = "scorm12") -> list[Package]:
    """What a build would give, without building it."""
    return [
        Package(
            course.id, one.slug, language, fmt, course.folder / f"{one.slug}.zip", "0" * 64, 1, (PackageItem("i", "I"),)
        )
        for one in course.modules
        if one.is_written(language)
    ]


@pytest.mark.parametrize(("folder", "code", "language"), list(pages()))
def test_every_edition_of_every_course_says_what_its_page_should_be(folder, code, language, tmp_path):
    course = course_of(folder)
    edition = course.edition(code)
    page = Page(course, edition, language, tmp_path)
    declared = declare(page, packages_of(course, language))
    entries = [course.entry(slug) for phase in edition.phases for slug in phase.slugs]
    assert [one.key for one in declared.modules] == [entry.key for entry in entries if entry.is_given_in(language)]
    assert len(not_given(page)) == len(entries) - len(declared.modules)
    assert declared.fullname and all(section.name for section in declared.sections)
    assert all(
        one.name and (one.intro or one.kind not in ("assignment", "group-work", "text")) for one in declared.modules
    )
    on_page = {one.key for one in declared.modules if one.max_points is not None}
    gradebook, completion = part(declared, "gradebook"), part(declared, "completion")
    assert {item["key"] for item in gradebook["items"]} <= on_page
    assert set(completion["completed"]) <= {one.key for one in declared.modules}
    assert sum(item["weight"] for item in gradebook["items"]) > 0


@pytest.mark.parametrize(("folder", "code", "language"), list(pages()))
def test_what_is_required_for_a_certificate_can_be_completed_on_the_page(folder, code, language, tmp_path):
    course = course_of(folder)
    declared = declare(Page(course, course.edition(code), language, tmp_path), packages_of(course, language))
    completable = {one.key for one in declared.modules if one.completion != "none"}
    assert set(part(declared, "completion")["completed"]) <= completable
    required = course.rule_of(course.edition(code)).required
    assert {course.entry(slug).key for slug in required} <= completable


def part(declared: DeclaredCourse, kind: str) -> dict:
    found = declared.part(kind)
    assert found is not None
    return dict(found.fields)


@pytest.fixture
def declared(academy, tmp_path):
    """The page of the academy; `can` are the kinds that the site can create."""

    def make(can=None, **changes):
        course = academy.load()
        edition = replace(course.editions[0], **changes)
        return declare(Page(course, edition, "fr", tmp_path / "out", can), [])

    return make


def one(course: DeclaredCourse, slug: str) -> DeclaredModule:
    return next(module for module in course.modules if module.key == f"activity:{slug}")


def test_each_kind_has_the_settings_that_the_companion_takes(declared):
    rows = re.findall(r"^\| ((?:`[a-z]+`(?:, )?)+) \| `\{(.*?)\}`", COMPANION_PAGE, re.MULTILINE)
    taken = {name: settings for names, settings in rows for name in re.findall(r"\w+", names)}
    page = declared()
    assert {module.kind for module in page.modules} == set(get_args(ActivityKind))
    for module in page.modules:
        outer = taken[MODNAMES[module.kind]]
        while "[" in outer:  # rows of a rubric have levels of their own
            outer = re.sub(r"\[[^\[\]]*\]", "", outer)
        assert set(module.settings) == set(re.findall(r"\w+", outer)), module.kind


def test_activities_stand_in_the_order_of_their_phase(declared):
    placed = [(module.section_key, module.position, module.key.split(":")[1]) for module in declared().modules][-4:]
    assert placed == [
        ("section:turin", 1, "plenary"),
        ("section:turin", 2, "timetable"),
        ("section:turin", 3, "simulation"),
        ("section:turin", 4, "opinion"),
    ]


def test_a_locked_phase_opens_when_it_starts_where_the_edition_takes_place(declared):
    online, turin = declared().sections
    assert online.availability == ()
    assert turin.availability == (Condition("from", 1815948000),)  # 19 July 2027, midnight in Rome
    assert declared(timezone="UTC").sections[1].availability == (Condition("from", 1815955200),)


def test_what_must_be_completed_first_is_a_condition(declared):
    assert one(declared(), "final-quiz").availability == (Condition("completed", "activity:charter"),)


def test_electives_by_group_open_to_their_group_and_the_others_to_everybody(declared, academy):
    block = academy.load().editions[0].electives[0]
    assert one(declared(), "peers").availability == (Condition("group", "group:options-peers"),)
    assert one(declared(electives=(replace(block, by="self"),)), "peers").availability == ()


def test_groups_are_those_that_something_on_the_page_needs(declared, academy):
    groups = part(declared(), "groups")
    assert [group["key"] for group in groups["groups"]] == [
        "group:teams-1",
        "group:teams-2",
        "group:options-simulation",
        "group:options-peers",
    ]
    assert [grouping["key"] for grouping in groups["groupings"]] == ["grouping:teams", "grouping:options"]
    assert one(declared(), "simulation").grouping_key == "grouping:teams"
    phases = tuple(
        replace(phase, order=(), activities=tuple(slug for slug in phase.activities if slug != "simulation"))
        for phase in academy.load().editions[0].phases
    )
    assert declared(electives=(), phases=phases).part("groups") is None


def test_a_forum_a_rubric_a_peer_assessment_and_a_survey_carry_their_rows(declared):
    page = declared()
    assert one(page, "debate").settings["prompts"] == [
        {
            "key": "who-decides",
            "subject": "Qui décide du nombre de places ?",
            "message": "<p>Donnez <strong>un</strong> exemple, et dites qui n’a pas été consulté.</p>",
        }
    ]
    assert [level["points"] for level in one(page, "essay").settings["rubric"][0]["levels"]] == [0, 50, 100]
    assert one(page, "peers").settings["criteria"] == [
        {"key": "clarity", "title": "L’indicateur est clair", "points": 10}
    ]
    assert one(page, "opinion").settings["items"][0]["options"] == ["Non", "Un peu", "Beaucoup"]
    assert one(page, "opinion").settings["anonymous"] is True


def test_times_are_whole_seconds_and_0_where_there_are_none(declared):
    page = declared()
    assert one(page, "essay").settings["due_at"] == 1816379940  # 23 July 2027, 23:59 in Rome
    assert one(page, "opening").settings["starts_at"] == 1814270400  # 29 June 2027, 14:00 in Rome
    assert one(page, "final-quiz").settings["closes_at"] == 0


def test_a_text_file_is_what_an_activity_says_on_its_page(declared):
    page = one(declared(), "charter")
    assert "<strong>Écouter</strong>" in page.settings["content"]
    assert page.intro == ""
    assert one(declared(), "hello").intro == "<p>Bienvenue ! Commencez par lire la page ci-dessus.</p>"


def test_tables_carry_the_class_that_sites_draw_them_by(declared, academy):
    academy.write("fr/activities/charter.md", "| Jour | Lieu |\n| --- | --- |\n| Lundi | Turin |\n")
    assert one(declared(), "charter").settings["content"].count('<table class="table">') == 1


def test_attendance_says_when_it_is_because_no_site_keeps_that(declared):
    plenary = one(declared(), "plenary")
    assert "Quand\u00a0: 19 juillet 2027, 09:00 – 10:30 (heure d’été d’Europe centrale)" in plenary.intro
    assert (plenary.max_points, plenary.completion, plenary.settings["files"]) == (100.0, "graded", 0)


def test_attendance_over_several_days_says_both_and_where_it_meets(declared, academy):
    times = replace(
        academy.load().editions[0].times("plenary"),
        ends_at=datetime(2027, 7, 20, 15, tzinfo=UTC),
        address="https://example.org/?a=1&b=2",
    )
    intro = one(declared(schedule={"plenary": times}), "plenary").intro
    assert "19 juillet 2027, 09:00 – 20 juillet 2027, 17:00 (" in intro
    assert '<a href="https://example.org/?a=1&amp;b=2">' in intro


def test_a_webinar_is_a_room_where_the_site_has_rooms(declared):
    assert one(declared(frozenset(MODNAMES)), "opening").kind == "webinar"
    assert one(declared(None), "opening").kind == "webinar"


def test_a_webinar_is_a_link_with_its_time_where_the_site_has_no_rooms(declared):
    link = one(declared(frozenset(MODNAMES) - {"webinar"}), "opening")
    assert (link.kind, link.settings) == ("link", {"address": "https://example.org/salle"})
    assert "29 juin 2027" in link.intro and "14:00" in link.intro


def test_a_webinar_without_room_and_address_is_a_text_with_its_name(declared, academy):
    edition = academy.load().editions[0]
    schedule = {**edition.schedule, "opening": replace(edition.times("opening"), address="")}
    text = one(declared(frozenset(), schedule=schedule), "opening")
    assert (text.kind, text.settings, text.completion) == ("text", {}, "manual")
    assert "<strong>Séance d’ouverture</strong>" in text.intro and "29 juin 2027" in text.intro


def test_a_quiz_comes_with_all_its_questions_as_moodle_xml(declared):
    quiz = one(declared(), "final-quiz")
    assert (quiz.max_points, quiz.pass_mark_percent, quiz.completion) == (20, 60, "passed")
    assert (quiz.settings["attempts"], quiz.settings["minutes"], quiz.settings["shuffle"]) == (2, 30, True)
    questions = etree.parse(str(quiz.package_path)).findall("question")
    assert [question.get("type") for question in questions] == ["category", "truefalse", "multichoice"]
    again = one(declared(), "final-quiz")
    assert (quiz.package_format, quiz.package_sha256) == ("moodlexml", again.package_sha256)


def test_the_questions_of_a_quiz_change_what_is_declared(declared, academy):
    before = one(declared(), "final-quiz").package_sha256
    academy.replace("fr/activities/final-quiz.yaml", "On lit la charte avant le quiz.", "La charte vient d’abord.")
    assert one(declared(), "final-quiz").package_sha256 != before


def test_files_are_known_by_what_is_in_them(declared, academy):
    (before,) = one(declared(), "timetable").files
    academy.write("fr/activities/files/timetable.pdf", "autre horaire")
    (after,) = one(declared(), "timetable").files
    assert (before.name, after.name) == ("timetable.pdf", "timetable.pdf")
    assert before.sha1 != after.sha1


def test_the_summary_tells_when_where_and_for_how_much(declared):
    summary = declared().summary
    for fact in ("28 juin 2027", "23 juillet 2027", "En ligne et à Turin", "60", "1 200 €", "31 mai 2027"):
        assert fact in summary
    assert summary.startswith("<p>Trois semaines en ligne")


def test_the_gradebook_follows_the_scheme_and_the_editions_pass_mark(declared):
    gradebook = part(declared(), "gradebook")
    assert gradebook["pass_mark_percent"] == 70
    assert [(one["key"], one["weight"], one["keep_highest"]) for one in gradebook["categories"]] == [
        ("category:options", 20.0, 1),
        ("category:together", 20.0, 0),
    ]
    assert {item["key"]: item["category_key"] for item in gradebook["items"]} == {
        "activity:peers": "category:options",
        "activity:simulation": "category:options",
        "activity:final-quiz": None,
        "activity:essay": None,
        "activity:plenary": "category:together",
    }


def test_course_completion_leaves_the_choice_of_electives_to_the_rule(declared):
    completion = part(declared(), "completion")
    assert completion["pass_mark_percent"] == 70
    assert set(completion["completed"]) == {"activity:final-quiz", "activity:essay", "activity:plenary"}


def test_ways_in_are_declared_and_left_alone_where_none_is(declared):
    methods = part(declared(), "enrolment")["methods"]
    assert [(method["key"], method["kind"], method["cohort"]) for method in methods] == [
        ("enrolment:registrars", "manual", None),
        ("enrolment:ministry", "cohort", "ministry-2027"),
    ]
    assert declared(enrolment=()).part("enrolment") is None


def test_what_is_given_in_another_language_is_left_out_and_said(academy, tmp_path):
    academy.replace(
        "course.toml",
        'languages = ["fr"]\n\n[[activities]]\nslug = "timetable"',
        '\n[[activities]]\nslug = "timetable"',
    )
    course = academy.load()
    hello = replace(course.activity("hello"), languages=("en",))
    course = replace(course, activities=tuple(hello if one.slug == "hello" else one for one in course.activities))
    page = Page(course, course.editions[0], "fr", tmp_path)
    assert "activity:hello" not in [module.key for module in declare(page, []).modules]
    (step,) = not_given(page)
    assert (step.action, step.kind, step.key, step.reason) == ("skip", "activity", "activity:hello", "given in en only")


def test_what_is_on_no_page_of_a_language_is_not_waited_for(academy, tmp_path):
    course = academy.load()
    charter = replace(course.activity("charter"), languages=("en",))
    course = replace(course, activities=tuple(charter if one.slug == "charter" else one for one in course.activities))
    assert one(declare(Page(course, course.editions[0], "fr", tmp_path), []), "final-quiz").availability == ()


@pytest.mark.parametrize(("fmt", "completion", "points"), [("scorm12", "passed", 100.0), ("imscp", "viewed", None)])
def test_a_module_without_grades_is_completed_by_opening_it(tiny, tmp_path, fmt, completion, points):
    course = tiny.load()
    page = declare(Page(course, course.editions[0], "fr", tmp_path), packages_of(course, "fr", fmt))
    (module, forum) = page.modules
    assert (module.key, module.completion, module.max_points) == ("module:intro", completion, points)
    assert (forum.kind, forum.position) == ("forum", 2)
    gradebook = next(part for part in page.parts if part.kind == "gradebook")
    assert [item["key"] for item in gradebook.fields["items"]] == (["module:intro"] if points else [])


def test_the_language_to_deploy_must_be_one_of_the_edition(tiny):
    edition = tiny.load().editions[0]
    assert language_of(edition, None) == "fr"
    with pytest.raises(ConfigError, match="edition TINY-1 is given in fr; choose one with --lang"):
        language_of(edition, "en")
