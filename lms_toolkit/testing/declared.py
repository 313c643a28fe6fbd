"""What the contracts of platforms declare, and how they find it again on the site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from lms_toolkit.interfaces import Platform
from lms_toolkit.model import (
    DeclaredCourse,
    DeclaredModule,
    DeclaredSection,
    SiteCourse,
    SiteModule,
    User,
)
from lms_toolkit.testing.packages import TinyPackage

Play = Callable[[SiteModule, User, Mapping[str, Mapping[str, str]]], None]
"""Play a module as a user: item identifier → the elements its SCO sets before it finishes."""

MODULE = "module:tiny"
PASSED = {"cmi.core.score.raw": "92", "cmi.core.lesson_status": "passed"}
FAILED = {"cmi.core.score.raw": "40", "cmi.core.lesson_status": "failed"}
READ = {"cmi.core.lesson_status": "completed"}


def declared_course() -> DeclaredCourse:
    """A course page nobody else has, with two sections."""
    name = f"contract-{uuid4().hex[:12]}"
    return DeclaredCourse(
        idnumber=name,
        shortname=name,
        fullname=f"Contrat d’essai {name}",
        summary="<p>Un résumé & des accents : é, ñ, ü.</p>",
        language="en",
        category="",
        starts_at=datetime(2026, 9, 1, tzinfo=UTC),
        ends_at=datetime(2026, 12, 18, 23, 59, tzinfo=UTC),
        sections=(
            DeclaredSection("section:one", 1, "Avant de partir", "<p>D’abord.</p>"),
            DeclaredSection("section:two", 2, "À l’arrivée"),
        ),
    )


def declared_module(package: TinyPackage, **changes: object) -> DeclaredModule:
    module = DeclaredModule(
        key=MODULE,
        section_key="section:one",
        name="Leçon d’essai",
        intro="<p>Bonjour.</p>",
        package_path=package.path,
        package_sha256=package.sha256,
        items=package.items,
        pass_mark_percent=70.0,
    )
    return replace(module, **changes)  # type: ignore[arg-type]


def new_user(first_name: str = "Amina") -> User:
    """An invented learner whom the site does not know."""
    name = f"contract-{uuid4().hex[:12]}"
    return User(name, f"{name}@example.org", first_name, "Test", idnumber=name)


def deploy_course(platform: Platform, declared: DeclaredCourse) -> SiteCourse:
    ref = platform.apply_course(declared, None).ref
    for section in declared.sections:
        platform.apply_section(ref, section)
    return found_course(platform, declared.idnumber)


def found_course(platform: Platform, idnumber: str) -> SiteCourse:
    course = platform.find_course(idnumber)
    assert course is not None, f"{idnumber} is not there"
    return course


def the_module(platform: Platform, course: SiteCourse) -> SiteModule:
    module = found_course(platform, course.idnumber).module(MODULE)
    assert module is not None, "the module is not there"
    return module
