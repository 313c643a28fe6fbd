"""A pull of a Moodle course: page by page everything, then changes, and no answer believed that makes no sense."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from lms_moodle import results_functions
from lms_moodle.client import MoodleClient
from lms_toolkit.config import Secret, Site
from lms_toolkit.errors import CursorExpired, Unreachable
from lms_toolkit.model import Gone

ITEMS = ["total", "course", "module:m"]
AMINA = [7, "amina", "amina@example.org", "Amina", "Test", ""]
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ATTEMPT = [7, 2, 1, "passed", 80, 100, 86400, 86460, [["q1", "Why?", "correct", "a", "i-one"]]]


@pytest.fixture
def client(stub):
    client = MoodleClient(Site("staging", "moodle", stub.url, Secret("t" * 32), read_timeout=5), waits=())
    yield client
    client.close()


class Companion:
    """Answers with pages in the order given, and remembers what was asked."""

    def __init__(self, stub):
        self.asked = []
        self._pages = []
        for name in ("snapshot", "changes"):
            stub.functions[f"local_lmstoolkit_get_{name}"] = self._answer

    def says(self, *pages):
        self._pages += pages

    def _answer(self, params):
        self.asked.append((params["wsfunction"].rpartition("get_")[2], json.loads(params["payload"])))
        return json.dumps(self._pages.pop(0))


@pytest.fixture
def companion(stub):
    return Companion(stub)


def snapshot(*rows, **changes):
    page = {"items": ITEMS, "rows": rows, "after": None, "cursor": 50, "server_time": 1, "needs_regrade": False}
    return {**page, **changes}


def changed(**changes):
    kinds = {kind: [] for kind in ("users", "grades", "completions", "attempts", "gone")}
    return {"items": ITEMS, **kinds, "cursor": 60, "more": False, "server_time": 1, "needs_regrade": False, **changes}


def read_all(client, cursor=""):
    """The pages of one pull."""
    pages = []
    while True:
        page = results_functions.results(client, "2", cursor, NOW)
        pages.append(page)
        if not page.more:
            return pages
        cursor = page.cursor


def test_a_first_pull_reads_people_then_what_they_have_and_ends_with_what_changed_meanwhile(client, companion):
    companion.says(
        snapshot(AMINA, after="7"),
        snapshot(cursor=99),
        snapshot([7, 2, 80, 0, 100, 86400, 2], [7, 0, None, 0, 100, None, 13], after="7", cursor=99),
        snapshot(cursor=99),
        snapshot([7, 2, 2, 86400], [7, 1, 1, 86460], cursor=99),
        snapshot(ATTEMPT, cursor=99),
        changed(),
    )

    pages = read_all(client)

    assert [page.users[0].first_name for page in pages if page.users] == ["Amina"]
    (grade, total) = pages[2].grades
    assert (grade.item, grade.score_percent, grade.hidden, grade.overridden, grade.excluded) == (
        "module:m",
        80.0,
        True,
        False,
        False,
    )
    assert (grade.graded_at, grade.pulled_at, grade.user_ref) == (datetime(1970, 1, 2, tzinfo=UTC), NOW, "7")
    assert (total.item, total.score, total.overridden, total.excluded) == ("total", None, True, True)
    assert [(one.item, one.state) for one in pages[4].completions] == [("module:m", "passed"), ("course", "complete")]
    (attempt,) = pages[5].attempts
    assert (attempt.number, attempt.status, attempt.score_max) == (1, "passed", 100.0)
    assert (attempt.answers[0].question, attempt.answers[0].result, attempt.answers[0].sco) == (
        "q1",
        "correct",
        "i-one",
    )
    assert [page.whole for page in pages] == [True] * 6 + [False]
    assert [(name, asked.get("kind"), asked.get("after")) for name, asked in companion.asked] == [
        ("snapshot", "users", None),
        ("snapshot", "users", "7"),
        ("snapshot", "grades", None),
        ("snapshot", "grades", "7"),
        ("snapshot", "completions", None),
        ("snapshot", "attempts", None),
        ("changes", None, None),
    ]
    assert companion.asked[-1][1]["cursor"] == 50, "the position from before the first row, not a later one"


def test_a_pull_goes_on_with_changes_and_is_told_what_is_gone(client, companion):
    gone = [["user", 8, ""], ["attempt", 7, "module:m"]]
    companion.says(changed(grades=[[7, 2, 81, 0, 100, 1, 0]], gone=gone, cursor=70, more=True), changed(cursor=75))

    first, last = read_all(client, "@60")

    assert [grade.score for grade in first.grades] == [81.0]
    assert first.gone == (Gone("user", "8", ""), Gone("attempt", "7", "module:m"))
    assert (first.whole, last.whole, last.cursor) == (False, False, "@75")
    assert [asked["cursor"] for _, asked in companion.asked] == [60, 70]


def test_an_interrupted_reading_goes_on_where_it_stopped(client, companion):
    companion.says(snapshot(cursor=99))

    page = results_functions.results(client, "2", "grades|7|50", NOW)

    assert page.cursor == "completions||50"
    assert companion.asked[0][1] == {"courseid": 2, "kind": "grades", "after": "7", "limit": 5000}


def test_totals_that_could_not_be_added_up_are_marked_and_the_next_pull_reads_everything_again(client, companion):
    rows = [[7, 0, 50, 0, 100, 1, 0], [7, 2, 50, 0, 100, 1, 0]]
    companion.says(snapshot(AMINA), snapshot(*rows, needs_regrade=True), snapshot(), snapshot(), changed())

    pages = read_all(client)

    assert [(one.item, one.awaits_recalculation) for one in pages[1].grades] == [("total", True), ("module:m", False)]
    assert (pages[-1].cursor, pages[-1].more) == ("", False)

    companion.says(changed(grades=rows[:1], needs_regrade=True))
    assert results_functions.results(client, "2", "@60", NOW).cursor == ""


@pytest.mark.parametrize("cursor", ["5", "core|3", "@", "@-1", "@1 ", "teachers||5", "grades|x|5", "grades|7|"])
def test_a_cursor_of_another_platform_or_version_is_expired(client, companion, cursor):
    with pytest.raises(CursorExpired):
        results_functions.results(client, "2", cursor, NOW)
    assert companion.asked == []


def test_a_cursor_that_the_site_does_not_know_any_more_is_expired(client, stub):
    said = {"exception": "moodle_exception", "errorcode": "cursorexpired", "message": "Read everything again."}
    stub.functions["local_lmstoolkit_get_changes"] = lambda params: said

    with pytest.raises(CursorExpired, match="Read everything again"):
        results_functions.results(client, "2", "@60", NOW)


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("users", [7, "amina", "amina@example.org", "Amina", "Test"]),
        ("users", ["7", "amina", "amina@example.org", "Amina", "Test", ""]),
        ("users", [7, "amina", None, "Amina", "Test", ""]),
        ("grades", [7, 3, 80, 0, 100, 1, 0]),
        ("grades", [7, -1, 80, 0, 100, 1, 0]),
        ("grades", [7, 2, "80", 0, 100, 1, 0]),
        ("grades", [7, 2, True, 0, 100, 1, 0]),
        ("grades", [7, 2, 80, 0, 100, 10**17, 0]),
        ("grades", [7, 2, 80, 0, 100, -1, 0]),
        ("completions", [7, 2, 4, 1]),
        ("completions", [7, 2, -1, 1]),
        ("attempts", [*ATTEMPT[:8], [["q1", "Why?", "perhaps", "a", ""]]]),
        ("attempts", [*ATTEMPT[:8], None]),
        ("gone", ["everything", 7, ""]),
        ("gone", 7),
    ],
)
def test_a_row_that_makes_no_sense_is_not_guessed(client, companion, kind, row):
    companion.says(changed(**{kind: [row]}))

    with pytest.raises(Unreachable, match="rows that make no sense; upgrade"):
        results_functions.results(client, "2", "@60", NOW)


@pytest.mark.parametrize(
    "answer",
    [
        changed(cursor=59),
        changed(cursor=60, more=True),
        changed(more="yes"),
        {**changed(), "users": None},
        changed(items=None),
        [],
        None,
    ],
    ids=["goes back", "does not move", "more is no flag", "no users", "no items", "a list", "null"],
)
def test_an_answer_that_leads_nowhere_is_not_followed(client, companion, answer):
    companion.says(answer)

    with pytest.raises(Unreachable, match="upgrade"):
        results_functions.results(client, "2", "@60", NOW)


@pytest.mark.parametrize("after", ["7", 8, "x", "²", ""])
def test_a_reading_that_does_not_get_on_ends(client, companion, after):
    companion.says(snapshot(after=after))

    with pytest.raises(Unreachable, match="upgrade"):
        results_functions.results(client, "2", "grades|7|50", NOW)
