"""A Common Cartridge of ours, restored in a real Moodle: the quiz has its questions and their marks, a forum is one.

Needs LMS_TOOLKIT_TEST_MOODLE_URL, _TOKEN and _PHP (see conftest.py): it stands in for cron and looks into the course.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lms_moodle.client import MoodleClient
from lms_moodle.restoring import restore_backup
from lms_toolkit.building import build, make_shell
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Activity
from lms_toolkit.testing.courses import tiny_course
from lms_toolkit.testing.questions import MARKED

pytestmark = pytest.mark.live

RUN_QUEUE = r"""
foreach (\core\task\manager::get_adhoc_tasks('\local_lmstoolkit\task\restore_backup') as $task) {
    if ($task->get_custom_data()->idnumber === '<IDNUMBER>') {
        \core\cron::run_adhoc_task($task->get_id());
    }
}
return 1;"""
LOOK = r"""
global $DB;
$quiz = $DB->get_record('quiz', ['course' => <COURSE>], '*', MUST_EXIST);
$structure = \mod_quiz\quiz_settings::create($quiz->id)->get_structure();
$slots = array_values($structure->get_slots());
return [
    'modules' => array_values(array_map(fn($cm) => [$cm->modname, $cm->name], get_fast_modinfo(<COURSE>)->get_cms())),
    'questions' => array_map(fn($slot) => $structure->get_question_type_for_slot($slot->slot), $slots),
    'marks' => array_sum(array_map(fn($slot) => (float) $slot->maxmark, $slots)),
    'total' => (float) $quiz->sumgrades,
];"""


@pytest.fixture
def cartridge(tmp_path: Path) -> Path:
    plugins = Plugins()
    course = tiny_course(tmp_path / "course")
    module = course.modules[0]
    module = replace(module, content={"fr": replace(module.content["fr"], quiz=MARKED)})
    forum = Activity("echanges", "forum", {"fr": "Échanges"}, {"fr": "Dites bonjour."})
    course = replace(course, activities=(forum,))
    shell = make_shell(tmp_path / "data")
    return build(course, module, "fr", plugins.format("imscc11"), tmp_path, shell, plugins).path


def test_a_cartridge_becomes_a_course_whose_quiz_counts_every_question(
    cartridge: Path, live_client: MoodleClient, on_site: Callable[[str], Any]
) -> None:
    idnumber = f"cartridge-{uuid.uuid4().hex[:12]}"

    def cron(seconds: float) -> None:
        on_site(RUN_QUEUE.replace("<IDNUMBER>", idnumber))

    job = restore_backup(
        live_client.site, cartridge, idnumber, "Un « cours » & plus", wait=True, tell=lambda line: None, pause=cron
    )

    assert (job.state, job.detail) == ("done", "")
    found = on_site(LOOK.replace("<COURSE>", job.course_ref))
    names = {tuple(module) for module in found["modules"]}
    assert ("forum", "Échanges") in names
    assert [name for kind, name in names if kind == "quiz"] == ["Quiz final"]
    # multiple, true-false, fill-in and numeric; the profile knows no choice from two, no matching and no ordering
    assert found["questions"] == ["multichoice", "truefalse", "shortanswer", "shortanswer"]
    assert found["total"] == found["marks"] == len(found["questions"])
