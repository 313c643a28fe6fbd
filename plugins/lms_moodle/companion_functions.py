"""The five web-service functions of our companion plugin, one small typed function each; see docs/companion.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast

from lms_moodle.client import MoodleClient
from lms_toolkit.errors import Unreachable
from lms_toolkit.model import (
    Completion,
    CompletionState,
    DeclaredModule,
    DeclaredSection,
    Grade,
    Outcome,
    ResultsPage,
    SiteCourse,
    SiteModule,
    SiteSection,
    User,
)

GET_INFO = "local_lmstoolkit_get_info"
GET_COURSE = "local_lmstoolkit_get_course"
APPLY_SECTION = "local_lmstoolkit_apply_section"
APPLY_MODULE = "local_lmstoolkit_apply_module"
GET_RESULTS = "local_lmstoolkit_get_results"
FUNCTIONS = frozenset({GET_INFO, GET_COURSE, APPLY_SECTION, APPLY_MODULE, GET_RESULTS})

COURSE_FIELDS = ("shortname", "fullname", "summary", "language", "starts_at", "ends_at")
SECTION_FIELDS = ("position", "name", "summary")
MODULE_FIELDS = ("section_key", "name", "intro", "completion")
STATES = ("incomplete", "complete", "passed", "failed")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the companion looked at on its site."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class CompanionInfo:
    """What the companion says of itself and its site. `student_role_id` is None on a site without that role."""

    version: str
    release: str
    languages: frozenset[str]
    max_upload_bytes: int
    student_role_id: int | None
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply function did, and to what."""

    outcome: Outcome
    ref: str


def get_info(client: MoodleClient) -> CompanionInfo:
    """local_lmstoolkit_get_info."""
    answer = _call(client, GET_INFO, {})
    take = client.judge.take
    role = answer.get("student_roleid")
    return CompanionInfo(
        version=take(answer, "plugin", str, GET_INFO),
        release=take(answer, "release", str, GET_INFO),
        languages=frozenset(take(answer, "languages", list, GET_INFO)),
        max_upload_bytes=take(answer, "max_upload_bytes", int, GET_INFO),
        student_role_id=int(role) if role else None,
        checks=tuple(
            Check(
                take(entry, "check", str, GET_INFO), take(entry, "ok", bool, GET_INFO), str(entry.get("detail") or "")
            )
            for entry in take(answer, "checks", list, GET_INFO)
        ),
    )


def get_course(client: MoodleClient, idnumber: str) -> SiteCourse | None:
    """local_lmstoolkit_get_course: the course and what carries our keys in it."""
    answer = _call(client, GET_COURSE, {"idnumber": idnumber})
    found = answer.get("course")
    if found is None:
        return None
    take = client.judge.take
    return SiteCourse(
        ref=str(take(found, "id", int, GET_COURSE)),
        idnumber=take(found, "idnumber", str, GET_COURSE),
        fields={name: found[name] or (0 if name.endswith("_at") else "") for name in COURSE_FIELDS},
        sections=tuple(_section(client, entry) for entry in take(found, "sections", list, GET_COURSE)),
        modules=tuple(_module(client, entry) for entry in take(found, "modules", list, GET_COURSE)),
    )


def _section(client: MoodleClient, entry: Mapping[str, Any]) -> SiteSection:
    take = client.judge.take
    return SiteSection(
        key=take(entry, "key", str, GET_COURSE),
        ref=str(take(entry, "id", int, GET_COURSE)),
        fields={name: entry[name] for name in SECTION_FIELDS},
    )


def _module(client: MoodleClient, entry: Mapping[str, Any]) -> SiteModule:
    take = client.judge.take
    fields = {name: take(entry, name, str, GET_COURSE) for name in MODULE_FIELDS}
    items = take(entry, "items", list, GET_COURSE)
    return SiteModule(
        key=take(entry, "key", str, GET_COURSE),
        ref=str(take(entry, "id", int, GET_COURSE)),
        fields={**fields, "pass_mark_percent": take(entry, "pass_mark_percent", float, GET_COURSE)},
        package_sha256=str(entry.get("package_sha256") or ""),
        learners_by_item={item["identifier"]: int(item["learners"]) for item in items},
        item_titles={item["identifier"]: item["title"] for item in items},
    )


def apply_section(client: MoodleClient, course_ref: str, section: DeclaredSection) -> Applied:
    """local_lmstoolkit_apply_section. Repeating it is safe: the key finds what the first call made."""
    payload = {
        "courseid": int(course_ref),
        "key": section.key,
        "position": section.position,
        "name": section.name,
        "summary": section.summary,
        "dryrun": False,
    }
    return _applied(client, APPLY_SECTION, payload)


def apply_module(
    client: MoodleClient, course_ref: str, module: DeclaredModule, draft_item_id: int | None, *, allow_track_loss: bool
) -> Applied:
    """local_lmstoolkit_apply_module; without a draft item id the package on the site is kept.

    Raises Refused `trackloss`, `completionreset`, `manifestinvalid`, `packagemismatch`, `sectionnotfound`.
    """
    package = {"draftitemid": draft_item_id, "sha256": module.package_sha256} if draft_item_id is not None else None
    payload = {
        "courseid": int(course_ref),
        "key": module.key,
        "section_key": module.section_key,
        "modname": "scorm",
        "name": module.name,
        "intro": module.intro,
        "pass_mark_percent": module.pass_mark_percent,
        "completion": module.completion,
        "package": package,
        "allow_track_loss": allow_track_loss,
        "dryrun": False,
    }
    return _applied(client, APPLY_MODULE, payload)


def get_results(
    client: MoodleClient, course_ref: str, after: str | None, limit: int, pulled_at: datetime
) -> ResultsPage:
    """local_lmstoolkit_get_results: one page of learners with their grades and completions.

    While Moodle has totals to recalculate, their `source` says so.
    """
    payload = {"courseid": int(course_ref), "after": int(after) if after else None, "limit": limit}
    answer = _call(client, GET_RESULTS, payload)
    take = client.judge.take
    stale = take(answer, "needs_regrade", bool, GET_RESULTS)
    next_after = answer.get("after")
    return ResultsPage(
        users=tuple(_user(client, entry) for entry in take(answer, "users", list, GET_RESULTS)),
        grades=tuple(
            _grade(client, course_ref, entry, pulled_at, stale=stale)
            for entry in take(answer, "grades", list, GET_RESULTS)
        ),
        completions=tuple(
            _completion(client, course_ref, entry, pulled_at)
            for entry in take(answer, "completions", list, GET_RESULTS)
        ),
        after=str(next_after) if next_after is not None else None,
    )


def _user(client: MoodleClient, entry: Mapping[str, Any]) -> User:
    take = client.judge.take
    return User(
        ref=str(take(entry, "id", int, GET_RESULTS)),
        username=take(entry, "username", str, GET_RESULTS),
        email=take(entry, "email", str, GET_RESULTS),
        first_name=take(entry, "firstname", str, GET_RESULTS),
        last_name=take(entry, "lastname", str, GET_RESULTS),
        idnumber=str(entry.get("idnumber") or ""),
    )


def _grade(
    client: MoodleClient, course_ref: str, entry: Mapping[str, Any], pulled_at: datetime, *, stale: bool
) -> Grade:
    take = client.judge.take
    item = take(entry, "item", str, GET_RESULTS)
    score = entry.get("score")
    return Grade(
        site=client.site.name,
        course_ref=course_ref,
        user_ref=str(take(entry, "userid", int, GET_RESULTS)),
        item=item,
        score=float(score) if score is not None else None,
        score_min=take(entry, "min", float, GET_RESULTS),
        score_max=take(entry, "max", float, GET_RESULTS),
        graded_at=_time(entry.get("graded_at")),
        pulled_at=pulled_at,
        source=f"{GET_RESULTS} (awaits recalculation)" if stale and item == "total" else GET_RESULTS,
        overridden=take(entry, "overridden", bool, GET_RESULTS),
        hidden=take(entry, "hidden", bool, GET_RESULTS),
    )


def _completion(client: MoodleClient, course_ref: str, entry: Mapping[str, Any], pulled_at: datetime) -> Completion:
    take = client.judge.take
    state = take(entry, "state", str, GET_RESULTS)
    if state not in STATES:
        raise Unreachable(f"{client.site.name} answered {GET_RESULTS} with the state {state!r}; upgrade this toolkit")
    return Completion(
        site=client.site.name,
        course_ref=course_ref,
        user_ref=str(take(entry, "userid", int, GET_RESULTS)),
        item=take(entry, "item", str, GET_RESULTS),
        state=cast(CompletionState, state),
        completed_at=_time(entry.get("completed_at")),
        pulled_at=pulled_at,
        source=GET_RESULTS,
    )


def _time(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _applied(client: MoodleClient, function: str, payload: Mapping[str, object]) -> Applied:
    answer = _call(client, function, payload, writes=True)
    outcome = client.judge.take(answer, "outcome", str, function)
    if outcome not in ("created", "updated", "unchanged"):
        raise Unreachable(f"{client.site.name} answered {function} with the outcome {outcome!r}; upgrade this toolkit")
    ref = client.judge.take(answer, "id", int, function)
    return Applied(cast(Literal["created", "updated", "unchanged"], outcome), str(ref))


def _call(
    client: MoodleClient, function: str, payload: Mapping[str, object], *, writes: bool = False
) -> dict[str, Any]:
    send = client.write if writes else client.read
    answer = send(function, payload=json.dumps(payload, ensure_ascii=False))
    try:
        value = json.loads(answer)
    except (TypeError, ValueError):
        value = None
    if not isinstance(value, dict):
        message = f"{client.site.name} answered {function} without a JSON object; upgrade the companion"
        raise Unreachable(message, outcome_unknown=writes)
    return value
