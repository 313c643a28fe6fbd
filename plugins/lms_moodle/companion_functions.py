"""The web-service functions of our companion plugin, one small typed function each; see docs/companion.md.

Those for a pull are in results_functions.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from lms_moodle import activities, results_functions
from lms_moodle.client import MoodleClient
from lms_moodle.site_settings import SiteSettings
from lms_toolkit.errors import Unreachable
from lms_toolkit.interfaces import FileOutcome
from lms_toolkit.model import (
    DeclaredFile,
    DeclaredModule,
    DeclaredPart,
    DeclaredSection,
    Fields,
    Outcome,
    PartKind,
    SiteCourse,
    SiteModule,
    SiteSection,
)

GET_INFO = "local_lmstoolkit_get_info"
GET_COURSE = "local_lmstoolkit_get_course"
APPLY_SECTION = "local_lmstoolkit_apply_section"
APPLY_MODULE = "local_lmstoolkit_apply_module"
RETIRE_MODULE = "local_lmstoolkit_retire_module"
RESTORE_BACKUP = "local_lmstoolkit_restore_backup"
GET_JOB = "local_lmstoolkit_get_job"
DELIVER_FILE = "local_lmstoolkit_deliver_file"
APPLY_PART: Mapping[PartKind, str] = {
    "image": "local_lmstoolkit_apply_image",
    "groups": "local_lmstoolkit_apply_groups",
    "enrolment": "local_lmstoolkit_apply_enrolment",
    "gradebook": "local_lmstoolkit_apply_gradebook",
    "completion": "local_lmstoolkit_apply_completion",
}
FUNCTIONS = frozenset(
    {
        GET_INFO,
        GET_COURSE,
        APPLY_SECTION,
        APPLY_MODULE,
        RETIRE_MODULE,
        *results_functions.FUNCTIONS,
        *APPLY_PART.values(),
    }
)
"""What a deployment and a pull need; restoring a backup and delivering files are besides."""

COURSE_FIELDS = ("shortname", "fullname", "summary", "language", "starts_at", "ends_at")
SECTION_FIELDS = ("position", "name", "summary", "visible", "availability")


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
    activities: frozenset[str]
    max_upload_bytes: int
    student_role_id: int | None
    checks: tuple[Check, ...]
    settings: SiteSettings = field(default_factory=SiteSettings)


@dataclass(frozen=True, slots=True)
class Drafts:
    """Draft areas with what was uploaded for one module; None where the site has it already."""

    package: int | None = None
    files: int | None = None


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
        activities=activities.kinds(take(answer, "activities", list, GET_INFO)),
        max_upload_bytes=int(answer.get("max_upload_bytes") or 0),  # a text where the site sets a limit of its own
        student_role_id=int(role) if role else None,
        checks=tuple(
            Check(
                take(entry, "check", str, GET_INFO), take(entry, "ok", bool, GET_INFO), str(entry.get("detail") or "")
            )
            for entry in take(answer, "checks", list, GET_INFO)
        ),
        settings=SiteSettings.from_info(answer),
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
        parts=dict(_parts(found)),
    )


def _parts(found: Mapping[str, Any]) -> Iterator[tuple[PartKind, Fields]]:
    """What the page has once, in the shape of what is declared; parts that were never applied are left out."""
    if found.get("image"):
        yield "image", {"files": found["image"].get("content") or {}}
    if found.get("groups") or found.get("groupings"):
        yield "groups", {name: [_without_id(one) for one in found[name]] for name in ("groups", "groupings")}
    if found.get("enrolment"):
        yield "enrolment", {"methods": [_without_id(one) for one in found["enrolment"]]}
    if found.get("gradebook"):
        yield "gradebook", found["gradebook"]
    if found.get("completion"):
        yield "completion", found["completion"]


def _without_id(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "id"}


def _section(client: MoodleClient, entry: Mapping[str, Any]) -> SiteSection:
    take = client.judge.take
    return SiteSection(
        key=take(entry, "key", str, GET_COURSE),
        ref=str(take(entry, "id", int, GET_COURSE)),
        fields={name: entry[name] for name in SECTION_FIELDS},
    )


def _module(client: MoodleClient, entry: Mapping[str, Any]) -> SiteModule:
    take = client.judge.take
    items = take(entry, "items", list, GET_COURSE)
    return SiteModule(
        key=take(entry, "key", str, GET_COURSE),
        ref=str(take(entry, "id", int, GET_COURSE)),
        fields=activities.fields_of(entry),
        package_sha256=str(entry.get("package_sha256") or ""),
        learners_by_item={item["identifier"]: int(item["learners"]) for item in items},
        item_titles={item["identifier"]: item["title"] for item in items},
        learners=int(entry.get("learners") or 0),
    )


def apply_section(client: MoodleClient, course_ref: str, section: DeclaredSection) -> Applied:
    """local_lmstoolkit_apply_section. Repeating it is safe: the key finds what the first call made."""
    payload = {"courseid": int(course_ref), "key": section.key, **section.fields(), "dryrun": False}
    return _applied(client, APPLY_SECTION, payload)


def hide_section(client: MoodleClient, course_ref: str, there: SiteSection) -> Applied:
    """local_lmstoolkit_apply_section with everything as it is, but hidden."""
    payload = {"courseid": int(course_ref), "key": there.key, **there.fields, "visible": False, "dryrun": False}
    return _applied(client, APPLY_SECTION, payload)


def apply_module(
    client: MoodleClient, course_ref: str, module: DeclaredModule, drafts: Drafts, *, allow_track_loss: bool
) -> Applied:
    """local_lmstoolkit_apply_module; without a draft item id the package and the files on the site are kept.

    Raises Refused `trackloss`, `completionreset`, `manifestinvalid`, `packagemismatch`, `sectionnotfound`.
    """
    package = {"draftitemid": drafts.package, "sha256": module.package_sha256} if drafts.package is not None else None
    payload = {
        "courseid": int(course_ref),
        **activities.payload_of(module),
        "package": package,
        "files": _files(module.files, drafts.files),
        "allow_track_loss": allow_track_loss,
        "dryrun": False,
    }
    return _applied(client, APPLY_MODULE, payload)


def would_change(
    client: MoodleClient, course_ref: str, module: DeclaredModule, there: SiteModule, changes: Fields
) -> bool:
    """A dry run of local_lmstoolkit_apply_module: everything as it is on the site, but for these fields."""
    payload = {
        "courseid": int(course_ref),
        **activities.payload_there(module, {**there.fields, **changes}),
        "package": None,
        "files": None,
        "allow_track_loss": False,
        "dryrun": True,
    }
    return _applied(client, APPLY_MODULE, payload).outcome != "unchanged"


def _files(files: Sequence[DeclaredFile], draft: int | None) -> dict[str, object] | None:
    return {"draftitemid": draft, "content": {file.name: file.sha1 for file in files}} if files else None


def retire_module(client: MoodleClient, course_ref: str, key: str, *, delete: bool, allow_track_loss: bool) -> Applied:
    """local_lmstoolkit_retire_module. Raises Refused `trackloss`."""
    payload = {
        "courseid": int(course_ref),
        "key": key,
        "delete": delete,
        "allow_track_loss": allow_track_loss,
        "dryrun": False,
    }
    return _applied(client, RETIRE_MODULE, payload)


def apply_part(
    client: MoodleClient, course_ref: str, part: DeclaredPart, draft: int | None, *, allow_completion_reset: bool
) -> Applied:
    """The apply function of an image, groups, ways in, gradebook or completion. Raises Refused `completionreset`."""
    payload: dict[str, object] = {"courseid": int(course_ref), **part.fields, "dryrun": False}
    if part.kind == "image":
        payload["files"] = _files(part.files, draft)
    if part.kind == "completion":
        payload["allow_completion_reset"] = allow_completion_reset
    answer = _call(client, APPLY_PART[part.kind], payload, writes=True)
    return Applied(_outcome(client, APPLY_PART[part.kind], answer), course_ref)


@dataclass(frozen=True, slots=True)
class NewCourse:
    """The course that a backup becomes."""

    category_id: int
    idnumber: str
    shortname: str
    fullname: str


@dataclass(frozen=True, slots=True)
class Job:
    """Work that Moodle does in its task queue; `course_ref` is empty until there is a course."""

    id: int
    state: Literal["queued", "running", "done", "failed"]
    course_ref: str
    detail: str


def restore_backup(client: MoodleClient, draft_item_id: int, sha256: str, course: NewCourse) -> int:
    """local_lmstoolkit_restore_backup: the number of the job that Moodle's cron will do."""
    payload = {
        "draftitemid": draft_item_id,
        "sha256": sha256,
        "categoryid": course.category_id,
        "idnumber": course.idnumber,
        "shortname": course.shortname,
        "fullname": course.fullname,
    }
    return client.judge.take(_call(client, RESTORE_BACKUP, payload, writes=True), "job", int, RESTORE_BACKUP)


def get_job(client: MoodleClient, job: int) -> Job:
    """local_lmstoolkit_get_job."""
    answer = _call(client, GET_JOB, {"job": job})
    state = client.judge.take(answer, "state", str, GET_JOB)
    if state not in ("queued", "running", "done", "failed"):
        raise Unreachable(f"{client.site.name} answered {GET_JOB} with the state {state!r}; upgrade this toolkit")
    detail, course = str(answer.get("detail") or ""), answer.get("courseid")
    return Job(job, cast(Literal["queued", "running", "done", "failed"], state), str(course or ""), detail)


def deliver_file(
    client: MoodleClient, course_ref: str, user_ref: str, name: str, sent: tuple[int, str] | None
) -> FileOutcome:
    """local_lmstoolkit_deliver_file: `sent` is a draft area and the SHA-256 of the PDF in it, None to take it away.

    Raises Refused `notenrolled`, `filetaken`, `quotafull`, `filesclosed`, `packagemismatch`.
    """
    file = {"draftitemid": sent[0], "sha256": sent[1]} if sent else None
    payload = {"courseid": int(course_ref), "userid": int(user_ref), "filename": name, "file": file}
    answer = _call(client, DELIVER_FILE, payload, writes=True)
    outcome = client.judge.take(answer, "outcome", str, DELIVER_FILE)
    if outcome not in get_args(FileOutcome):
        raise Unreachable(
            f"{client.site.name} answered {DELIVER_FILE} with the outcome {outcome!r}; upgrade this toolkit"
        )
    return cast(FileOutcome, outcome)


def _applied(client: MoodleClient, function: str, payload: Mapping[str, object]) -> Applied:
    answer = _call(client, function, payload, writes=True)
    return Applied(_outcome(client, function, answer), str(client.judge.take(answer, "id", int, function)))


def _outcome(
    client: MoodleClient, function: str, answer: Mapping[str, Any]
) -> Literal["created", "updated", "unchanged"]:
    outcome = client.judge.take(answer, "outcome", str, function)
    if outcome not in ("created", "updated", "unchanged"):
        raise Unreachable(f"{client.site.name} answered {function} with the outcome {outcome!r}; upgrade this toolkit")
    return cast(Literal["created", "updated", "unchanged"], outcome)


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
