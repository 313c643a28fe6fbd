"""Says what each activity of an edition should be on its course page: text, times, settings of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha1
from html import escape
from zoneinfo import ZoneInfo

from lms_toolkit.archive import sha256_file
from lms_toolkit.declaring_page import Page
from lms_toolkit.model import (
    Activity,
    ActivityContent,
    CompletedBy,
    Criterion,
    DeclaredFile,
    DeclaredModule,
    GroupMode,
    Json,
    Prompt,
    Times,
)

__all__ = ["Page", "declare_activity", "default_completion", "in_words"]

Settings = Mapping[str, Json]


def declare_activity(page: Page, activity: Activity, section_key: str, position: int) -> DeclaredModule:
    """What an activity should be. Raises ContentError when its questions cannot be brought to an LMS."""
    times = page.edition.times(activity.slug)
    declared = DeclaredModule(
        key=page.key_of(activity),
        section_key=section_key,
        name=_name(page, activity),
        intro=page.each(lambda part: part.html(activity.text(part.language))),
        kind=activity.kind,
        position=position,
        availability=page.conditions(activity),
        completion=activity.completed_by or default_completion(activity),
        group_mode=_group_mode(activity),
        grouping_key=f"grouping:{activity.group_set}" if activity.group_set else None,
        max_points=activity.max_points if activity.graded else None,
        pass_mark_percent=activity.pass_mark_percent if activity.graded else 0.0,
        settings=_SETTINGS[activity.kind](page, activity, times),
        files=tuple(_file(page, name) for name in activity.files),
    )
    if activity.kind == "page":
        return replace(declared, intro=page.each(lambda part: part.html(part.says(activity.description))))
    if activity.kind == "quiz":
        return _with_questions(page, activity, declared)
    if activity.kind == "attendance":
        intro = page.each(lambda part: _with_when(part, activity, times) + _meeting(part, times))
        return replace(declared, intro=intro)
    if activity.kind == "webinar" and page.can is not None and "webinar" not in page.can:
        return _as_link(page, activity, declared, times)
    return declared


def _group_mode(activity: Activity) -> GroupMode:
    """Groups talk apart. What a group hands in no other group sees in any mode, and the separate one would keep tutors
    out who are in none of the groups.
    """
    if not activity.group_set:
        return "none"
    return "visible" if activity.kind == "group-work" else "separate"


def _name(page: Page, activity: Activity) -> str:
    """Moodle takes the markup out of a peer assessment's name for its gradebook, and would run languages together."""
    return page.beside(activity.title) if activity.kind == "peer-assessment" else page.name(activity.title)


def default_completion(activity: Activity) -> CompletedBy:
    """What marks an activity as done when its author does not say."""
    if activity.kind in ("assignment", "group-work"):
        return "submitted" if activity.hand_in else _by_grade(activity)
    if activity.kind in ("quiz", "attendance", "peer-assessment"):
        return _by_grade(activity)
    by_kind: Mapping[str, CompletedBy] = {
        "forum": "posted",
        "survey": "submitted",
        "webinar": "manual",
        "announcements": "none",
        "text": "none",
    }
    return by_kind.get(activity.kind, "viewed")


def _by_grade(activity: Activity) -> CompletedBy:
    if not activity.graded:
        return "viewed"
    return "passed" if activity.pass_mark_percent else "graded"


def _nothing(page: Page, activity: Activity, times: Times) -> Settings:
    return {}


def _page(page: Page, activity: Activity, times: Times) -> Settings:
    return {"content": page.each(lambda part: part.html(activity.text(part.language)))}


def _link(page: Page, activity: Activity, times: Times) -> Settings:
    return {"address": activity.address}


def _forum(page: Page, activity: Activity, times: Times) -> Settings:
    prompts = [_prompt(page, prompt) for prompt in activity.prompts]
    kind = "announcements" if activity.kind == "announcements" else "discussion"
    return {
        "type": kind,
        "prompts": prompts,
        "due_at": _seconds(times.due_at),
        "closes_at": _seconds(times.closes_at),
    }


def _prompt(page: Page, prompt: Prompt) -> dict[str, Json]:
    message = page.each_in_lines(lambda part: part.html(part.says(prompt.message)))
    return {"key": prompt.slug, "subject": page.name(prompt.subject), "message": message}


def _webinar(page: Page, activity: Activity, times: Times) -> Settings:
    return {"starts_at": _seconds(times.starts_at), "ends_at": _seconds(times.ends_at), "record": False}


def _assignment(page: Page, activity: Activity, times: Times) -> Settings:
    return {
        "opens_at": _seconds(times.opens_at),
        "due_at": _seconds(times.due_at),
        "closes_at": _seconds(times.closes_at),
        "text": "text" in activity.hand_in,
        "files": activity.max_files if "files" in activity.hand_in else 0,
        "words": activity.max_words,
        "team": activity.kind == "group-work",
        "rubric": [_rubric_row(page, row) for row in activity.rubric],
    }


def _rubric_row(page: Page, row: Criterion) -> dict[str, Json]:
    """Moodle shows what a rubric says as it is."""
    levels: list[Json] = [{"points": level.points, "text": page.beside(level.text)} for level in row.levels]
    return {"key": row.slug, "title": page.beside(row.title), "levels": levels}


def _peer_assessment(page: Page, activity: Activity, times: Times) -> Settings:
    return {
        "opens_at": _seconds(times.opens_at),
        "due_at": _seconds(times.due_at),
        "reviews_due_at": _seconds(times.reviews_due_at),
        "instructions": page.each_in_lines(lambda part: part.html(activity.text(part.language))),
        "review_instructions": "",
        "reviews": activity.reviews,
        "criteria": [
            {"key": row.slug, "title": page.beside(row.title), "points": row.points} for row in activity.criteria
        ],
    }


def _quiz(page: Page, activity: Activity, times: Times) -> Settings:
    settings = _content(page, activity).quiz_settings
    return {
        "opens_at": _seconds(times.opens_at),
        "closes_at": _seconds(times.closes_at),
        "minutes": activity.minutes,
        "attempts": settings.attempts or 0,
        "draw": settings.draw or 0,
        "shuffle": settings.shuffle,
    }


def _survey(page: Page, activity: Activity, times: Times) -> Settings:
    items: list[Json] = [
        {
            "key": item.slug,
            "kind": item.kind,
            "text": page.beside(item.text),
            "options": [page.beside(option) for option in item.options],
            "required": item.is_required,
        }
        for item in activity.items
    ]
    return {
        "opens_at": _seconds(times.opens_at),
        "closes_at": _seconds(times.closes_at),
        "anonymous": activity.is_anonymous,
        "items": items,
    }


_SETTINGS: Mapping[str, Callable[[Page, Activity, Times], Settings]] = {
    "announcements": _forum,
    "forum": _forum,
    "webinar": _webinar,
    "assignment": _assignment,
    "group-work": _assignment,
    "attendance": _assignment,
    "peer-assessment": _peer_assessment,
    "quiz": _quiz,
    "survey": _survey,
    "page": _page,
    "text": _nothing,
    "link": _link,
    "file": _nothing,
}


def _content(page: Page, activity: Activity) -> ActivityContent:
    return activity.content.get(page.language) or ActivityContent(page.language)


def _with_questions(page: Page, activity: Activity, declared: DeclaredModule) -> DeclaredModule:
    """The quiz with its questions as Moodle XML, the form that LMSs import whole."""
    from lms_toolkit.archive import write_file
    from lms_toolkit.model import PackageFile
    from lms_toolkit.questions.moodlexml import write_moodle_xml

    content = _content(page, activity)
    folder = content.questions_path.parent if content.questions_path else None
    bank = write_moodle_xml(content.quiz, declared.name.replace("/", "//"), language=page.language, folder=folder)
    path = page.folder / f"{page.course.id}-{activity.slug}-{page.language}-questions.xml"
    write_file(path, (PackageFile("questions.xml", bank),))
    return replace(declared, package_path=path, package_sha256=sha256_file(path), package_format="moodlexml")


def _as_link(page: Page, activity: Activity, declared: DeclaredModule, times: Times) -> DeclaredModule:
    """A webinar on a site without a tool for it: when it is, and a link to where it meets, once that is known."""
    if times.address:
        intro = page.each(lambda part: _with_when(part, activity, times))
        return replace(declared, kind="link", intro=intro, settings={"address": times.address})
    # A text has no page of its own: its name is not seen, and nothing can be viewed.
    completion: CompletedBy = "manual" if declared.completion == "viewed" else declared.completion
    later = page.each(lambda part: _later(part, activity, times))
    return replace(declared, kind="text", intro=later, completion=completion, settings={})


def _later(page: Page, activity: Activity, times: Times) -> str:
    name, intro = escape(page.says(activity.title)), _with_when(page, activity, times)
    return f"<p><strong>{name}</strong></p>\n{intro}\n<p>{page.words('address_follows')}</p>"


def _with_when(page: Page, activity: Activity, times: Times) -> str:
    """What an activity says, and below it when it takes place: LMSs keep no such time for it."""
    intro, when = page.html(activity.text(page.language)), in_words(times, page)
    return f"{intro}\n<p>{page.words('when')}{page.colon} {when}</p>".strip() if when else intro


def _meeting(page: Page, times: Times) -> str:
    """Where what is attended meets online, if it does."""
    return f'\n<p><a href="{escape(times.address)}">{page.words("open_session")}</a></p>' if times.address else ""


def in_words(times: Times, page: Page) -> str:
    """When something starts and ends, as people read it, in the edition's time zone; empty when neither is known."""
    from babel.dates import format_date, format_time, get_timezone_name

    zone, locale = ZoneInfo(page.edition.timezone), page.language.replace("-", "_")
    moments = [moment.astimezone(zone) for moment in (times.starts_at, times.ends_at) if moment]
    days = [format_date(moment, "long", locale=locale) for moment in moments]
    hours = [format_time(moment, "short", locale=locale) for moment in moments]
    if not moments:
        return ""
    place = f" ({get_timezone_name(moments[0], locale=locale)})"
    if len(set(days)) == 1:
        return f"{days[0]}, {' – '.join(hours)}{place}"
    return " – ".join(f"{day}, {hour}" for day, hour in zip(days, hours, strict=True)) + place


def _file(page: Page, name: str) -> DeclaredFile:
    from lms_toolkit.courses.activity_files import file_path

    path = file_path(page.course.folder, name, page.language)
    return DeclaredFile(name, path, sha1(path.read_bytes(), usedforsecurity=False).hexdigest())


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0
