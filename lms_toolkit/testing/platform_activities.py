"""The part of the platforms' contract that is about activities, and about what a course page has once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms_toolkit.interfaces import Platform
from lms_toolkit.model import DeclaredModule, DeclaredPart, SiteCourse
from lms_toolkit.planning import changes_between
from lms_toolkit.testing.declared import MODULE, declared_module, found_course
from lms_toolkit.testing.packages import TinyPackage


def _activity(kind: str, **changes: object) -> DeclaredModule:
    plain = DeclaredModule(f"activity:{kind}", "section:one", f"Essai : {kind}", "<p>Dis.</p>", kind)
    return replace(plain, **{"completion": "manual", "max_points": None, **changes})  # type: ignore[arg-type]


_FORUM = {"type": "discussion", "prompts": [], "due_at": 0, "closes_at": 0}
_WORK = {"opens_at": 0, "due_at": 1_900_000_000, "closes_at": 0, "text": True, "files": 2, "words": 500, "rubric": []}
ACTIVITIES = {
    one.kind: one
    for one in (
        _activity("page", settings={"content": "<p>Lis.</p>"}, completion="viewed"),
        _activity("text"),
        _activity("link", settings={"address": "https://example.org/"}, completion="viewed"),
        _activity("forum", settings=_FORUM, completion="posted"),
        _activity("announcements", settings={**_FORUM, "type": "announcements"}, completion="none"),
        _activity("assignment", settings={**_WORK, "team": False}, completion="submitted", max_points=100.0),
        _activity(
            "attendance", settings={**_WORK, "text": False, "files": 0, "words": 0, "team": False}, max_points=100.0
        ),
    )
}
"""One of each kind that needs nothing but its settings."""
PARTS = (
    DeclaredPart("groups", "groups", {"groups": [{"key": "group:a", "name": "A"}], "groupings": []}),
    DeclaredPart(
        "gradebook",
        "gradebook",
        {
            "pass_mark_percent": 60.0,
            "categories": [],
            "items": [{"key": MODULE, "category_key": None, "weight": 2.0}],
        },
    ),
    DeclaredPart("completion", "completion", {"completed": [MODULE], "pass_mark_percent": 60.0}),
)


class ActivitiesContract:
    """Inherited by `PlatformContract`, which has the fixtures."""

    @pytest.mark.parametrize("kind", sorted(ACTIVITIES))
    def test_an_activity_is_created_as_declared_and_then_left_alone(
        self, platform: Platform, course: SiteCourse, kind: str
    ) -> None:
        if kind not in platform.info().activities:
            pytest.skip(f"this site creates no activity of kind {kind}")
        declared = ACTIVITIES[kind]

        created = platform.apply_module(course.ref, declared, upload=False)
        there = found_course(platform, course.idnumber).module(declared.key)

        assert created.outcome == "created"
        assert there is not None
        assert changes_between(declared.fields(), there.fields) == ()
        assert platform.apply_module(course.ref, declared, upload=False).outcome == "unchanged"
        renamed = replace(declared, name="Autrement", section_key="section:two")
        assert platform.apply_module(course.ref, renamed, upload=False).outcome == "updated"
        moved = found_course(platform, course.idnumber).module(declared.key)
        assert moved is not None
        assert (moved.ref, moved.fields["name"], moved.fields["section_key"]) == (there.ref, "Autrement", "section:two")

    def test_what_a_page_has_once_is_kept_as_declared(
        self, platform: Platform, course: SiteCourse, package: TinyPackage
    ) -> None:
        platform.apply_module(course.ref, declared_module(package), upload=True)

        for part in PARTS:
            assert platform.apply_part(course.ref, part).outcome == "created", part.kind
            assert platform.apply_part(course.ref, part).outcome == "unchanged", part.kind

        found = found_course(platform, course.idnumber)
        for part in PARTS:
            assert changes_between(part.fields, found.parts[part.kind]) == (), part.kind
