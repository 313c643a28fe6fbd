"""Moodle's own web-service functions that we use, one small typed function each.

Their reference is on every site: Site administration → Server → Web services → API documentation; their code is
linked from https://moodledev.io/docs/apis/subsystems/external/functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from lms_moodle.client import MoodleClient
from lms_moodle.parameters import chunked
from lms_toolkit.errors import Refused, ToolkitError
from lms_toolkit.model import Enrolment, Grade, SiteCourse, User

ENROLLED_PAGE = 500
GRADE_REPORT = "gradereport_user_get_grade_items"
STAFF = frozenset({"manager", "coursecreator", "editingteacher", "teacher"})
"""Roles that no site grades."""


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
    version: int = 0
    """Moodle's own number of its version, such as 2024100700; 0 when it does not say."""


@dataclass(frozen=True, slots=True)
class PublicConfig:
    """What a site says of itself to anybody. `url` is what it calls itself (wwwroot)."""

    url: str
    has_web_services: bool
    is_in_maintenance: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the course page as core describes it."""

    ref: str
    position: int
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is found: `fields` are custom profile fields by short name, those we may see."""

    user: User
    suspended: bool
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Member:
    """An account in a course, with its roles there."""

    ref: str
    roles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A group or a cohort."""

    id: int
    name: str
    idnumber: str


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
        version=int(float(answer.get("version") or 0)),  # a text, sometimes with decimals
    )


def get_public_config(client: MoodleClient) -> PublicConfig | None:
    """tool_mobile_get_public_config: what a site tells everybody, without a token; None when it tells nothing."""
    try:
        answer = client.ask_publicly("tool_mobile_get_public_config")
    except ToolkitError:
        return None
    data = answer[0].get("data") if isinstance(answer, list) and answer and isinstance(answer[0], dict) else None
    if not isinstance(data, dict) or "enablewebservices" not in data:
        return None
    return PublicConfig(
        url=str(data.get("wwwroot") or ""),
        has_web_services=str(data["enablewebservices"]) == "1",
        is_in_maintenance=str(data.get("maintenanceenabled") or "0") == "1",
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


def get_accounts(client: MoodleClient, field: str, values: Sequence[str]) -> list[Account]:
    """core_user_get_users_by_field, with what only the account itself has: profile fields, suspension."""
    function = "core_user_get_users_by_field"
    return [
        _account(client, entry, function)
        for piece in chunked(values)
        for entry in client.read(function, field=field, values=piece)
    ]


def _account(client: MoodleClient, entry: Any, function: str) -> Account:
    fields = {str(one.get("shortname")): str(one.get("value") or "") for one in entry.get("customfields") or ()}
    return Account(_user(client, entry, function), bool(entry.get("suspended")), fields)


def create_users(client: MoodleClient, people: Sequence[Enrolment], sponsor_field: str) -> list[str]:
    """core_user_create_users: all of them or none; Moodle mails each a password. Ids, in order."""
    function = "core_user_create_users"
    entries = [
        {
            "username": one.user.username.lower(),
            "email": one.user.email,
            "firstname": one.user.first_name,
            "lastname": one.user.last_name,
            "idnumber": one.user.idnumber or None,
            "lang": one.language or None,
            "customfields": [{"type": sponsor_field, "value": one.sponsor}] if one.sponsor else None,
            "auth": "manual",
            "createpassword": True,
        }
        for one in people
    ]
    return [str(client.judge.take(made, "id", int, function)) for made in client.write(function, users=entries)]


def update_profile_field(client: MoodleClient, field: str, values: Mapping[str, str]) -> None:
    """core_user_update_users: one custom profile field, by account. Needs moodle/user:update."""
    users = [{"id": int(ref), "customfields": [{"type": field, "value": value}]} for ref, value in values.items()]
    client.write("core_user_update_users", users=users)


def enrol_users(
    client: MoodleClient, course_ref: str, members: Iterable[tuple[str, int]], *, suspend: bool = False
) -> None:
    """enrol_manual_enrol_users, of pairs of account and role: all of them or none. Repeating it changes nothing.

    With `suspend` their manual enrolment is suspended. Raises Refused `wsnoinstance`, `wsusercannotassign`.
    """
    entries = [
        {"roleid": role, "userid": int(ref), "courseid": int(course_ref), "suspend": 1 if suspend else None}
        for ref, role in members
    ]
    client.write("enrol_manual_enrol_users", enrolments=entries)


def get_enrolled(client: MoodleClient, course_ref: str) -> Iterator[User]:
    """core_enrol_get_enrolled_users: everybody in the course, suspended or not."""
    function = "core_enrol_get_enrolled_users"
    for entry in _enrolled(client, course_ref, "id,username,email,firstname,lastname,idnumber", ""):
        yield _user(client, entry, function)


def get_members(client: MoodleClient, course_ref: str, only: Literal["onlyactive", "onlysuspended"]) -> list[Member]:
    """core_enrol_get_enrolled_users: accounts and their roles in the course. Needs moodle/course:enrolreview."""
    return [
        Member(str(entry["id"]), tuple(int(role["roleid"]) for role in entry.get("roles") or ()))
        for entry in _enrolled(client, course_ref, "id,roles", only)
    ]


def _enrolled(client: MoodleClient, course_ref: str, fields: str, only: str) -> Iterator[Mapping[str, Any]]:
    """Page by page. A page may be short without being the last: an empty one is."""
    function = "core_enrol_get_enrolled_users"
    seen: set[int] = set()
    start = 0
    while True:
        options = [
            {"name": "userfields", "value": fields},
            {"name": "limitfrom", "value": start},
            {"name": "limitnumber", "value": ENROLLED_PAGE},
            *([{"name": only, "value": 1}] if only else []),
        ]
        page = client.read(function, courseid=int(course_ref), options=options)
        fresh = [entry for entry in page if client.judge.take(entry, "id", int, function) not in seen]
        if not fresh:  # nothing more, or a site that ignores limitfrom and repeats itself
            return
        seen.update(entry["id"] for entry in fresh)
        yield from fresh
        start += ENROLLED_PAGE


def get_groups(client: MoodleClient, course_ref: str) -> list[Place]:
    """core_group_get_course_groups. Needs moodle/course:managegroups."""
    function = "core_group_get_course_groups"
    return [_place(client, entry, function) for entry in client.read(function, courseid=int(course_ref))]


def get_cohorts(client: MoodleClient) -> list[Place]:
    """core_cohort_get_cohorts: all of the site. Needs moodle/cohort:view wherever there is one."""
    function = "core_cohort_get_cohorts"
    return [_place(client, entry, function) for entry in client.read(function)]


def _place(client: MoodleClient, entry: Any, function: str) -> Place:
    take = client.judge.take
    return Place(take(entry, "id", int, function), take(entry, "name", str, function), str(entry.get("idnumber") or ""))


def get_group_members(client: MoodleClient, groups: Sequence[int]) -> dict[int, set[str]]:
    """core_group_get_group_members: accounts by group."""
    return _members_by(client, "core_group_get_group_members", "groupid", groups)


def get_cohort_members(client: MoodleClient, cohorts: Sequence[int]) -> dict[int, set[str]]:
    """core_cohort_get_cohort_members: accounts by cohort."""
    return _members_by(client, "core_cohort_get_cohort_members", "cohortid", cohorts)


def _members_by(client: MoodleClient, function: str, key: str, places: Sequence[int]) -> dict[int, set[str]]:
    answers = (client.read(function, **{f"{key}s": piece}) for piece in chunked(places))
    return {
        client.judge.take(entry, key, int, function): {str(ref) for ref in entry["userids"]}
        for answer in answers
        for entry in answer
    }


def add_group_members(client: MoodleClient, members: Sequence[tuple[int, str]]) -> None:
    """core_group_add_group_members, of pairs of group and account: all of them or none; they must be enrolled."""
    entries = [{"groupid": group, "userid": int(ref)} for group, ref in members]
    client.write("core_group_add_group_members", members=entries)


def add_cohort_members(client: MoodleClient, members: Sequence[tuple[int, str]]) -> None:
    """core_cohort_add_cohort_members, of pairs of cohort and account. Whom it leaves out it tells without a name."""
    entries = [
        {"cohorttype": {"type": "id", "value": cohort}, "usertype": {"type": "id", "value": ref}}
        for cohort, ref in members
    ]
    client.write("core_cohort_add_cohort_members", members=entries)


def get_learners(client: MoodleClient, course_ref: str) -> set[str]:
    """core_enrol_get_enrolled_users: who is active in the course and more than a teacher or manager there."""
    return {
        str(entry["id"])
        for entry in _enrolled(client, course_ref, "id,roles", "onlyactive")
        if not entry.get("roles") or {str(role.get("shortname")) for role in entry["roles"]} - STAFF
    }


def grades_of(
    client: MoodleClient, course_ref: str, user_ref: str, items: Sequence[Any], pulled_at: datetime
) -> list[Grade]:
    """The grades of one learner in an answer of gradereport_user_get_grade_items.

    Items count as ours when an administrator gave them our key as ID number.
    """
    return [_grade(client, course_ref, user_ref, item, pulled_at) for item in items if _item_key(item)]


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
        source=GRADE_REPORT,
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
