"""Migration Academy: says where the course is; its certification rule is the one in its `course.toml`."""

from __future__ import annotations

from lms_toolkit import CourseSource, content_path, hookimpl


@hookimpl
def lms_register_courses() -> list[CourseSource]:
    return [CourseSource("migration-academy", content_path("migration_academy"))]
