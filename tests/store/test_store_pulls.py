"""Pages of a pull: rows, cursor and marks in one transaction; what was true before stays known, once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Insert, event

from lms_toolkit.errors import StoreError
from lms_toolkit.model import Answer, Attempt, Completion, Gone, Grade, Learner, ResultsPage, User
from lms_toolkit.store import Store
from lms_toolkit.store.facts import GRADES, stored_rows, time_writer
from lms_toolkit.store.pulls import PullPosition, SavedPage
from lms_toolkit.store.schema import grades as grades_table

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

Save = Callable[..., SavedPage]


@pytest.fixture
def save(store: Store) -> Save:
    """Save a page so many hours after noon: `save(1, grades=[…], cursor="@2", whole=False)`."""

    def save(hours: float, *, begins: bool = False, users: Sequence[User] = (), **page: object) -> SavedPage:
        accounts = [(user, Learner(f"l{user.ref}", "Amina Test")) for user in users]
        values = {"grades": (), "completions": (), **page}
        shown = ResultsPage(users=tuple(users), **values)  # type: ignore[arg-type]
        return store.pulls.save_page("lab", "3", shown, accounts, NOON + hours * HOUR, begins=begins)

    return save


@pytest.fixture
def attempt() -> Attempt:
    answers = (
        Answer("q-1", "Qu’est-ce ?", "correct", "a[,]b", "quiz"),
        Answer("q-2", "", "unanticipated", "\x00 \ud83d \U0001f600", "quiz"),
    )
    return Attempt("lab", "3", "7", "module:a", 1, "passed", 92.5, 100.0, None, NOON, answers, NOON, "test")


def test_an_attempt_comes_back_with_its_answers_whatever_was_typed(store: Store, attempt: Attempt) -> None:
    second = replace(attempt, number=2, score=math.nan, score_max=None, answers=())
    assert store.results.save([], [], [attempt, second]) == 2
    first, other = store.results.attempts("lab", "3", "7")
    assert first == attempt
    assert other.number == 2 and other.score is not None and math.isnan(other.score)
    assert store.undecided.marks("lab", "3") == {}, "no rule reads attempts"


def test_rows_are_kept_as_the_column_types_would(store: Store, make_grade: Callable[..., Grade]) -> None:
    eastern = datetime(2026, 5, 4, 14, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=2)))
    grade = make_grade(score=66.66667, graded_at=eastern, hidden=True, excluded=True)
    store.results.save([grade], [])
    with store.database.write() as connection:
        (fast,) = stored_rows(connection, GRADES, "lab", "3", ["7"])
        connection.execute(
            grades_table.update().values(
                score=grade.score,
                score_min=grade.score_min,
                score_max=grade.score_max,
                graded_at=grade.graded_at,
                pulled_at=grade.pulled_at,
                since=grade.pulled_at,
                hidden=grade.hidden,
                overridden=grade.overridden,
                excluded=grade.excluded,
                awaits_recalculation=grade.awaits_recalculation,
            )
        )
        (plain,) = stored_rows(connection, GRADES, "lab", "3", ["7"])
        assert fast == plain == (*GRADES.row_of(grade, time_writer(connection)), plain[-1])


def test_every_value_is_in_the_history_once_with_its_from_and_until(
    store: Store, save: Save, amina: User, make_grade: Callable[..., Grade], attempt: Attempt
) -> None:
    def at(hours: float, score: float | None) -> Grade:
        return make_grade(score=score, pulled_at=NOON + hours * HOUR)

    done = Completion("lab", "3", "7", "module:a", "complete", NOON, NOON, "test")
    save(0, begins=True, users=[amina], grades=[at(0, 1.0)], completions=[done], attempts=[attempt], cursor="@1")
    save(1, whole=False, grades=[at(1, 2.0)], cursor="@2")
    save(2, whole=False, grades=[at(2, 2.0)], cursor="@2")  # a page that came twice
    save(3, whole=False, gone=[Gone("grade", "7", "module:a"), Gone("completion", "7"), Gone("attempt", "7")])
    save(4, whole=False, gone=[Gone("grade", "7", "module:a")])
    save(5, whole=False, grades=[at(5, math.nan)])

    held = [(repr(one.fact.score), one.since, one.until) for one in store.history.grades("lab", "3")]
    assert held == [
        ("1.0", NOON, NOON + HOUR),
        ("2.0", NOON + HOUR, NOON + 3 * HOUR),
        ("nan", NOON + 5 * HOUR, None),
    ]
    assert [(one.fact, one.until) for one in store.history.completions("lab", "3")] == [(done, NOON + 3 * HOUR)]
    assert [(one.fact, one.until) for one in store.history.attempts("lab", "3")] == [(attempt, NOON + 3 * HOUR)]
    assert store.results.completions("lab", "3") == [] and store.results.attempts("lab", "3") == []


def test_of_several_attempts_only_the_one_that_is_gone_goes(store: Store, save: Save, attempt: Attempt) -> None:
    save(0, whole=False, attempts=[attempt, replace(attempt, number=2)])
    saved = save(1, whole=False, gone=[Gone("attempt", "7", "module:a")], attempts=[replace(attempt, number=2)])
    assert saved == SavedPage(changed=0, gone=1)
    assert [one.number for one in store.results.attempts("lab", "3")] == [2]


def test_a_reading_of_everything_finds_what_is_gone_at_its_end_and_not_before(
    store: Store, save: Save, amina: User, make_grade: Callable[..., Grade]
) -> None:
    jorge = replace(amina, username="jorge", email="jorge@example.org", idnumber="S-2", ref="8")
    both = [make_grade(ref, item) for ref in ("7", "8") for item in ("module:a", "module:b")]
    save(0, begins=True, users=[amina, jorge], grades=both, cursor="@1")
    other = replace(both[0], course_ref="4")
    store.results.save([other], [])
    with store.deciding.run() as run:
        run.unmark("lab", "3", store.undecided.marks("lab", "3"))

    save(1, begins=True, users=[amina], cursor="users|7", more=True)
    assert store.pulls.position("lab", "3") == PullPosition("users|7", 2, NOON + HOUR, None)
    assert len(store.results.grades("lab", "3")) == 4
    saved = save(2, grades=[both[0]], cursor="@2")

    assert saved == SavedPage(changed=0, gone=2)  # Amina's second grade, and Jorge
    assert store.pulls.position("lab", "3") == PullPosition("@2", 2, NOON + HOUR, NOON + 2 * HOUR)
    assert store.results.grades("lab", "3") == [both[0], *both[2:]], "who left stays as he stood"
    assert store.results.grades("lab", "4") == [other]
    assert set(store.undecided.marks("lab", "3")) == {"7", "8"}


def test_changes_that_follow_a_reading_of_everything_end_it(
    store: Store, save: Save, amina: User, make_grade: Callable[..., Grade]
) -> None:
    save(0, begins=True, users=[amina], grades=[make_grade(), make_grade(item="module:b")], cursor="@1")
    save(1, begins=True, users=[amina], grades=[make_grade()], cursor="@2", more=True)
    saved = save(1, whole=False, grades=[make_grade(score=9.0)], cursor="@3")
    assert (saved.changed, saved.gone) == (1, 1)
    position = store.pulls.position("lab", "3")
    assert position is not None and position.finished_at == NOON + HOUR


def test_a_page_that_cannot_be_saved_leaves_people_rows_marks_and_cursor_as_they_were(
    store: Store, save: Save, amina: User, make_grade: Callable[..., Grade]
) -> None:
    with pytest.raises(StoreError):
        save(0, begins=True, users=[amina], grades=[make_grade(), make_grade("8", source=None)], cursor="@1")
    assert store.people.enrolled("lab", "3") == {} and store.people.learners() == []
    assert store.results.grades("lab", "3") == []
    assert store.undecided.marks("lab", "3") == {}
    assert store.pulls.position("lab", "3") is None


def test_thousands_of_rows_that_change_at_once_are_one_page(
    store: Store, save: Save, amina: User, make_grade: Callable[..., Grade]
) -> None:
    users = [replace(amina, ref=str(number)) for number in range(1200)]
    page = [make_grade(user.ref, f"module:{item}", 1.0) for user in users for item in "abcd"]
    save(0, begins=True, users=users, cursor="u", more=True)
    assert save(0, grades=page, cursor="@1") == SavedPage(4800, 0)
    later = [replace(one, score=2.0, pulled_at=NOON + HOUR) for one in page]
    assert save(1, whole=False, grades=later, gone=[Gone("user", user.ref) for user in users[:600]]).changed == 4800
    assert len(store.history.grades("lab", "3")) == 9600
    assert save(2, begins=True, users=users[600:], grades=later[2400:3600]).gone == 1200


def test_people_are_written_in_one_order_whatever_order_a_site_names_them_in(store: Store, save: Save) -> None:
    """Two pulls that share people, each in its own order, would wait for each other until PostgreSQL ends one."""
    written: list[tuple[str, list[object]]] = []

    def note(_connection: object, statement: Any, rows: list[dict[str, object]], *_rest: object) -> None:
        if isinstance(statement, Insert) and rows:
            keys = [next(row[name] for name in ("id", "user_ref", "ref") if name in row) for row in rows]
            written.append((statement.table.name, keys))

    event.listen(store.database.engine, "before_execute", note)
    save(1, begins=True, users=[User(f"u{ref}", "", "Amina", "Test", "", ref) for ref in "52413"])
    found = {name: keys for name, keys in written if len(keys) == 5}
    assert {"learners", "users", "undecided"} <= found.keys()
    for name in ("learners", "users", "undecided"):
        assert found[name] == sorted(found[name], key=str), name
