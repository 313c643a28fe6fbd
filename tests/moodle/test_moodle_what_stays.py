"""What a deployment leaves as it is: prompts that somebody answered, and what was gone before it was retired."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lms_moodle.companion_functions import FUNCTIONS
from lms_moodle.platform import MoodlePlatform
from lms_toolkit.drifting import drift
from lms_toolkit.errors import Refused
from lms_toolkit.model import (
    DeclaredCourse,
    DeclaredModule,
    DeclaredSection,
    Deployment,
    SiteCourse,
    SiteModule,
    SiteSection,
)
from lms_toolkit.planning import plan

OLD = [
    {"key": "who", "subject": "Who decides?", "message": "<p>Say why.</p>"},
    {"key": "where", "subject": "Where?", "message": "<p>Name a place.</p>"},
]
FORUM = DeclaredModule(
    "activity:debate",
    "section:one",
    "Debate",
    kind="forum",
    completion="posted",
    max_points=None,
    settings={"type": "discussion", "prompts": OLD, "due_at": 0, "closes_at": 0},
)
SECTION = DeclaredSection("section:one", 1, "One")


def rewritten(*keys):
    """The forum with another text for these prompts."""
    prompts = [{**one, "message": "<p>New.</p>"} if one["key"] in keys else one for one in OLD]
    return replace(FORUM, settings={**FORUM.settings, "prompts": prompts})


def course_of(module):
    return DeclaredCourse("E1", "E1", "Course", "", "en", "", sections=(SECTION,), modules=(module,))


class Forums:
    """A Moodle with one forum in which somebody answered the first prompt."""

    def __init__(self, stub):
        self.dry_runs = []
        names = [{"name": name, "version": "1"} for name in FUNCTIONS]
        info = {"sitename": "Test", "siteurl": "", "release": "4.5", "username": "lmstoolkit", "uploadfiles": 1}
        stub.functions |= {
            "core_webservice_get_site_info": lambda params: info | {"usermaxuploadfilesize": -1, "functions": names},
            "local_lmstoolkit_get_info": lambda params: json.dumps(
                {"plugin": "0.1.0", "release": "4.5", "languages": ["en"], "activities": ["forum"], "checks": []}
            ),
            "local_lmstoolkit_apply_module": self.apply,
        }

    def apply(self, params):
        payload = json.loads(params["payload"])
        assert payload["dryrun"] is True
        self.dry_runs.append(payload)
        outcome = "unchanged" if payload["settings"]["prompts"][1:] == OLD[1:] else "updated"
        return json.dumps({"outcome": outcome, "id": 5})


@pytest.fixture
def forums(stub):
    return Forums(stub)


@pytest.fixture
def platform(site):
    platform = MoodlePlatform(site)
    yield platform
    platform.client.close()


def found(platform, *, learners=3, **changes):
    """The site's course, which `platform` finds from now on."""
    there = SiteModule(FORUM.key, "5", {**FORUM.fields(), **changes}, learners=learners)
    sections = (SiteSection(SECTION.key, "1", SECTION.fields()),)
    course = SiteCourse("7", "E1", course_of(FORUM).fields(), sections, (there,))
    platform.find_course = lambda idnumber: course
    return course


def test_a_prompt_that_was_answered_is_no_change_and_the_plan_says_why(platform, forums):
    found(platform)
    made = plan(platform, course_of(rewritten("who")), "E1")
    (step,) = [step for step in made.steps if step.kind == "activity"]
    assert step.action == "unchanged"
    assert "learners have answered" in step.reason
    assert len(forums.dry_runs) == 1


def test_a_prompt_that_nobody_answered_follows_its_text_and_the_answered_one_does_not(platform, forums):
    found(platform)
    made = plan(platform, course_of(rewritten("who", "where")), "E1")
    (step,) = [step for step in made.steps if step.kind == "activity"]
    assert step.action == "update"
    assert made.declared.modules[0].settings["prompts"] == [OLD[0], {**OLD[1], "message": "<p>New.</p>"}]


def test_a_kept_prompt_is_no_drift(platform, forums):
    there = found(platform)
    made = plan(platform, course_of(rewritten("who")), "E1")
    from datetime import UTC, datetime

    from lms_toolkit.deploying import fields_by_key

    done = datetime(2027, 1, 1, tzinfo=UTC)
    deployed = Deployment("lab", "c", "E1", "en", "7", "", (), done, fields_by_key(made.declared))
    assert drift(deployed, there) == ()


@pytest.mark.parametrize("declared", [FORUM, rewritten("who")])
def test_a_forum_without_answers_is_not_asked_about(platform, forums, declared):
    found(platform, learners=0)
    made = plan(platform, course_of(declared), "E1")
    assert made.declared.modules == (declared,)
    assert forums.dry_runs == []


def test_what_the_companion_has_no_words_for_is_put_right_first(platform, forums, stub):
    found(platform, availability=[{"other": True}])
    stub.functions["local_lmstoolkit_apply_module"] = lambda params: {
        "exception": "moodle_exception",
        "errorcode": "payloadinvalid",
        "message": "availability[0]",
    }
    made = plan(platform, course_of(rewritten("who")), "E1")
    (step,) = [step for step in made.steps if step.kind == "activity"]
    assert step.action == "update"


def refusing(code):
    return lambda params: {"exception": "moodle_exception", "errorcode": code, "message": "No."}


def test_what_was_gone_before_it_was_retired_is_as_wished(platform, forums, stub):
    stub.functions["local_lmstoolkit_retire_module"] = refusing("keynotfound")
    there = SiteModule(FORUM.key, "5", FORUM.fields())
    result = platform.retire("7", there, delete=False)
    assert (result.outcome, result.kind, result.note) == ("unchanged", "activity", "was gone already")


def test_any_other_refusal_of_retiring_stays_one(platform, forums, stub):
    stub.functions["local_lmstoolkit_retire_module"] = refusing("trackloss")
    with pytest.raises(Refused, match="trackloss"):
        platform.retire("7", SiteModule(FORUM.key, "5", FORUM.fields()), delete=True)
