"""What the pages show, read from the database: courses, sections, modules, items and how far a learner is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from lms_sandbox.errors import Refusal
from lms_sandbox.gradebook import Standing, standing


@dataclass(frozen=True, slots=True)
class ModuleView:
    id: int
    name: str
    intro: str
    pass_mark: float
    standing: Standing
    is_played: bool = True
    is_graded: bool = True
    content: str = ""
    address: str = ""

    @property
    def state(self) -> str:
        """Names a text: `state_new`, `state_incomplete` or `state_complete`."""
        if self.standing.completed_at:
            return "state_complete"
        return "state_incomplete" if self.standing.status_by_item else "state_new"


@dataclass(frozen=True, slots=True)
class SectionView:
    name: str
    summary: str
    modules: tuple[ModuleView, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    identifier: str
    title: str
    href: str
    is_sco: bool
    status: str

    @property
    def label(self) -> str:
        """Names a text: `status_completed` …"""
        return f"status_{self.status.replace(' ', '_')}" if self.is_sco else "status_asset"

    @property
    def is_done(self) -> bool:
        return self.status in ("completed", "passed")


def courses_of(db: sqlite3.Connection, user_id: int) -> list[sqlite3.Row]:
    query = (
        "SELECT courses.* FROM courses JOIN enrolments ON course_id = courses.id"
        " WHERE user_id = ? AND suspended = 0 AND visible ORDER BY fullname"
    )
    return db.execute(query, (user_id,)).fetchall()


def course_of(db: sqlite3.Connection, course_id: int, user_id: int) -> sqlite3.Row | None:
    """The course, if the user is enrolled in it."""
    return next((row for row in courses_of(db, user_id) if row["id"] == course_id), None)


def sections_of(db: sqlite3.Connection, course_id: int, user_id: int) -> list[SectionView]:
    query = "SELECT * FROM sections WHERE course_id = ? AND visible ORDER BY position"
    sections = db.execute(query, (course_id,))
    return [_section(db, row, user_id) for row in sections.fetchall()]


def _section(db: sqlite3.Connection, section: sqlite3.Row, user_id: int) -> SectionView:
    query = "SELECT * FROM modules WHERE section_id = ? AND visible ORDER BY position, id"
    modules = tuple(_module(db, row, user_id) for row in db.execute(query, (section["id"],)).fetchall())
    return SectionView(section["name"] or str(section["position"]), section["summary"], modules)


def _module(db: sqlite3.Connection, row: sqlite3.Row, user_id: int) -> ModuleView:
    settings = json.loads(row["settings"])
    return ModuleView(
        id=row["id"],
        name=row["name"],
        intro=row["intro"],
        pass_mark=row["pass_mark_percent"],
        standing=standing(db, row["id"], user_id),
        is_played=bool(row["standard"]),
        is_graded=row["max_points"] is not None,
        content=str(settings.get("content", "")),
        address=str(settings.get("address", "")),
    )


def module_of(db: sqlite3.Connection, module_id: int, user_id: int) -> sqlite3.Row | None:
    """The module with its course's language and title, if the user is enrolled there."""
    query = (
        "SELECT modules.*, language, fullname AS course FROM modules JOIN courses ON courses.id = modules.course_id"
        " JOIN enrolments ON enrolments.course_id = courses.id"
        " WHERE modules.id = ? AND user_id = ? AND suspended = 0 AND courses.visible AND standard <> ''"
    )
    row: sqlite3.Row | None = db.execute(query, (module_id, user_id)).fetchone()
    return row


def items_of(db: sqlite3.Connection, module_id: int, user_id: int) -> tuple[ItemView, ...]:
    statuses = standing(db, module_id, user_id).status_by_item
    rows = db.execute("SELECT * FROM scos WHERE module_id = ? ORDER BY position", (module_id,))
    return tuple(
        ItemView(
            row["identifier"],
            row["title"],
            row["href"],
            bool(row["is_sco"]),
            statuses.get(row["identifier"], "not attempted"),
        )
        for row in rows
    )


def choose(items: Sequence[ItemView], identifier: str | None, closed: frozenset[str]) -> ItemView | None:
    """The item asked for, else the first open one that is not done yet, else the first."""
    if identifier is not None:
        return next((item for item in items if item.identifier == identifier), None)
    waiting = (item for item in items if item.is_sco and not item.is_done and item.identifier not in closed)
    return next(waiting, items[0])


def neighbours(items: Sequence[ItemView], chosen: ItemView) -> tuple[ItemView | None, ItemView | None]:
    """The items before and after."""
    place = items.index(chosen)
    return (items[place - 1] if place else None, items[place + 1] if place + 1 < len(items) else None)


def sco(db: sqlite3.Connection, module_id: int, identifier: str) -> sqlite3.Row:
    row = db.execute("SELECT * FROM scos WHERE module_id = ? AND identifier = ?", (module_id, identifier)).fetchone()
    if row is None:
        raise Refusal("itemnotfound", f"the module has no item {identifier}")
    found: sqlite3.Row = row
    return found
