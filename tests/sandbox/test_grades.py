"""Grades and completions follow Moodle's rules."""

from __future__ import annotations

import pytest

from lms_sandbox.gradebook import total
from lms_toolkit.errors import Refused

STATUS = "cmi.core.lesson_status"
RAW = "cmi.core.score.raw"


def grade(deployed, item="module:tiny"):
    return next(row for row in deployed.results()["grades"] if row["item"] == item)["score"]


def state(deployed, item="module:tiny"):
    return next(row for row in deployed.results()["completions"] if row["item"] == item)["state"]


def test_nothing_is_graded_before_anything_is_done(deployed, learner):
    assert grade(deployed) is None
    assert grade(deployed, "total") is None
    learner.commit(deployed.module, "lesson-one", {STATUS: "incomplete"})
    assert grade(deployed) is None


def test_something_completed_without_a_score_is_a_zero(deployed, learner):
    learner.commit(deployed.module, "lesson-one", {STATUS: "completed"})

    assert grade(deployed) == 0


def test_the_grade_is_the_highest_score_of_any_sco(deployed, learner):
    learner.commit(deployed.module, "lesson-one", {RAW: "30"})
    learner.commit(deployed.module, "quiz", {RAW: "81.25", STATUS: "failed"})

    assert grade(deployed) == 81.25
    assert grade(deployed, "total") == 81.25


def test_a_score_without_a_pass_completes_nothing(deployed, learner):
    learner.commit(deployed.module, "quiz", {RAW: "100", STATUS: "failed"})

    assert state(deployed) == "incomplete"


def test_one_passed_sco_completes_a_module_that_must_be_passed(deployed, learner):
    learner.commit(deployed.module, "quiz", {STATUS: "passed", RAW: "70"})

    assert (state(deployed), state(deployed, "course")) == ("complete", "complete")


def test_a_module_that_must_be_completed_needs_every_sco(deployed, learner):
    deployed.wire.apply_module(deployed.course, None, completion="completed")
    learner.commit(deployed.module, "quiz", {STATUS: "passed"})
    assert state(deployed) == "incomplete"
    learner.commit(deployed.module, "lesson-one", {STATUS: "completed"})
    assert state(deployed) == "complete"


def test_a_new_rule_is_refused_while_somebody_is_done_and_else_decides_anew(deployed, learner):
    learner.commit(deployed.module, "quiz", {STATUS: "passed"})
    refused = deployed.wire.apply_module(deployed.course, None, completion="completed")
    assert refused["errorcode"] == "completionreset"
    assert state(deployed) == "complete"

    deployed.wire.apply_module(deployed.course, None, completion="completed", allow_track_loss=True)
    assert state(deployed) == "incomplete"


def test_an_empty_grade_counts_as_zero_in_the_total(deployed, learner, package):
    deployed.wire.apply_module(deployed.course, package, key="module:second")
    learner.commit(deployed.module, "quiz", {STATUS: "passed", RAW: "90"})

    assert grade(deployed, "module:second") is None
    assert grade(deployed, "total") == 45
    assert state(deployed, "course") == "incomplete"


def test_the_total_of_nothing_is_nothing():
    assert total({}, None) is None
    assert total({"a": None, "b": None}, None) is None
    assert total({"a": 0.0, "b": None}, None) == 0


GRADEBOOK = {
    "pass_mark_percent": 60,
    "categories": [{"key": "category:best", "name": "Best", "weight": 2, "keep_highest": 1}],
    "items": [
        {"key": "module:a", "category_key": None, "weight": 1},
        {"key": "module:b", "category_key": "category:best", "weight": 1},
        {"key": "module:c", "category_key": "category:best", "weight": 1},
    ],
}


def test_the_total_follows_the_gradebook_that_was_applied():
    assert total({"module:a": 30.0, "module:b": 90.0, "module:c": 10.0}, GRADEBOOK) == 70
    assert total({"module:a": 30.0, "module:b": None, "module:c": None}, GRADEBOOK) == 10


@pytest.mark.parametrize(
    "values",
    [
        {"cmi.core.student_name": "Somebody Else"},
        {STATUS: "not attempted"},
        {RAW: "101"},
        {RAW: "many"},
        {"cmi.interactions.n.id": "q1"},
        {"cmi.suspend_data": "x" * 4097},
        {"hello": "x"},
    ],
)
def test_what_the_adapter_would_refuse_is_not_stored_either(deployed, learner, values):
    with pytest.raises(Refused) as caught:
        learner.commit(deployed.module, "quiz", values)
    assert caught.value.errorcode == "400"
    assert learner.launch(deployed.module, "quiz")["cmi.core.entry"] == "ab-initio"
