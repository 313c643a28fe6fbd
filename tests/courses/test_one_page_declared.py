"""An edition whose languages share one course page: what the page is declared to be, and what it cannot be."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lms_toolkit.courses import check, load
from lms_toolkit.declaring import declare, language_of, not_given
from lms_toolkit.declaring_page import MAX_NAME, Page
from lms_toolkit.errors import ConfigError, ContentError
from lms_toolkit.model import Condition, Package
from lms_toolkit.multilingual import in_language

COURSE = Path(__file__).parents[1] / "deployment" / "two_languages"
ENGLISH, FRENCH = Condition("group", "group:language-en"), Condition("group", "group:language-fr")


@pytest.fixture
def page(tmp_path):
    course = load(COURSE)
    return Page(course, course.editions[0], "en", tmp_path)


def packages(page):
    made = page.folder / "a.zip"
    return [
        Package("two-languages", "basics", language, "scorm12", made, digit * 64, 1)
        for language, digit in (("en", "1"), ("fr", "2"))
    ]


@pytest.fixture
def declared(page):
    return declare(page, packages(page))


def module(declared, key):
    return next(one for one in declared.modules if one.key == key)


def test_the_page_has_one_key_and_no_language_of_its_own(declared):
    assert (declared.idnumber, declared.shortname, declared.languages) == ("BOTH-1", "BOTH-1", ("en", "fr"))
    assert "language" not in declared.fields()


def test_texts_and_names_are_there_in_every_language(declared):
    (section,) = declared.sections
    debate = module(declared, "activity:debate")
    texts = [declared.fullname, declared.summary, section.name, section.summary, debate.name, debate.intro]
    assert [in_language(text, "fr") for text in texts] == [
        "Un cours en deux langues",
        "<p>Pour <strong>tout le monde</strong>.</p>",
        "Début",
        "<p>On <em>commence</em>.</p>",
        "Débat",
        "<p>Pour et contre.</p>",
    ]
    assert all(in_language(text, "en") != in_language(text, "fr") for text in texts)


def test_what_a_site_cleans_has_no_blocks_in_it(declared):
    (prompt,) = module(declared, "activity:debate").settings["prompts"]
    assert in_language(prompt["message"], "en") == "Say:<br><br>– who<br>– why"


def test_what_shows_no_markup_has_the_languages_side_by_side(declared):
    (row,) = module(declared, "activity:essay").settings["rubric"]
    assert (row["title"], row["levels"][0]["text"]) == ("Clarity / Clarté", "Unclear / Confus")


def test_modules_quizzes_and_files_are_there_once_per_language_for_its_group(declared):
    found = {one.key: one.availability for one in declared.modules if "." in one.key}
    assert found == {
        "module:basics.en": (ENGLISH,),
        "module:basics.fr": (FRENCH,),
        "activity:sheet.en": (ENGLISH,),
        "activity:sheet.fr": (FRENCH,),
        "activity:test.en": (Condition("completed", "module:basics.en"), ENGLISH),
        "activity:test.fr": (Condition("completed", "module:basics.fr"), FRENCH),
    }
    assert module(declared, "module:basics.fr").package_sha256 == "2" * 64
    assert module(declared, "module:basics.fr").name == "Les bases"
    assert [one.position for one in declared.modules] == list(range(1, 11))


def test_what_one_language_alone_has_is_for_its_group(declared):
    assert module(declared, "activity:help").availability == (FRENCH,)
    assert module(declared, "activity:help").intro == "<p>Une ligne pour les francophones.</p>"


def test_there_is_a_group_for_each_language(declared):
    assert declared.part("groups").fields["groups"] == [
        {"key": "group:language-en", "name": "English"},
        {"key": "group:language-fr", "name": "Français"},
    ]


def test_the_gradebook_counts_the_best_of_the_languages_once(declared):
    gradebook = declared.part("gradebook").fields
    weights = {one["key"]: (one["weight"], one["keep_highest"]) for one in gradebook["categories"]}
    assert weights == {"category:basics.languages": (2.0, 1), "category:test.languages": (1.0, 1)}
    assert {one["key"]: one["category_key"] for one in gradebook["items"]} == {
        "module:basics.en": "category:basics.languages",
        "module:basics.fr": "category:basics.languages",
        "activity:test.en": "category:test.languages",
        "activity:test.fr": "category:test.languages",
        "activity:essay": None,
    }


def test_a_category_counts_as_many_of_the_best_as_there_are_assessments_in_it(page):
    from lms_toolkit.model import GradeCategory

    category = GradeCategory("all", {"en": "All", "fr": "Tout"}, 3.0, ("test", "essay"))
    course = replace(page.course, grade_categories=(category,), weights={})
    found = declare(replace(page, course=course), packages(page)).part("gradebook").fields
    assert [(one["key"], one["keep_highest"]) for one in found["categories"]] == [
        ("category:basics.languages", 1),
        ("category:all", 2),
    ]
    inside = [one["key"] for one in found["items"] if one["category_key"] == "category:all"]
    assert inside == ["activity:test.en", "activity:test.fr", "activity:essay"]


def test_course_completion_waits_for_nothing_that_is_there_once_per_language(page):
    rule = replace(page.course.certification, required=("basics", "programme"))
    course = replace(page.course, certification=rule)
    found = declare(replace(page, course=course), packages(page)).part("completion").fields
    assert found["completed"] == ["activity:programme"]


def test_a_module_that_is_not_written_in_one_language_leaves_the_other(page):
    english, _ = packages(page)
    found = declare(page, [english])
    assert [one.key for one in found.modules if one.key.startswith("module:")] == ["module:basics.en"]
    assert [one["key"] for one in found.part("gradebook").fields["items"]][:1] == ["module:basics.en"]


def test_nothing_is_left_out_because_of_its_language(page):
    assert not_given(page) == ()


@pytest.mark.parametrize("asked", [None, "en", "fr"])
def test_every_language_names_the_one_page(page, asked):
    assert language_of(page.edition, asked) == "en"


def test_a_language_that_the_edition_lacks_names_no_page(page):
    with pytest.raises(ConfigError, match="given in en, fr"):
        language_of(page.edition, "es")


def test_the_same_course_with_a_page_for_each_language_is_as_ever(page):
    edition = replace(page.edition, pages="per-language")
    found = declare(replace(page, edition=edition, language="fr"), packages(page))
    assert (found.idnumber, found.fullname, found.fields()["language"]) == (
        "BOTH-1-fr",
        "Un cours en deux langues",
        "fr",
    )
    assert [one.key for one in found.modules if one.kind in ("package", "quiz")] == ["module:basics", "activity:test"]


def test_a_webinar_without_a_room_says_when_in_every_language(page):
    from datetime import UTC, datetime

    from lms_toolkit.model import Activity, Phase, Times

    live = Activity("live", "webinar", {"en": "Live", "fr": "En direct"})
    course = replace(page.course, activities=(*page.course.activities, live))
    times = {"live": Times(starts_at=datetime(2027, 3, 1, 14, tzinfo=UTC))}
    phase = Phase("live", {"en": "Live", "fr": "Direct"}, activities=("live",))
    edition = replace(page.edition, phases=(phase,), schedule=times)
    one = declare(replace(page, course=course, edition=edition, can=frozenset()), []).modules[0]
    assert "March 1, 2027" in in_language(one.intro, "en")
    assert "1 mars 2027" in in_language(one.intro, "fr")


def test_a_name_that_fits_nowhere_is_refused(page):
    course = replace(page.course, title={"en": "a" * 150, "fr": "b" * 150})
    with pytest.raises(ContentError, match=rf"characters in all languages .* {MAX_NAME} are possible") as caught:
        declare(replace(page, course=course), packages(page))
    assert "\n" not in str(caught.value)


@pytest.fixture
def faults(tmp_path):
    """What `check` says of the course after an edit: rule and message of each error."""

    def after(old, new):
        folder = tmp_path / "two-languages"
        shutil.copytree(COURSE, folder)
        path = folder / "course.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return [f"{one.rule}: {one.message}" for one in check(folder) if one.severity == "error"]

    return after


def test_the_course_itself_has_no_fault():
    assert [one for one in check(COURSE) if one.severity == "error"] == []


IN_ONE = 'languages = ["en"]\n'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('slug = "essay"\n', f'slug = "essay"\n{IN_ONE}', "essay is graded, but edition BOTH-1 has one page"),
        ('slug = "basics"\n', f'slug = "basics"\n{IN_ONE}', "basics is graded, but"),
        ('slug = "essay"\n', 'slug = "essay"\nrequires = ["basics"]\n', "essay requires basics, which edition BOTH-1"),
        ('slug = "debate"\n', 'slug = "debate"\nrequires = ["sheet"]\n', "debate requires sheet"),
        (
            "[certification]",
            '[[grading.categories]]\nslug = "all"\ntitle = { en = "All", fr = "Tout" }\nof = ["test", "basics"]\n'
            "[certification]",
            "grading.categories[0].of has different weights",
        ),
        ('title = { en = "Essay"', f'title = {{ en = "{"E" * 200}"', "activities[5].title has 2"),
        (
            "[[editions.phases]]",
            '[[editions.enrolment]]\nslug = "open"\nkind = "self"\n[[editions.phases]]',
            "who comes in by open has no language",
        ),
        (
            "[[editions.phases]]",
            '[[editions.enrolment]]\nslug = "all"\nkind = "cohort"\ncohort = "c"\n[[editions.phases]]',
            "the cohort of all has no language",
        ),
        (
            "[[editions.phases]]",
            '[[editions.enrolment]]\nslug = "all"\nkind = "manual"\nlanguage = "en"\n[[editions.phases]]',
            "which on one page for all is for cohorts",
        ),
    ],
)
def test_what_one_page_cannot_have_is_named(faults, old, new, says):
    found = faults(old, new)
    assert [one for one in found if one.startswith("one-page: ") and says in one], found


def test_a_cohort_in_a_language_that_the_edition_lacks_is_named(faults):
    way_in = '[[editions.enrolment]]\nslug = "c"\nkind = "cohort"\ncohort = "c"\nlanguage = "es"\n[[editions.phases]]'
    assert any(one.startswith("unknown-language") for one in faults("[[editions.phases]]", way_in))


def test_an_edition_with_one_page_may_share_its_code_with_no_other(faults):
    other = '[[editions]]\ncode = "BOTH-1"\nlanguages = ["en"]\nmode = "online"\nlearning_hours = 1\n'
    phase = '[[editions.phases]]\nslug = "x"\ntitle = { en = "X" }\nmodules = ["basics"]\n\n[[editions]]'
    assert any(one.startswith("duplicate") for one in faults("[[editions]]", other + phase))


def test_a_cohort_brings_people_into_the_group_of_its_language(page):
    from lms_toolkit.model import EnrolmentMethod

    ways = (EnrolmentMethod("fr", "cohort", cohort="c-fr", language="fr"), EnrolmentMethod("all", "manual"))
    found = declare(replace(page, edition=replace(page.edition, enrolment=ways)), packages(page))
    methods = found.part("enrolment").fields["methods"]
    assert [one["group_key"] for one in methods] == ["group:language-fr", None]


@pytest.mark.parametrize(
    ("language", "ways_in"), [("fr", ["enrolment:fr", "enrolment:all"]), ("en", ["enrolment:all"])]
)
def test_a_way_in_with_a_language_is_on_its_own_page_alone(page, language, ways_in):
    from lms_toolkit.model import EnrolmentMethod

    ways = (EnrolmentMethod("fr", "cohort", cohort="c-fr", language="fr"), EnrolmentMethod("all", "manual"))
    edition = replace(page.edition, enrolment=ways, pages="per-language")
    found = declare(replace(page, edition=edition, language=language), packages(page))
    methods = found.part("enrolment").fields["methods"]
    assert [(one["key"], one["group_key"]) for one in methods] == [(key, None) for key in ways_in]
