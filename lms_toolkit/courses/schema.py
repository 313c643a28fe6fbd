"""JSON Schemas of `course.toml` and `questions.yaml`, with which editors complete and check while an author types."""

from __future__ import annotations

from typing import Any

from lms_toolkit.courses.course_file import CourseTable
from lms_toolkit.courses.questions_file import QuestionsTable
from lms_toolkit.courses.shapes import Table

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def course_schema() -> dict[str, Any]:
    return _schema(CourseTable, "course.toml")


def questions_schema() -> dict[str, Any]:
    return _schema(QuestionsTable, "questions.yaml")


def _schema(table: type[Table], title: str) -> dict[str, Any]:
    return {"$schema": _DIALECT, **table.model_json_schema(), "title": title}
