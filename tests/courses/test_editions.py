"""An edition says when and for whom: its times, phases, choices, ways in and rule are held against the course."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lms_toolkit.weighting import WeightedCategory, WeightedItem, scheme

PHASES = "[[editions.phases]]"
WEBINAR = '\n[[activities]]\nslug = "direct"\nkind = "webinar"\ntitle.fr = "En direct"\n'
ESSAY = """
[[activities]]
slug = "essai"
kind = "assignment"
title.fr = "Essai"
description.fr = "Écrivez."
graded = true
"""
IN_TWO = 'languages = ["fr", "en"]'


@pytest.fixture
def edition(tiny):
    """Adds lines to the edition, before its phases; the edition has both modules, a forum, a webinar and an essay."""
    tiny.replace("course.toml", "[certification]", f"{WEBINAR}{ESSAY}\n[certification]")
    tiny.replace("course.toml", 'modules = ["intro"]', 'modules = ["intro", "suite"]')
    tiny.replace("course.toml", 'activities = ["forum"]', 'activities = ["forum", "direct", "essai"]')

    def add(lines):
        tiny.replace("course.toml", PHASES, f"{lines}\n{PHASES}")
        return tiny

    return add


def electives(choose=1, of='["intro", "suite"]', more=""):
    return f'[[editions.electives]]\nslug = "choix"\ntitle.fr = "Au choix"\nchoose = {choose}\nof = {of}\n{more}'


@pytest.mark.parametrize(
    ("lines", "rule", "words"),
    [
        ("schedule.ailleurs = { due_at = 2027-01-01 }", "unknown-slug", "schedule names 'ailleurs'"),
        ("schedule.essai = { starts_at = 2027-01-01 }", "unknown-key", "of kind assignment, which has no starts_at"),
        ("schedule.direct = { due_at = 2027-01-01 }", "unknown-key", "its times: starts_at, ends_at, address"),
        ("schedule.forum = { opens_at = 2027-01-01 }", "unknown-key", "of kind forum, which has no opens_at"),
        (
            "schedule.essai = { opens_at = 2027-01-02, due_at = 2027-01-01 }",
            "dates",
            "due_at of essai is before its opens_at",
        ),
        (
            "schedule.direct = { starts_at = 2027-01-01T10:00:00, ends_at = 2027-01-01T09:00:00 }",
            "dates",
            "ends_at of direct is before its starts_at",
        ),
        ('schedule.direct = { address = "salle 3" }', "wrong-value", "must be made like https://example.org"),
        ('schedule.essai = { due_at = "demain" }', "wrong-value", "must be a day or a time such as"),
        ("schedule.essai = { due_at = 12:00:00 }", "wrong-value", "must be a day or a time such as"),
        ('timezone = "Europe/Turin"', "wrong-value", "is no time zone, such as Europe/Rome or UTC"),
        (electives(of='["intro", "ailleurs"]'), "unknown-slug", "no module or activity of the edition is so called"),
        (electives(choose=2), "wrong-value", "2 of 2 is no choice"),
        (electives(of='["intro"]'), "wrong-value", "at least 2"),
        (electives(of='["intro", "suite", "suite"]'), "duplicate", "elective suite is given twice"),
        (electives(more='by = "lottery"'), "wrong-value", "'groups' or 'self'"),
        ('[[editions.enrolment]]\nslug = "a"\nkind = "fax"', "wrong-value", "'manual', 'self' or 'cohort'"),
        ('certification = { title.fr = "A", required = ["autre"] }', "unknown-slug", "no module or activity of the"),
        ('price.en = "€10"', "unknown-language", "a language that the course does not declare"),
        ("apply_by = '2027-01-01'", "wrong-value", "a date such as"),
    ],
)
def test_what_is_wrong_in_an_edition_is_named(edition, lines, rule, words):
    found = [fault for fault in edition(lines).faults() if words in str(fault)]
    assert [fault.rule for fault in found] == [rule]
    assert found[0].line and found[0].hint


@pytest.mark.parametrize(
    ("order", "is_whole"),
    [
        ('["direct", "intro", "forum", "suite", "essai"]', True),
        ('["direct", "intro"]', False),
        ('["direct", "intro", "forum", "suite", "essai", "essai"]', False),
    ],
)
def test_the_order_of_a_phase_names_each_entry_once(edition, order, is_whole):
    course = edition("")
    course.replace("course.toml", 'slug = "debut"', f'slug = "debut"\norder = {order}')
    if is_whole:
        assert course.load().editions[0].phases[0].slugs[0] == "direct"
    else:
        assert course.fault().message == "order of phase debut does not name what the phase has"


def test_without_an_order_modules_come_first(edition):
    assert edition("").load().editions[0].phases[0].slugs == ("intro", "suite", "forum", "direct", "essai")


def test_times_are_those_of_the_editions_zone(edition):
    course = edition(
        'timezone = "Europe/Rome"\n'
        "schedule.essai = { opens_at = 2027-07-01, due_at = 2027-07-02, closes_at = 2027-12-03T12:00:00+00:00 }\n"
        "schedule.direct = { starts_at = 2027-01-01T10:00:00, ends_at = 2027-07-01T10:00:00 }"
    ).load()
    essay, live = course.editions[0].times("essai"), course.editions[0].times("direct")
    assert essay.opens_at == datetime(2027, 6, 30, 22, tzinfo=UTC)
    assert essay.due_at == datetime(2027, 7, 2, 21, 59, tzinfo=UTC)
    assert essay.closes_at == datetime(2027, 12, 3, 12, tzinfo=UTC)
    assert (live.starts_at, live.ends_at) == (
        datetime(2027, 1, 1, 9, tzinfo=UTC),
        datetime(2027, 7, 1, 8, tzinfo=UTC),
    )


def test_an_activity_without_times_has_none(edition):
    assert edition("").load().editions[0].times("essai").due_at is None


def test_an_edition_needs_its_texts_in_its_own_languages_only(edition):
    course = edition('price.fr = "10 €"')
    course.replace("course.toml", 'languages = ["fr"]\ntitle', f"{IN_TWO}\ntitle")
    assert not [fault for fault in course.faults() if "editions" in fault.message]
    course.replace("course.toml", 'languages = ["fr"]\nmode', f"{IN_TWO}\nmode")
    named = {fault.message for fault in course.faults() if "editions" in fault.message}
    assert named == {"editions[0].phases[0].title has no text in en", "editions[0].price has no text in en"}


def test_electives_must_leave_a_choice_in_each_language(edition):
    course = edition(electives(choose=2, of='["intro", "suite", "essai"]'))
    assert course.load().editions[0].electives[0].choose == 2
    course.replace("course.toml", 'slug = "essai"\n', 'slug = "essai"\nlanguages = ["en"]\n')
    assert "electives choix ask for 2, and 2 are given in fr" not in [fault.message for fault in course.faults()]
    course.replace("course.toml", 'slug = "suite"\n', 'slug = "suite"\nlanguages = ["en"]\n')
    assert "electives choix ask for 2, and 1 are given in fr" in [fault.message for fault in course.faults()]


def test_a_rule_of_its_own_takes_the_place_of_the_courses(edition):
    course = edition('certification = { title.fr = "À part", pass_mark_percent = 80, required = ["essai"] }').load()
    rule = course.rule_of(course.editions[0])
    assert (rule.title["fr"], rule.pass_mark_percent, rule.required) == ("À part", 80, ("essai",))
    assert course.certification.pass_mark_percent == 60


def test_without_a_rule_of_its_own_an_edition_has_the_courses(edition):
    course = edition("").load()
    assert course.rule_of(course.editions[0]) is course.certification


def category(of):
    return f'[[grading.categories]]\nslug = "ensemble"\ntitle.fr = "Ensemble"\nweight = 3\nof = {of}\n'


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (category('["forum"]'), "no module or graded activity is so called"),
        (category('["intro"]') + category('["intro"]').replace("ensemble", "seul"), "assessment intro is given twice"),
    ],
)
def test_a_category_is_made_of_assessments_and_shares_none(edition, tables, words):
    course = edition("")
    course.replace("course.toml", "[certification]", f"{tables}\n[certification]")
    assert any(words in str(fault) for fault in course.faults())


def test_the_scheme_has_items_categories_and_electives_in_the_order_of_the_page(edition):
    course = edition(electives())
    together = category('["essai"]')
    course.replace("course.toml", "[certification]", f"[grading.weights]\nintro = 4\n\n{together}\n[certification]")
    loaded = course.load()
    block, together = scheme(loaded, loaded.editions[0], "fr")
    assert block == WeightedCategory(
        "category:choix",
        "Au choix",
        4.0,
        (WeightedItem("intro", "module:intro", 4.0), WeightedItem("suite", "module:suite", 1.0)),
        keep_highest=1,
    )
    assert together == WeightedCategory(
        "category:ensemble", "Ensemble", 3.0, (WeightedItem("essai", "activity:essai", 1.0),)
    )


def test_the_scheme_leaves_out_what_a_language_does_not_have(edition):
    course = edition("")
    course.replace("course.toml", 'slug = "essai"\n', 'slug = "essai"\nlanguages = ["fr"]\n')
    loaded = course.load()
    assert [entry.key for entry in scheme(loaded, loaded.editions[0], "fr")][-1] == "activity:essai"
    assert "activity:essai" not in [entry.key for entry in scheme(loaded, loaded.editions[0], "en")]
