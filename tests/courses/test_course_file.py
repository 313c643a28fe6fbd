"""Every fault of a course.toml is told with its line and column, and what to do."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("old", "new", "rule", "place", "words"),
    [
        ('id = "tiny"\n', "", "missing-key", "1:1", "id is missing"),
        ('id = "tiny"', 'id = "Tiny"', "wrong-value", "1:6", "letters a–z"),
        ('id = "tiny"', f'id = "{"a" * 61}"', "wrong-value", "1:6", "at most 60 characters"),
        ('id = "tiny"', 'idd = "tiny"\nid = "tiny"', "unknown-key", "1:1", "idd is unknown (did you mean id?)"),
        ('version = "1.0"', "version = 1.0", "wrong-value", "2:11", "must be text, not 1.0 (put it in quotes)"),
        ('languages = ["fr"]\ntitle', "languages = []\ntitle", "wrong-value", "3:1", "at least 1, not a list of 0"),
        ('title.fr = "Petit cours"', 'title = "Petit cours"', "wrong-value", "4:9", "title must be a table"),
        ('title.fr = "Petit cours"', 'title.fr = " "', "wrong-value", "4:12", "title.fr is empty"),
        ('title.fr = "Petit cours"', 'title.fr = "a\\nb"', "wrong-value", "4:12", "must be a single line"),
        ('title.fr = "Petit cours"', 'title.fr = "a\\u0007"', "wrong-value", "4:12", "control character U+0007"),
        ('slug = "intro"', 'slug = "Intro 1"', "wrong-value", "8:8", "modules[0].slug must be made of the letters"),
        ('slug = "intro"\n', "", "missing-key", "7:1", "modules[0].slug is missing"),
        (
            'lessons = ["bonjour"]',
            'lessons = ["bonjour", 3]',
            "wrong-value",
            "11:23",
            "modules[0].lessons[1] must be text",
        ),
        ('lessons = ["bonjour"]', 'lessons = "bonjour"', "wrong-value", "11:11", "must be a list, not 'bonjour'"),
        ('lessons = ["bonjour"]\nhours = 1', 'lessons = ["bonjour"]\nhours = 0', "wrong-value", "12:9", "more than 0"),
        ('lessons = ["bonjour"]\nhours = 1', 'lessons = ["bonjour"]\nhours = "1"', "wrong-value", "12:9", "a number"),
        ('lessons = ["bonjour"]\nhours = 1', 'lessons = ["bonjour"]\nhours = nan', "wrong-value", "12:9", "a number"),
        (
            'lessons = ["bonjour"]',
            'pass_mark_percent = 101\nlessons = ["bonjour"]',
            "wrong-value",
            "11:21",
            "at most 100",
        ),
        ('kind = "forum"', 'kind = "chat"', "wrong-value", "22:8", "must be one of 'announcements', 'forum'"),
        ('kind = "forum"', 'kind = "forum"\ngraded = 1', "wrong-value", "23:10", "must be true or false, not 1"),
        ('mode = "self-paced"', 'mode = "fast"', "wrong-value", "31:8", "'self-paced', 'online' or 'blended'"),
        ('code = "TINY-1"', 'code = "TINY 1"', "wrong-value", "29:8", "letters, digits and -"),
        (
            "learning_hours = 1",
            "learning_hours = 1\nstarts_on = '2027-01-01'",
            "wrong-value",
            "33:13",
            "a date such as",
        ),
        ("[certification]", "[grading]\nweight = 1\n[certification]", "unknown-key", "26:1", "did you mean weights?"),
        ("[certification]", "[grading.weights]\nintro = -1\n[certification]", "wrong-value", "26:9", "at least 0"),
        ('[certification]\ntitle.fr = "Attestation"\n', "", "missing-key", "1:1", "certification is missing"),
        ('slug = "debut"', 'slug = "debut"\nmodul = []', "unknown-key", "36:1", "did you mean modules?"),
        (
            'slug = "debut"',
            'slug = "debut"\nzzz = 1',
            "unknown-key",
            "36:1",
            "known here: slug, title, summary, modules",
        ),
        ("[certification]", "[certification", "toml", "25:15", "is not valid TOML"),
        ('id = "tiny"', 'id = "tiny"\nid = "other"', "toml", "2:13", "Cannot overwrite a value"),
        ('activities = ["forum"]', 'activities = ["forum"', "toml", "39", "is not valid TOML"),
    ],
)
def test_a_wrong_shape_is_told_at_its_place(tiny, old, new, rule, place, words):
    tiny.replace("course.toml", old, new)
    fault = tiny.fault()
    assert (fault.rule, tiny.where(fault)) == (rule, f"course.toml:{place}")
    assert words in str(fault)


@pytest.mark.parametrize(
    ("old", "new", "rule", "place", "words"),
    [
        (
            'languages = ["fr"]\ntitle',
            'languages = ["fr", "fr"]\ntitle',
            "duplicate",
            "3:20",
            "language fr is given twice",
        ),
        (
            'title.fr = "Petit cours"',
            'title.fr = "P"\ntitle.en = "S"',
            "unknown-language",
            "5:1",
            "title.en is in a lang",
        ),
        ('objectives.fr = ["Savoir lire"]', "objectives = {}", "missing-language", "10:1", "add objectives.fr"),
        ('slug = "suite"', 'slug = "intro"', "duplicate", "15:8", "slug intro is given twice (first in line 8)"),
        ('slug = "forum"', 'slug = "suite"', "duplicate", "21:8", "slug suite is given twice (first in line 15)"),
        ('["bonjour"]', '["bonjour", "bonjour"]', "duplicate", "11:23", "lesson bonjour is given twice"),
        ('modules = ["intro"]', 'modules = ["outro"]', "unknown-slug", "37:12", "no module is so called"),
        ('activities = ["forum"]', 'activities = ["intro"]', "unknown-slug", "38:15", "no activity is so called"),
        (
            'modules = ["intro"]',
            'modules = ["intro", "intro"]',
            "duplicate",
            "37:21",
            "edition TINY-1: intro is given twice",
        ),
        (
            'title.fr = "Att',
            'required = ["x"]\ntitle.fr = "Att',
            "unknown-slug",
            "26:13",
            "no module or activity is so called",
        ),
        ("[certification]", "[grading.weights]\nx = 1\n[certification]", "unknown-slug", "26:1", "nothing graded"),
        (
            "[certification]",
            "[grading.weights]\nforum = 1\n[certification]",
            "unknown-slug",
            "26:1",
            "graded: intro, suite",
        ),
        ("[certification]", "[grading.weights]\nintro = 0\n[certification]", "no-weight", "31:8", "weighs 0"),
        (
            'modules = ["intro"]\nactivities = ["forum"]',
            "",
            "empty-edition",
            "29:8",
            "neither a module nor an activity",
        ),
    ],
)
def test_a_contradiction_is_told_at_its_place(tiny, old, new, rule, place, words):
    tiny.replace("course.toml", old, new)
    found = [(fault.rule, tiny.where(fault)) for fault in tiny.faults() if words in str(fault)]
    assert found == [(rule, f"course.toml:{place}")]


@pytest.mark.parametrize("code", ["xx", "fra", "FR", "f", "fr_FR", "../fr", "fr-"])
def test_a_code_that_is_no_language_is_refused(tiny, code):
    tiny.replace("course.toml", 'languages = ["fr"]\ntitle', f'languages = ["fr", "{code}"]\ntitle')
    faults = tiny.faults()
    assert (faults[0].rule, tiny.where(faults[0])) == ("unknown-language", "course.toml:3:20")
    assert {fault.rule for fault in faults[1:]} == {"missing-language"}


def test_each_text_without_a_declared_language_is_named(tiny):
    tiny.replace("course.toml", 'languages = ["fr"]\ntitle', 'languages = ["fr", "en"]\ntitle')
    messages = [fault.message for fault in tiny.faults()]
    assert messages == [
        f"{name} has no text in en"
        for name in (
            "title",
            "summary",
            "certification.title",
            "modules[0].title",
            "modules[0].objectives",
            "modules[1].title",
            "modules[1].objectives",
            "activities[0].title",
        )
    ]


def test_an_edition_is_in_languages_of_its_course(tiny):
    tiny.replace("course.toml", 'languages = ["fr"]\nmode', 'languages = ["fr", "en"]\nmode')
    assert (tiny.fault().rule, tiny.where(tiny.fault())) == ("unknown-language", "course.toml:30:20")


EDITION = """
[[editions]]
code = "{code}"
languages = ["fr"]
mode = "online"
learning_hours = 1
[[editions.phases]]
slug = "a"
title.fr = "A"
modules = ["intro"]
"""


@pytest.mark.parametrize("code", ["TINY-1", "tiny-1"])
def test_two_editions_with_one_key_on_a_site_are_refused(tiny, code):
    text = (tiny.path / "course.toml").read_text(encoding="utf-8")
    tiny.write("course.toml", text + EDITION.format(code=code))
    assert (tiny.fault().rule, tiny.where(tiny.fault())) == ("duplicate", "course.toml:41:8")


def test_one_module_may_be_in_two_editions(tiny):
    text = (tiny.path / "course.toml").read_text(encoding="utf-8")
    tiny.write("course.toml", text + EDITION.format(code="TINY-2"))
    assert len(tiny.load().editions) == 2


@pytest.mark.parametrize(
    ("edition", "phase", "place"),
    [
        ("starts_on = 2027-03-02\nends_on = 2027-03-01", "", "34:11"),
        ("", "starts_on = 2027-03-02\nends_on = 2027-03-01", "37:11"),
        ("starts_on = 2027-03-02", "starts_on = 2027-03-01", "37:13"),
        ("ends_on = 2027-03-02", "ends_on = 2027-03-03", "37:11"),
    ],
)
def test_dates_in_the_wrong_order_are_refused(tiny, edition, phase, place):
    tiny.replace("course.toml", "learning_hours = 1", f"learning_hours = 1\n{edition}".rstrip())
    tiny.replace("course.toml", 'slug = "debut"', f'slug = "debut"\n{phase}'.rstrip())
    assert (tiny.fault().rule, tiny.where(tiny.fault())) == ("dates", f"course.toml:{place}")


def test_a_moment_is_not_a_date(tiny):
    tiny.replace("course.toml", "learning_hours = 1", "learning_hours = 1\nstarts_on = 2027-03-02T10:00:00")
    assert tiny.fault().rule == "wrong-value"


def test_a_course_without_editions_can_still_be_written(tiny):
    text = (tiny.path / "course.toml").read_text(encoding="utf-8")
    tiny.write("course.toml", text[: text.index("[[editions]]")])
    assert tiny.load().editions == ()
