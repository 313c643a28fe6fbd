"""An LMS with an LRS that holds a unit to cmi5 (sections 7 to 10); it shares nothing with our own scripts.

What breaks a rule is refused, and remembered in `faults`.
"""

from __future__ import annotations

import http.server
import json
import re
import threading
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

VERBS = "http://adlnet.gov/expapi/verbs/"
CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/"
EXTENSION = "https://w3id.org/xapi/cmi5/context/extensions/"
DEFINED = ("initialized", "completed", "passed", "failed", "terminated")
ACTOR = {"objectType": "Agent", "account": {"homePage": "https://lms.example", "name": "4711"}}
_DURATION = re.compile(r"PT\d+(\.\d{1,2})?S")
_RESPONSES = {
    "true-false": r"true|false",
    "choice": r"choice-\d+(\[,\]choice-\d+)*",
    "sequencing": r"choice-\d+(\[,\]choice-\d+)*",
    "matching": r"source-\d+\[\.\]target-\d+(\[,\]source-\d+\[\.\]target-\d+)*",
    "numeric": r"-?\d+(\.\d+)?",
    "fill-in": r".+",
    "long-fill-in": r".+",
}


@dataclass
class Registration:
    """A learner's enrolment in the unit, over all sessions."""

    id: str
    passed: int = 0
    completed: int = 0
    documents: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Session:
    """One launch: its token can be had once, and is worth something until the session ends."""

    registration: Registration
    launch_data: dict[str, Any]
    activity: str
    fetch_key: str = field(default_factory=lambda: uuid.uuid4().hex)
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    is_fetched: bool = False
    is_abandoned: bool = False
    statements: list[dict[str, Any]] = field(default_factory=list)

    @property
    def verbs(self) -> list[str]:
        return [verb_of(statement) for statement in self.statements]

    @property
    def defined(self) -> list[str]:
        return [verb for verb in self.verbs if verb in DEFINED]

    def one(self, verb: str) -> dict[str, Any]:
        (found,) = [statement for statement in self.statements if verb_of(statement) == verb]
        return found


class Broken(Exception):
    """A rule of cmi5 or xAPI that was not kept."""


def verb_of(statement: dict[str, Any]) -> str:
    return str(statement["verb"]["id"]).removeprefix(VERBS)


class StrictLrs:
    """The LMS and its LRS. `is_down` cuts every connection; `loses_answers` takes a request in and never answers."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self.sessions: list[Session] = []
        self.registrations: dict[str, Registration] = {}
        self.faults: list[str] = []
        self.requests: list[tuple[str, str]] = []
        self.preferences: dict[str, str] | None = None
        self.is_down = False
        self.loses_answers = False
        self.has_etags = True
        self.abandons = True
        self.lock = threading.Condition()
        handler = type("Handler", (_Handler,), {"lrs": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def launch(self, registration: str = "", **launch_data: Any) -> tuple[Session, str]:
        """A new session and the address that opens the unit in it; one that is still active is abandoned (9.3.6)."""
        enrolment = self.registrations.setdefault(registration, Registration(registration or str(uuid.uuid4())))
        for session in self.sessions:
            if session.registration is enrolment and "terminated" not in session.verbs:
                session.is_abandoned = self.abandons
        template = {
            "contextActivities": {"grouping": [{"id": "urn:lms-toolkit:publisher"}]},
            "extensions": {f"{EXTENSION}sessionid": str(uuid.uuid4())},
        }
        data = {
            "contextTemplate": template,
            "launchMode": "Normal",
            "moveOn": "CompletedAndPassed",
            "masteryScore": 0.7,
        }
        session = Session(enrolment, data | launch_data, f"{self.url}/activities/1")
        self.sessions.append(session)
        query = {
            "endpoint": f"{self.url}/xapi",
            "fetch": f"{self.url}/fetch?k={session.fetch_key}",
            "actor": json.dumps(ACTOR),
            "registration": enrolment.id,
            "activityId": session.activity,
        }
        return session, f"{self.url}/content/index.html?{urllib.parse.urlencode(query)}"

    def wait(self, holds: Callable[[], bool], seconds: float = 15) -> None:
        """Until something is true of what arrived."""
        with self.lock:
            assert self.lock.wait_for(holds, seconds), [session.verbs for session in self.sessions]

    def progress(self, session: Session) -> dict[str, Any]:
        """The unit's own document."""
        value: dict[str, Any] = json.loads(session.registration.documents["lms-toolkit.progress"])
        return value

    # what a request may do

    def fetch(self, key: str) -> dict[str, str]:
        session = next(session for session in self.sessions if session.fetch_key == key)
        if session.is_fetched:
            self.faults.append("the token was fetched twice (8.2.1)")
            return {"error-code": "1", "error-text": "The authorization token has already been returned."}
        session.is_fetched = True
        return {"auth-token": session.token}

    def session_of(self, headers: Any) -> Session | None:
        token = str(headers.get("Authorization", "")).removeprefix("Basic ")
        found = next((session for session in self.sessions if session.token == token), None)
        return found if found and found.is_fetched and not found.is_abandoned else None

    def take(self, session: Session, statement: dict[str, Any]) -> None:
        """Records one statement, or raises Broken."""
        check_form(statement, session)
        check_order(statement, session)
        session.statements.append(statement)
        session.registration.passed += verb_of(statement) == "passed"
        session.registration.completed += verb_of(statement) == "completed"


def check_form(statement: dict[str, Any], session: Session) -> None:
    """Sections 9.1 to 9.7, and xAPI's own form."""
    _must(uuid.UUID(statement["id"]).version == 4, "the id is no random UUID (9.1)")
    _must(statement["actor"] == ACTOR, "the actor is not the launch's (9.2)")
    _must(statement["timestamp"].endswith("Z"), "the timestamp is not in UTC (9.7)")
    _must(set(statement) <= {"id", "timestamp", "actor", "verb", "object", "context", "result"}, "unknown properties")
    context = statement["context"]
    _must(context.get("registration") == session.registration.id, "another registration (9.6.1)")
    _must(_holds(context, session.launch_data["contextTemplate"]), "the context template is not whole (10.2.1)")
    if verb_of(statement) in DEFINED:
        _check_defined(statement, session)
    else:
        _check_answered(statement)


def _check_defined(statement: dict[str, Any], session: Session) -> None:
    verb, result = verb_of(statement), statement.get("result", {})
    _must(statement["object"]["id"] == session.activity, "the object is not the unit (9.4)")
    categories = [activity["id"] for activity in statement["context"]["contextActivities"].get("category", [])]
    _must(f"{CATEGORY}cmi5" in categories, "no cmi5 category (9.6.2.1)")
    judges = "success" in result or "completion" in result
    _must((f"{CATEGORY}moveon" in categories) == judges, "moveOn category (9.6.2.2)")
    _must(("score" in result) <= (verb in ("passed", "failed")), f"a score in {verb} (9.5.1)")
    _must(result.get("success") == {"passed": True, "failed": False}.get(verb), f"success in {verb} (9.5.2)")
    _must(result.get("completion") == (True if verb == "completed" else None), f"completion in {verb} (9.5.3)")
    if verb != "initialized":
        _must(_DURATION.fullmatch(result.get("duration", "")) is not None, f"no duration in {verb} (9.5.4)")
    if verb in ("passed", "failed"):
        _check_score(statement, verb == "passed", session.launch_data.get("masteryScore"))
    if session.launch_data["launchMode"] != "Normal":
        _must(verb in ("initialized", "terminated"), f"{verb} in mode {session.launch_data['launchMode']} (10.2.2)")


def _check_score(statement: dict[str, Any], is_pass: bool, mastery: float | None) -> None:
    scaled = statement["result"]["score"]["scaled"]
    _must(0 <= scaled <= 1, "scaled is not from 0 to 1 (9.5.1)")
    _must("raw" not in statement["result"]["score"], "raw needs min, max and whole numbers (9.5.1)")
    if mastery is not None:
        _must((scaled >= mastery) == is_pass, f"{scaled} does not fit the mastery score {mastery} (9.3.4, 9.3.5)")
        said = statement["context"]["extensions"].get(f"{EXTENSION}masteryscore")
        _must(said == mastery, "the mastery score is not in the context (9.6.3.2)")


def _check_answered(statement: dict[str, Any]) -> None:
    """xAPI data, section 2.4.4.1; cmi5 section 7.1.3."""
    categories = statement["context"]["contextActivities"].get("category", [])
    _must(not categories, "a statement that is not cmi5-defined has its category (7.1.3)")
    definition = statement["object"]["definition"]
    _must(statement["object"]["id"].startswith("urn:"), "a question's id is no IRI")
    _must(definition["type"] == "http://adlnet.gov/expapi/activities/cmi.interaction", "not an interaction")
    response, kind = statement["result"]["response"], definition["interactionType"]
    _must(re.fullmatch(_RESPONSES[kind], response) is not None, f"{response!r} is no {kind} response")
    for part in re.findall(r"(?:choice|source|target)-\d+", response):
        listed = definition.get("choices", []) + definition.get("source", []) + definition.get("target", [])
        _must(part in [one["id"] for one in listed], f"{part} is not part of the question")
    has_key = kind != "long-fill-in"
    _must(("success" in statement["result"]) == has_key, "only what has a right answer is right or wrong")
    _must(("correctResponsesPattern" in definition) == has_key, "only what has a right answer names it")
    for pattern in definition.get("correctResponsesPattern", []):
        _must(kind == "numeric" or bool(re.fullmatch(_RESPONSES[kind], pattern)), f"{pattern!r} is no pattern")


def check_order(statement: dict[str, Any], session: Session) -> None:
    """Section 9.3, within the session and within the registration."""
    verb, before = verb_of(statement), session.verbs
    _must(bool(before) == (verb != "initialized"), f"{verb} after {before} (7.1.1)")
    _must("terminated" not in before, f"{verb} after terminated (7.1.2)")
    _must(verb not in DEFINED or verb not in before, f"{verb} twice (9.3)")
    _must(not ({verb, *before} >= {"passed", "failed"}), "passed and failed in one session (9.3)")
    _must(verb != "completed" or not session.registration.completed, "completed twice in a registration (9.3)")
    is_judging = verb in ("passed", "failed")
    _must(not is_judging or not session.registration.passed, f"{verb} after passed in a registration (9.3)")
    if session.statements:
        earlier = datetime.fromisoformat(session.statements[-1]["timestamp"])
        _must(earlier < datetime.fromisoformat(statement["timestamp"]), "the timestamps are not in order (9.3)")


def _must(holds: bool, rule: str) -> None:
    if not holds:
        raise Broken(rule)


def _holds(value: Any, template: Any) -> bool:
    """Everything of the template is in the value, unchanged."""
    if isinstance(template, dict):
        return isinstance(value, dict) and all(_holds(value.get(key), part) for key, part in template.items())
    if isinstance(template, list):
        return isinstance(value, list) and all(part in value for part in template)
    return bool(value == template)


class _Handler(http.server.SimpleHTTPRequestHandler):
    lrs: StrictLrs

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def translate_path(self, path: str) -> str:
        name = urllib.parse.urlsplit(path).path.removeprefix("/content/")
        return str(self.lrs.content / urllib.parse.unquote(name))

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def do_GET(self) -> None:
        if self.path.startswith("/xapi/"):
            self._answer()
        elif self.path.startswith("/back"):
            self._send(200, b"<!doctype html><title>LMS</title><h1>LMS</h1>", "text/html")
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.lrs.is_down:
            self.close_connection = True
            return  # the browser sees a connection that breaks
        parts = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(parts.query))
        with self.lrs.lock:
            self.lrs.requests.append((self.command, parts.path))
            try:
                status, content, headers = self._handle(parts.path, query, body)
            except (Broken, KeyError, TypeError, ValueError) as error:
                self.lrs.faults.append(f"{self.command} {parts.path}: {error!r}")
                status, content, headers = 400, {}, {}
            self.lrs.lock.notify_all()
        if self.lrs.loses_answers:
            self.close_connection = True
            return
        self._send(status, json.dumps(content).encode(), "application/json", headers)

    def _handle(self, path: str, query: dict[str, str], body: bytes) -> tuple[int, Any, dict[str, str]]:
        if path == "/fetch":
            _must(self.command == "POST", "the token must be asked for by POST (8.2.1)")
            return 200, self.lrs.fetch(query["k"]), {}
        session = self.lrs.session_of(self.headers)
        if session is None:
            return 401, {}, {}
        _must(str(self.headers.get("X-Experience-API-Version")).startswith("1.0"), "no xAPI version")
        if path == "/xapi/statements":
            return self._statements(session, query, body)
        _must(json.loads(query["agent"]) == ACTOR, "another agent")
        if path == "/xapi/agents/profile":
            _must(query["profileId"] == "cmi5LearnerPreferences" and not session.statements, "preferences (11)")
            return (404, {}, {}) if self.lrs.preferences is None else (200, self.lrs.preferences, {})
        _must(path == "/xapi/activities/state", f"unknown resource {path}")
        _must(query["activityId"] == session.activity, "another activity")
        _must(query["registration"] == session.registration.id, "another registration")
        return self._state(session, query["stateId"], body)

    def _statements(self, session: Session, query: dict[str, str], body: bytes) -> tuple[int, Any, dict[str, str]]:
        sent = json.loads(body)
        statements = sent if isinstance(sent, list) else [sent]
        if self.command == "PUT":
            _must(query["statementId"] == sent["id"], "another statementId")
        known = [one["id"] for one in session.statements]
        if any(statement["id"] in known for statement in statements):
            return 409, {}, {}
        for statement in statements:
            self.lrs.take(session, statement)
        return 200, [statement["id"] for statement in statements], {}

    def _state(self, session: Session, name: str, body: bytes) -> tuple[int, Any, dict[str, str]]:
        documents = session.registration.documents
        if self.command == "GET":
            if name == "LMS.LaunchData":
                return 200, session.launch_data, {}
            return (
                (200, json.loads(documents[name]), self._etag(documents[name])) if name in documents else (404, {}, {})
            )
        _must(name != "LMS.LaunchData", "the launch data was written (10.2.1)")
        _must(session.launch_data["launchMode"] == "Normal", "progress was written outside the normal mode")
        _must(isinstance(json.loads(body), dict), "the document is no object")
        match = self.headers.get("If-Match")
        if match and match != self._etag(documents.get(name, b"")).get("ETag"):
            return 412, {}, {}
        documents[name] = body
        return 204, {}, {}

    def _etag(self, document: bytes) -> dict[str, str]:
        return {"ETag": f'"{sha256(document).hexdigest()}"'} if self.lrs.has_etags else {}

    def _send(self, status: int, content: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", "0" if status == 204 else str(len(content)))
        self.end_headers()
        if status != 204:
            self.wfile.write(content)
