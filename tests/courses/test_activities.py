"""Each kind of activity takes its own keys, says what it lacks, and reads its own files."""

from __future__ import annotations

from typing import get_args

import pytest

from lms_toolkit.courses.activity_faults import TIMES
from lms_toolkit.courses.activity_tables import COMPLETED_BY, KEYS
from lms_toolkit.courses.schema import course_schema
from lms_toolkit.model import ActivityKind

FORUM = 'kind = "forum"\ntitle.fr = "Présentez-vous"'
PROMPT = '\n[[activities.prompts]]\nslug = "p"\nsubject.fr = "Sujet"\nmessage.fr = "Message"'
ROW = (
    '\n[[activities.rubric]]\nslug = "r"\ntitle.fr = "Ligne"\n'
    'levels = [{ points = 0, text = { fr = "Non" } }, { points = 5, text = { fr = "Oui" } }]'
)
CRITERION = '\n[[activities.criteria]]\nslug = "c"\ntitle.fr = "Clarté"\npoints = 10'
ITEM = '\n[[activities.items]]\nslug = "i"\nkind = "text"\ntext.fr = "Que changer ?"'
GROUPS = '\n[[group_sets]]\nslug = "equipes"\ntitle.fr = "Équipes"\ngroups = [{ fr = "A" }, { fr = "B" }]'
QUIZ = 'quiz:\n  - id: q\n    kind: true-false\n    text: "Vrai ?"\n    answer: true\n    feedback: "Vrai."\n'


@pytest.fixture
def activity(tiny):
    """Turns the forum of the course into another activity: its kind, and what else its table says."""

    def become(kind, more=""):
        tiny.replace("course.toml", FORUM, f'kind = "{kind}"\ntitle.fr = "Présentez-vous"\n{more}')
        return tiny

    return become


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("forum", "minutes = 5", "of kind forum has no key minutes"),
        ("webinar", "graded = true", "of kind webinar has no key graded"),
        ("page", 'files = ["a.pdf"]', "of kind page has no key files"),
        ("quiz", 'hand_in = ["text"]', "of kind quiz has no key hand_in"),
        ("survey", f"graded = true{ITEM}", "of kind survey has no key graded"),
        ("attendance", "reviews = 2", "of kind attendance has no key reviews"),
        ("link", "", "of kind link needs address"),
        ("file", "", "of kind file needs files"),
        ("survey", "", "of kind survey needs items"),
        ("peer-assessment", "", "of kind peer-assessment needs criteria"),
        ("group-work", "", "of kind group-work needs group_set"),
        ("forum", 'completed_by = "submitted"', "of kind forum cannot be completed by submitted"),
        ("forum", 'completed_by = "graded"', "of kind forum cannot be completed by graded"),
        ("text", 'completed_by = "viewed"', "of kind text cannot be completed by viewed"),
        ("assignment", "max_points = 10", "has max_points and needs graded = true"),
        ("assignment", f"max_words = 10{ROW}", "has rubric and needs graded = true"),
        ("assignment", 'hand_in = ["files"]\nmax_words = 10', 'needs "text" in hand_in'),
        ("assignment", 'hand_in = []\ncompleted_by = "submitted"', "with an empty hand_in"),
        ("assignment", "graded = true\nmax_points = 0.5", "must be a whole number"),
        ("assignment", "graded = true\nmax_points = 0", "must be at least 1"),
        ("assignment", "max_files = 21", "must be at most 20"),
        ("link", 'address = "javascript:alert(1)"', "must be made like https://example.org"),
        ("file", 'files = ["../secret.pdf"]', "must be made of letters, digits"),
        ("survey", ITEM.replace('"text"', '"choice"'), "of kind choice needs options"),
        ("survey", f'{ITEM}\noptions = [{{ fr = "A" }}]', "of kind text takes no options"),
        ("peer-assessment", CRITERION.replace("10", "101"), "must be at most 100"),
    ],
)
def test_a_key_that_does_not_fit_the_kind_is_refused(activity, kind, more, words):
    assert words in str(activity(kind, more).fault())


@pytest.mark.parametrize("kind", get_args(ActivityKind))
def test_every_kind_says_which_keys_and_times_it_has(kind):
    assert KEYS[kind] <= set(course_schema()["$defs"]["ActivityTable"]["properties"])
    assert set(TIMES[kind]) <= set(course_schema()["$defs"]["TimesTable"]["properties"])
    assert COMPLETED_BY[kind] <= {"viewed", "posted", "submitted"}


@pytest.mark.parametrize(
    ("kind", "more"), [("forum", PROMPT), ("assignment", f"graded = true{ROW}"), ("peer-assessment", CRITERION)]
)
def test_two_entries_of_an_activity_with_one_name_are_refused(activity, kind, more):
    table = more[more.index("\n[[") :]
    assert activity(kind, more + table).fault().rule == "duplicate"


def test_texts_inside_an_activity_are_needed_in_its_languages_only(activity):
    course = activity("forum", PROMPT)
    course.replace("course.toml", 'languages = ["fr"]\ntitle', 'languages = ["fr", "en"]\ntitle')
    named = [fault.message for fault in course.faults() if "activities" in fault.message]
    assert named == [
        f"activities[0].{name} has no text in en" for name in ("title", "prompts[0].subject", "prompts[0].message")
    ]
    course.replace("course.toml", 'kind = "forum"', 'kind = "forum"\nlanguages = ["fr"]')
    assert not [fault for fault in course.faults() if "activities" in fault.message]


def test_an_activity_in_a_language_of_no_course_is_refused(activity):
    fault = activity("forum", 'languages = ["es"]').fault()
    assert fault.message == "forum is in 'es', which the course does not declare"


def test_a_group_set_that_nobody_declared_is_named(activity):
    fault = activity("group-work", 'group_set = "equipes"').fault()
    assert (fault.rule, fault.hint) == ("unknown-slug", "declared: none")


def test_a_group_set_that_is_declared_is_taken(activity):
    course = activity("group-work", f'group_set = "equipes"\ndescription.fr = "Négociez."{GROUPS}').load()
    assert course.activity("forum").group_set == course.group_sets[0].slug
    assert course.group_sets[0].group_keys() == ("group:equipes-1", "group:equipes-2")


@pytest.mark.parametrize(
    ("requires", "words"),
    [
        ("ailleurs", "no module or activity is so called"),
        ("forum", "forum requires forum, which is never completed"),
        ("avis", "forum requires avis, which is never completed"),
    ],
)
def test_what_can_never_be_completed_cannot_be_required(activity, requires, words):
    notes = '\n[[activities]]\nslug = "avis"\nkind = "text"\ntitle.fr = "Avis"\ndescription.fr = "Lisez."'
    assert words in str(activity("page", f'requires = ["{requires}"]\ndescription.fr = "Page."{notes}').fault())


def test_the_text_of_an_activity_takes_the_place_of_its_description(activity):
    course = activity("page", 'description.fr = "Court."')
    assert course.load().activity("forum").text("fr") == "Court."
    course.write("fr/activities/forum.md", "Long, *très* long.\n")
    assert course.load().activity("forum").text("fr") == "Long, *très* long.\n"
    assert course.found("unlisted-file") == []


@pytest.mark.parametrize("kind", ["page", "text", "assignment"])
def test_an_activity_that_says_nothing_is_a_warning(activity, kind):
    (finding,) = activity(kind).found("empty-activity")
    assert finding.severity == "warning"
    assert finding.where.endswith("fr/activities/forum.md")


def test_a_quiz_without_its_questions_is_refused(activity):
    fault = activity("quiz").fault()
    assert (fault.rule, fault.message) == ("missing-file", "is missing: forum is a quiz")
    assert fault.where.endswith("fr/activities/forum.yaml")


def test_a_quiz_reads_its_questions_and_settings(activity):
    course = activity("quiz")
    course.write("fr/activities/forum.yaml", f"settings:\n  attempts: 2\n{QUIZ}")
    content = course.load().activity("forum").content["fr"]
    assert [question.id for question in content.quiz] == ["q"]
    assert content.quiz_settings.attempts == 2


def test_a_fault_in_the_questions_of_a_quiz_is_told_with_its_line(activity):
    course = activity("quiz")
    course.write("fr/activities/forum.yaml", QUIZ.replace("answer: true", "answer: perhaps"))
    assert course.where(course.fault()).startswith("fr/activities/forum.yaml:5")


def test_a_file_for_learners_must_be_there(activity):
    course = activity("file", 'files = ["horaire.pdf"]')
    assert course.fault().message == "is missing: forum gives it to learners"
    course.write("fr/activities/files/horaire.pdf", "")
    assert course.load().activity("forum").files == ("horaire.pdf",)


def test_a_file_that_leads_out_of_the_course_is_refused(activity, tmp_path):
    course = activity("file", 'files = ["horaire.pdf"]')
    (tmp_path / "outside.pdf").write_text("", encoding="utf-8")
    (course.path / "fr/activities/files").mkdir(parents=True)
    (course.path / "fr/activities/files/horaire.pdf").symlink_to(tmp_path / "outside.pdf")
    assert course.fault().rule == "outside-course"


def test_files_that_belong_to_no_activity_are_named(activity):
    course = activity("page", 'description.fr = "Page."')
    for name in ("forum.yaml", "autre.md", "files/vieux.pdf", ".cache"):
        course.write(f"fr/activities/{name}", "x")
    named = {finding.where.split("activities/")[1] for finding in course.found("unlisted-file")}
    assert named == {"forum.yaml", "autre.md", "files/vieux.pdf"}


def test_a_text_that_is_not_translated_is_named(activity):
    course = activity("page", 'title.en = "Hello"')
    text = (course.path / "course.toml").read_text(encoding="utf-8")
    text = text.replace('languages = ["fr"]\ntitle', 'languages = ["fr", "en"]\ntitle.en = "Small"\ntitle')
    text = text.replace('summary.fr = "Un cours d’essai"', 'summary.fr = "Un cours"\nsummary.en = "A course"')
    text = text.replace("objectives.fr", 'title.en = "Start"\nobjectives.en = ["Read"]\nobjectives.fr')
    text = text.replace('title.fr = "Attestation"', 'title.fr = "Attestation"\ntitle.en = "Certificate"')
    course.write("course.toml", text)
    course.write("fr/activities/forum.md", "Bonjour.")
    found = [finding for finding in course.found("missing-translation") if "activities" in finding.where]
    assert [finding.message for finding in found] == ["is missing: forum has a text in fr"]
    course.write("en/activities/forum.md", "Hello.")
    assert not [finding for finding in course.found("missing-translation") if "activities" in finding.where]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("![Un carré](media/carre.svg)", "broken-link"),
        ("[Le fichier](horaire.pdf)", "broken-link"),
        ("Un saut<br>de ligne", "raw-html"),
        ("::: note\nÀ savoir.\n:::", "unknown-block"),
    ],
)
def test_what_a_course_page_cannot_show_is_named_with_its_line(activity, text, rule):
    course = activity("page")
    course.write("fr/activities/forum.md", f"Début.\n\n{text}\n")
    (finding,) = course.found(rule)
    assert course.where(finding) == "fr/activities/forum.md:3"


def test_links_to_other_sites_and_addresses_are_fine(activity):
    course = activity("page")
    course.write(
        "fr/activities/forum.md", "[OIT](https://www.ilo.org/), [nous](mailto:nous@example.org)\n\n| a |\n| - |\n"
    )
    assert course.found("broken-link") == []


def test_the_picture_of_a_course_must_be_there(tiny):
    tiny.replace("course.toml", 'version = "1.0"', 'version = "1.0"\nimage = "course.png"')
    (finding,) = tiny.found("course-image")
    assert finding.severity == "error"
    tiny.write("course.png", "")
    assert tiny.found("course-image") == []
