"""Who has no business in a course gets nothing from the companion; what is hostile is refused with a name for it."""

from __future__ import annotations

import hashlib
import html
import importlib.util
import io
import json
import os
import re
import stat
import sys
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests

from lms_moodle.client import MoodleClient
from lms_toolkit.config import Secret
from lms_toolkit.errors import AuthError, Refused, SiteError

pytestmark = pytest.mark.live

HERE = Path(__file__).parent
FUNCTIONS = tuple(
    re.findall(r"^\| `local_lmstoolkit_(\w+)`", (HERE.parents[1] / "docs/companion.md").read_text(), re.M)
)
OnSite = Callable[..., Any]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"secure_{path.stem}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


kinds = load(HERE / "test_companion_modules.py")


# --- who may


@dataclass(frozen=True)
class Intruders:
    """Clients of people who have nothing to do in the course; the teacher and the stranger may deploy to their own."""

    clients: Mapping[str, MoodleClient]
    own: int
    own_idnumber: str


@pytest.fixture
def intruders(live_client, live_course, on_site) -> Iterator[Intruders]:
    enrolment = {"key": "enrolment:manual", "kind": "manual", "role": "student", "cohort": None, "group_key": None}
    live_course.call("apply_enrolment", methods=[{**enrolment, "starts_at": 0, "ends_at": 0}], dryrun=False)
    name = f"intruder-{uuid.uuid4().hex[:8]}"
    made = on_site((HERE / "intruders.php").read_text(encoding="utf-8"), course=live_course.id, name=name)
    tokens = {**made["tokens"], "nobody": "0" * 32}
    clients = {
        who: MoodleClient(replace(live_client.site, name=who, token=Secret(token))) for who, token in tokens.items()
    }
    yield Intruders(clients, made["own"], made["own_idnumber"])
    for client in clients.values():
        client.close()


def orders(course: Any, categoryid: int) -> dict[str, dict[str, Any]]:
    """A payload that its function accepts from the service account, for each function."""
    declared = {**kinds.COMMON, "modname": "label", **kinds.KINDS["label"]}
    section = {"position": 1, "name": "Mine now", "summary": "", "visible": True, "availability": []}
    here = {"courseid": course.id, "dryrun": False}
    return {
        "get_info": {},
        "get_course": {"idnumber": course.idnumber},
        "apply_section": {**here, "key": "section:mine", **section},
        "apply_module": {**here, **declared, "key": "activity:mine", "allow_track_loss": False},
        "retire_module": {**here, "key": "activity:one", "delete": True, "allow_track_loss": True},
        "apply_groups": {**here, "groups": [{"key": "group:mine", "name": "Mine"}], "groupings": []},
        "apply_gradebook": {**here, "pass_mark_percent": 1, "categories": [], "items": []},
        "apply_completion": {
            **here,
            "completed": [],
            "pass_mark_percent": 1,
            "allow_completion_reset": True,
        },
        "apply_enrolment": {**here, "methods": []},
        "apply_image": {**here, "files": None},
        "restore_backup": {
            "draftitemid": 1,
            "sha256": "0" * 64,
            "categoryid": categoryid,
            "idnumber": "mine",
            "shortname": "mine",
            "fullname": "Mine",
        },
        "get_job": {"job": 1},
        "get_snapshot": {"courseid": course.id, "kind": "grades", "after": None, "limit": 500},
        "get_changes": {"courseid": course.id, "cursor": 0, "limit": 500},
        "deliver_file": {"courseid": course.id, "userid": 2, "filename": "mine.pdf", "file": None},
    }


def refusal(client: MoodleClient, function: str, payload: str) -> str:
    """The errorcode of a refusal; an answer, or an error without a name, fails the test."""
    try:
        answer = client.write(f"local_lmstoolkit_{function}", payload=payload)
    except AuthError as error:
        return str(getattr(error, "errorcode", "") or "token")
    except Refused as error:
        return error.errorcode
    pytest.fail(f"{function} answered {client.site.name}: {answer[:200]}")


NOTHING_FOR_THEM = {"nopermissions", "requireloginerror", "invalidtoken", "token", "accessexception"}


OWN_CHECKS = {"nopermissions", "requireloginerror"}
"""Of those the ones that come after Moodle has let the call through."""


def test_who_has_no_business_in_a_course_gets_nothing_from_any_function(intruders, live_course, live_client) -> None:
    label = {**kinds.COMMON, "modname": "label", **kinds.KINDS["label"]}
    live_course.apply(label)
    before = live_course.read()
    categoryid = live_client.read("core_course_get_categories")[0]["id"]
    payloads = orders(live_course, categoryid)
    assert set(payloads) == set(FUNCTIONS)
    got = {
        (who, function): refusal(client, function, json.dumps(payload))
        for who, client in intruders.clients.items()
        for function, payload in payloads.items()
    }
    assert {key: code for key, code in got.items() if code not in NOTHING_FOR_THEM} == {}
    assert {code for (who, _), code in got.items() if who in ("student", "teacher", "stranger")} == OWN_CHECKS
    assert live_course.read() == before


def test_a_deployer_of_one_course_reaches_no_other_through_it(intruders, live_course) -> None:
    """Who may deploy to a course of their own cannot name what belongs to another one there."""
    live_course.apply({**kinds.COMMON, "modname": "label", **kinds.KINDS["label"]})
    before = live_course.read()
    stranger = intruders.clients["stranger"]
    mine = json.loads(
        stranger.read("local_lmstoolkit_get_course", payload=json.dumps({"idnumber": intruders.own_idnumber}))
    )
    assert mine["course"]["id"] == intruders.own
    retire = {"courseid": intruders.own, "key": "activity:one", "delete": True, "allow_track_loss": True}
    assert refusal(stranger, "retire_module", json.dumps({**retire, "dryrun": False})) == "keynotfound"
    assert live_course.read() == before


def test_a_reader_of_one_course_learns_of_nobody_in_another(intruders, live_course) -> None:
    """Neither the course's learners nor that something happened there, though all courses share one outbox."""
    live_course.apply({**kinds.COMMON, "modname": "label", **kinds.KINDS["label"]})
    stranger = intruders.clients["stranger"]

    def ask(function: str, **payload: object) -> Any:
        said = json.dumps({"courseid": intruders.own, "limit": 5000, **payload})
        return json.loads(stranger.read(f"local_lmstoolkit_{function}", payload=said))

    pages = [ask("get_snapshot", kind=kind, after=None) for kind in ("users", "grades", "completions", "attempts")]
    assert [page["rows"] for page in pages] == [[], [], [], []]
    told = live_course.call("get_snapshot", kind="users", after=None, limit=5000)["rows"]
    assert len(told) == 2, "the student and the teacher of another course, who learns here"
    live_course.call("retire_module", key="activity:one", delete=True, allow_track_loss=True, dryrun=False)
    changes = ask("get_changes", cursor=pages[0]["cursor"])
    assert [changes[kind] for kind in ("users", "grades", "completions", "attempts", "gone")] == [[]] * 5


def test_a_draft_area_of_somebody_else_cannot_be_used(intruders, live_course, on_site) -> None:
    data = kinds.package("a")
    theirs = replace(live_course, client=intruders.clients["stranger"])
    foreign = theirs.package(data)
    declared = {**kinds.COMMON, "modname": "scorm", **kinds.KINDS["scorm"], "package": foreign}
    before = live_course.read()
    assert refused(live_course, declared) == "packagemismatch"
    assert live_course.read() == before
    files = theirs.files({"a.png": b"A"})
    page = {**kinds.COMMON, "modname": "page", **kinds.KINDS["page"], "files": files}
    assert refused(live_course, page) == "packagemismatch"
    assert live_course.read() == before


def test_files_are_given_and_taken_only_in_the_course_they_belong_to(intruders, live_course, learner) -> None:
    """Who may deliver in a course of their own reaches neither people who are not in it nor files of another one."""
    stranger = replace(live_course, client=intruders.clients["stranger"])
    theirs = {"courseid": intruders.own, "userid": learner.id, "filename": "one.pdf"}
    sent = stranger.package(b"%PDF-1.7 theirs")
    assert refusal(stranger.client, "deliver_file", json.dumps({**theirs, "file": sent})) == "notenrolled"
    ours = {"userid": learner.id, "filename": "one.pdf"}
    assert live_course.call("deliver_file", **ours, file=live_course.package(b"%PDF-1.7 ours"))["outcome"] == "created"
    learner.enrol(intruders.own)
    assert refusal(stranger.client, "deliver_file", json.dumps({**theirs, "file": sent})) == "filetaken"
    taken = stranger.client.write("local_lmstoolkit_deliver_file", payload=json.dumps({**theirs, "file": None}))
    assert json.loads(taken) == {"outcome": "unchanged"}
    assert refused_file(live_course, learner.id, sent) == "packagemismatch", "a draft area of somebody else"
    page = live_course.package(b"<script>alert(7)</script>")
    assert refused_file(live_course, learner.id, page) == "payloadinvalid"
    assert live_course.call("deliver_file", **ours, file=None)["outcome"] == "removed"


def refused_file(course: Any, userid: int, file: Mapping[str, object]) -> str:
    payload = {"courseid": course.id, "userid": userid, "filename": "two.pdf", "file": file}
    return refusal(course.client, "deliver_file", json.dumps(payload))


def refused(course: Any, declared: Mapping[str, Any]) -> str:
    payload = {"courseid": course.id, **declared, "dryrun": False, "allow_track_loss": False}
    return refusal(course.client, "apply_module", json.dumps(payload))


# --- hostile JSON

SECTION = '"position": 1, "name": "N", "summary": "", "visible": true, "availability": [], "dryrun": false'
BAD_JSON = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "a text": '"x"',
    "deep": '{"a":' * 5000 + "1" + "}" * 5000,
    "deep lists": "[" * 100000,
    "invalid UTF-8 escape": '{"courseid": 1, "key": "\\ud800"}',
    "NUL in a key": '{"\\u0000a": 1}',
    "key twice": '{"courseid": COURSE, "key": "section:x", "key": "section:y", ' + SECTION + "}",
    "key twice, escaped": '{"courseid": COURSE, "key": "section:x", "\\u006bey": "section:y", ' + SECTION + "}",
    "id too large": '{"courseid": 99999999999999999999999, "key": "section:x", ' + SECTION + "}",
    "id infinite": '{"courseid": 1e999, "key": "section:x", ' + SECTION + "}",
    "id a text": '{"courseid": "COURSE", "key": "section:x", ' + SECTION + "}",
    "id negative": '{"courseid": -COURSE, "key": "section:x", ' + SECTION + "}",
    "id true": '{"courseid": true, "key": "section:x", ' + SECTION + "}",
    "key a list": '{"courseid": COURSE, "key": ["section:x"], ' + SECTION + "}",
    "key an object": '{"courseid": COURSE, "key": {"a": 1}, ' + SECTION + "}",
    "key SQL": '{"courseid": COURSE, "key": "section:x\' OR 1=1 --", ' + SECTION + "}",
    "key a megabyte": '{"courseid": COURSE, "key": "section:' + "x" * (1 << 20) + '", ' + SECTION + "}",
    "name a megabyte": '{"courseid": COURSE, "key": "section:x", '
    + SECTION.replace('"N"', '"' + "n" * (1 << 20) + '"')
    + "}",
    "name with a bell": '{"courseid": COURSE, "key": "section:x", ' + SECTION.replace('"N"', '"a\\u0007b"') + "}",
    "name with lines": '{"courseid": COURSE, "key": "section:x", ' + SECTION.replace('"N"', '"a\\nb"') + "}",
    "name with NUL": '{"courseid": COURSE, "key": "section:x", ' + SECTION.replace('"N"', '"a\\u0000b"') + "}",
    "summary with a bell": '{"courseid": COURSE, "key": "section:x", '
    + SECTION.replace('"summary": ""', '"summary": "\\u0007"')
    + "}",
    "more than a megabyte": '{"courseid": COURSE, "key": "section:x", '
    + SECTION.replace('"summary": ""', '"summary": "' + "s" * ((1 << 20) + 1) + '"')
    + "}",
    "a flag that is 1": '{"courseid": COURSE, "key": "section:x", ' + SECTION.replace("true", "1") + "}",
    "an unknown key": '{"courseid": COURSE, "key": "section:x", "<script>alert(1)</script>": 1, ' + SECTION + "}",
    "a position beyond integers": '{"courseid": COURSE, "key": "section:x", '
    + SECTION.replace("1,", "1e300,", 1)
    + "}",
}


@pytest.fixture(scope="module")
def a_course(live_client) -> Any:
    idnumber = f"hostile-{uuid.uuid4().hex[:12]}"
    category = live_client.read("core_course_get_categories")[0]["id"]
    course = {"fullname": idnumber, "shortname": idnumber, "idnumber": idnumber, "categoryid": category, "newsitems": 0}
    made = live_client.write(
        "core_course_create_courses", courses=[{**course, "numsections": 0, "enablecompletion": 1}]
    )
    live = load(HERE / "conftest.py").LiveCourse(live_client, int(made[0]["id"]), idnumber)
    live.section("section:one")
    return live


@pytest.mark.parametrize("name", BAD_JSON)
def test_hostile_json_is_refused_by_name_and_changes_nothing(a_course, name: str) -> None:
    before = a_course.read()
    payload = BAD_JSON[name].replace("COURSE", str(a_course.id))
    with pytest.raises(SiteError) as caught:
        a_course.client.write("local_lmstoolkit_apply_section", payload=payload)
    assert getattr(caught.value, "errorcode", "") == "payloadinvalid", caught.value
    assert "<script" not in str(caught.value)
    assert a_course.read() == before


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_takes_what_it_does_not_know(live_client, function: str) -> None:
    for payload in ("null", "[]", '{"courseid": {}}', '{"no such key": 1}', '{"idnumber": 5, "job": "x"}'):
        assert refusal(live_client, function, payload) == "payloadinvalid", payload


# --- hostile XML

LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
DOCTYPES = {
    "entity": '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "external DTD": '<!DOCTYPE m SYSTEM "http://127.0.0.1:1/x.dtd">',
    "billion laughs": LAUGHS,
    "parameter entity": '<!DOCTYPE m [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>',
}


def members(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def with_doctype(text: str, doctype: str) -> str:
    head, _, rest = text.partition("?>")
    return f"{head}?>{doctype}{rest}".replace("<title>T</title>", "<title>&i;&x;</title>")


def hostile(course: Any, modname: str, data: bytes) -> str:
    """What the companion says to a package; the course must stay as it is."""
    before = course.read()
    package = course.package(data, "package.xml" if modname == "quiz" else "package.zip")
    declared = {**kinds.COMMON, "key": "activity:bad", "modname": modname, **kinds.KINDS[modname], "package": package}
    code = refused(course, declared)
    assert course.read() == before
    return code


@pytest.mark.parametrize("name", DOCTYPES)
def test_xml_that_brings_its_own_entities_is_refused(a_course, name: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        parts = {**members(kinds.package("a"))}
        text = with_doctype(parts.pop("imsmanifest.xml"), DOCTYPES[name]).replace("UTF-8", encoding)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("imsmanifest.xml", text.encode(encoding))
            archive.writestr("a.html", "a")
        assert hostile(a_course, "scorm", buffer.getvalue()) == "manifestinvalid", encoding
        assert hostile(a_course, "imscp", buffer.getvalue()) == "manifestinvalid", encoding
        questions = with_doctype(kinds.questions("Sun").decode(), DOCTYPES[name]).replace("UTF-8", encoding)
        assert hostile(a_course, "quiz", questions.encode(encoding)) == "questionsinvalid", encoding


def test_xml_that_is_deep_is_refused(a_course) -> None:
    deep = b'<?xml version="1.0"?><quiz>' + b"<question>" * 200_000 + b"</question>" * 200_000 + b"</quiz>"
    assert hostile(a_course, "quiz", deep) == "questionsinvalid"


# --- hostile zips


def zipped(*entries: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    """A package that would be fine, with something more in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members(kinds.package("a")).items():
            archive.writestr(name, text)
        for entry, data in entries:
            archive.writestr(entry, data)
    return buffer.getvalue()


def link(name: str, target: str) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, target.encode()


ZIPS: dict[str, Callable[[], bytes]] = {
    "leads out": lambda: zipped(("../../evil.php", b"<?php")),
    "leads out in the middle": lambda: zipped(("a/../../evil.php", b"<?php")),
    "absolute": lambda: zipped(("/etc/evil", b"x")),
    "of another system": lambda: zipped(("..\\evil.php", b"x")),
    "a drive": lambda: zipped(("C:/evil.php", b"x")),
    "a link": lambda: zipped(link("passwd.txt", "/etc/passwd")),
    "a bomb": lambda: zipped(("big.txt", b"\0" * (64 << 20))),
    "many files": lambda: zipped(*((f"f/{n}.txt", b"") for n in range(10_000))),
    "no zip": lambda: b"PK\x03\x04 and then nothing",
    "cut off": lambda: zipped(("a.txt", os.urandom(5000)))[:-900],
}


@pytest.mark.parametrize("name", ZIPS)
@pytest.mark.parametrize("modname", ["scorm", "imscp"])
def test_a_hostile_zip_is_refused_and_changes_nothing(a_course, modname: str, name: str) -> None:
    assert hostile(a_course, modname, ZIPS[name]()) == "manifestinvalid"


def test_a_hostile_zip_does_not_replace_a_good_one(live_course) -> None:
    declared = {**kinds.COMMON, "modname": "scorm", **kinds.KINDS["scorm"]}
    live_course.apply({**declared, "package": live_course.package(kinds.package("a"))})
    before = live_course.read()
    assert refused(live_course, {**declared, "package": live_course.package(ZIPS["leads out"]())}) == "manifestinvalid"
    assert live_course.read() == before


@pytest.mark.parametrize(
    "name", ["../a.png", "/a.png", "a/../../b.png", "..\\a.png", "a\x00.png", "config.php/../x", ""]
)
def test_a_path_of_the_caller_is_never_used_as_one(a_course, name: str) -> None:
    draft = a_course.upload({"a.png": b"A"})
    files = {"draftitemid": draft, "content": {name: hashlib.sha1(b"A").hexdigest()}}
    page = {**kinds.COMMON, "key": "activity:bad", "modname": "page", **kinds.KINDS["page"], "files": files}
    before = a_course.read()
    assert refused(a_course, page) == "payloadinvalid"
    assert a_course.read() == before


# --- what is shown

MARKS = ("<script>alert(7)</script>", '"><img src=x onerror=alert(7)>', "<b onmouseover=alert(7)>x</b>")


@pytest.fixture
def window(live_client) -> Iterator[requests.Session]:
    """Somebody who sees every page: LMS_TOOLKIT_TEST_MOODLE_ADMIN is `name:password`."""
    name, _, password = os.environ.get("LMS_TOOLKIT_TEST_MOODLE_ADMIN", "").partition(":")
    if not name:
        pytest.skip("nobody looks: set LMS_TOOLKIT_TEST_MOODLE_ADMIN to name:password")
    with requests.Session() as session:
        page = session.get(f"{live_client.site.url}/login/index.php", timeout=60).text
        form = re.search(r'name="logintoken" value="(\w+)"', page)
        assert form
        data = {"username": name, "password": password, "logintoken": form[1]}
        session.post(f"{live_client.site.url}/login/index.php", data=data, timeout=60)
        yield session


def marked(number: int, mark: str) -> dict[str, list[dict[str, Any]]]:
    """Payloads that put markup where a name stands, by the function that takes them."""
    name = f"n{number} {mark}"
    section = {"key": f"section:s{number}", "position": 1, "name": name, "summary": "", "visible": True}
    graded = {**kinds.COMMON, "modname": "assign", **kinds.KINDS["assign"], "allow_track_loss": False}
    rubric = {"key": "a", "title": name, "levels": [{"points": 0, "text": name}, {"points": 1, "text": "x"}]}
    items = [kinds.survey_item("a", "text"), kinds.survey_item("b", "choice", name)]
    survey = {**kinds.FEEDBACK, "items": [{**item, "text": name} for item in items]}
    feedback = {**graded, "modname": "feedback", **kinds.KINDS["feedback"], "settings": survey, "max_points": None}
    category = {"key": f"category:c{number}", "name": name, "weight": 1, "keep_highest": 0}
    return {
        "apply_section": [{**section, "availability": []}],
        "apply_module": [
            {**graded, "key": f"activity:a{number}", "name": name},
            {**graded, "key": f"activity:r{number}", "settings": {**kinds.ASSIGN, "rubric": [rubric]}},
            {**feedback, "key": f"activity:f{number}", "pass_mark_percent": 0},
        ],
        "apply_groups": [{"groups": [{"key": f"group:g{number}", "name": name}], "groupings": []}],
        "apply_gradebook": [{"pass_mark_percent": 0, "categories": [category], "items": []}],
    }


def test_names_that_are_markup_are_refused_or_shown_as_text(window, live_course, live_client) -> None:
    taken = 0
    for number, mark in enumerate(MARKS):
        for function, payloads in marked(number, mark).items():
            for payload in payloads:
                try:
                    live_course.call(function, **payload, dryrun=False)
                    taken += 1
                except Refused as error:
                    assert error.errorcode == "payloadinvalid", error
    assert 0 < taken < 6 * len(MARKS)
    modules = live_course.read()["modules"]
    addresses = [
        f"course/view.php?id={live_course.id}",
        f"grade/report/grader/index.php?id={live_course.id}",
        f"grade/edit/tree/index.php?id={live_course.id}",
        f"group/index.php?id={live_course.id}",
        f"group/overview.php?id={live_course.id}",
        *(f"mod/{module['modname']}/view.php?id={module['id']}" for module in modules),
        *(f"mod/feedback/edit.php?id={module['id']}" for module in modules if module["modname"] == "feedback"),
    ]
    shown = 0
    for address in addresses:
        answer = window.get(f"{live_client.site.url}/{address}", timeout=120)
        assert answer.status_code == 200, address
        assert "login/index.php" not in answer.url
        assert not any(mark in answer.text for mark in MARKS), address
        assert not re.search(r"<[^>]*\son(error|mouseover)=.?alert\(7\)", answer.text), address
        shown += sum(html.escape(mark, quote=False) in answer.text for mark in MARKS)
    assert shown, "no page showed any of the names: they were not looked at where they are"


def test_an_error_shows_nothing_of_the_payload_as_markup(live_client, a_course) -> None:
    payloads = {
        "apply_section": {"courseid": a_course.id, MARKS[0]: 1},
        "get_job": {"job": MARKS[0]},
        "get_course": {MARKS[1]: 1},
    }
    for function, payload in payloads.items():
        form = {
            "wstoken": live_client.site.token.reveal(),
            "wsfunction": f"local_lmstoolkit_{function}",
            "moodlewsrestformat": "json",
            "payload": json.dumps(payload),
        }
        answer = requests.post(f"{live_client.site.url}/webservice/rest/server.php", data=form, timeout=60)
        assert answer.json()["errorcode"] == "payloadinvalid"
        assert not any(mark in answer.json()["message"] for mark in MARKS)
