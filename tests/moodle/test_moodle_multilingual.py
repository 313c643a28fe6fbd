"""A page in several languages needs a filter that Moodle has switched off at first: the doctor says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms_moodle.site_settings import SiteSettings
from lms_toolkit.courses import load
from lms_toolkit.model import SiteInfo
from lms_toolkit.suiting import compare

SITE = SiteInfo("lab", "http://127.0.0.1", "4.5", "lmstoolkit", "companion", frozenset(), 0)


@pytest.fixture
def course(request):
    return load(request.config.rootpath / "tests" / "deployment" / "two_languages")


@pytest.mark.parametrize(
    ("told", "known"), [("headings", "everywhere"), ("content", "texts"), ("off", "off"), (None, ""), ("new", "")]
)
def test_what_the_companion_tells_of_the_filter_is_known(told, known):
    assert SiteSettings.from_info({"multilang": told}).multilingual == known


@pytest.mark.parametrize(("state", "what"), [("off", "texts and names"), ("texts", "names of courses")])
def test_a_course_with_one_page_is_told_that_the_filter_is_missing(course, state, what):
    [finding] = compare(replace(SITE, multilingual=state), [course], {})
    assert finding.rule == "multilang-filter"
    assert what in finding.message and "two-languages" in finding.message
    assert "Content and headings" in finding.hint


@pytest.mark.parametrize("state", ["everywhere", ""])
def test_a_site_with_the_filter_or_one_that_does_not_tell_is_not_complained_of(course, state):
    assert compare(replace(SITE, multilingual=state), [course], {}) == []


def test_courses_with_a_page_for_each_language_need_no_filter(course):
    editions = tuple(replace(edition, pages="per-language") for edition in course.editions)
    assert compare(replace(SITE, multilingual="off"), [replace(course, editions=editions)], {}) == []
