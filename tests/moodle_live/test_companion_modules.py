"""Every kind of activity on a real Moodle: applied, read back field by field, applied again, changed, refused."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from lms_toolkit.errors import SiteError

pytestmark = pytest.mark.live

Declared = dict[str, Any]

FROM, DUE, CLOSE = 1_900_000_000, 1_900_086_400, 1_900_172_800
COMMON = {
    "key": "activity:one",
    "section_key": "section:one",
    "position": 1,
    "name": "Élan & début",
    "intro": "<p>Läs <strong>detta</strong> först.</p>",
    "visible": True,
    "availability": [],
    "completion": "none",
    "group_mode": "none",
    "grouping_key": None,
    "max_points": None,
    "pass_mark_percent": 0,
    "settings": {},
    "package": None,
    "files": None,
}
COMPARED = [name for name in COMMON if name != "package"]


def zipped(members: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def package(*slugs: str, sco: bool = True) -> bytes:
    """A small SCORM 1.2 package with one SCO per slug, or an IMS content package with one page per slug."""
    adlcp = ' xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"' if sco else ""
    kind = ' adlcp:scormtype="sco"' if sco else ""
    items = "".join(f'<item identifier="i-{s}" identifierref="r-{s}"><title>{s}</title></item>' for s in slugs)
    resources = "".join(
        f'<resource identifier="r-{s}" type="webcontent"{kind} href="{s}.html"><file href="{s}.html"/></resource>'
        for s in slugs
    )
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest identifier="m" '
        f'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"{adlcp}>'
        "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>"
        f'<organizations default="o"><organization identifier="o"><title>T</title>{items}</organization>'
        f"</organizations><resources>{resources}</resources></manifest>"
    )
    return zipped({"imsmanifest.xml": manifest, **{f"{s}.html": f"<p>{s}</p>" for s in slugs}})


def questions(*names: str) -> bytes:
    """Moodle XML: a description and, per name, a question true or false."""
    asked = "".join(
        f'<question type="truefalse"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[<p>{name}?</p>]]></text></questiontext>'
        '<defaultgrade>1</defaultgrade><answer fraction="100"><text>true</text></answer>'
        '<answer fraction="0"><text>false</text></answer></question>'
        for name in names
    )
    intro = (
        '<question type="description"><name><text>Read</text></name>'
        '<questiontext format="html"><text>Read this.</text></questiontext></question>'
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><quiz>{intro}{asked}</quiz>'.encode()


def criterion(key: str, *points: float) -> dict[str, object]:
    levels = [{"points": value, "text": f"{key} <{value}> & more"} for value in points]
    return {"key": key, "title": f"Criterion {key}: a < b", "levels": levels}


def survey_item(key: str, kind: str, *options: str, required: bool = False) -> dict[str, object]:
    return {"key": key, "kind": kind, "text": f"{key}: “Q & A” <b>?", "options": list(options), "required": required}


FORUM = {
    "type": "discussion",
    "prompts": [
        {"key": "hello", "subject": "Say hello", "message": "<p>Who are you?</p>"},
        {"key": "goal", "subject": "Your goal", "message": "<p>And why?</p>"},
    ],
    "due_at": DUE,
    "closes_at": CLOSE,
}
QUIZ = {"opens_at": FROM, "closes_at": CLOSE, "minutes": 30, "attempts": 2, "draw": 0, "shuffle": False}
ASSIGN = {
    "opens_at": FROM,
    "due_at": DUE,
    "closes_at": CLOSE,
    "text": True,
    "files": 3,
    "words": 500,
    "team": False,
    "rubric": [criterion("aim", 0, 2, 5), criterion("form", 5, 0)],
}
WORKSHOP = {
    "opens_at": FROM,
    "due_at": DUE,
    "reviews_due_at": CLOSE,
    "instructions": "<p>Write.</p>",
    "review_instructions": "<p>Judge.</p>",
    "reviews": 3,
    "criteria": [{"key": "clear", "title": "Is it <clear>?", "points": 10}, {"key": "true", "title": "T", "points": 5}],
}
FEEDBACK = {
    "opens_at": FROM,
    "closes_at": CLOSE,
    "anonymous": True,
    "items": [
        survey_item("why", "text"),
        survey_item("which", "choice", "one | two", "a #### b", "<i>c</i>", required=True),
        survey_item("rate", "rating", "low", "1####2", "high"),
    ],
}

KINDS: dict[str, Declared] = {
    "scorm": {"max_points": 100, "completion": "passed", "pass_mark_percent": 70},
    "imscp": {"completion": "viewed"},
    "page": {"settings": {"content": '<p><img src="@@PLUGINFILE@@/a.png" alt="a"></p>'}, "completion": "viewed"},
    "label": {"completion": "manual"},
    "url": {"settings": {"address": "https://example.org/a?b=1&c=2"}, "completion": "viewed"},
    "resource": {"completion": "viewed"},
    "forum": {"settings": FORUM, "completion": "posted", "max_points": 10, "pass_mark_percent": 50},
    "quiz": {"settings": QUIZ, "completion": "passed", "max_points": 40, "pass_mark_percent": 62.5},
    "assign": {"settings": ASSIGN, "completion": "submitted", "max_points": 20, "pass_mark_percent": 60},
    "workshop": {"settings": WORKSHOP, "completion": "graded", "max_points": 80, "pass_mark_percent": 50},
    "feedback": {"settings": FEEDBACK, "completion": "submitted"},
    "bigbluebuttonbn": {
        "settings": {"starts_at": FROM, "ends_at": DUE, "record": True},
        "completion": "viewed",
    },
}
PACKAGES: dict[str, tuple[bytes, bytes]] = {
    "scorm": (package("a", "b"), package("b", "a", "c")),
    "imscp": (package("a", sco=False), package("a", "b", sco=False)),
    "quiz": (questions("Sun", "Moon"), questions("Sun", "Moon", "Star")),
}
FILES: dict[str, tuple[dict[str, bytes], dict[str, bytes]]] = {
    "page": ({"a.png": b"A"}, {"a.png": b"AA", "b é.png": b"B"}),
    "resource": ({"first.txt": b"1", "a second.txt": b"2"}, {"a second.txt": b"2", "first.txt": b"1"}),
    "assign": ({"template.txt": b"t"}, {"other.txt": b"o"}),
}
GRADED = {"scorm", "forum", "quiz", "assign", "workshop"}

CHANGES: dict[str, list[Declared]] = {
    "scorm": [{"completion": "completed"}, {"completion": "graded"}, {"pass_mark_percent": 55}],
    "imscp": [{"completion": "none"}],
    "page": [{"settings": {"content": "<p>Other</p>"}}],
    "label": [],
    "url": [{"settings": {"address": "https://example.org/other"}}],
    "resource": [],
    "forum": [
        {"settings": {**FORUM, "type": "questions"}},
        {"settings": {**FORUM, "prompts": [{"key": "goal", "subject": "New", "message": "<p>New</p>"}]}},
        {"settings": {**FORUM, "due_at": 0, "closes_at": 0, "prompts": []}},
        {"max_points": 25},
        {"completion": "graded"},
        {"max_points": None, "pass_mark_percent": 0, "completion": "viewed"},
    ],
    "quiz": [
        {"settings": {**QUIZ, "opens_at": 0, "closes_at": 0, "minutes": 0, "attempts": 0}},
        {"settings": {**QUIZ, "draw": 1}},
        {"settings": {**QUIZ, "draw": 2, "shuffle": True}},
        {"settings": QUIZ},
        {"max_points": 12.5, "pass_mark_percent": 80},
        {"completion": "graded"},
    ],
    "assign": [
        {"settings": {**ASSIGN, "text": False, "words": 0, "files": 1}},
        {"settings": {**ASSIGN, "text": False, "words": 0, "files": 0}, "completion": "graded"},
        {"settings": {**ASSIGN, "rubric": [criterion("form", 5, 1), criterion("new", 0, 9, 4)]}},
        {"settings": {**ASSIGN, "rubric": []}},
        {"settings": {**ASSIGN, "team": True, "due_at": 0}, "max_points": 50},
        {"completion": "passed"},
    ],
    "workshop": [
        {"settings": {**WORKSHOP, "reviews": 5, "opens_at": 0, "due_at": 0, "reviews_due_at": 0}},
        {"settings": {**WORKSHOP, "instructions": "<p>Other</p>", "review_instructions": ""}},
        {"settings": {**WORKSHOP, "criteria": [{"key": "true", "title": "New", "points": 7}]}},
        {"max_points": 60, "pass_mark_percent": 10},
    ],
    "feedback": [
        {"settings": {**FEEDBACK, "anonymous": False, "opens_at": 0, "closes_at": 0}},
        {
            "settings": {
                **FEEDBACK,
                "items": [survey_item("rate", "rating", "a", "b"), survey_item("why", "choice", "x")],
            }
        },
        {"settings": {**FEEDBACK, "items": []}},
    ],
    "bigbluebuttonbn": [{"settings": {"starts_at": 0, "ends_at": 0, "record": False}}],
}


def wanted(declared: Declared) -> Declared:
    """What must be read back of a declaration."""
    expected = {name: declared[name] for name in COMPARED}
    if expected["files"]:
        expected["files"] = {**expected["files"], "draftitemid": None}
    return expected


def there(module: Declared) -> Declared:
    return {name: module[name] for name in COMPARED}


@pytest.fixture
def declare(live_course: Any) -> Callable[..., Declared]:
    """A declaration of some kind, with what it needs uploaded."""

    def declare(modname: str, **fields: object) -> Declared:
        if modname not in activities(live_course):
            pytest.skip(f"this Moodle has not enabled {modname}")
        declared = {**COMMON, "modname": modname, **KINDS[modname], **fields}
        if modname in PACKAGES and "package" not in fields:
            declared["package"] = live_course.package(PACKAGES[modname][0])
        if modname in FILES and "files" not in fields:
            declared["files"] = live_course.files(FILES[modname][0])
        return declared

    return declare


def activities(course: Any) -> list[str]:
    return list(json.loads(course.client.read("local_lmstoolkit_get_info", payload="{}"))["activities"])


def kept(declared: Declared) -> Declared:
    """The same declaration without uploads: what is there stays."""
    files = declared["files"] and {**declared["files"], "draftitemid": None}
    return {**declared, "package": None, "files": files}


@pytest.mark.parametrize("modname", KINDS)
def test_an_activity_is_created_read_back_and_then_left_alone(modname, live_course, declare):
    declared = declare(modname)

    dry = live_course.apply(declared, dryrun=True)
    assert dry == {"outcome": "created", "id": None}
    assert live_course.read()["modules"] == []

    created = live_course.apply(declared)
    module = live_course.module("activity:one")

    assert created == {"outcome": "created", "id": module["id"]}
    assert module["modname"] == modname
    assert there(module) == wanted(declared)
    assert module["package_sha256"] == ((declared["package"] or {}).get("sha256") or "")
    assert module["learners"] == 0
    assert live_course.apply(declared) == {"outcome": "unchanged", "id": module["id"]}
    assert live_course.apply(kept(declared)) == {"outcome": "unchanged", "id": module["id"]}
    assert live_course.module("activity:one") == module


@pytest.mark.parametrize("modname", KINDS)
def test_each_setting_can_be_changed_and_reads_back(modname, live_course, declare):
    declared = kept(created := declare(modname))
    ref = live_course.apply(created)["id"]
    common = [{"name": "Other"}, {"intro": "<p>Other</p>"}, {"visible": False}, {"group_mode": "separate"}]
    common.append({"availability": [{"from": FROM}, {"until": CLOSE}]})

    for change in [*common, *CHANGES[modname]]:
        changed = {**declared, **change}
        assert live_course.apply(changed, dryrun=True) == {"outcome": "updated", "id": ref}, change
        assert there(live_course.module("activity:one")) == wanted(declared), f"a dry run wrote {change}"
        assert live_course.apply(changed) == {"outcome": "updated", "id": ref}, change
        assert there(live_course.module("activity:one")) == wanted(changed)
        assert live_course.apply(changed) == {"outcome": "unchanged", "id": ref}, change
        declared = changed


@pytest.mark.parametrize("modname", PACKAGES)
def test_a_package_is_replaced_and_the_rest_stays(modname, live_course, declare):
    declared = declare(modname)
    ref = live_course.apply(declared)["id"]
    newer = live_course.package(PACKAGES[modname][1])

    assert live_course.apply({**declared, "package": newer}, dryrun=True) == {"outcome": "updated", "id": ref}
    assert live_course.apply({**declared, "package": newer}) == {"outcome": "updated", "id": ref}

    module = live_course.module("activity:one")
    assert module["package_sha256"] == newer["sha256"]
    assert there(module) == wanted(declared)
    if modname == "scorm":
        assert [item["identifier"] for item in module["items"]] == ["i-b", "i-a", "i-c"]


@pytest.mark.parametrize("modname", FILES)
def test_files_are_replaced_and_taken_away(modname, live_course, declare):
    declared = declare(modname)
    ref = live_course.apply(declared)["id"]
    changed = {**declared, "files": live_course.files(FILES[modname][1])}

    assert live_course.apply(changed) == {"outcome": "updated", "id": ref}
    module = live_course.module("activity:one")
    assert there(module) == wanted(changed)
    assert list(module["files"]["content"]) == list(changed["files"]["content"])
    assert live_course.apply(kept(changed)) == {"outcome": "unchanged", "id": ref}

    if modname != "resource":
        assert live_course.apply({**changed, "files": None}) == {"outcome": "updated", "id": ref}
        assert live_course.module("activity:one")["files"] is None


def test_modules_stand_where_they_are_declared(live_course, declare):
    live_course.section("section:two", position=2)
    label = declare("label")
    for slug in "abc":
        live_course.apply({**label, "key": f"activity:{slug}", "position": 9})

    def order(section: str = "section:one") -> list[tuple[str, int]]:
        modules = [module for module in live_course.read()["modules"] if module["section_key"] == section]
        return [(module["key"][-1], module["position"]) for module in modules]

    assert order() == [("a", 1), ("b", 2), ("c", 3)]
    assert live_course.apply({**label, "key": "activity:c", "position": 9})["outcome"] == "unchanged"
    assert live_course.apply({**label, "key": "activity:c", "position": 1})["outcome"] == "updated"
    assert order() == [("c", 1), ("a", 2), ("b", 3)]
    live_course.apply({**label, "key": "activity:d", "position": 2})
    assert order() == [("c", 1), ("d", 2), ("a", 3), ("b", 4)]
    live_course.apply({**label, "key": "activity:a", "position": 1, "section_key": "section:two"})
    assert order() == [("c", 1), ("d", 2), ("b", 3)]
    assert order("section:two") == [("a", 1)]


def test_a_retired_module_is_hidden_behind_the_others_and_comes_back_in_place(live_course, declare):
    label = declare("label")
    for slug in "abc":
        live_course.apply({**label, "key": f"activity:{slug}", "position": 9})
    order = {"key": "activity:a", "delete": False, "allow_track_loss": False}

    assert live_course.call("retire_module", **order, dryrun=True)["outcome"] == "updated"
    assert live_course.module("activity:a")["visible"]
    assert live_course.call("retire_module", **order, dryrun=False)["outcome"] == "updated"
    assert live_course.call("retire_module", **order, dryrun=False)["outcome"] == "unchanged"

    assert [(m["key"], m["position"], m["visible"]) for m in live_course.read()["modules"]] == [
        ("activity:b", 1, True),
        ("activity:c", 2, True),
        ("activity:a", 3, False),
    ]
    assert live_course.apply({**label, "key": "activity:c", "position": 9})["outcome"] == "unchanged"
    live_course.apply({**label, "key": "activity:d", "position": 9})
    assert [m["key"][-1] for m in live_course.read()["modules"]] == ["b", "c", "d", "a"]
    assert live_course.apply({**label, "key": "activity:a", "position": 1})["outcome"] == "updated"
    assert [m["key"][-1] for m in live_course.read()["modules"]] == ["a", "b", "c", "d"]
    assert live_course.module("activity:a")["visible"]


def test_a_retired_module_can_be_deleted(live_course, declare):
    live_course.apply(declare("quiz"))
    order = {"key": "activity:one", "delete": True, "allow_track_loss": False}

    assert live_course.call("retire_module", **order, dryrun=True)["outcome"] == "updated"
    assert len(live_course.read()["modules"]) == 1
    assert live_course.call("retire_module", **order, dryrun=False)["outcome"] == "updated"
    assert live_course.read()["modules"] == []
    assert refusal(live_course.call, "retire_module", **order, dryrun=False) == "keynotfound"


def test_a_section_is_hidden_locked_and_shown_again(live_course, declare):
    live_course.apply(declare("label"))
    live_course.apply(declare("url", key="activity:hidden", visible=False))
    locked = {"visible": False, "availability": [{"from": FROM}, {"completed": "activity:one"}]}

    assert live_course.section("section:one", **locked, dryrun=True)["outcome"] == "updated"
    assert live_course.section("section:one", **locked)["outcome"] == "updated"
    assert live_course.section("section:one", **locked)["outcome"] == "unchanged"

    section = live_course.read()["sections"][0]
    assert {name: section[name] for name in locked} == locked
    assert live_course.module("activity:one")["visible"], "a hidden section is not the module's own choice"
    # One that is declared while its section is hidden.
    assert live_course.apply(declare("label", key="activity:late"))["outcome"] == "created"
    assert live_course.apply(declare("label", key="activity:one", visible=False))["outcome"] == "updated"

    assert live_course.section("section:one")["outcome"] == "updated"
    assert live_course.read()["sections"][0]["availability"] == []
    shown = {module["key"]: module["visible"] for module in live_course.read()["modules"]}
    assert shown == {"activity:one": False, "activity:hidden": False, "activity:late": True}


def test_a_condition_names_another_activity(live_course, declare):
    live_course.apply(declare("label", key="activity:first", completion="manual"))
    declared = declare("page", position=2, availability=[{"completed": "activity:first"}])

    assert live_course.apply(declared)["outcome"] == "created"
    assert live_course.module("activity:one")["availability"] == [{"completed": "activity:first"}]
    for unknown in ({"completed": "activity:none"}, {"group": "group:none"}):
        assert refusal(live_course.apply, {**kept(declared), "availability": [unknown]}) == "keynotfound"
    assert refusal(live_course.apply, {**kept(declared), "grouping_key": "grouping:none"}) == "keynotfound"


def test_an_old_client_may_leave_the_newer_keys_out(live_course, declare):
    declared = declare("scorm")
    old = ["key", "section_key", "modname", "name", "intro", "pass_mark_percent", "completion", "package"]
    payload = {name: declared[name] for name in old}

    assert live_course.apply(payload)["outcome"] == "created"
    assert live_course.apply({**payload, "key": "activity:two"})["outcome"] == "created"
    assert live_course.apply(payload)["outcome"] == "unchanged"
    assert there(live_course.module("activity:one")) == wanted(declared)


def refusal(call: Callable[..., object], *args: object, **kwargs: object) -> str:
    """The errorcode of a call that must be refused."""
    with pytest.raises(SiteError) as raised:
        call(*args, **kwargs)
    return str(getattr(raised.value, "errorcode", ""))


WRONG: list[tuple[str, Declared, str]] = [
    ("label", {"completion": "viewed"}, "completion is not one of: none, manual"),
    ("workshop", {"completion": "submitted"}, "completion is not one of"),
    ("assign", {"completion": "passed", "max_points": None, "pass_mark_percent": 0}, "completion is not possible"),
    ("label", {"max_points": 10}, "max_points is not null"),
    ("scorm", {"max_points": 10}, "max_points is not a maximum"),
    ("forum", {"max_points": 7.5}, "max_points is not a maximum"),
    ("forum", {"max_points": None, "completion": "none"}, "pass_mark_percent is not possible"),
    ("label", {"settings": {"content": ""}}, "settings.content is unknown"),
    ("page", {"settings": {}}, "settings.content is missing"),
    ("url", {"settings": {"address": "javascript:alert(1)"}}, "settings.address is not a web address"),
    ("quiz", {"settings": {**QUIZ, "draw": 3}}, "settings.draw is not at most 2"),
    ("quiz", {"settings": {**QUIZ, "shuffle": 1}}, "settings.shuffle is not true or false"),
    ("forum", {"settings": {**FORUM, "type": "chat"}}, "settings.type is not one of: discussion"),
    (
        "forum",
        {"settings": {**FORUM, "prompts": [*FORUM["prompts"], FORUM["prompts"][0]]}},
        "settings.prompts is not a list in which each key comes once",
    ),
    ("assign", {"settings": {**ASSIGN, "words": 5, "text": False}}, "settings.words is not possible"),
    (
        "assign",
        {"settings": {**ASSIGN, "rubric": [{**criterion("a"), "levels": [{"points": "5", "text": ""}]}]}},
        "settings.rubric[0].levels[0].points is not a number",
    ),
    ("feedback", {"settings": {**FEEDBACK, "items": [survey_item("a", "choice")]}}, "items[0].options is not"),
    ("label", {"availability": [{"from": 1, "until": 2}]}, "availability[0] is not a condition"),
    ("label", {"availability": [{"other": True}]}, "availability[0].other is unknown"),
    ("label", {"files": {"draftitemid": 1, "content": {}}}, "files is not null"),
    ("page", {"files": {"draftitemid": 1, "content": {"../x": "0" * 40}}}, "files.content.../x is not a file name"),
    ("label", {"package": {"draftitemid": 1, "sha256": "0" * 64}}, "package is not null"),
    ("label", {"section_key": "section:none"}, "The section section:none is not in this course"),
    ("label", {"name": "<script>alert(1)</script>"}, "name is not one line"),
    ("label", {"intro": "\x00"}, "intro is not a text"),
    ("label", {"key": "group:x"}, "key is not a key of a module"),
    ("label", {"modname": "lti"}, "modname is not one of"),
    ("label", {"<b>x</b>": 1}, "&lt;b&gt;x&lt;/b&gt; is unknown"),
]


@pytest.mark.parametrize(("modname", "wrong", "why"), WRONG, ids=[f"{m}-{next(iter(w))}" for m, w, _ in WRONG])
def test_a_wrong_declaration_is_refused_by_name_and_changes_nothing(modname, wrong, why, live_course, declare):
    declared = {**declare(modname), **wrong}

    with pytest.raises(SiteError, match=re.escape(why)) as raised:
        live_course.apply(declared)

    assert getattr(raised.value, "errorcode", "") in ("payloadinvalid", "sectionnotfound")
    assert live_course.read()["modules"] == []


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "null",
        "[]",
        "{",
        '{"courseid": 1}' + " " * 9_000_000,
        "[" * 500,
        '{"courseid": 1e400}',
        '{"courseid": "1 OR 1=1"}',
    ],
    ids=["empty", "null", "list", "broken", "long", "deep", "infinite", "injected"],
)
def test_what_is_no_payload_is_refused_by_its_code(hostile, live_client):
    for function in ("apply_module", "retire_module", "apply_section"):
        assert refusal(live_client.write, f"local_lmstoolkit_{function}", payload=hostile) == "payloadinvalid"


def test_uploads_that_are_not_what_was_announced_are_refused(live_course, declare):
    page, quiz, scorm, imscp = (declare(name) for name in ("page", "quiz", "scorm", "imscp"))
    announced = {**live_course.files({"a.png": b"A"}), "content": {"a.png": "0" * 40}}

    assert refusal(live_course.apply, {**page, "files": announced}) == "packagemismatch"
    assert (
        refusal(live_course.apply, {**scorm, "package": {**scorm["package"], "sha256": "0" * 64}}) == "packagemismatch"
    )
    assert refusal(live_course.apply, {**scorm, "package": imscp["package"]}) == "manifestinvalid"
    assert refusal(live_course.apply, {**imscp, "package": quiz["package"]}) == "manifestinvalid"
    assert refusal(live_course.apply, {**quiz, "package": scorm["package"]}) == "questionsinvalid"
    assert refusal(live_course.apply, {**quiz, "package": None}) == "payloadinvalid"
    assert live_course.read()["modules"] == []


@pytest.mark.parametrize(
    "text",
    [
        "<quiz>",
        "<quiz/>",
        "<html/>",
        '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay">&x;</question></quiz>',
        questions("Sun").decode().replace('"truefalse"', '"nosuchtype"'),
        questions("Sun")
        .decode()
        .replace('"truefalse"', '"multichoice"')
        .replace('fraction="100"', 'fraction="12.345"'),
    ],
    ids=["broken", "empty", "other", "entity", "unknown type", "no such fraction"],
)
def test_questions_come_whole_or_not_at_all(text, live_course, declare):
    declared = declare("quiz")
    live_course.apply(declared)
    before = live_course.module("activity:one")

    bad = live_course.package(text.encode())
    assert refusal(live_course.apply, {**declared, "package": bad}) == "questionsinvalid"
    assert live_course.module("activity:one") == before


def test_an_activity_cannot_become_one_of_another_kind(live_course, declare):
    live_course.apply(declare("label"))

    assert refusal(live_course.apply, declare("url")) == "payloadinvalid"
    assert live_course.module("activity:one")["modname"] == "label"


LOSSES: dict[str, Declared] = {
    "quiz": {"settings": {**QUIZ, "draw": 1}},
    "assign": {"settings": {**ASSIGN, "rubric": [criterion("aim", 0, 2, 9), criterion("form", 5, 0)]}},
    "workshop": {"settings": {**WORKSHOP, "criteria": WORKSHOP["criteria"][:1]}},
    "feedback": {"settings": {**FEEDBACK, "items": FEEDBACK["items"][1:]}},
}
HARMLESS: dict[str, Declared] = {
    "forum": {"settings": {**FORUM, "closes_at": 0}},
    "quiz": {"settings": {**QUIZ, "minutes": 90, "shuffle": True}, "max_points": 80},
    "assign": {"settings": {**ASSIGN, "rubric": [{**ASSIGN["rubric"][0], "title": "Aim"}, ASSIGN["rubric"][1]]}},
    "workshop": {
        "settings": {
            **WORKSHOP,
            "criteria": [{**WORKSHOP["criteria"][0], "title": "Clear?"}, WORKSHOP["criteria"][1]],
        }
    },
    "feedback": {"settings": {**FEEDBACK, "items": [*FEEDBACK["items"], survey_item("more", "text")]}},
}


@pytest.mark.parametrize("modname", LOSSES)
def test_what_learners_did_is_not_lost_unless_that_is_allowed(modname, live_course, declare, work):
    declared = declare(modname)
    created = live_course.apply(declared)
    work(live_course.id, created["id"])
    before = live_course.module("activity:one")
    assert before["learners"] == 1

    harmful = {**kept(declared), **LOSSES[modname]}
    assert refusal(live_course.apply, harmful) == "trackloss"
    assert refusal(live_course.apply, harmful, dryrun=True) == "trackloss"
    assert live_course.module("activity:one") == before

    harmless = {**kept(declared), **HARMLESS[modname]}
    assert live_course.apply(harmless)["outcome"] == "updated"
    assert there(live_course.module("activity:one")) == wanted(harmless)
    assert live_course.module("activity:one")["learners"] == 1

    if modname == "quiz":
        newer = live_course.package(PACKAGES["quiz"][1])
        assert refusal(live_course.apply, {**declared, "package": newer}, allow=True) == "trackloss"
    else:
        assert live_course.apply(harmful, allow=True)["outcome"] == "updated"
        assert there(live_course.module("activity:one")) == wanted(harmful)


@pytest.mark.parametrize("modname", HARMLESS)
def test_deleting_what_learners_worked_on_has_to_be_allowed(modname, live_course, declare, work):
    work(live_course.id, live_course.apply(declare(modname))["id"])
    order = {"key": "activity:one", "delete": True}

    assert refusal(live_course.call, "retire_module", **order, allow_track_loss=False, dryrun=False) == "trackloss"
    assert live_course.call("retire_module", **order, allow_track_loss=True, dryrun=False)["outcome"] == "updated"
    assert live_course.read()["modules"] == []


def test_an_answered_prompt_keeps_its_text_and_its_place(live_course, declare, work):
    declared = declare("forum")
    created = live_course.apply(declared)
    work(live_course.id, created["id"])
    hello, goal = FORUM["prompts"]
    edited = {**FORUM, "prompts": [{**hello, "message": "<p>New</p>"}, {**goal, "message": "<p>New</p>"}]}

    assert live_course.apply({**declared, "settings": edited})["outcome"] == "updated"
    assert live_course.apply({**declared, "settings": edited})["outcome"] == "unchanged"
    prompts = live_course.module("activity:one")["settings"]["prompts"]
    assert [prompt["message"] for prompt in prompts] == ["<p>Who are you?</p>", "<p>New</p>"]

    live_course.apply({**declared, "settings": {**FORUM, "prompts": []}})
    module = live_course.module("activity:one")
    assert module["settings"]["prompts"] == []
    assert module["learners"] > 0, "the answered discussion stays"


def test_another_rule_of_completion_would_wipe_dates_and_has_to_be_allowed(live_course, declare, work):
    declared = declare("label")
    work(live_course.id, live_course.apply(declared)["id"], "complete")
    other = {**declared, "completion": "none"}

    assert refusal(live_course.apply, other) == "completionreset"
    assert live_course.apply({**declared, "name": "New"})["outcome"] == "updated"
    assert live_course.module("activity:one")["completion"] == "manual"
    assert live_course.apply(other, allow=True)["outcome"] == "updated"
    assert live_course.module("activity:one")["completion"] == "none"


@pytest.mark.parametrize("modname", KINDS)
def test_what_a_teacher_set_besides_stays(modname, live_course, declare, work):
    declared = declare(modname)
    ref = live_course.apply(declared)["id"]
    work(live_course.id, ref, "teach")
    before = json.loads(work(live_course.id, ref, "show"))

    assert live_course.apply({**declared, "intro": "<p>Other</p>"})["outcome"] == "updated"

    after = json.loads(work(live_course.id, ref, "show"))
    for kind, rows in before.items():
        for row in rows:
            # Moodle counts its own saves, writes rows of feedback anew and drops what it does not use.
            for name in row.keys() - {"timemodified", "revision", "intro", "id"}:
                was, now = row[name], after[kind][rows.index(row)][name]
                assert was == now or (was in (None, "", "0") and now in (None, "", "0")), (kind, name, was, now)
