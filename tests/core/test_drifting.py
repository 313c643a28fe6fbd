"""What somebody changes by hand on a site is told field by field, put right by the next deployment, or kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lms_toolkit.deploying import fields_by_key
from lms_toolkit.drifting import adopt, drift, keep_adopted
from lms_toolkit.model import (
    Condition,
    DeclaredCourse,
    DeclaredModule,
    DeclaredPart,
    DeclaredSection,
    Deployment,
    SiteCourse,
    SiteModule,
    SiteSection,
)

DECLARED = DeclaredCourse(
    idnumber="E1",
    shortname="E1",
    fullname="Course",
    summary="",
    language="en",
    category="",
    sections=(DeclaredSection("section:one", 1, "One"),),
    modules=(
        DeclaredModule("activity:forum", "section:one", "Forum", kind="forum", settings={"type": "discussion"}),
        DeclaredModule("module:a", "section:one", "A", position=2, pass_mark_percent=70.0),
    ),
    parts=(DeclaredPart("gradebook", "gradebook", {"pass_mark_percent": 60.0}),),
)


def deployment(declared: DeclaredCourse = DECLARED, **changes) -> Deployment:
    return Deployment(
        "lab", "c", "E1", "en", "7", "", (), datetime(2027, 1, 1, tzinfo=UTC), fields_by_key(declared), **changes
    )


def as_found(declared: DeclaredCourse = DECLARED) -> SiteCourse:
    return SiteCourse(
        ref="7",
        idnumber="E1",
        fields=declared.fields(),
        sections=tuple(SiteSection(section.key, "1", section.fields()) for section in declared.sections),
        modules=tuple(SiteModule(module.key, "3", module.fields()) for module in declared.modules),
        parts={part.kind: part.fields for part in declared.parts},
    )


def changed(key: str, **fields) -> SiteCourse:
    """The site after somebody changed one module by hand."""
    found = as_found()
    modules = tuple(
        replace(module, fields={**module.fields, **fields}) if module.key == key else module for module in found.modules
    )
    return replace(found, modules=modules)


def test_a_site_that_nobody_touched_has_no_drift():
    assert drift(deployment(), as_found()) == ()


def test_each_changed_field_is_told_with_both_values():
    found = changed("module:a", name="Hand-made", pass_mark_percent=50.0)
    assert [(one.key, one.field, one.deployed, one.found) for one in drift(deployment(), found)] == [
        ("module:a", "name", "A", "Hand-made"),
        ("module:a", "pass_mark_percent", 70.0, 50.0),
    ]


def test_what_is_gone_is_told_as_gone():
    found = replace(as_found(), modules=as_found().modules[:1])
    assert [str(one) for one in drift(deployment(), found)] == ["A (module:a) is gone"]
    assert {one.field for one in drift(deployment(), None)} == {""}


def test_a_language_that_the_site_lacks_and_dates_are_no_drift():
    found = replace(as_found(), fields={**DECLARED.fields(), "language": "", "starts_at": 5})
    assert drift(deployment(), found) == ()


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("module:a", {"name": "Hand-made", "pass_mark_percent": 50.0, "visible": False}),
        ("activity:forum", {"settings.type": "questions", "availability": [{"from": 1_800_000_000}]}),
        ("module:a", {"position": 1, "section_key": "section:two"}),
    ],
)
def test_what_is_adopted_is_declared_from_then_on(key, fields):
    found = changed(key, **fields)
    adopted = adopt(drift(deployment(), found), {})
    kept = keep_adopted(DECLARED, adopted)
    assert drift(deployment(kept), found) == ()


def test_conditions_come_back_as_conditions():
    found = changed("module:a", availability=[{"group": "group:x"}])
    kept = keep_adopted(DECLARED, adopt(drift(deployment(), found), {}))
    assert kept.modules[1].availability == (Condition("group", "group:x"),)


def test_sections_the_course_and_the_gradebook_can_be_adopted():
    found = replace(
        as_found(),
        fields={**DECLARED.fields(), "fullname": "Better title"},
        sections=(SiteSection("section:one", "1", {**DECLARED.sections[0].fields(), "summary": "<p>Hi</p>"}),),
        parts={"gradebook": {"pass_mark_percent": 65.0}},
    )
    kept = keep_adopted(DECLARED, adopt(drift(deployment(), found), {}))
    assert (kept.fullname, kept.sections[0].summary) == ("Better title", "<p>Hi</p>")
    assert kept.parts[0].fields == {"pass_mark_percent": 65.0}


def test_an_author_who_changes_the_field_afterwards_has_the_last_word():
    adopted = adopt(drift(deployment(), changed("module:a", name="Hand-made")), {})
    rewritten = replace(DECLARED, modules=(DECLARED.modules[0], replace(DECLARED.modules[1], name="A, second edition")))
    assert keep_adopted(rewritten, adopted).modules[1].name == "A, second edition"


def test_a_second_change_by_hand_is_adopted_on_top_of_the_first():
    first = adopt(drift(deployment(), changed("module:a", name="Once")), {})
    kept = keep_adopted(DECLARED, first)
    second = adopt(drift(deployment(kept, adopted=first), changed("module:a", name="Twice")), first)
    assert keep_adopted(DECLARED, second).modules[1].name == "Twice"


def test_things_that_are_gone_are_not_adopted():
    found = replace(as_found(), modules=())
    assert adopt(drift(deployment(), found), {}) == {}
