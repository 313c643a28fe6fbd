"""The sandbox tells everything page by page, and then what changed since a cursor, as the companion does."""

from __future__ import annotations

import pytest

from lms_sandbox.database import Database

STATUS = "cmi.core.lesson_status"
RAW = "cmi.core.score.raw"
KINDS = ("users", "grades", "completions", "attempts")


@pytest.fixture
def cursor(deployed):
    """Where the outbox is once everything so far was read."""
    return deployed.snapshot("users")["cursor"]


def told(deployed, cursor):
    """What an answer has, with items by key and without times."""
    answer = deployed.changes(cursor)
    items = answer["items"]
    return {
        "users": [row[0] for row in answer["users"]],
        "grades": [(row[0], items[row[1]], row[2]) for row in answer["grades"]],
        "completions": [(row[0], items[row[1]], row[2]) for row in answer["completions"]],
        "attempts": [(row[0], items[row[1]], row[3], row[4]) for row in answer["attempts"]],
        "gone": [tuple(row) for row in answer["gone"]],
    }


def empty(**told):
    return {**{kind: [] for kind in (*KINDS, "gone")}, **told}


def test_only_rows_that_exist_are_told(deployed, learner):
    assert len(deployed.snapshot("users")["rows"]) == 1
    assert [deployed.snapshot(kind)["rows"] for kind in KINDS[1:]] == [[], [], []]


def test_a_page_has_as_many_rows_as_asked_for_and_the_next_one_goes_on(deployed, learner):
    learner.commit(deployed.module, "quiz", {STATUS: "passed", RAW: "90"})
    users = [deployed.learner, *(deployed.wire.enrol(deployed.course, f"user{number}") for number in range(3))]

    for kind, expected in {"users": users, "grades": [deployed.learner] * 2}.items():
        seen, after = [], None
        for _ in expected:
            page = deployed.snapshot(kind, after=after, limit=1)
            assert len(page["rows"]) == 1
            seen += [row[0] for row in page["rows"]]
            after = page["after"]
        assert seen == expected
        assert after is None


def test_everything_of_a_learner_has_its_place(deployed, learner):
    learner.commit(deployed.module, "quiz", {STATUS: "passed", RAW: "90"})

    grades, completions = deployed.snapshot("grades"), deployed.snapshot("completions")

    assert grades["items"] == ["module:tiny", "total", "course"]
    assert [[row[1], *row[2:5], row[6]] for row in grades["rows"]] == [[1, 90, 0, 100, 0], [0, 90, 0, 100, 0]]
    assert [row[1:3] for row in completions["rows"]] == [[2, 1], [0, 1]]
    assert all(row[3] and row[0] == deployed.learner for row in completions["rows"])


def test_an_attempt_has_what_was_answered_in_which_lesson(deployed, learner):
    first, second = "cmi.interactions.0.", "cmi.interactions.1."
    said = {
        f"{first}id": "q-1",
        f"{first}student_response": "b",
        f"{first}result": "wrong",
        f"{second}id": "q-2",
        f"{second}result": "0.5",
        STATUS: "failed",
        RAW: "40",
    }
    learner.commit(deployed.module, "lesson-one", {STATUS: "completed"})
    learner.commit(deployed.module, "quiz", said)

    (attempt,) = deployed.snapshot("attempts")["rows"]

    assert attempt[:7] == [deployed.learner, 0, 1, "failed", 40, 100, None]
    assert attempt[8] == [["q-1", "", "incorrect", "b", "quiz"], ["q-2", "", "partial", "", "quiz"]]


def test_nothing_is_told_where_nothing_changed(deployed, cursor):
    assert told(deployed, cursor) == empty()
    assert deployed.changes(cursor)["cursor"] == cursor


def test_a_change_is_told_once_as_it_is_now_and_of_nobody_else(deployed, learner, cursor):
    deployed.wire.enrol(deployed.course, "jorge")
    cursor = deployed.snapshot("users")["cursor"]
    learner.commit(deployed.module, "quiz", {STATUS: "failed", RAW: "10"})
    learner.commit(deployed.module, "quiz", {STATUS: "passed", RAW: "80"})

    who = deployed.learner
    assert told(deployed, cursor) == empty(
        grades=[(who, "total", 80), (who, "module:tiny", 80)],
        completions=[(who, "course", 1), (who, "module:tiny", 1)],
        attempts=[(who, "module:tiny", "passed", 80)],
    )
    assert told(deployed, deployed.changes(cursor)["cursor"]) == empty()


def test_changes_come_in_pages_too(deployed, learner, cursor):
    for number in range(5):
        deployed.wire.enrol(deployed.course, f"user{number}")
    seen, more, pages = [], True, 0
    while more:
        page = deployed.changes(cursor, limit=2)
        seen += page["users"]
        cursor, more, pages = page["cursor"], page["more"], pages + 1
    assert (len(seen), pages) == (5, 3)


def test_who_leaves_is_gone_and_comes_back_with_everything(deployed, learner, cursor):
    learner.commit(deployed.module, "quiz", {STATUS: "passed", RAW: "80"})
    enrolment = {"roleid": "5", "userid": str(deployed.learner), "courseid": str(deployed.course)}

    def enrol(suspend):
        form = {f"enrolments[0][{name}]": value for name, value in {**enrolment, "suspend": suspend}.items()}
        assert deployed.wire.call("enrol_manual_enrol_users", form) is None

    enrol("1")
    assert told(deployed, cursor) == empty(gone=[("user", deployed.learner, "")])
    assert deployed.snapshot("users")["rows"] == deployed.snapshot("grades")["rows"] == []

    cursor = deployed.changes(cursor)["cursor"]
    enrol("0")
    back = told(deployed, cursor)
    assert back["users"] == [deployed.learner]
    assert [len(back[kind]) for kind in ("grades", "completions", "attempts")] == [2, 2, 1]


def test_what_is_hidden_is_gone_until_it_is_shown_again(deployed, learner, cursor):
    learner.commit(deployed.module, "quiz", {STATUS: "passed", RAW: "80"})
    cursor = deployed.changes(cursor)["cursor"]

    deployed.wire.companion("retire_module", courseid=deployed.course, key="module:tiny", delete=False)

    gone = told(deployed, cursor)
    assert {row[0] for row in gone["gone"] if row[2] == "module:tiny"} == {"grade", "completion", "attempt"}
    cursor = deployed.changes(cursor)["cursor"]
    deployed.wire.apply_module(deployed.course, None)
    assert (deployed.learner, "module:tiny", 80) in told(deployed, cursor)["grades"]


def test_a_new_name_is_told(deployed, cursor):
    with deployed.wire.sandbox.site.database.writing() as db:
        db.execute("UPDATE users SET lastname = 'Nouvelle' WHERE id = ?", (deployed.learner,))
    assert told(deployed, cursor) == empty(users=[deployed.learner])


def test_new_weights_change_the_total_of_everybody_who_has_one(deployed, learner, package, cursor):
    learner.commit(deployed.module, "quiz", {STATUS: "passed", RAW: "80"})
    cursor = deployed.changes(cursor)["cursor"]
    deployed.wire.apply_module(deployed.course, package, key="module:second")
    assert (deployed.learner, "total", 40) in told(deployed, cursor)["grades"]


@pytest.mark.parametrize("wrong", [-1, 10**9])
def test_a_cursor_from_elsewhere_has_expired(deployed, cursor, wrong):
    assert deployed.changes(wrong)["errorcode"] == "cursorexpired"


def test_deleting_a_module_makes_everybody_read_everything_again(deployed, package, cursor):
    deployed.wire.apply_module(deployed.course, package, key="module:second")
    deployed.wire.companion("retire_module", courseid=deployed.course, key="module:second", delete=True)
    assert deployed.changes(cursor)["errorcode"] == "cursorexpired"
    assert told(deployed, deployed.snapshot("users")["cursor"]) == empty()


@pytest.mark.parametrize(
    "payload",
    [
        {"kind": "grades", "after": None, "limit": 0},
        {"kind": "grades", "after": None, "limit": 5001},
        {"kind": "secrets", "after": None, "limit": 1},
        {"kind": "grades", "after": "seven", "limit": 1},
        {"kind": "grades", "after": "9" * 30, "limit": 1},
    ],
)
def test_a_snapshot_that_cannot_be_is_refused(deployed, payload):
    assert deployed.wire.companion("get_snapshot", courseid=deployed.course, **payload)["errorcode"] == "payloadinvalid"


def test_a_sandbox_of_an_earlier_version_begins_to_tell(tmp_path):
    with Database(tmp_path / "sandbox.db").writing() as db:
        for kind, name in db.execute(
            "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
        ).fetchall():
            db.execute(f"DROP {kind} IF EXISTS {name}")  # a view takes its triggers along
        db.execute("DROP TABLE outbox")
    with Database(tmp_path / "sandbox.db").reading() as db:
        assert db.execute("SELECT count(*) FROM outbox").fetchone()[0] == 0
