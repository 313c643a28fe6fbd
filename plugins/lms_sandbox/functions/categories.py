"""core_course_get_categories and core_course_create_categories."""

from __future__ import annotations

import sqlite3
from typing import Any

from lms_sandbox.clock import now
from lms_sandbox.errors import Refusal
from lms_sandbox.functions.function import Call, Function
from lms_sandbox.params import OPTIONAL, Fields, ListOf, Value

SEARCHABLE = ("id", "name", "parent", "idnumber")


def get_categories(call: Call, criteria: list[dict[str, str]], addsubcategories: bool) -> list[dict[str, Any]]:
    categories = [_described(row, call.db) for row in call.db.execute("SELECT * FROM categories ORDER BY id")]
    if not criteria:
        return categories
    found = [category for category in categories if _matches(category, criteria)]
    if not addsubcategories:
        return found
    inside = tuple(f"{category['path']}/" for category in found)
    return [category for category in categories if category in found or category["path"].startswith(inside)]


def _matches(category: dict[str, Any], criteria: list[dict[str, str]]) -> bool:
    for criterion in criteria:
        if criterion["key"] not in SEARCHABLE:
            raise Refusal("criteriaerror", f"You can not search on this criteria: {criterion['key']}")
    return all(str(category[criterion["key"]]) == criterion["value"] for criterion in criteria)


def _described(row: sqlite3.Row, db: sqlite3.Connection) -> dict[str, Any]:
    (courses,) = db.execute("SELECT count(*) FROM courses WHERE category_id = ?", (row["id"],)).fetchone()
    path = _path(row, db)
    return {
        "id": row["id"],
        "name": row["name"],
        "idnumber": row["idnumber"],
        "description": row["description"],
        "descriptionformat": 1,
        "parent": row["parent"],
        "sortorder": row["id"] * 10_000,
        "coursecount": courses,
        "visible": 1,
        "visibleold": 1,
        "timemodified": row["modified_at"],
        "depth": path.count("/"),
        "path": path,
        "theme": None,
    }


def _path(row: sqlite3.Row, db: sqlite3.Connection) -> str:
    parent = db.execute("SELECT * FROM categories WHERE id = ?", (row["parent"],)).fetchone()
    return f"{_path(parent, db) if parent else ''}/{row['id']}"


def create_categories(call: Call, categories: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_create(call.db, category) for category in categories]


def _create(db: sqlite3.Connection, category: dict[str, Any]) -> dict[str, Any]:
    if category["parent"] and not db.execute("SELECT 1 FROM categories WHERE id = ?", (category["parent"],)).fetchone():
        raise Refusal("unknowcategory", "error/unknowcategory")  # the code is misspelt in Moodle too
    idnumber = category.get("idnumber", "")
    if not category["name"].strip():
        raise Refusal("categorynamerequired", "Category name is required")
    if idnumber and db.execute("SELECT 1 FROM categories WHERE idnumber = ?", (idnumber,)).fetchone():
        raise Refusal("categoryidnumbertaken", "ID number is already used for another category")
    made = db.execute(
        "INSERT INTO categories (name, idnumber, description, parent, modified_at) VALUES (?, ?, ?, ?, ?)",
        (category["name"], idnumber, category.get("description", ""), category["parent"], now()),
    )
    return {"id": made.lastrowid, "name": category["name"]}


FUNCTIONS = (
    Function(
        "core_course_get_categories",
        Fields(
            {
                "criteria": ListOf(Fields({"key": Value("alpha"), "value": Value("raw")}), default=[]),
                "addsubcategories": Value("bool", True),
            }
        ),
        get_categories,
    ),
    Function(
        "core_course_create_categories",
        Fields(
            {
                "categories": ListOf(
                    Fields(
                        {
                            "name": Value("text"),
                            "parent": Value("int", 0),
                            "idnumber": Value("raw", OPTIONAL),
                            "description": Value("raw", OPTIONAL),
                            "descriptionformat": Value("int", 1),
                            "theme": Value("plugin", OPTIONAL),
                        }
                    )
                )
            }
        ),
        create_categories,
        writes=True,
    ),
)
