"""What a course page has once, on a real Moodle: groups, gradebook, completion, ways in, image; restoring a backup."""

from __future__ import annotations

import base64
import io
import json
import tarfile
import uuid
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from lms_toolkit.errors import SiteError

pytestmark = pytest.mark.live

Php = Callable[..., Any]

GROUPS = {
    "groups": [{"key": "group:rot", "name": "Rot"}, {"key": "group:bleu", "name": "Bleu & été"}],
    "groupings": [{"key": "grouping:teams", "name": "Teams", "group_keys": ["group:bleu", "group:rot"]}],
}
GRADEBOOK = {
    "pass_mark_percent": 60,
    "categories": [{"key": "category:essays", "name": "Essays", "weight": 40, "keep_highest": 1}],
    "items": [
        {"key": "activity:two", "category_key": "category:essays", "weight": 1 / 3},
        {"key": "activity:one", "category_key": "category:essays", "weight": 1 / 3},
        {"key": "activity:three", "category_key": None, "weight": 60},
    ],
}
WAYS_IN = {
    "methods": [
        {
            "key": "enrolment:self",
            "kind": "self",
            "role": "student",
            "cohort": None,
            "group_key": "group:rot",
            "starts_at": 1_900_000_000,
            "ends_at": 1_900_086_400,
        },
        {
            "key": "enrolment:office",
            "kind": "manual",
            "role": "student",
            "cohort": None,
            "group_key": None,
            "starts_at": 0,
            "ends_at": 0,
        },
    ]
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@pytest.fixture
def php(on_site: Php) -> Php:
    """Runs PHP inside the Moodle, which finds its values in $in; see `on_site`."""
    return on_site


def refusal(call: Callable[..., object], *arguments: object, **payload: object) -> str:
    with pytest.raises(SiteError) as caught:
        call(*arguments, **payload)
    return str(getattr(caught.value, "errorcode", "") or caught.value)


def assignment(course: Any, key: str, position: int = 1, **fields: object) -> int:
    """A graded assignment of 20 points that is complete when it is graded; its course module."""
    settings = {"opens_at": 0, "due_at": 0, "closes_at": 0, "text": True, "files": 0, "words": 0, "team": False}
    declared = {
        "key": key,
        "section_key": "section:one",
        "position": position,
        "modname": "assign",
        "name": key,
        "intro": "",
        "completion": "graded",
        "max_points": 20,
        "pass_mark_percent": 0,
        "settings": {**settings, "rubric": []},
        "package": None,
        **fields,
    }
    return int(course.apply(declared)["id"])


def apply_twice(course: Any, function: str, **declared: object) -> str:
    """Apply, and once more: the second time nothing may be written. What the first time did."""
    outcome = course.call(function, **declared, dryrun=True)["outcome"]
    first = course.call(function, **declared, dryrun=False)
    assert first["outcome"] == outcome, "the dry run says what the run does"
    assert course.call(function, **declared, dryrun=True)["outcome"] == "unchanged"
    second = course.call(function, **declared, dryrun=False)
    assert second == {**first, "outcome": "unchanged"}
    return str(outcome)


def groups_of(course: dict[str, Any]) -> dict[str, Any]:
    return {name: course[name] for name in ("groups", "groupings")}


def learner(course: Any, php: Php) -> int:
    """A new learner of the course; their id."""
    name = f"jorge-{uuid.uuid4().hex[:12]}"
    made = php(
        """require_once($CFG->dirroot . '/user/lib.php'); require_once($CFG->dirroot . '/course/lib.php');
        $id = user_create_user(['username' => $in['name'], 'firstname' => 'Jorge', 'lastname' => 'Prueba',
            'email' => $in['name'] . '@example.org', 'auth' => 'manual', 'confirmed' => 1,
            'mnethostid' => $CFG->mnet_localhost_id], false);
        $where = ['courseid' => $in['course'], 'enrol' => 'manual'];
        $instance = $DB->get_record('enrol', $where, '*', MUST_EXIST);
        $role = $DB->get_field('role', 'id', ['shortname' => 'student']);
        enrol_get_plugin('manual')->enrol_user($instance, $id, $role);
        return $id;""",
        name=name,
        course=course.id,
    )
    return int(made)


# Rights


CALLS: dict[str, dict[str, object]] = {
    "apply_groups": {**GROUPS, "dryrun": True},
    "apply_gradebook": {"pass_mark_percent": 0, "categories": [], "items": [], "dryrun": True},
    "apply_completion": {"completed": [], "pass_mark_percent": 1, "allow_completion_reset": True, "dryrun": True},
    "apply_enrolment": {"methods": WAYS_IN["methods"][1:], "dryrun": True},
    "apply_image": {"files": None, "dryrun": True},
}
REFUSALS = r"""require_once($CFG->dirroot . '/user/lib.php');
$system = context_system::instance();
$refused = [];
foreach ([['moodle/course:managegroups', 'moodle/grade:manage', 'moodle/course:update', 'moodle/course:changesummary',
           'moodle/course:enrolconfig', 'enrol/manual:config', 'moodle/role:assign', 'moodle/course:create',
           'moodle/restore:restorecourse', 'moodle/restore:uploadfile'],
          ['local/lmstoolkit:deploy']] as $index => $allowed) {
    $role = create_role("Test {$in['name']} $index", "{$in['name']}$index", '');
    foreach (['moodle/course:view', ...$allowed] as $capability) {
        assign_capability($capability, CAP_ALLOW, $role, $system->id);
    }
    $id = user_create_user(['username' => "{$in['name']}$index", 'firstname' => 'Amina', 'lastname' => 'Test',
        'email' => "{$in['name']}$index@example.org", 'auth' => 'manual', 'confirmed' => 1,
        'mnethostid' => $CFG->mnet_localhost_id], false);
    role_assign($role, $id, $system->id);
    \core\session\manager::init_empty_session();
    \core\session\manager::set_user(core_user::get_user($id));
    foreach ($in['calls'] as $function => $payload) {
        try {
            ("local_lmstoolkit\\external\\$function")::execute($payload);
            $refused[$function][] = 'done';
        } catch (moodle_exception $error) {
            $refused[$function][] = $error->errorcode;
        }
    }
    \core\session\manager::set_user(get_admin());
    delete_user(core_user::get_user($id));
    delete_role($role);
}
return $refused;"""


def test_neither_our_right_nor_moodles_own_is_enough_alone(live_course, php, order):
    calls = {name: json.dumps({"courseid": live_course.id, **payload}) for name, payload in CALLS.items()}
    calls["restore_backup"] = json.dumps({"draftitemid": 1, "sha256": "0" * 64, **order})
    refused = php(REFUSALS, name=f"rights-{uuid.uuid4().hex[:12]}", calls=calls)
    assert refused == {name: ["nopermissions", "nopermissions"] for name in calls}


# Groups


def test_groups_and_groupings_read_back_in_the_order_they_were_declared(live_course):
    assert groups_of(live_course.read()) == {"groups": [], "groupings": []}

    assert apply_twice(live_course, "apply_groups", **GROUPS) == "created"
    assert groups_of(live_course.read()) == GROUPS

    renamed = {
        "groups": [{"key": "group:bleu", "name": "Blau"}, GROUPS["groups"][0]],
        "groupings": [{"key": "grouping:teams", "name": "Équipes", "group_keys": ["group:rot"]}],
    }
    ids = live_course.call("apply_groups", **GROUPS, dryrun=True)["ids"]
    assert apply_twice(live_course, "apply_groups", **renamed) == "updated"
    assert groups_of(live_course.read()) == renamed
    assert live_course.call("apply_groups", **renamed, dryrun=True)["ids"] == ids, "renamed in place"


def test_members_and_foreign_groups_are_left_alone(live_course, php):
    ids = live_course.call("apply_groups", **GROUPS, dryrun=False)["ids"]
    user = learner(live_course, php)
    php(
        """require_once($CFG->dirroot . '/group/lib.php');
        groups_add_member($in['group'], $in['user']);
        $own = groups_create_group((object) ['courseid' => $in['course'], 'name' => 'By hand']);
        groups_assign_grouping($in['grouping'], $own);""",
        group=ids["group:rot"],
        grouping=ids["grouping:teams"],
        user=user,
        course=live_course.id,
    )
    assert groups_of(live_course.read()) == GROUPS

    assert live_course.call("apply_groups", groups=[], groupings=[], dryrun=False)["outcome"] == "updated"
    assert groups_of(live_course.read()) == {"groups": [], "groupings": []}
    left = php(
        """$where = ['courseid' => $in['course']];
        return array_values($DB->get_records_menu('groups', $where, 'id', 'id, name'));""",
        course=live_course.id,
    )
    assert left == ["Rot", "By hand"], "an empty group of ours goes, one with members stays"

    again = live_course.call("apply_groups", **GROUPS, dryrun=False)["ids"]
    assert again["group:rot"] == ids["group:rot"], "and is found again with its members"


def test_a_grouping_of_an_unknown_group_is_refused(live_course):
    wrong = {**GROUPS, "groups": GROUPS["groups"][:1]}
    assert refusal(live_course.call, "apply_groups", **wrong, dryrun=False) == "keynotfound"
    long = {"groups": [{"key": "group:long", "name": "x" * 255}], "groupings": []}
    assert refusal(live_course.call, "apply_groups", **long, dryrun=False) == "payloadinvalid"
    assert groups_of(live_course.read()) == {"groups": [], "groupings": []}


def test_a_group_deleted_by_hand_is_made_again(live_course, php):
    ids = live_course.call("apply_groups", **GROUPS, dryrun=False)["ids"]
    php("require_once($CFG->dirroot . '/group/lib.php'); groups_delete_group($in['id']);", id=ids["group:rot"])

    assert [group["key"] for group in live_course.read()["groups"]] == ["group:bleu"]
    assert apply_twice(live_course, "apply_groups", **GROUPS) == "updated"
    assert groups_of(live_course.read()) == GROUPS


# Gradebook


@pytest.fixture
def graded_course(live_course: Any) -> Any:
    for position, key in enumerate(("activity:one", "activity:two", "activity:three"), start=1):
        assignment(live_course, key, position)
    return live_course


def test_a_gradebook_reads_back_as_declared_also_where_moodle_rounds(graded_course):
    assert graded_course.read()["gradebook"] is None
    assert apply_twice(graded_course, "apply_gradebook", **GRADEBOOK) == "created"
    assert graded_course.read()["gradebook"] == GRADEBOOK


CHANGED_GRADEBOOKS: dict[str, dict[str, Any]] = {
    "another mark": {**GRADEBOOK, "pass_mark_percent": 62.5},
    "another weight": {**GRADEBOOK, "categories": [{**GRADEBOOK["categories"][0], "weight": 40.003}]},  # type: ignore[index]
    "another name": {**GRADEBOOK, "categories": [{**GRADEBOOK["categories"][0], "name": "Éssais"}]},  # type: ignore[index]
    "all count": {**GRADEBOOK, "categories": [{**GRADEBOOK["categories"][0], "keep_highest": 0}]},  # type: ignore[index]
    "another order": {**GRADEBOOK, "items": GRADEBOOK["items"][::-1]},  # type: ignore[index]
    "no category": {
        **GRADEBOOK,
        "categories": [],
        "items": [{"key": f"activity:{n}", "category_key": None, "weight": 0} for n in ("one", "two", "three")],
    },
    "fewer items": {**GRADEBOOK, "items": GRADEBOOK["items"][:1]},  # type: ignore[index]
    "two categories": {
        **GRADEBOOK,
        "categories": [
            {"key": "category:new", "name": "New", "weight": 1, "keep_highest": 0},
            GRADEBOOK["categories"][0],  # type: ignore[index]
        ],
        "items": [{"key": "activity:one", "category_key": "category:new", "weight": 2}],
    },
}


def test_each_part_of_a_gradebook_can_be_changed(graded_course):
    for declared in (GRADEBOOK, *CHANGED_GRADEBOOKS.values()):
        graded_course.call("apply_gradebook", **declared, dryrun=False)
        assert graded_course.read()["gradebook"] == declared
        assert graded_course.call("apply_gradebook", **declared, dryrun=True)["outcome"] == "unchanged"
        assert apply_twice(graded_course, "apply_gradebook", **GRADEBOOK) in ("updated", "unchanged")


def test_the_total_counts_what_is_missing_keeps_the_best_and_ignores_the_rest(graded_course, php):
    assignment(graded_course, "activity:extra", 4)
    graded_course.call("apply_gradebook", **GRADEBOOK, dryrun=False)
    user = learner(graded_course, php)
    php(
        """require_once($CFG->libdir . '/gradelib.php');
        foreach ($in['points'] as $name => $points) {
            $item = grade_item::fetch(['courseid' => $in['course'], 'itemname' => $name]);
            $item->update_final_grade($in['user'], $points, 'test');
        }""",
        points={"activity:one": 10, "activity:two": 20, "activity:extra": 0},
        course=graded_course.id,
        user=user,
    )
    assert total_of(graded_course) == pytest.approx(40), "the better essay 100 % × 40, nothing handed in × 60"


def total_of(course: Any) -> float:
    results = course.call("get_snapshot", kind="grades", after=None, limit=10)
    (score,) = [row[2] for row in results["rows"] if results["items"][row[1]] == "total"]
    return float(score)


def test_only_the_submissions_of_a_peer_assessment_count(live_course, php):
    settings = {"opens_at": 0, "due_at": 0, "reviews_due_at": 0, "instructions": "", "review_instructions": ""}
    workshop = {"modname": "workshop", "completion": "none", "max_points": 80}
    workshop["settings"] = {**settings, "reviews": 1, "criteria": [{"key": "a", "title": "A", "points": 5}]}
    assignment(live_course, "activity:peers", **workshop)
    declared = {
        "pass_mark_percent": 0,
        "categories": [],
        "items": [{"key": "activity:peers", "category_key": None, "weight": 7}],
    }
    assert apply_twice(live_course, "apply_gradebook", **declared) == "created"

    weights = php(
        """$where = ['courseid' => $in['course'], 'itemmodule' => 'workshop'];
        $found = $DB->get_records_menu('grade_items', $where, 'itemnumber', 'itemnumber, aggregationcoef');
        return array_map(floatval(...), array_values($found));""",
        course=live_course.id,
    )
    assert weights == [7, 0]


def test_an_unchanged_gradebook_is_not_recalculated_and_what_is_not_ours_stays(graded_course, php):
    graded_course.call("apply_gradebook", **GRADEBOOK, dryrun=False)
    php(
        """require_once($CFG->libdir . '/gradelib.php');
        $category = new grade_category(['courseid' => $in['course'], 'fullname' => 'By hand'], false);
        $category->insert();
        $item = new grade_item(['courseid' => $in['course'], 'itemtype' => 'manual', 'itemname' => 'Hand'], false);
        $item->categoryid = $category->id;
        $item->insert();
        grade_regrade_final_grades($in['course']);""",
        course=graded_course.id,
    )
    assert graded_course.read()["gradebook"] == GRADEBOOK

    state = """return array_values($DB->get_records('grade_items', ['courseid' => $in['course']], 'id'));"""
    before = php(state, course=graded_course.id)
    assert graded_course.call("apply_gradebook", **GRADEBOOK, dryrun=False)["outcome"] == "unchanged"
    assert php(state, course=graded_course.id) == before
    assert {item["needsupdate"] for item in before} == {"0"}

    assignment(graded_course, "activity:one", name="Renamed", max_points=50)
    assert graded_course.read()["gradebook"] == GRADEBOOK, "a module that changes keeps its weight and its place"
    graded_course.call("apply_gradebook", **CHANGED_GRADEBOOKS["no category"], dryrun=False)
    names = php(
        """$where = ['courseid' => $in['course']];
        return array_values($DB->get_records_menu('grade_categories', $where, 'id', 'id, fullname'));""",
        course=graded_course.id,
    )
    assert names == ["?", "By hand"]


SET = """function set(string $table, string $field, float $value, array $where) {
    $GLOBALS['DB']->set_field($table, $field, $value, $where);
}"""
HANDS = {
    "the total becomes another mean": "set('grade_categories', 'aggregation', 0, ['courseid' => $c, 'depth' => 1]);",
    "empty grades are left out": "set('grade_categories', 'aggregateonlygraded', 1, ['courseid' => $c, 'depth' => 2]);",
    "the total is over 10": "set('grade_items', 'grademax', 10, ['courseid' => $c, 'itemtype' => 'course']);",
    "a weight": "set('grade_items', 'aggregationcoef', 5, ['courseid' => $c, 'itemname' => 'activity:one']);",
    "all grades count": "set('grade_categories', 'droplow', 0, ['courseid' => $c, 'depth' => 2]);",
    "an item moves to a foreign category": """$new = new grade_category(['courseid' => $c, 'fullname' => 'New'], false);
        $new->insert();
        grade_item::fetch(['courseid' => $c, 'itemname' => 'activity:three'])->set_parent($new->id);""",
    "the category is deleted": "grade_category::fetch(['courseid' => $c, 'fullname' => 'Essays'])->delete();",
}


def test_what_somebody_changed_in_the_gradebook_by_hand_is_seen_and_put_right(graded_course, php):
    graded_course.call("apply_gradebook", **GRADEBOOK, dryrun=False)
    for what, statements in HANDS.items():
        php(
            f"{SET} require_once($CFG->libdir . '/gradelib.php'); $c = $in['course'];{statements}",
            course=graded_course.id,
        )
        assert graded_course.read()["gradebook"] != GRADEBOOK, what
        assert graded_course.call("apply_gradebook", **GRADEBOOK, dryrun=False)["outcome"] == "updated", what
        assert graded_course.read()["gradebook"] == GRADEBOOK, what


def test_a_gradebook_of_unknown_or_ungraded_things_is_refused(graded_course):
    assignment(graded_course, "activity:talk", modname="label", completion="none", max_points=None, settings={})
    wrong = {
        "keynotfound": {**GRADEBOOK, "categories": []},
        "keynotfound ": {**GRADEBOOK, "items": [{"key": "activity:none", "category_key": None, "weight": 1}]},
        "payloadinvalid": {**GRADEBOOK, "items": [{"key": "activity:talk", "category_key": None, "weight": 1}]},
        "payloadinvalid ": {**GRADEBOOK, "items": [GRADEBOOK["items"][0], GRADEBOOK["items"][0]]},  # type: ignore[index]
    }
    for code, declared in wrong.items():
        assert refusal(graded_course.call, "apply_gradebook", **declared, dryrun=False) == code.strip()
    assert graded_course.read()["gradebook"] is None


# Course completion


def complete(course: Any, declared: Mapping[str, object], *, allow: bool = False, dryrun: bool = False) -> str:
    answer = course.call("apply_completion", **declared, allow_completion_reset=allow, dryrun=dryrun)
    return str(answer["outcome"])


def test_course_completion_reads_back_and_an_unchanged_one_is_left_alone(graded_course, php):
    php(
        "$DB->set_field('course', 'enablecompletion', 0, ['id' => $in['id']]); rebuild_course_cache($in['id']);",
        id=graded_course.id,
    )
    assert graded_course.read()["completion"] is None
    declared = {"completed": ["activity:two", "activity:one"], "pass_mark_percent": 62.5}
    assert complete(graded_course, declared, dryrun=True) == "created"
    assert graded_course.read()["completion"] is None

    assert complete(graded_course, declared) == "created"
    assert graded_course.read()["completion"] == declared
    assert complete(graded_course, declared) == "unchanged"
    for changed in (
        {**declared, "completed": ["activity:one", "activity:two"]},
        {**declared, "completed": ["activity:three"]},
        {"completed": [], "pass_mark_percent": 50},
        {"completed": ["activity:one"], "pass_mark_percent": None},
        {"completed": ["activity:one"], "pass_mark_percent": 0},
    ):
        assert complete(graded_course, changed) == "updated"
        assert graded_course.read()["completion"] == changed
        assert complete(graded_course, changed) == "unchanged"


def test_new_criteria_would_wipe_what_learners_completed_and_have_to_be_allowed(graded_course, php):
    declared = {"completed": ["activity:one", "activity:two"], "pass_mark_percent": None}
    complete(graded_course, declared)
    user = learner(graded_course, php)
    php(
        """require_once($CFG->libdir . '/completionlib.php');
        require_once($CFG->dirroot . '/completion/completion_criteria_completion.php');
        $criterion = $DB->get_record('course_completion_criteria', ['course' => $in['course']], '*', IGNORE_MULTIPLE);
        (new completion_criteria_completion(['userid' => $in['user'], 'course' => $in['course'],
            'criteriaid' => $criterion->id]))->mark_complete(1234567890);""",
        course=graded_course.id,
        user=user,
    )
    fewer = {**declared, "completed": ["activity:one"]}
    assert refusal(complete, graded_course, fewer) == "completionreset"
    assert refusal(complete, graded_course, fewer, dryrun=True) == "completionreset"
    assert complete(graded_course, {**declared, "completed": ["activity:two", "activity:one"]}) == "updated", "an order"
    done = "return $DB->count_records('course_completion_crit_compl', ['course' => $in['course']]);"
    assert php(done, course=graded_course.id) == 1
    assert complete(graded_course, fewer, allow=True) == "updated"
    assert php(done, course=graded_course.id) == 0
    assert graded_course.read()["completion"] == fewer


def test_a_criterion_set_by_hand_is_seen_and_taken_away(graded_course, php):
    declared = {"completed": ["activity:one"], "pass_mark_percent": None}
    complete(graded_course, declared)
    php(
        """$DB->insert_record('course_completion_criteria', ['course' => $in['course'], 'criteriatype' => 2,
            'timeend' => 1900000000]);""",
        course=graded_course.id,
    )
    assert graded_course.read()["completion"] is None
    assert complete(graded_course, declared) == "updated"
    assert graded_course.read()["completion"] == declared


def test_a_module_that_cannot_be_completed_completes_no_course(graded_course):
    assignment(graded_course, "activity:untracked", completion="none")
    for keys, code in (
        (["activity:none"], "keynotfound"),
        (["activity:untracked"], "payloadinvalid"),
        (["activity:one", "activity:one"], "payloadinvalid"),
    ):
        assert refusal(complete, graded_course, {"completed": keys, "pass_mark_percent": None}) == code
    assert graded_course.read()["completion"] is None


# Ways in


def test_ways_in_read_back_and_an_unchanged_one_is_left_alone(live_course):
    assert live_course.read()["enrolment"] == []
    assert refusal(live_course.call, "apply_enrolment", **WAYS_IN, dryrun=False) == "keynotfound"
    live_course.call("apply_groups", **GROUPS, dryrun=False)

    assert apply_twice(live_course, "apply_enrolment", **WAYS_IN) == "created"
    assert live_course.read()["enrolment"] == WAYS_IN["methods"]

    ids = live_course.call("apply_enrolment", **WAYS_IN, dryrun=True)["ids"]
    other = {"methods": [{**WAYS_IN["methods"][0], "starts_at": 0, "group_key": None}]}
    assert apply_twice(live_course, "apply_enrolment", **other) == "updated"
    assert live_course.read()["enrolment"] == other["methods"]
    assert live_course.call("apply_enrolment", **other, dryrun=True)["ids"] == {"enrolment:self": ids["enrolment:self"]}


def test_the_manual_way_in_that_is_there_is_adopted_with_its_people(live_course, php):
    user = learner(live_course, php)
    live_course.call("apply_enrolment", methods=WAYS_IN["methods"][1:], dryrun=False)
    found = php(
        """return array_values($DB->get_records_sql("SELECT e.id, ue.userid FROM {enrol} e
            LEFT JOIN {user_enrolments} ue ON ue.enrolid = e.id WHERE e.enrol = 'manual' AND e.courseid = ?",
            [$in['course']]));""",
        course=live_course.id,
    )
    ids = live_course.call("apply_enrolment", methods=WAYS_IN["methods"][1:], dryrun=True)["ids"]
    assert found == [{"id": str(ids["enrolment:office"]), "userid": str(user)}]


def test_a_way_in_that_is_no_longer_declared_lets_nobody_new_in_and_can_be_opened_again(live_course, php):
    live_course.call("apply_groups", **GROUPS, dryrun=False)
    ids = live_course.call("apply_enrolment", **WAYS_IN, dryrun=False)["ids"]
    assert apply_twice(live_course, "apply_enrolment", methods=WAYS_IN["methods"][1:]) == "updated"
    row = "return $DB->get_record('enrol', ['id' => $in['id']], 'status, customint6');"
    assert php(row, id=ids["enrolment:self"]) == {"status": "0", "customint6": "0"}

    assert live_course.call("apply_enrolment", **WAYS_IN, dryrun=False)["ids"] == ids
    assert php(row, id=ids["enrolment:self"]) == {"status": "0", "customint6": "1"}


def test_people_who_enrol_themselves_come_into_the_group_of_their_way_in(live_course, php):
    live_course.call("apply_groups", **GROUPS, dryrun=False)
    ids = live_course.call("apply_enrolment", **WAYS_IN, dryrun=False)["ids"]
    user = learner(live_course, php)
    groups = php(
        """require_once($CFG->dirroot . '/course/lib.php');
        $before = groups_get_user_groups($in['course'], $in['user'])[0];
        enrol_get_plugin('self')->enrol_user($DB->get_record('enrol', ['id' => $in['way']]), $in['user']);
        return [$before, array_column($DB->get_records_sql(
            'SELECT g.id, g.idnumber FROM {groups} g JOIN {groups_members} m ON m.groupid = g.id WHERE m.userid = ?',
            [$in['user']]), 'idnumber')];""",
        course=live_course.id,
        user=user,
        way=ids["enrolment:self"],
    )
    assert groups == [[], ["group:rot"]]


def test_a_cohort_is_let_in_at_once_and_another_cohort_takes_nobody_out(live_course, php):
    live_course.call("apply_groups", **GROUPS, dryrun=False)
    user = learner(live_course, php)
    names = [f"cohort-{uuid.uuid4().hex[:12]}" for _ in range(2)]
    php(
        """require_once($CFG->dirroot . '/cohort/lib.php');
        foreach ($in['names'] as $name) {
            $id = cohort_add_cohort((object) ['contextid' => context_system::instance()->id, 'name' => $name,
                'idnumber' => $name, 'visible' => 0]);
            $first ??= $id;
        }
        cohort_add_member($first, $in['user']);""",
        names=names,
        user=user,
    )
    method = {**WAYS_IN["methods"][1], "key": "enrolment:cohort", "kind": "cohort", "cohort": names[0]}
    declared = {"methods": [{**method, "group_key": "group:bleu"}]}
    assert apply_twice(live_course, "apply_enrolment", **declared) == "created"
    assert live_course.read()["enrolment"] == declared["methods"]
    inside = """return [
        (int) $DB->count_records_sql("SELECT COUNT(1) FROM {user_enrolments} ue JOIN {enrol} e ON e.id = ue.enrolid
            WHERE e.enrol = 'cohort' AND e.courseid = ? AND ue.userid = ?", [$in['course'], $in['user']]),
        array_column($DB->get_records_sql('SELECT g.id, g.idnumber FROM {groups} g
            JOIN {groups_members} m ON m.groupid = g.id WHERE m.userid = ?', [$in['user']]), 'idnumber')];"""
    assert php(inside, course=live_course.id, user=user) == [1, ["group:bleu"]]

    moved = {"methods": [{**method, "group_key": "group:rot"}]}
    assert apply_twice(live_course, "apply_enrolment", **moved) == "updated"
    assert php(inside, course=live_course.id, user=user) == [1, ["group:rot"]]

    other = {"methods": [{**method, "cohort": names[1]}]}
    assert apply_twice(live_course, "apply_enrolment", **other) == "updated"
    assert live_course.read()["enrolment"] == other["methods"]
    assert php(inside, course=live_course.id, user=user) == [1, ["group:rot"]]


WRONG_WAYS: dict[str, tuple[dict[str, object], str]] = {
    "unknown role": ({"role": "nobody"}, "keynotfound"),
    "a role that the account may not give": ({"role": "manager"}, "nopermissions"),
    "unknown cohort": ({"kind": "cohort", "cohort": "no such cohort"}, "keynotfound"),
    "no cohort": ({"kind": "cohort"}, "payloadinvalid"),
    "unknown group": ({"kind": "self", "group_key": "group:none"}, "keynotfound"),
    "dates that would not count": ({"starts_at": 1}, "payloadinvalid"),
    "a group that would not count": ({"group_key": "group:none"}, "payloadinvalid"),
    "unknown kind": ({"kind": "guest"}, "payloadinvalid"),
}


def test_a_way_in_that_cannot_be_is_refused_and_changes_nothing(live_course):
    for what, (fields, code) in WRONG_WAYS.items():
        methods = [{**WAYS_IN["methods"][1], **fields}]
        assert refusal(live_course.call, "apply_enrolment", methods=methods, dryrun=False).find(code) >= 0, what
    twice = [WAYS_IN["methods"][1], {**WAYS_IN["methods"][1], "key": "enrolment:second"}]
    assert refusal(live_course.call, "apply_enrolment", methods=twice, dryrun=False) == "payloadinvalid"
    assert live_course.read()["enrolment"] == []


# Image


def test_an_image_is_set_kept_replaced_and_taken_away(live_course):
    assert live_course.read()["image"] is None
    first = live_course.files({"title é.png": PNG})
    assert live_course.call("apply_image", files=first, dryrun=True)["outcome"] == "created"
    assert live_course.call("apply_image", files=first, dryrun=False)["outcome"] == "created"
    assert live_course.read()["image"] == {**first, "draftitemid": None}
    kept = {**first, "draftitemid": None}
    assert live_course.call("apply_image", files=kept, dryrun=False)["outcome"] == "unchanged"

    second = live_course.files({"title.png": PNG + b"\0"})
    assert live_course.call("apply_image", files=second, dryrun=False)["outcome"] == "updated"
    assert live_course.read()["image"] == {**second, "draftitemid": None}
    assert refusal(live_course.call, "apply_image", files=kept, dryrun=False) == "packagemismatch"

    assert live_course.call("apply_image", files=None, dryrun=False)["outcome"] == "updated"
    assert live_course.read()["image"] is None


def test_only_one_picture_and_only_a_picture_is_an_image(live_course):
    page = live_course.files({"page.html": b"<script></script>"})
    assert refusal(live_course.call, "apply_image", files=page, dryrun=False) == "payloadinvalid"
    two = live_course.files({"a.png": PNG, "b.png": PNG})
    assert refusal(live_course.call, "apply_image", files=two, dryrun=False) == "payloadinvalid"
    assert live_course.read()["image"] is None


# Restoring a backup


BACK_UP = """require_once($CFG->dirroot . '/backup/util/includes/backup_includes.php');
$controller = new backup_controller(backup::TYPE_1COURSE, $in['course'], backup::FORMAT_MOODLE, backup::INTERACTIVE_NO,
    backup::MODE_GENERAL, get_admin()->id);
$controller->execute_plan();
return base64_encode($controller->get_results()['backup_destination']->get_content());"""
MODULES = """$names = array_map(fn($cm) => $cm->name, array_values(get_fast_modinfo($in['course'])->get_cms()));
sort($names);
return $names;"""
TASK = r"\local_lmstoolkit\task\restore_backup"
RUN_TASK = r"""foreach (\core\task\manager::get_adhoc_tasks($in['task']) as $task) {
    if ($task->get_custom_data()->job === $in['job']) {
        \core\cron::run_adhoc_task($task->get_id());
    }
}"""


@pytest.fixture
def order(live_client: Any) -> dict[str, object]:
    name = f"restored-{uuid.uuid4().hex[:12]}"
    category = live_client.read("core_course_get_categories")[0]["id"]
    return {"categoryid": category, "idnumber": name, "shortname": name, "fullname": "Restored é"}


def restore(course: Any, data: bytes, order: Mapping[str, object]) -> int:
    payload = json.dumps({**course.package(data, "backup.mbz"), **order})
    answer = json.loads(course.client.write("local_lmstoolkit_restore_backup", payload=payload))
    assert answer["outcome"] == "queued"
    return int(answer["job"])


def job(course: Any, number: int) -> dict[str, Any]:
    answer = course.client.read("local_lmstoolkit_get_job", payload=json.dumps({"job": number}))
    return dict(json.loads(answer))


def finished(course: Any, php: Php, number: int) -> dict[str, Any]:
    """A job once cron has taken its task from the queue."""
    php(RUN_TASK, task=TASK, job=number)
    return job(course, number)


def course_of(course: Any, idnumber: object) -> list[dict[str, Any]]:
    found = course.client.read("core_course_get_courses_by_field", field="idnumber", value=idnumber)
    return list(found["courses"])


def test_a_backup_becomes_a_course_of_the_given_names(graded_course, php, order):
    backup = base64.b64decode(php(BACK_UP, course=graded_course.id))
    number = restore(graded_course, backup, order)
    assert job(graded_course, number)["state"] == "queued"
    assert restore(graded_course, backup, order) == number, "an order that is given twice is one"

    done = finished(graded_course, php, number)
    assert (done["state"], done["detail"]) == ("done", "")
    (course,) = course_of(graded_course, order["idnumber"])
    names = {name: course[name] for name in ("id", "idnumber", "shortname", "fullname")}
    assert names == {"id": done["courseid"], **{name: order[name] for name in ("idnumber", "shortname", "fullname")}}
    names_there = php(MODULES, course=done["courseid"])
    assert names_there == ["activity:one", "activity:three", "activity:two"]

    assert restore(graded_course, backup, order) == number, "also after it was done"
    other = {**order, "idnumber": f"{order['idnumber']}-b"}
    assert refusal(restore, graded_course, backup, other) == "shortnametaken"
    assert refusal(restore, graded_course, backup + b"0", order) == "courseidnumbertaken"


CARTRIDGE = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
 xmlns:lom="http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest">
<metadata><schema>IMS Common Cartridge</schema><schemaversion>1.1.0</schemaversion>
<lom:lom><lom:general><lom:title><lom:string language="en">Cartridge</lom:string></lom:title>
</lom:general></lom:lom></metadata>
<organizations><organization identifier="o" structure="rooted-hierarchy"><item identifier="root">
<item identifier="week"><title>Week</title><item identifier="i1" identifierref="r1"><title>A page</title></item></item>
</item></organization></organizations>
<resources><resource identifier="r1" type="webcontent" href="page.html"><file href="page.html"/></resource></resources>
</manifest>"""


def zipped(members: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_a_common_cartridge_becomes_a_course(live_course, php, order):
    cartridge = zipped({"imsmanifest.xml": CARTRIDGE, "page.html": "<html><body><p>Hello</p></body></html>"})
    number = restore(live_course, cartridge, order)
    done = finished(live_course, php, number)
    assert (done["state"], done["detail"]) == ("done", "")
    assert "A page" in php(MODULES, course=done["courseid"])


def test_what_is_no_backup_leaves_no_course_behind_and_says_why(live_course, php, order):
    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w:gz"):
        pass
    for data in (zipped({"readme.txt": "no backup"}), b"not even an archive", tape.getvalue()):
        number = restore(live_course, data, order)
        failed = finished(live_course, php, number)
        assert (failed["state"], failed["courseid"]) == ("failed", None)
        assert "cannot be restored" in failed["detail"]
        assert course_of(live_course, order["idnumber"]) == []


def test_a_restore_that_died_in_the_middle_starts_again(graded_course, php, order):
    backup = base64.b64decode(php(BACK_UP, course=graded_course.id))
    number = restore(graded_course, backup, order)
    php(
        """require_once($CFG->dirroot . '/backup/util/includes/restore_includes.php');
        $id = restore_dbops::create_new_course($in['shortname'], $in['shortname'], $in['category']);
        $DB->set_field('course', 'idnumber', $in['shortname'], ['id' => $id]);
        \\local_lmstoolkit\\local\\job::note($in['job'], 'running', $id);""",
        shortname=order["shortname"],
        category=order["categoryid"],
        job=number,
    )
    dead = job(graded_course, number)
    assert dead["state"] == "running"
    done = finished(graded_course, php, number)
    assert done["state"] == "done"
    assert done["courseid"] != dead["courseid"]
    assert len(course_of(graded_course, order["idnumber"])) == 1


def test_a_restore_whose_process_broke_down_has_failed_and_can_be_ordered_again(live_course, php, order):
    number = restore(live_course, b"a backup", order)
    php(
        """foreach (\\core\\task\\manager::get_adhoc_tasks($in['task']) as $task) {
            if ($task->get_custom_data()->job === $in['job']) {
                $DB->set_field('task_adhoc', 'attemptsavailable', 0, ['id' => $task->get_id()]);
            }
        }""",
        job=number,
        task=TASK,
    )
    assert job(live_course, number)["state"] == "failed"
    assert restore(live_course, b"a backup", order) > number


def test_an_order_that_cannot_be_carried_out_is_refused_at_once(live_course, order):
    client = live_course.client
    wrong = {**live_course.package(b"backup"), **order, "sha256": "0" * 64}
    restore_function = "local_lmstoolkit_restore_backup"
    assert refusal(client.write, restore_function, payload=json.dumps(wrong)) == "packagemismatch"
    assert refusal(restore, live_course, b"backup", {**order, "categoryid": 987654321}) == "unknowncategory"
    assert refusal(restore, live_course, b"backup", {**order, "idnumber": ""}) == "payloadinvalid"
    assert refusal(restore, live_course, b"backup", {**order, "fullname": "x" * 255}) == "payloadinvalid"
    assert refusal(job, live_course, 987654321) == "jobnotfound"
