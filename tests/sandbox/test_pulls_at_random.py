"""Whatever happens on the site, and wherever pulls are killed: in the end the store and the site agree.

The sandbox is changed underneath its functions, as teachers and learners would in any order, also between two pages of
a pull; pulls fail before a page, after it was answered, after it was saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lms_moodle import results_functions
from lms_moodle.platform import MoodlePlatform
from lms_sandbox.server import Sandbox
from lms_toolkit.errors import StoreError, Unreachable
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Deployment, ResultsPage
from lms_toolkit.pulling import pull
from lms_toolkit.store import Store, open_store

USERS, MODULES = 3, 2
NUMBERS = count(1)


@dataclass
class Page:
    """A course of its own in the sandbox, with learners and modules that nobody else has."""

    sandbox: Sandbox
    course: int = 0
    users: list[int] = field(default_factory=list)
    modules: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        name = f"random-{next(NUMBERS)}"
        with self.sandbox.site.database.writing() as db:
            (category,) = db.execute(
                "INSERT INTO categories (name, modified_at) VALUES (?, 0) RETURNING id", (name,)
            ).fetchone()
            (self.course,) = db.execute(
                "INSERT INTO courses (category_id, shortname, fullname, created_at, modified_at)"
                " VALUES (?, ?, ?, 0, 0) RETURNING id",
                (category, name, name),
            ).fetchone()
            (section,) = db.execute(
                "INSERT INTO sections (course_id, position) VALUES (?, 1) RETURNING id", (self.course,)
            ).fetchone()
            for number in range(MODULES):
                (module,) = db.execute(
                    "INSERT INTO modules (course_id, section_id, key, name, intro, completion, pass_mark_percent,"
                    " package_sha256) VALUES (?, ?, ?, '', '', 'passed', 60, '') RETURNING id",
                    (self.course, section, f"module:{number}"),
                ).fetchone()
                db.execute(
                    "INSERT INTO scos (module_id, identifier, position, title, href, is_sco)"
                    " VALUES (?, 'quiz', 1, '', '', 1)",
                    (module,),
                )
                self.modules.append(module)
            for number in range(USERS):
                (user,) = db.execute(
                    "INSERT INTO users (username, email, firstname, lastname, created_at)"
                    " VALUES (?, ?, 'Amina', 'Test', 0) RETURNING id",
                    (f"{name}-{number}", f"{name}-{number}@example.org"),
                ).fetchone()
                self.users.append(user)
        for number in range(USERS):
            self.act("enrol", number, 0, 0)

    def act(self, what: str, user: int, module: int, value: int) -> None:
        """Change something, underneath the sandbox's own functions."""
        names = {
            "course": self.course,
            "user": self.users[user],
            "module": self.modules[module],
            "value": value,
            "at": next(NUMBERS),
        }
        with self.sandbox.site.database.writing() as db:
            for statement in ACTS[what]:
                db.execute(statement, names)

    def truth(self) -> dict[tuple[str, str], float]:
        """The grades of the modules as they are, read past everything that is tested."""
        with self.sandbox.site.database.reading() as db:
            rows = db.execute(
                "SELECT grades.user_id, key, score FROM grades JOIN modules ON modules.id = module_id"
                " JOIN enrolments ON enrolments.course_id = modules.course_id AND enrolments.user_id = grades.user_id"
                " WHERE modules.course_id = ? AND visible AND NOT suspended",
                (self.course,),
            )
            return {(str(user), key): score for user, key, score in rows}


_QUIZ = "(SELECT id FROM scos WHERE module_id = :module)"
ACTS = {
    "enrol": ["INSERT OR REPLACE INTO enrolments VALUES (:course, :user, 5, 0, :at)"],
    "suspend": ["UPDATE enrolments SET suspended = 1 WHERE course_id = :course AND user_id = :user"],
    "unenrol": ["DELETE FROM enrolments WHERE course_id = :course AND user_id = :user"],
    "grade": ["INSERT OR REPLACE INTO grades VALUES (:module, :user, :value, :at)"],
    "ungrade": ["DELETE FROM grades WHERE module_id = :module AND user_id = :user"],
    "complete": ["INSERT OR IGNORE INTO completions VALUES (:module, :user, :at)"],
    "uncomplete": ["DELETE FROM completions WHERE module_id = :module AND user_id = :user"],
    "answer": [
        f"INSERT OR REPLACE INTO tracks VALUES (:user, {_QUIZ}, 'cmi.interactions.0.id', 'q', :at)",
        f"INSERT OR REPLACE INTO tracks VALUES (:user, {_QUIZ}, 'cmi.interactions.0.result', :value, :at)",
    ],
    "forget": [f"DELETE FROM tracks WHERE user_id = :user AND sco_id = {_QUIZ}"],
    "hide": ["UPDATE modules SET visible = 0 WHERE id = :module"],
    "show": ["UPDATE modules SET visible = 1 WHERE id = :module"],
    "rename": ["UPDATE users SET lastname = 'N' || :value WHERE id = :user"],
    "reset": [
        "DELETE FROM grades WHERE module_id IN (SELECT id FROM modules WHERE course_id = :course)",
        "DELETE FROM completions WHERE module_id IN (SELECT id FROM modules WHERE course_id = :course)",
        "INSERT INTO news VALUES (:course, 'reset', 0, 0)",
    ],
}


class Faulty(MoodlePlatform):
    """Fails at the page with this number, before it is asked for or after; or something happens meanwhile."""

    fault: tuple[int, str] = (-1, "")
    meanwhile: Callable[[], None] | None = None
    pages = 0

    def results(self, course_ref: str, cursor: str) -> ResultsPage:
        number, self.pages = self.pages, self.pages + 1
        if (number, "unasked") == self.fault:
            raise Unreachable("the site did not answer")
        page = super().results(course_ref, cursor)
        if (number, "unanswered") == self.fault:
            raise Unreachable("the site's answer was lost")
        if number == self.fault[0] and self.meanwhile:
            self.meanwhile()
        return page


@dataclass
class Pulls:
    """Pulls of a page into a store, and every value that was saved on the way."""

    page: Page
    store: Store
    plugins: Plugins
    saved: set[tuple[str, str, str]] = field(default_factory=set)

    def run(
        self, fault: tuple[int, str] = (-1, ""), meanwhile: Callable[[], None] | None = None, **options: Any
    ) -> None:
        platform = Faulty(self.page.sandbox.as_site())
        platform.fault, platform.meanwhile = fault, meanwhile
        deployment = Deployment("sandbox", "tiny", "TINY-1", "fr", str(self.page.course), "", (), datetime.now(UTC))
        try:
            with self._watched(fault):
                pull(platform, deployment, self.store, self.plugins, datetime.now(UTC), **options)
        except (Unreachable, StoreError):
            assert fault != (-1, "")

    @contextmanager
    def _watched(self, fault: tuple[int, str]) -> Iterator[None]:
        """Remembers what was saved, and fails where it is to fail."""
        original, pages = self.store.pulls.save_page, count()

        def save_page(site: str, ref: str, page: ResultsPage, *rest: Any, **options: Any) -> Any:
            number = next(pages)
            if (number, "unsaved") == fault:
                raise StoreError("the disk is full")
            answer = original(site, ref, page, *rest, **options)
            self.saved |= {(one.user_ref, one.item, repr(one.score)) for one in page.grades}
            if (number, "saved") == fault:
                raise StoreError("killed")
            return answer

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.store.pulls, "save_page", save_page)
            yield

    def facts(self) -> dict[str, dict[Any, Any]]:
        """What is known of those who are there, without the times of reading."""
        ref = str(self.page.course)
        there = {one.user_ref for one in self.store.history.enrolments("sandbox", ref) if one.until is None}
        found: dict[str, dict[Any, Any]] = {"there": dict.fromkeys(there)}
        found["grades"] = {
            (one.user_ref, one.item): one.score
            for one in self.store.results.grades("sandbox", ref)
            if one.user_ref in there
        }
        found["completions"] = {
            (one.user_ref, one.item): one.completed_at
            for one in self.store.results.completions("sandbox", ref)
            if one.user_ref in there
        }
        found["attempts"] = {
            (one.user_ref, one.item): one.answers
            for one in self.store.results.attempts("sandbox", ref)
            if one.user_ref in there
        }
        return found


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


acts = st.tuples(
    st.sampled_from([*ACTS, "grade", "grade", "answer"]),
    st.integers(0, USERS - 1),
    st.integers(0, MODULES - 1),
    st.integers(0, 3),
)
faults = st.tuples(st.integers(0, 6), st.sampled_from(["unasked", "unanswered", "unsaved", "saved", "meanwhile"]))
steps = st.one_of(acts, acts, st.tuples(st.just("pull"), faults, acts, st.booleans()))


NOTHING = ("rename", 0, 0, 0)
PULL = ("pull", (99, "saved"), NOTHING, False)
CUT = ("pull", (3, "saved"), NOTHING, True)
LEFT = [("grade", 0, 0, 2), PULL, ("suspend", 0, 0, 0), PULL, ("ungrade", 0, 0, 0), ("enrol", 0, 0, 0), PULL]
READ_AGAIN = [("grade", 0, 0, 2), PULL, CUT, ("ungrade", 0, 0, 0), ("reset", 0, 0, 0), ("grade", 1, 1, 3), CUT]


@example(story=LEFT)
@example(story=READ_AGAIN)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(steps, min_size=5, max_size=25))
def test_store_and_site_agree_in_the_end_and_the_history_has_every_value_once(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, story: list[Any]
) -> None:
    monkeypatch.setattr(results_functions, "ROWS", 2)  # many pages, many places to be killed at
    page, plugins = Page(sandbox), Plugins()
    with TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/store.db") as store:
        pulls = Pulls(page, store, plugins)
        for step in story:
            if step[0] == "pull":
                _, fault, act, again = step
                pulls.run(fault, lambda act=act: page.act(*act), repair_after=timedelta(0) if again else None)
            else:
                page.act(*step)
        pulls.run(repair_after=None)
        told = pulls.facts()
        assert {key: score for key, score in told["grades"].items() if key[1] != "total"} == page.truth(), "by changes"
        pulls.run(full=True)
        assert pulls.facts() == told, "what changes led to is what there is"
        assert_history(pulls)


def assert_history(pulls: Pulls) -> None:
    held = pulls.store.history.grades("sandbox", str(pulls.page.course))
    assert {(one.fact.user_ref, one.fact.item, repr(one.fact.score)) for one in held} == pulls.saved
    assert all(one.until is None or one.since <= one.until for one in held)
    for before, after in pairwise(held):
        if (before.fact.user_ref, before.fact.item) != (after.fact.user_ref, after.fact.item):
            continue
        assert before.until is not None and before.until <= after.since
        same = (before.fact.score, before.fact.graded_at) == (after.fact.score, after.fact.graded_at)
        assert not (same and before.until == after.since), (before, after)
