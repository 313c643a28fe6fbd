"""A site is compared with what the courses there are need of it."""

from __future__ import annotations

from dataclasses import replace

from lms_toolkit.model import Course, SiteInfo
from lms_toolkit.suiting import compare

SITE = SiteInfo(
    "lab",
    "http://127.0.0.1",
    "4.5",
    "lmstoolkit",
    "companion",
    frozenset(),
    100 << 20,
    languages=frozenset({"fr", "en"}),
    activities=frozenset({"forum", "quiz"}),
)


def test_a_site_that_has_everything_is_not_complained_of(course: Course) -> None:
    assert compare(SITE, [course], {"cycles.zip": 100 << 20}) == []


def test_languages_and_activities_that_courses_need_and_the_site_lacks_are_told(course: Course) -> None:
    bare = replace(SITE, languages=frozenset({"en"}), activities=frozenset({"quiz"}))

    language, activity = compare(bare, [course], {})

    assert (language.rule, activity.rule) == ("language-pack", "activity")
    assert language.message == "the site has no language pack fr, in which tiny is given"
    assert activity.message == "the site cannot create a forum, which tiny has"
    assert language.hint and activity.hint


def test_the_largest_package_must_fit(course: Course) -> None:
    [found] = compare(SITE, [course], {"small.zip": 1, "large.zip": 101 << 20})

    assert (found.severity, found.rule) == ("error", "upload-limit")
    assert found.message == "the site takes files of 100 MiB, and large.zip has 101 MiB"


def test_what_a_site_does_not_tell_is_no_fault(course: Course) -> None:
    silent = replace(SITE, languages=frozenset(), activities=frozenset(), max_upload_bytes=0)

    assert compare(silent, [course], {"large.zip": 1 << 40}) == []
