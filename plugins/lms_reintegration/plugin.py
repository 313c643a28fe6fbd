"""Reintegration: says where the course is; its certification rules are those in its `course.toml`."""

from __future__ import annotations

from lms_toolkit import CourseSource, content_path, hookimpl


@hookimpl
def lms_register_courses() -> list[CourseSource]:
    return [CourseSource("reintegration", content_path("reintegration"))]
