"""Compares a site with the courses there are: languages, kinds of activity and sizes of packages that it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lms_toolkit.model import Activity, ActivityKind, Course, Finding, SiteInfo


def compare(info: SiteInfo, courses: Iterable[Course], package_sizes: Mapping[str, int]) -> list[Finding]:
    """What these courses need and the site has not. `package_sizes` are bytes by name of what was built so far."""
    courses = [course for course in courses if course.editions]
    return [
        *_languages(info, courses),
        *_multilingual(info, courses),
        *_activities(info, courses),
        *_sizes(info, package_sizes),
    ]


def _languages(info: SiteInfo, courses: Iterable[Course]) -> Iterator[Finding]:
    if not info.languages:
        return
    users: dict[str, list[str]] = {}
    for course in courses:
        for language in {language for edition in course.editions for language in edition.languages}:
            users.setdefault(language, []).append(course.id)
    for language in sorted(users.keys() - info.languages):
        message = f"the site has no language pack {language}, in which {_named(users[language])} is given"
        hint = "Site administration → General → Language → Language packs; without it, Moodle's own buttons differ"
        yield Finding("warning", "language-pack", message, info.name, hint=hint)


def _multilingual(info: SiteInfo, courses: Iterable[Course]) -> Iterator[Finding]:
    """Whether pages in several languages show each reader their own, where the site tells."""
    users = [course.id for course in courses if any(edition.has_one_page for edition in course.editions)]
    if not users or info.multilingual in ("everywhere", ""):
        return
    where = "names of courses, sections and activities" if info.multilingual == "texts" else "texts and names"
    message = f"the site shows all languages of {where} at once, and {_named(users)} has a page in several"
    hint = (
        "Site administration → Plugins → Filters → Manage filters: set Multi-Language Content to On,"
        " and Apply to: Content and headings"
    )
    yield Finding("warning", "multilang-filter", message, info.name, hint=hint)


def _activities(info: SiteInfo, courses: Iterable[Course]) -> Iterator[Finding]:
    if not info.activities:
        return
    users: dict[ActivityKind, list[str]] = {}
    for course in courses:
        slugs = {slug for edition in course.editions for phase in edition.phases for slug in phase.slugs}
        entries = (course.entry(slug) for slug in slugs)
        for kind in {entry.kind for entry in entries if isinstance(entry, Activity)}:
            users.setdefault(kind, []).append(course.id)
    for kind in sorted(users.keys() - info.activities):
        message = f"the site cannot create a {kind}, which {_named(users[kind])} has"
        hint = "Site administration → Plugins → Activity modules → Manage activities: enable it"
        yield Finding("warning", "activity", message, info.name, hint=hint)


def _sizes(info: SiteInfo, package_sizes: Mapping[str, int]) -> Iterator[Finding]:
    largest = max(package_sizes, key=lambda name: package_sizes[name], default="")
    if largest and 0 < info.max_upload_bytes < package_sizes[largest]:
        message = (
            f"the site takes files of {info.max_upload_bytes / 1024 / 1024:.0f} MiB,"
            f" and {largest} has {package_sizes[largest] / 1024 / 1024:.0f} MiB"
        )
        hint = "raise upload_max_filesize, post_max_size and the site's limit, or make the package smaller"
        yield Finding("error", "upload-limit", message, info.name, hint=hint)


def _named(course_ids: Iterable[str]) -> str:
    return ", ".join(sorted(course_ids))
