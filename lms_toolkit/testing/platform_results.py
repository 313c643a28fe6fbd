"""The part of the platforms' contract that is about results: everything is told once, and then what changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from lms_toolkit.errors import CursorExpired
from lms_toolkit.interfaces import Platform
from lms_toolkit.model import Completion, Enrolment, EnrolOptions, Gone, Grade, ResultsPage, SiteCourse, User
from lms_toolkit.testing.declared import (
    FAILED,
    MODULE,
    PASSED,
    READ,
    Play,
    declared_module,
    new_user,
    the_module,
)
from lms_toolkit.testing.packages import TinyPackage

PATIENCE_SECONDS = 60.0
"""How long a change may take to be told: a site may let changes settle first."""


@dataclass
class Told:
    """What one or more pages said, and the cursor after them."""

    cursor: str
    users: list[User] = field(default_factory=list)
    grades: list[Grade] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    about: set[str] = field(default_factory=set)
    whole: bool = False

    def take(self, page: ResultsPage) -> None:
        self.users += page.users
        self.grades += page.grades
        self.completions += page.completions
        self.gone += page.gone
        self.about |= {user.ref for user in page.users} | {one.user_ref for one in page.gone}
        for rows in (page.grades, page.completions, page.attempts):
            self.about |= {one.user_ref for one in rows}
        self.cursor, self.whole = page.cursor, self.whole or page.whole

    def score(self, user_ref: str) -> float | None:
        """What was said last of the module's grade."""
        found = [one for one in self.grades if (one.user_ref, one.item) == (user_ref, MODULE)]
        return found[-1].score_percent if found else None

    def is_gone(self, user_ref: str) -> bool:
        return any((one.kind, one.user_ref) == ("user", user_ref) for one in self.gone)


class ResultsContract:
    """Inherited by `PlatformContract`, which has the fixtures."""

    def test_results_name_every_learner_even_before_anything_is_graded(
        self, platform: Platform, course: SiteCourse, package: TinyPackage
    ) -> None:
        platform.apply_module(course.ref, declared_module(package), upload=True)
        users = [new_user(name) for name in ("Amina", "Jorge", "Chloé")]
        platform.enrol(course.ref, users, create=True)

        told = read_all(platform, course.ref)

        assert {user.username for user in told.users} == {user.username for user in users}
        assert {user.first_name for user in told.users} == {"Amina", "Jorge", "Chloé"}
        assert [grade for grade in told.grades if grade.score is not None] == []
        assert not any(completion.is_done for completion in told.completions)

    def test_results_tell_who_passed_who_failed_and_who_stopped(
        self, platform: Platform, course: SiteCourse, package: TinyPackage, play: Play
    ) -> None:
        platform.apply_module(course.ref, declared_module(package), upload=True)
        amina, jorge, chloe = users = [new_user(name) for name in ("Amina", "Jorge", "Chloé")]
        platform.enrol(course.ref, users, create=True)
        module = the_module(platform, course)

        play(module, amina, {"lesson-one": READ, "quiz": PASSED})
        play(module, jorge, {"lesson-one": READ, "quiz": FAILED})
        play(module, chloe, {"lesson-one": READ})

        told = read_all(platform, course.ref)
        refs = {user.username: user.ref for user in told.users}
        score = {grade.user_ref: grade.score_percent for grade in told.grades if grade.item == MODULE}
        done = {one.user_ref for one in told.completions if one.item == MODULE and one.is_done}
        assert score[refs[amina.username]] == pytest.approx(92)
        assert score[refs[jorge.username]] == pytest.approx(40)
        assert not score.get(refs[chloe.username])
        assert done == {refs[amina.username]}
        assert the_module(platform, course).learners_by_item == {"lesson-one": 3, "quiz": 2}

    def test_only_what_changed_is_told_once_everything_was_read(
        self, platform: Platform, course: SiteCourse, package: TinyPackage, play: Play
    ) -> None:
        platform.apply_module(course.ref, declared_module(package), upload=True)
        amina, jorge = [new_user(name) for name in ("Amina", "Jorge")]
        refs = enrol(platform, course, amina, jorge)
        module = the_module(platform, course)
        play(module, jorge, {"quiz": PASSED})
        everything = changes_or_skip(read_all(platform, course.ref))
        play(module, amina, {"lesson-one": {**READ, "cmi.core.score.raw": "30"}})
        first = read_until(platform, course, everything.cursor, lambda told: told.score(refs[0]) == pytest.approx(30))
        first = read_until_quiet(platform, course, first.cursor)

        play(module, amina, {"quiz": PASSED})
        second = read_until(platform, course, first.cursor, lambda told: told.score(refs[0]) == pytest.approx(92))

        assert second.about == {refs[0]}, "and nothing of anybody else"
        assert not second.whole and second.users == []
        again = read_until(platform, course, everything.cursor, lambda told: told.score(refs[0]) is not None)
        assert again.score(refs[0]) == pytest.approx(92), "an old cursor leads to what is so now"

    def test_who_leaves_is_gone_and_who_comes_back_brings_everything_along(
        self, platform: Platform, course: SiteCourse, package: TinyPackage, play: Play
    ) -> None:
        platform.apply_module(course.ref, declared_module(package), upload=True)
        amina = new_user()
        (ref,) = enrol(platform, course, amina)
        play(the_module(platform, course), amina, {"quiz": FAILED})
        everything = changes_or_skip(read_all(platform, course.ref))

        platform.withdraw(course.ref, [Enrolment(amina)], EnrolOptions())
        left = read_until(platform, course, everything.cursor, lambda told: told.is_gone(ref))
        told = read_all(platform, course.ref)
        assert (told.users, told.grades, told.completions) == ([], [], [])

        enrol(platform, course, amina)
        back = read_until(platform, course, left.cursor, lambda told: told.score(ref) is not None)
        assert [user.username for user in back.users] == [amina.username]
        assert back.score(ref) == pytest.approx(40)

    def test_deleting_a_module_means_reading_everything_again(
        self, platform: Platform, course: SiteCourse, package: TinyPackage, play: Play
    ) -> None:
        platform.apply_module(course.ref, declared_module(package), upload=True)
        amina = new_user()
        enrol(platform, course, amina)
        play(the_module(platform, course), amina, {"quiz": PASSED})
        everything = changes_or_skip(read_all(platform, course.ref))

        platform.retire(course.ref, the_module(platform, course), delete=True, allow_track_loss=True)

        with pytest.raises(CursorExpired):
            read_until(platform, course, everything.cursor, lambda told: False)
        assert MODULE not in {grade.item for grade in read_all(platform, course.ref).grades}

    def test_a_cursor_from_elsewhere_has_expired(self, platform: Platform, course: SiteCourse) -> None:
        with pytest.raises(CursorExpired):
            platform.results(course.ref, "another platform's cursor")


def enrol(platform: Platform, course: SiteCourse, *users: User) -> list[str]:
    """Enrol learners; the answer is their ids on the site."""
    return [outcome.user.ref for outcome in platform.enrol(course.ref, users, create=True)]


def read_all(platform: Platform, course_ref: str) -> Told:
    """Everything there is of a course; the cursor must move on."""
    told, seen = Told(""), {""}
    while True:
        page = platform.results(course_ref, told.cursor)
        told.take(page)
        if not page.more:
            return told
        assert page.cursor not in seen, "a page came twice"
        seen.add(page.cursor)


def changes_or_skip(told: Told) -> Told:
    if not told.cursor:
        pytest.skip("this platform reads everything each time")
    return told


def read_until(platform: Platform, course: SiteCourse, cursor: str, is_told: Callable[[Told], bool]) -> Told:
    """The changes since a cursor, until something is told."""
    told, deadline = Told(cursor), time.monotonic() + PATIENCE_SECONDS
    while True:
        told.take(platform.results(course.ref, told.cursor))
        if is_told(told):
            return told
        assert time.monotonic() < deadline, "the change was never told"
        time.sleep(0.2)


def read_until_quiet(platform: Platform, course: SiteCourse, cursor: str) -> Told:
    """The changes since a cursor until none are left: a site may tell more than once what has just happened."""
    told, deadline = read_until(platform, course, cursor, lambda told: True), time.monotonic() + PATIENCE_SECONDS
    while told.about:
        assert time.monotonic() < deadline, "the same changes are told for ever"
        time.sleep(0.2)
        told = read_until(platform, course, told.cursor, lambda told: True)
    return told
