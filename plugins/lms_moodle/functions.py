"""Moodle's own web-service functions that we use, one small typed function each.

Their reference is on every site: Site administration → Server → Web services → API documentation; their code is
linked from https://moodledev.io/docs/apis/subsystems/external/functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lms_moodle.client import MoodleClient
from lms_moodle.parameters import chunked
from lms_toolkit.errors import Refused
from lms_toolkit.model import Grade, SiteCourse, User

ENROLLED_PAGE = 500


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What a site says of itself and of our token. `max_upload_bytes` is 0 when it names no limit."""

    title: str
    url: str
    release: str
    username: str
    is_admin: bool
    may_upload: bool
    max_upload_bytes: int
    functions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the course page as core describes it."""

    ref: str
    position: int
    name: str


def get_site_info(client: MoodleClient) -> SiteFacts:
    """core_webservice_get_site_info: needs no right beyond the token."""
    function = "core_webservice_get_site_info"
    answer = client.read(function)
    take = client.judge.take
    return SiteFacts(
        title=take(answer, "sitename", str, function),
        url=take(answer, "siteurl", str, function),
        release=take(answer, "release", str, function),
        username=take(answer, "username", str, function),
        is_admin=bool(answer.get("userissiteadmin")),
        may_upload=bool(answer.get("uploadfiles")),
        max_upload_bytes=max(0, int(answer.get("usermaxuploadfilesize") or 0)),  # -1: this user has no limit
        functions=frozenset(str(entry["name"]) for entry in take(answer, "functions", list, function)),
    )


def find_category(client: MoodleClient, idnumber: str) -> int | None:
    """core_course_get_categories: the category with this ID number. Needs moodle/category:manage to search by it."""
    function = "core_course_get_categories"
    found = client.read(function, criteria=[{"key": "idnumber", "value": idnumber}], addsubcategories=False)
    return client.judge.take(found[0], "id", int, function) if found else None


def create_category(client: MoodleClient, idnumber: str) -> int:
    """core_course_create_categories: at the top level, named like its ID number until somebody renames it."""
    function = "core_course_create_categories"
    made = client.write(function, categories=[{"name": idnumber, "idnumber": idnumber}])
    return client.judge.take(made[0], "id", int, function)


def get_course(client: MoodleClient, field: str, value: str) -> SiteCourse | None:
    """core_course_get_courses_by_field: a course's own settings, by `idnumber` or `id`."""
    function = "core_course_get_courses_by_field"
    found = client.judge.take(client.read(function, field=field, value=value), "courses", list, function)
    if not found:
        return None
    take = client.judge.take
    return SiteCourse(
        ref=str(take(found[0], "id", int, function)),
        idnumber=take(found[0], "idnumber", str, function),
        fields={
            "shortname": take(found[0], "shortname", str, function),
            "fullname": take(found[0], "fullname", str, function),
            "summary": take(found[0], "summary", str, function),
            "language": str(found[0].get("lang") or ""),
            "starts_at": int(found[0].get("startdate") or 0),
            "ends_at": int(found[0].get("enddate") or 0),
        },
    )


def create_course(client: MoodleClient, settings: Mapping[str, object]) -> str:
    """core_course_create_courses: one course; its id. Raises Refused `shortnametaken`, `courseidnumbertaken`."""
    function = "core_course_create_courses"
    return str(client.judge.take(client.write(function, courses=[settings])[0], "id", int, function))


def update_course(client: MoodleClient, course_ref: str, settings: Mapping[str, object]) -> None:
    """core_course_update_courses: reports what it refuses as a warning, which is raised here."""
    function = "core_course_update_courses"
    answer = client.write(function, courses=[{"id": int(course_ref), **settings}])
    for warning in (answer or {}).get("warnings", []):
        code = str(warning.get("warningcode") or "")
        message = client.judge.safe(str(warning.get("message") or ""), 200)
        raise Refused(f"{client.site.name} refused {function} ({code}): {message}", code)


def get_sections(client: MoodleClient, course_ref: str) -> list[Section]:
    """core_course_get_contents, without modules. Needs moodle/course:view."""
    function = "core_course_get_contents"
    options = [{"name": "excludemodules", "value": "1"}]
    take = client.judge.take
    return [
        Section(
            str(take(entry, "id", int, function)),
            take(entry, "section", int, function),
            take(entry, "name", str, function),
        )
        for entry in client.read(function, courseid=int(course_ref), options=options)
    ]


def add_section(client: MoodleClient, course_ref: str) -> None:
    """core_courseformat_update_course, action section_add: one section at the end."""
    client.write("core_courseformat_update_course", action="section_add", courseid=int(course_ref))


def rename_section(client: MoodleClient, section_ref: str, name: str) -> None:
    """core_update_inplace_editable: the only way in core to name a section; the course must have format topics."""
    client.write(
        "core_update_inplace_editable",
        component="format_topics",
        itemtype="sectionname",
        itemid=section_ref,
        value=name,
    )


def get_users(client: MoodleClient, field: str, values: Sequence[str]) -> list[User]:
    """core_user_get_users_by_field: accounts by `idnumber`, `username` or `email`, those we may see."""
    function = "core_user_get_users_by_field"
    return [
        _user(client, entry, function)
        for piece in chunked(values)
        for entry in client.read(function, field=field, values=piece)
    ]


def create_users(client: MoodleClient, users: Sequence[User]) -> list[str]:
    """core_user_create_users: all of them or none; Moodle mails each a password. Ids, in order."""
    function = "core_user_create_users"
    entries = [
        {
            "username": user.username.lower(),
            "email": user.email,
            "firstname": user.first_name,
            "lastname": user.last_name,
            "idnumber": user.idnumber or None,
            "auth": "manual",
            "createpassword": True,
        }
        for user in users
    ]
    return [str(client.judge.take(made, "id", int, function)) for made in client.write(function, users=entries)]


def enrol_users(client: MoodleClient, course_ref: str, role_id: int, user_refs: Sequence[str]) -> None:
    """enrol_manual_enrol_users: all of them or none; who is enrolled already stays so."""
    entries = [{"roleid": role_id, "userid": int(ref), "courseid": int(course_ref)} for ref in user_refs]
    client.write("enrol_manual_enrol_users", enrolments=entries)


def get_enrolled(client: MoodleClient, course_ref: str) -> Iterator[User]:
    """core_enrol_get_enrolled_users, page by page. A page may be short without being the last: an empty one is."""
    function = "core_enrol_get_enrolled_users"
    fields = "id,username,email,firstname,lastname,idnumber"
    seen: set[str] = set()
    start = 0
    while True:
        options = [
            {"name": "userfields", "value": fields},
            {"name": "limitfrom", "value": start},
            {"name": "limitnumber", "value": ENROLLED_PAGE},
        ]
        page = [
            _user(client, entry, function) for entry in client.read(function, courseid=int(course_ref), options=options)
        ]
        fresh = [user for user in page if user.ref not in seen]
        if not fresh:  # nothing more, or a site that ignores limitfrom and repeats itself
            return
        seen.update(user.ref for user in fresh)
        yield from fresh
        start += ENROLLED_PAGE


def get_grade_items(client: MoodleClient, course_ref: str, pulled_at: datetime) -> list[Grade]:
    """gradereport_user_get_grade_items: every grade of every learner in one slow answer; there are no pages.

    Items count as ours when an administrator gave them our key as ID number.
    """
    function = "gradereport_user_get_grade_items"
    answer = client.read(function, courseid=int(course_ref))
    return [
        _grade(client, course_ref, str(user["userid"]), item, pulled_at)
        for user in client.judge.take(answer, "usergrades", list, function)
        for item in user["gradeitems"]
        if _item_key(item)
    ]


def _item_key(item: Mapping[str, Any]) -> str:
    if item.get("itemtype") == "course":
        return "total"
    key = str(item.get("idnumber") or "")
    return key if key.startswith(("module:", "activity:")) else ""


def _grade(client: MoodleClient, course_ref: str, user_ref: str, item: Mapping[str, Any], pulled_at: datetime) -> Grade:
    score, graded_at = item.get("graderaw"), item.get("gradedategraded")
    return Grade(
        site=client.site.name,
        course_ref=course_ref,
        user_ref=user_ref,
        item=_item_key(item),
        score=float(score) if score is not None else None,
        score_min=float(item.get("grademin") or 0),
        score_max=float(item.get("grademax") or 0),
        graded_at=datetime.fromtimestamp(graded_at, UTC) if graded_at else None,
        pulled_at=pulled_at,
        source="gradereport_user_get_grade_items",
        overridden=bool(item.get("gradeisoverridden")),
        hidden=bool(item.get("gradeishidden")),
    )


def _user(client: MoodleClient, entry: Any, function: str) -> User:
    return User(
        ref=str(client.judge.take(entry, "id", int, function)),
        username=str(entry.get("username") or ""),
        email=str(entry.get("email") or ""),
        first_name=str(entry.get("firstname") or ""),
        last_name=str(entry.get("lastname") or ""),
        idnumber=str(entry.get("idnumber") or ""),
    )
